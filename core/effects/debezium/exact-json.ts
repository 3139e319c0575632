/** JSON in which a number written as an integer is a bigint: nothing beyond 2^53 is rounded, and 1 is not 1.0. */
export type Json = null | boolean | number | bigint | string | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

const integer = /^-?\d+$/;

/** Throws SyntaxError for what is no JSON. */
export function parseExactJson(text: string): Json {
	return JSON.parse(text, exact as (this: unknown, name: string, value: unknown) => unknown) as Json;
}

function exact(_name: string, value: unknown, { source }: { source?: string }): unknown {
	if (typeof value !== "number" || source === undefined || !integer.test(source)) return value;
	return source === "-0" ? value : BigInt(source);
}

export function isObject(value: Json | undefined): value is JsonObject {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The text of a value, integers in full. */
export function printExactJson(value: Json): string {
	if (typeof value === "bigint") return value.toString();
	if (Array.isArray(value)) return `[${value.map(printExactJson).join(",")}]`;
	if (!isObject(value)) return Object.is(value, -0) ? "-0.0" : JSON.stringify(value);
	return `{${Object.entries(value)
		.map(([name, part]) => `${JSON.stringify(name)}:${printExactJson(part)}`)
		.join(",")}}`;
}
