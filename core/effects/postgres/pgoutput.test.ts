import { expect, test } from "vitest";
import { parseLsn, printLsn } from "./lsn.ts";
import { decodePgoutput } from "./pgoutput.ts";
import { decodeFrame, encodeStatus } from "./replication-frames.ts";

/** Texts are ended by a zero; numbers are [value, bytes]. */
type Part = string | readonly [number | bigint, 1 | 2 | 4 | 8] | Buffer;

function bytes(tag: string, ...parts: readonly Part[]): Buffer {
	return Buffer.concat([
		Buffer.from(tag, "latin1"),
		...parts.map((part) => {
			if (Buffer.isBuffer(part)) return part;
			if (typeof part === "string") return Buffer.from(`${part}\0`);
			const [value, size] = part;
			const number = Buffer.alloc(8);
			number.writeBigInt64BE(BigInt(value));
			return number.subarray(8 - size);
		}),
	]);
}

const tuple = (...values: readonly (string | null | undefined)[]) =>
	Buffer.concat([
		bytes("", [values.length, 2]),
		...values.map((value) => {
			if (value === undefined) return Buffer.from("u");
			return value === null ? Buffer.from("n") : bytes("t", [Buffer.byteLength(value), 4], Buffer.from(value));
		}),
	]);

/** 2026-11-23 15:00:00.123456 UTC, in microseconds since 2000 */
const moment = 848_761_200_123_456n;
const ms = Date.UTC(2026, 10, 23, 15) + 123.456;

test("[P2] Begin, Commit, Origin, Type and Message are read to their last byte", () => {
	expect(decodePgoutput(bytes("B", [0x16b3748n, 8], [moment, 8], [0xffff_fff0, 4]))).toEqual({
		kind: "begin",
		commitLsn: 0x16b3748n,
		committedAt: ms,
		xid: 0xffff_fff0,
	});
	expect(decodePgoutput(bytes("C", [0, 1], [7, 8], [9, 8], [moment, 8]))).toEqual({
		kind: "commit",
		commitLsn: 7n,
		endLsn: 9n,
		committedAt: ms,
	});
	expect(decodePgoutput(bytes("O", [7, 8], "elsewhere"))).toEqual({ kind: "origin", name: "elsewhere" });
	expect(decodePgoutput(bytes("Y", [3_000_000_000, 4], "public", "mood"))).toEqual({
		kind: "type",
		oid: 3_000_000_000,
		schema: "public",
		name: "mood",
	});
	expect(decodePgoutput(bytes("M", [1, 1], [5, 8], "phoenix", [3, 4], Buffer.from("abc")))).toEqual({
		...{ kind: "message", isTransactional: true, lsn: 5n, prefix: "phoenix" },
		content: Buffer.from("abc"),
	});
});

test("[P2] a Relation tells schema, name, identity and its columns", () => {
	const columns = [bytes("", [1, 1], "id", [20, 4], [-1, 4]), bytes("", [0, 1], "Überweisung", [1700, 4], [786_438, 4])];
	expect(decodePgoutput(bytes("R", [16_384, 4], "bank", "t", Buffer.from("f"), [2, 2], ...columns))).toEqual({
		kind: "relation",
		relation: {
			...{ oid: 16_384, schema: "bank", name: "t", identity: "f" },
			columns: [
				{ name: "id", type: 20, isIdentity: true },
				{ name: "Überweisung", type: 1700, isIdentity: false },
			],
		},
	});
});

test("[P2] Insert, Update with its three forms, Delete and Truncate", () => {
	const oid: Part = [16_384, 4];
	expect(decodePgoutput(bytes("I", oid, Buffer.from("N"), tuple("1", null, "")))).toEqual({
		...{ kind: "insert", oid: 16_384 },
		after: [Buffer.from("1"), null, Buffer.alloc(0)],
	});
	const update = (old: string) =>
		bytes("U", oid, Buffer.from(old), ...(old === "N" ? [] : [tuple("1", "a"), Buffer.from("N")]), tuple("1", undefined));
	for (const old of ["O", "K", "N"]) {
		expect(decodePgoutput(update(old))).toEqual({
			...{ kind: "update", oid: 16_384, old: old === "N" ? null : old },
			before: old === "N" ? null : [Buffer.from("1"), Buffer.from("a")],
			after: [Buffer.from("1"), "unchanged"],
		});
	}
	expect(decodePgoutput(bytes("D", oid, Buffer.from("O"), tuple("1")))).toEqual({
		kind: "delete",
		oid: 16_384,
		old: "O",
		before: [Buffer.from("1")],
	});
	expect(decodePgoutput(bytes("T", [2, 4], [1, 1], [5, 4], [6, 4]))).toEqual({ kind: "truncate", oids: [5, 6] });
});

test("[P2] a message cut off anywhere, of an unknown kind or with bytes left over is an error, never half a row", () => {
	const whole = bytes("U", [16_384, 4], Buffer.from("O"), tuple("1", "a"), Buffer.from("N"), tuple("1", null));
	expect(decodePgoutput(whole).kind).toBe("update");
	for (let length = 0; length < whole.length; length++)
		expect(() => decodePgoutput(whole.subarray(0, length)), `${length} bytes`).toThrow();
	expect(() => decodePgoutput(Buffer.concat([whole, Buffer.from([0])]))).toThrow("left over");
	expect(() => decodePgoutput(Buffer.from("S"))).toThrow("unknown kind");
	expect(() => decodePgoutput(bytes("I", [1, 4], Buffer.from("N"), [1, 2], Buffer.from("b")))).toThrow("belongs");
	expect(() => decodePgoutput(bytes("I", [1, 4], Buffer.from("N"), [1, 2], Buffer.from("t"), [-5, 4]))).toThrow(RangeError);
});

test("[P2] values are copies: the bytes of the connection may be overwritten", () => {
	const message = bytes("I", [1, 4], Buffer.from("N"), tuple("before"));
	const decoded = decodePgoutput(message);
	message.fill(0);
	expect(decoded).toMatchObject({ after: [Buffer.from("before")] });
});

test("[P10] frames carry data or a keepalive; the status says one place for written, flushed and applied", () => {
	expect(decodeFrame(bytes("w", [5, 8], [9, 8], [moment, 8], Buffer.from("B...")))).toEqual({
		...{ kind: "data", start: 5n, end: 9n, sentAt: ms },
		payload: Buffer.from("B..."),
	});
	expect(decodeFrame(bytes("k", [9, 8], [moment, 8], [1, 1]))).toEqual({ kind: "keepalive", end: 9n, sentAt: ms, isReplyWanted: true });
	expect(encodeStatus(0x1_0000_0002n, ms, true)).toEqual(
		bytes("r", [0x1_0000_0002n, 8], [0x1_0000_0002n, 8], [0x1_0000_0002n, 8], [moment, 8], [1, 1]),
	);
	expect(() => decodeFrame(bytes("x", [9, 8]))).toThrow("unknown kind");
	expect(() => decodeFrame(Buffer.alloc(0))).toThrow(RangeError);
});

test("a place in the log is written as PostgreSQL writes it, and read back", () => {
	for (const [text, lsn] of [
		["0/0", 0n],
		["0/16B3748", 0x16b3748n],
		["FFFFFFFF/FFFFFFFF", 0xffff_ffff_ffff_ffffn],
	] as const) {
		expect(printLsn(lsn)).toBe(text);
		expect(parseLsn(text.toLowerCase())).toBe(lsn);
	}
	for (const text of ["", "0", "0/", "0/G", "0/123456789", "0/1 "]) expect(parseLsn(text), text).toBeNull();
});
