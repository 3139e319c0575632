import { textLeaf, type Value } from "../../value-tree.ts";
import type { Malformed } from "../malformed.ts";
import { type FieldSpec, fieldTable } from "./field-table.ts";

/** `bcd`: digits two in a byte, bitmaps in bytes. `ascii`: digits as characters, bitmaps in bytes or as hexadecimal. `skip`: bytes before. */
export type Iso8583Form = { encoding: "ascii" | "bcd"; skip: number };

/** How the notation is named as a content type: `application/iso8583; encoding=ascii; skip=2`. */
export function iso8583Type({ encoding, skip }: Iso8583Form): string {
	return `application/iso8583; encoding=${encoding}; skip=${skip}`;
}

/** null: another content type. */
export function formOf(contentType: string): Iso8583Form | null {
	if (!/^\s*application\/iso8583\b/i.test(contentType)) return null;
	const encoding = /;\s*encoding=bcd\b/i.test(contentType) ? "bcd" : "ascii";
	return { encoding, skip: Number(/;\s*skip=(\d+)/i.exec(contentType)?.[1] ?? 0) };
}

class Broken extends Error {
	readonly at: number;
	constructor(message: string, at: number) {
		super(message);
		this.at = at;
	}
}

/** `hexBitmap` is also how binary fields come then. */
type Cursor = { text: string; at: number; encoding: Iso8583Form["encoding"]; isHex: boolean };

/**
 * One message as a record: `type`, then `field 2` to `field 128`, those that the bitmaps name, in their order. Values are as they stand:
 * digits with their leading zeros, text with its blanks, bytes in hexadecimal. `text`: a character for each byte (latin1).
 */
export function readIso8583(text: string, { encoding, skip }: Iso8583Form): Value | Malformed {
	const hex = encoding === "ascii" && /^[0-9a-fA-F]{16}$/.test(text.slice(skip + 4, skip + 20));
	const first = readAll({ text, at: skip, encoding, isHex: hex });
	// Bytes of a bitmap may look like hexadecimal; then the fields behind do not read.
	const second = hex && "malformed" in first ? readAll({ text, at: skip, encoding, isHex: false }) : first;
	return "malformed" in second ? first : second;
}

function readAll(cursor: Cursor): Value | Malformed {
	try {
		const fields = new Map<string, Value>([["type", textLeaf(digits(cursor, 4, "the message type"))]]);
		const present = bitmap(cursor);
		// Field 1 is the second bitmap, and stands right behind the first.
		if (present.has(1)) for (const field of bitmap(cursor)) present.add(field + 64);
		for (const field of present) {
			if (field === 1) continue;
			fields.set(`field ${field}`, textLeaf(readField(cursor, field, fieldTable.get(field) as FieldSpec)));
		}
		if (cursor.at < cursor.text.length) throw new Broken(`${cursor.text.length - cursor.at} bytes behind the last field`, cursor.at);
		return { kind: "record", fields, sequence: null };
	} catch (error) {
		if (error instanceof Broken) return { malformed: error.message, at: error.at };
		throw error;
	}
}

function take(cursor: Cursor, size: number, what: string): string {
	const taken = cursor.text.slice(cursor.at, cursor.at + size);
	if (taken.length < size) throw new Broken(`the message ends inside ${what}`, cursor.at);
	cursor.at += size;
	return taken;
}

function hexOf(bytes: string): string {
	let hex = "";
	for (let index = 0; index < bytes.length; index++) hex += bytes.charCodeAt(index).toString(16).padStart(2, "0");
	return hex.toUpperCase();
}

function bitmap(cursor: Cursor): Set<number> {
	const from = cursor.at;
	const hex = cursor.isHex ? take(cursor, 16, "a bitmap").toUpperCase() : hexOf(take(cursor, 8, "a bitmap"));
	if (!/^[0-9A-F]{16}$/.test(hex)) throw new Broken("a bitmap that is not hexadecimal", from);
	const fields = new Set<number>();
	for (let field = 1; field <= 64; field++)
		if (((Number.parseInt(hex[(field - 1) >> 2] as string, 16) >> (3 - ((field - 1) & 3))) & 1) === 1) fields.add(field);
	return fields;
}

function readField(cursor: Cursor, field: number, { of, size, prefix }: FieldSpec): string {
	const what = `field ${field}`;
	const from = cursor.at;
	let length = size;
	if (prefix > 0) {
		length = Number(digits(cursor, prefix, `the length of ${what}`));
		// A packed field may count the half byte that fills it up.
		const most = cursor.encoding === "bcd" && (of === "n" || of === "z") ? size + (size & 1) : size;
		if (length > most) throw new Broken(`${what} says ${length}, and may have ${most}`, from);
	}
	switch (of) {
		case "n":
			return digits(cursor, length, what);
		case "x": {
			const sign = take(cursor, 1, what);
			if (sign !== "C" && sign !== "D") throw new Broken(`${what} begins with no sign`, from);
			return sign + digits(cursor, length, what);
		}
		case "z":
			return cursor.encoding === "bcd" ? packed(cursor, length, what).replaceAll("D", "=") : take(cursor, length, what);
		case "t":
			return take(cursor, length, what);
		case "b": {
			if (!cursor.isHex) return hexOf(take(cursor, length, what));
			const hex = take(cursor, length * 2, what).toUpperCase();
			if (!/^[0-9A-F]*$/.test(hex)) throw new Broken(`${what} is not hexadecimal`, from);
			return hex;
		}
	}
}

function digits(cursor: Cursor, count: number, what: string): string {
	const from = cursor.at;
	const text = cursor.encoding === "bcd" ? packed(cursor, count, what) : take(cursor, count, what);
	// An account number with an odd count may have been filled up within it.
	if (!/^\d*F?$/.test(text) || (text.endsWith("F") && cursor.encoding === "ascii")) throw new Broken(`${what} is not of digits`, from);
	return text;
}

/** Half bytes. An odd count is filled up with F behind it, or with a zero before or, seldom, behind. */
function packed(cursor: Cursor, count: number, what: string): string {
	const from = cursor.at;
	const hex = hexOf(take(cursor, (count + 1) >> 1, what));
	if ((count & 1) === 0) return hex;
	if (hex.endsWith("F")) return hex.slice(0, -1);
	if (hex.startsWith("0")) return hex.slice(1);
	if (hex.endsWith("0")) return hex.slice(0, -1);
	throw new Broken(`${what} is filled up with something else than a zero or F`, from);
}
