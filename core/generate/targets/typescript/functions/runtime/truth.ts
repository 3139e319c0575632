import { PyObject, type Value } from "./values.ts";

/** bool(value): zero, None and what is empty are false. */
export function truth(value: Value): boolean {
	switch (typeof value) {
		case "boolean":
			return value;
		case "bigint":
			return value !== 0n;
		case "number":
			return value !== 0;
		case "string":
			return value !== "";
		case "function":
			return true;
		default:
			break;
	}
	if (value === null) return false;
	if (Array.isArray(value)) return value.length > 0;
	return value instanceof PyObject ? value.truth() : true;
}
