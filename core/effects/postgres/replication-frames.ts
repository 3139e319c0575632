import { createByteReader } from "./byte-reader.ts";
import type { Lsn } from "./lsn.ts";

/** Microseconds from 1970 to 2000, where PostgreSQL's clock begins. */
const epoch = 946_684_800_000_000n;

/**
 * What a walsender puts into CopyData (PostgreSQL, "Streaming Replication Protocol"). `end`: how far it has read the log.
 * `sentAt`: its clock, in milliseconds since 1970.
 */
export type ReplicationFrame =
	| { kind: "data"; start: Lsn; end: Lsn; sentAt: number; payload: Buffer }
	| { kind: "keepalive"; end: Lsn; sentAt: number; isReplyWanted: boolean };

/** Throws RangeError or Error for bytes that are no frame. */
export function decodeFrame(bytes: Buffer): ReplicationFrame {
	const reader = createByteReader(bytes);
	const tag = String.fromCharCode(reader.byte());
	if (tag === "w") {
		const [start, end] = [reader.int64(), reader.int64()];
		const sentAt = toMilliseconds(reader.int64());
		return { kind: "data", start, end, sentAt, payload: reader.bytes(reader.left) };
	}
	if (tag === "k") {
		const end = reader.int64();
		const sentAt = toMilliseconds(reader.int64());
		return { kind: "keepalive", end, sentAt, isReplyWanted: reader.byte() === 1 };
	}
	throw new Error(`the server sent a replication frame of the unknown kind ${JSON.stringify(tag)}`);
}

/** "Standby status update": everything before `confirmed` is never asked for again. `now`: milliseconds since 1970. */
export function encodeStatus(confirmed: Lsn, now: number, isReplyWanted: boolean): Buffer {
	const bytes = Buffer.alloc(34);
	bytes.write("r", 0, "latin1");
	for (const place of [1, 9, 17]) bytes.writeBigInt64BE(confirmed, place);
	bytes.writeBigInt64BE(BigInt(Math.round(now * 1000)) - epoch, 25);
	bytes.writeUInt8(isReplyWanted ? 1 : 0, 33);
	return bytes;
}

/** Milliseconds since 1970, with a fraction, of microseconds since 2000. */
export function toMilliseconds(microseconds: bigint): number {
	return Number(microseconds + epoch) / 1000;
}
