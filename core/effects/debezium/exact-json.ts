/** JSON in which a number written as an integer is a bigint: nothing beyond 2^53 is rounded, and 1 is not 1.0. */
export type Json = null | boolean | number | bigint | string | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

const number = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const maxDepth = 200;

/** Texts of schemas, which a connector repeats in each event, with what they say. An object's text ends by itself: its beginning is it. */
const schemas = new Map<string, JsonObject>();
const [maxSchemas, minSchemaLength] = [256, 100];

/**
 * Throws SyntaxError for what is no JSON, as `JSON.parse` does. Equal objects named `schema` may be one: nobody changes them. A parser of its own because the reviver of `JSON.parse`, which would
 * tell the digits too, makes it several times slower.
 */
export function parseExactJson(text: string): Json {
	let at = 0;

	function fail(): never {
		throw new SyntaxError(`Unexpected ${at < text.length ? JSON.stringify(text[at]) : "end"} in JSON at position ${at}`);
	}

	/** Code of the next sign that is no space; NaN at the end. */
	function next(): number {
		let code = text.charCodeAt(at);
		while (code === 32 || code === 10 || code === 13 || code === 9) code = text.charCodeAt(++at);
		return code;
	}

	function word<T>(name: string, value: T): T {
		if (!text.startsWith(name, at)) fail();
		at += name.length;
		return value;
	}

	function string(): string {
		const start = at;
		let isPlain = true;
		for (at++; ; at++) {
			const code = text.charCodeAt(at);
			if (code === 34) break;
			if (code === 92) {
				isPlain = false;
				at++;
			} else if (!(code >= 32)) fail();
		}
		at++;
		return isPlain ? text.slice(start + 1, at - 1) : (JSON.parse(text.slice(start, at)) as string);
	}

	function numeral(): number | bigint {
		number.lastIndex = at;
		const found = number.exec(text);
		if (found === null) fail();
		const digits = found[0];
		at += digits.length;
		return found[1] !== undefined || found[2] !== undefined || digits === "-0" ? Number(digits) : BigInt(digits);
	}

	function list(depth: number): Json[] {
		const parts: Json[] = [];
		at++;
		if (next() === 93) {
			at++;
			return parts;
		}
		for (;;) {
			parts.push(value(depth));
			const code = next();
			if (code !== 44 && code !== 93) fail();
			at++;
			if (code === 93) return parts;
		}
	}

	function object(depth: number): JsonObject {
		const members: JsonObject = {};
		at++;
		if (next() === 125) {
			at++;
			return members;
		}
		for (;;) {
			if (next() !== 34) fail();
			const name = string();
			if (next() !== 58) fail();
			at++;
			const member = name === "schema" && depth <= 2 ? schema(depth) : value(depth);
			// A plain assignment to this name would change what the object is.
			if (name === "__proto__")
				Object.defineProperty(members, name, { value: member, enumerable: true, configurable: true, writable: true });
			else members[name] = member;
			const code = next();
			if (code !== 44 && code !== 125) fail();
			at++;
			if (code === 125) return members;
		}
	}

	function schema(depth: number): Json {
		if (next() !== 123) return value(depth);
		for (const [known, said] of schemas) {
			if (!text.startsWith(known, at)) continue;
			at += known.length;
			return said;
		}
		const start = at;
		const said = object(depth + 1);
		if (at - start < minSchemaLength) return said;
		if (schemas.size >= maxSchemas) schemas.clear();
		schemas.set(text.slice(start, at), said);
		return said;
	}

	function value(depth: number): Json {
		if (depth > maxDepth) throw new SyntaxError(`JSON is nested more than ${maxDepth} deep at position ${at}`);
		switch (next()) {
			case 34:
				return string();
			case 91:
				return list(depth + 1);
			case 123:
				return object(depth + 1);
			case 110:
				return word("null", null);
			case 116:
				return word("true", true);
			case 102:
				return word("false", false);
			default:
				return numeral();
		}
	}

	const whole = value(0);
	next();
	if (at < text.length) fail();
	return whole;
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
