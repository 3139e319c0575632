import { type ByteReader, createByteReader } from "./byte-reader.ts";
import type { Lsn } from "./lsn.ts";
import { toMilliseconds } from "./replication-frames.ts";

/** A value of a tuple: its text as bytes, NULL, or "unchanged": stored outside the row and not sent again. */
export type TupleValue = Buffer | null | "unchanged";

export type RelationColumn = { name: string; type: number; isIdentity: boolean };

/** `identity`: `d` default, `n` nothing, `f` full, `i` index. */
export type Relation = { oid: number; schema: string; name: string; identity: string; columns: readonly RelationColumn[] };

/** Messages of the plugin pgoutput, protocol version 1 (PostgreSQL, "Logical Replication Message Formats"). */
export type PgoutputMessage =
	| { kind: "begin"; commitLsn: Lsn; committedAt: number; xid: number }
	| { kind: "commit"; commitLsn: Lsn; endLsn: Lsn; committedAt: number }
	| { kind: "origin"; name: string }
	| { kind: "relation"; relation: Relation }
	| { kind: "type"; oid: number; schema: string; name: string }
	| { kind: "insert"; oid: number; after: TupleValue[] }
	/** `old`: `O` the whole row as it was, `K` only its key, null when neither was sent. */
	| { kind: "update"; oid: number; old: "O" | "K" | null; before: TupleValue[] | null; after: TupleValue[] }
	| { kind: "delete"; oid: number; old: "O" | "K"; before: TupleValue[] }
	| { kind: "truncate"; oids: number[] }
	| { kind: "message"; isTransactional: boolean; lsn: Lsn; prefix: string; content: Buffer };

/** Values are copies: the bytes may be overwritten afterwards. Throws RangeError or Error for what is no such message. */
export function decodePgoutput(bytes: Buffer): PgoutputMessage {
	const reader = createByteReader(bytes);
	const message = decodeBody(String.fromCharCode(reader.byte()), reader);
	if (reader.left !== 0) throw new Error(`${reader.left} bytes are left over after a ${message.kind} message`);
	return message;
}

function decodeBody(tag: string, reader: ByteReader): PgoutputMessage {
	switch (tag) {
		case "B":
			return { kind: "begin", commitLsn: reader.int64(), committedAt: toMilliseconds(reader.int64()), xid: reader.int32() >>> 0 };
		case "C": {
			reader.byte();
			return { kind: "commit", commitLsn: reader.int64(), endLsn: reader.int64(), committedAt: toMilliseconds(reader.int64()) };
		}
		case "O":
			reader.int64();
			return { kind: "origin", name: reader.name() };
		case "R":
			return { kind: "relation", relation: decodeRelation(reader) };
		case "Y":
			return { kind: "type", oid: reader.int32() >>> 0, schema: reader.name(), name: reader.name() };
		case "I": {
			const oid = reader.int32() >>> 0;
			expectTag(reader, "N");
			return { kind: "insert", oid, after: decodeTuple(reader) };
		}
		case "U": {
			const oid = reader.int32() >>> 0;
			const first = expectTag(reader, "K", "O", "N");
			if (first === "N") return { kind: "update", oid, old: null, before: null, after: decodeTuple(reader) };
			const before = decodeTuple(reader);
			expectTag(reader, "N");
			return { kind: "update", oid, old: first, before, after: decodeTuple(reader) };
		}
		case "D": {
			const oid = reader.int32() >>> 0;
			return { kind: "delete", oid, old: expectTag(reader, "K", "O"), before: decodeTuple(reader) };
		}
		case "T": {
			const count = reader.int32();
			reader.byte();
			return { kind: "truncate", oids: repeat(count, () => reader.int32() >>> 0) };
		}
		case "M": {
			const isTransactional = (reader.byte() & 1) === 1;
			const [lsn, prefix] = [reader.int64(), reader.name()];
			return { kind: "message", isTransactional, lsn, prefix, content: Buffer.from(reader.bytes(reader.int32())) };
		}
		default:
			throw new Error(`the server sent a pgoutput message of the unknown kind ${JSON.stringify(tag)}`);
	}
}

function decodeRelation(reader: ByteReader): Relation {
	const [oid, schema, name] = [reader.int32() >>> 0, reader.name(), reader.name()];
	const identity = String.fromCharCode(reader.byte());
	const columns = repeat(reader.int16(), (): RelationColumn => {
		const isIdentity = (reader.byte() & 1) === 1;
		const column = { name: reader.name(), type: reader.int32() >>> 0, isIdentity };
		reader.int32();
		return column;
	});
	// An empty schema name stands for pg_catalog.
	return { oid, schema: schema === "" ? "pg_catalog" : schema, name, identity, columns };
}

function decodeTuple(reader: ByteReader): TupleValue[] {
	return repeat(reader.int16(), () => {
		const kind = expectTag(reader, "n", "u", "t");
		if (kind === "n") return null;
		return kind === "u" ? "unchanged" : Buffer.from(reader.bytes(reader.int32()));
	});
}

function expectTag<Tag extends string>(reader: ByteReader, ...wanted: readonly Tag[]): Tag {
	const found = String.fromCharCode(reader.byte()) as Tag;
	if (!wanted.includes(found)) throw new Error(`${JSON.stringify(found)} stands where ${wanted.join(" or ")} belongs`);
	return found;
}

function repeat<Item>(count: number, read: () => Item): Item[] {
	const items: Item[] = [];
	for (let n = 0; n < count; n++) items.push(read());
	return items;
}
