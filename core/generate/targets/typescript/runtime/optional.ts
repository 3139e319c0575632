import { PyTypeError } from "./errors.ts";

/** The value; a missing one is an error. */
export function present<T>(value: T | null): T {
	if (value === null) throw new PyTypeError("a value is missing");
	return value;
}
