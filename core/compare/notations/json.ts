import { textLeaf, type Value } from "../value-tree.ts";
import type { Malformed } from "./malformed.ts";

const maxDepth = 200;
const numberAt = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids bare control characters in strings.
const stringAt = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
const blankAt = /[ \t\r\n]*/y;

class Broken extends Error {
	readonly at: number;
	constructor(message: string, at: number) {
		super(message);
		this.at = at;
	}
}

/**
 * Reads JSON (RFC 8259) and keeps every number as it was written: 3, 3.0 and 12345678901234567890 stay apart.
 * A key that stands twice in one object is refused, because readers disagree about which one counts.
 */
export function parseJson(text: string): Value | Malformed {
	const cursor = { text, at: 0 };
	try {
		const value = readValue(cursor, 0);
		skipBlank(cursor);
		if (cursor.at < text.length) throw new Broken("content after the value", cursor.at);
		return value;
	} catch (error) {
		if (error instanceof Broken) return { malformed: error.message, at: error.at };
		throw error;
	}
}

type Cursor = { text: string; at: number };

function readValue(cursor: Cursor, depth: number): Value {
	if (depth > maxDepth) throw new Broken(`values nested deeper than ${maxDepth}`, cursor.at);
	skipBlank(cursor);
	switch (cursor.text[cursor.at]) {
		case "{":
			return readObject(cursor, depth);
		case "[":
			return readArray(cursor, depth);
		case '"':
			return textLeaf(readString(cursor));
		case "t":
			return word(cursor, "true", "boolean");
		case "f":
			return word(cursor, "false", "boolean");
		case "n":
			return word(cursor, "null", "null");
		default: {
			const number = match(cursor, numberAt);
			if (number === undefined) throw new Broken("a value is missing", cursor.at);
			return { kind: "leaf", of: "number", text: number };
		}
	}
}

function readObject(cursor: Cursor, depth: number): Value {
	const fields = new Map<string, Value>();
	cursor.at++;
	skipBlank(cursor);
	if (take(cursor, "}")) return { kind: "record", fields, sequence: null };
	do {
		skipBlank(cursor);
		const name = readString(cursor);
		if (fields.has(name)) throw new Broken(`the key ${JSON.stringify(name)} twice`, cursor.at);
		skipBlank(cursor);
		if (!take(cursor, ":")) throw new Broken("a colon is missing", cursor.at);
		fields.set(name, readValue(cursor, depth + 1));
		skipBlank(cursor);
	} while (take(cursor, ","));
	if (!take(cursor, "}")) throw new Broken("an object does not end", cursor.at);
	return { kind: "record", fields, sequence: null };
}

function readArray(cursor: Cursor, depth: number): Value {
	const items: Value[] = [];
	cursor.at++;
	skipBlank(cursor);
	if (take(cursor, "]")) return { kind: "list", items };
	do {
		items.push(readValue(cursor, depth + 1));
		skipBlank(cursor);
	} while (take(cursor, ","));
	if (!take(cursor, "]")) throw new Broken("an array does not end", cursor.at);
	return { kind: "list", items };
}

function readString(cursor: Cursor): string {
	const raw = match(cursor, stringAt);
	if (raw === undefined) throw new Broken("a string is missing or does not end", cursor.at);
	return raw.includes("\\") ? (JSON.parse(raw) as string) : raw.slice(1, -1);
}

function word(cursor: Cursor, text: string, of: "boolean" | "null"): Value {
	if (!cursor.text.startsWith(text, cursor.at)) throw new Broken("a value is missing", cursor.at);
	cursor.at += text.length;
	return { kind: "leaf", of, text };
}

function match(cursor: Cursor, pattern: RegExp): string | undefined {
	pattern.lastIndex = cursor.at;
	const found = pattern.exec(cursor.text)?.[0];
	cursor.at += found?.length ?? 0;
	return found;
}

function take(cursor: Cursor, mark: string): boolean {
	if (cursor.text[cursor.at] !== mark) return false;
	cursor.at++;
	return true;
}

function skipBlank(cursor: Cursor): void {
	match(cursor, blankAt);
}
