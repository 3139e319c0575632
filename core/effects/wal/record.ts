import type { RowImage, SqlValue } from "../../contract/effects.ts";
import { type Cursor, type Int64, readVarint } from "./varint.ts";

export type Column = {
	name: string;
	/** REAL affinity: SQLite stores 3.0 as the integer 3 and gives it back as a real. */
	real: boolean;
	/** The INTEGER PRIMARY KEY: stored as NULL, its value is the rowid. */
	isKey: boolean;
	/** What a row written before the column was added holds. */
	missing: SqlValue;
};

export type TextEncoding = "utf8" | "utf16le" | "utf16be";

/** Text that its own encoding cannot carry: no exact value can be stated for it. */
export class UnreadableText extends Error {
	readonly column: string;
	constructor(column: string) {
		super(`column ${column} holds text that is not valid in the encoding of the database`);
		this.column = column;
	}
}

/** One table record as the row it stands for. `columns`: the stored ones, in the order of the record. */
export function decodeRecord(payload: Buffer, key: Int64, columns: readonly Column[], encoding: TextEncoding): RowImage {
	const row: RowImage = {};
	const cursor: Cursor = { at: 0 };
	const headerEnd = Number(readVarint(payload, cursor));
	let at = headerEnd;
	for (const column of columns) {
		if (cursor.at >= headerEnd) {
			row[column.name] = column.isKey ? { i: String(key) } : column.missing;
			continue;
		}
		const type = Number(readVarint(payload, cursor));
		const size = contentSize(type);
		if (column.isKey && type === 0) row[column.name] = { i: String(key) };
		else row[column.name] = decodeContent(payload, at, type, size, column, encoding);
		at += size;
	}
	return row;
}

function contentSize(type: number): number {
	if (type >= 12) return (type - 12 - (type & 1)) / 2;
	return [0, 1, 2, 3, 4, 6, 8, 8, 0, 0][type] ?? 0;
}

function decodeContent(payload: Buffer, at: number, type: number, size: number, column: Column, encoding: TextEncoding): SqlValue {
	if (type === 0) return null;
	if (type === 7) return { r: payload.readDoubleBE(at) };
	if (type < 12) {
		if (type === 6) {
			const value = payload.readBigInt64BE(at);
			return column.real ? { r: Number(value) } : { i: value.toString() };
		}
		const value = type >= 8 ? type - 8 : payload.readIntBE(at, size);
		return column.real ? { r: value } : { i: String(value) };
	}
	const bytes = payload.subarray(at, at + size);
	return type & 1 ? { t: decodeText(bytes, encoding, column.name) } : { b: bytes.toString("base64") };
}

function decodeText(bytes: Buffer, encoding: TextEncoding, column: string): string {
	const swapped = encoding === "utf16be" && bytes.length % 2 === 0 ? Buffer.from(bytes).swap16() : bytes;
	const text = swapped.toString(encoding === "utf8" ? "utf8" : "utf16le");
	// Replacement characters may be the text's own; only a text that does not lead back to its bytes is refused.
	if (encoding === "utf8" && text.includes("\ufffd") && !Buffer.from(text, "utf8").equals(bytes)) throw new UnreadableText(column);
	if (encoding !== "utf8" && bytes.length % 2 !== 0) throw new UnreadableText(column);
	return text;
}
