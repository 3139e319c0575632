import { textLeaf, type Value } from "../value-tree.ts";

/**
 * A protobuf message as values, read from its wire alone (protobuf.dev, "Encoding"): fields by number, repeated ones as lists in order.
 *
 *     08 96 01   12 03 61 62 63   12 01 64   21 00 .. 04 40         record  1 "150" · 2 [ "abc", "d" ] · 4:64 "2.5"
 *
 * Without a .proto a field says less than it means, and these are the readings: a varint is an unsigned number; eight or four bytes
 * (`:64`, `:32` behind the number) are a floating-point number where that is a usual one, else hexadecimal; a length-delimited field is text where it is readable UTF-8, else a
 * message where it is one to its last byte, else hexadecimal. Only the order of fields and the
 * spelling of varints do not count. null: no protobuf message.
 */
export function wireValue(bytes: Uint8Array): Value | null {
	const reader: Reader = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), at: 0, end: bytes.length };
	return readFields(reader, null, 0);
}

type Reader = { bytes: Uint8Array; view: DataView; at: number; end: number };

const VARINT = 0;
const EIGHT = 1;
const LENGTH = 2;
const GROUP = 3;
const GROUP_END = 4;
const FOUR = 5;
const DEPTH_LIMIT = 32;

/** `group`: its number, whose end ends the fields; null: the last byte does. */
function readFields(reader: Reader, group: bigint | null, depth: number): Value | null {
	if (depth > DEPTH_LIMIT) return null;
	const fields = new Map<string, Value>();
	while (reader.at < reader.end) {
		const tag = readVarint(reader);
		if (tag === null || tag >> 3n === 0n || tag >> 3n > 0x1fffffffn) return null;
		const number = tag >> 3n;
		const kind = Number(tag & 7n);
		if (kind === GROUP_END) return group === number ? record(fields) : null;
		const value = kind === GROUP ? readFields(reader, number, depth + 1) : readField(reader, kind, depth);
		if (value === null) return null;
		add(fields, `${number}${kind === EIGHT ? ":64" : kind === FOUR ? ":32" : ""}`, value);
	}
	return group === null ? record(fields) : null;
}

const record = (fields: Map<string, Value>): Value => ({ kind: "record", fields, sequence: null });

function add(fields: Map<string, Value>, name: string, value: Value): void {
	const known = fields.get(name);
	if (known === undefined) fields.set(name, value);
	else if (known.kind === "list") known.items.push(value);
	else fields.set(name, { kind: "list", items: [known, value] });
}

function readField(reader: Reader, kind: number, depth: number): Value | null {
	switch (kind) {
		case VARINT: {
			const value = readVarint(reader);
			return value === null ? null : number(String(value));
		}
		case EIGHT: {
			const at = take(reader, 8);
			return at === null ? null : floating(reader.view.getFloat64(at, true), reader.bytes.subarray(at, at + 8));
		}
		case FOUR: {
			const at = take(reader, 4);
			return at === null ? null : floating(reader.view.getFloat32(at, true), reader.bytes.subarray(at, at + 4));
		}
		case LENGTH: {
			const length = readVarint(reader);
			if (length === null || length > BigInt(reader.end - reader.at)) return null;
			const at = take(reader, Number(length));
			return at === null ? null : delimited(reader.bytes.subarray(at, reader.at), depth);
		}
		default:
			return null;
	}
}

function take(reader: Reader, count: number): number | null {
	const { at } = reader;
	if (reader.end - at < count) return null;
	reader.at += count;
	return at;
}

/** At most ten bytes, of which the last holds one bit. */
function readVarint(reader: Reader): bigint | null {
	let value = 0n;
	for (let shift = 0n; shift < 70n && reader.at < reader.end; shift += 7n) {
		const byte = reader.bytes[reader.at++] as number;
		value |= BigInt(byte & 0x7f) << shift;
		if (byte < 0x80) return value > 0xffffffffffffffffn ? null : value;
	}
	return null;
}

const number = (text: string): Value => ({ kind: "leaf", of: "number", text });

/** Integers of fixed size, read so, are absurdly near to zero; amounts, rates and counts are not. Negative zero is kept apart. */
function floating(value: number, bytes: Uint8Array): Value {
	const size = Math.abs(value);
	if (Object.is(value, 0)) return number("0");
	return size >= 1e-30 && size <= 1e30 ? number(String(value)) : textLeaf(hexOf(bytes));
}

function delimited(bytes: Uint8Array, depth: number): Value {
	if (bytes.length === 0) return textLeaf("");
	// A message may begin with what is white space in a text, so that is asked last of such bytes.
	const text = textOf(bytes);
	if (text !== null && !/^[\t\n\r]/.test(text)) return textLeaf(text);
	const reader: Reader = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), at: 0, end: bytes.length };
	return readFields(reader, null, depth + 1) ?? textLeaf(text ?? hexOf(bytes));
}

const hexOf = (bytes: Uint8Array): string => `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;

/** Control characters of ASCII, without tab, line feed and carriage return. */
const unreadable = /[^\t\n\r -~\u0080-\uffff]/;

/** Readable UTF-8, or null. */
function textOf(bytes: Uint8Array): string | null {
	try {
		const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
		return unreadable.test(text) ? null : text;
	} catch {
		return null;
	}
}
