import type { SqlValue } from "../../contract/effects.ts";
import { isObject, type Json, type JsonObject, printExactJson } from "./exact-json.ts";
import { dateText, timestampText, timeText, type Unit, zonedText } from "./time-text.ts";

/**
 * One column's value (SPEC.md, D4). `schema`: its field of the envelope's schema; without one the JSON alone decides. With one the
 * result is what the source of PostgreSQL gives for the same column. Undefined for a value that is not of its schema.
 */
export function columnValue(value: Json, schema: JsonObject | undefined): SqlValue | undefined {
	if (value === null) return null;
	if (schema === undefined) return plainValue(value);
	const { type, name } = schema;
	const known = typeof name === "string" ? namedValue(value, name, schema) : undefined;
	if (known !== undefined) return known;
	switch (type) {
		case "int8":
		case "int16":
		case "int32":
		case "int64":
			return typeof value === "bigint" ? { i: value.toString() } : undefined;
		case "boolean":
			return typeof value === "boolean" ? { i: value ? "1" : "0" } : undefined;
		case "float":
		case "float32":
		case "double":
		case "float64":
			if (typeof value === "bigint") return { r: Number(value) };
			return typeof value === "number" ? { r: value } : typeof value === "string" ? { t: value } : undefined;
		case "bytes":
			return typeof value === "string" ? { b: value } : undefined;
		case "string":
			return typeof value === "string" ? { t: value } : undefined;
		default:
			return { t: printExactJson(value) };
	}
}

function plainValue(value: Exclude<Json, null>): SqlValue {
	if (typeof value === "bigint") return { i: value.toString() };
	if (typeof value === "boolean") return { i: value ? "1" : "0" };
	if (typeof value === "number") return { r: value };
	return { t: typeof value === "string" ? value : printExactJson(value) };
}

const times = /^(?:io\.debezium\.time\.(Milli|Micro|Nano)?(Timestamp|Time)|org\.apache\.kafka\.connect\.data\.(Timestamp|Time))$/;

/** Undefined for names that say nothing of the form: those go by their type. */
function namedValue(value: Exclude<Json, null>, name: string, schema: JsonObject): SqlValue | undefined {
	if (name === "org.apache.kafka.connect.data.Decimal") {
		const scale = isObject(schema.parameters) ? Number(schema.parameters.scale) : Number.NaN;
		return typeof value === "string" && Number.isInteger(scale) ? { t: decimalText(value, scale) } : undefined;
	}
	if (name === "io.debezium.data.VariableScaleDecimal") {
		if (!isObject(value) || typeof value.value !== "string" || typeof value.scale !== "bigint") return undefined;
		return { t: decimalText(value.value, Number(value.scale)) };
	}
	if (typeof value === "string" && (name === "io.debezium.time.ZonedTimestamp" || name === "io.debezium.time.ZonedTime"))
		return { t: zonedText(value) ?? value };
	if (typeof value !== "bigint") return undefined;
	if (name === "io.debezium.time.Date" || name === "org.apache.kafka.connect.data.Date") return textOr(dateText(value), value);
	const time = times.exec(name);
	if (time === null) return undefined;
	const unit = (time[1] ?? "Milli") as Unit;
	return textOr((time[2] ?? time[3]) === "Time" ? timeText(value, unit) : timestampText(value, unit), value);
}

function textOr(text: string | null, value: bigint): SqlValue {
	return text === null ? { i: value.toString() } : { t: text };
}

/** The exact decimal of an unscaled two's complement number, big end first, in base64. */
export function decimalText(base64: string, scale: number): string {
	const bytes = Buffer.from(base64, "base64");
	const unscaled = bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString("hex")}`));
	if (scale <= 0) return (unscaled * 10n ** BigInt(-scale)).toString();
	const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, "0");
	return `${unscaled < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
