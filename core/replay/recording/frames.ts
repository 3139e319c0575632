import { crc32 } from "node:zlib";

/**
 * A recording is a row of frames, each checked by itself, behind eight bytes that say what the file is; little endian.
 *
 *     "PHXREC1\n"
 *     u32 bytes of the payload   u8 kind   u32 CRC-32 of kind and payload   payload
 *     ...
 *
 * The first frame is the header, the last one the end. A file without an end was cut; all frames before the cut are good.
 */
export const MAGIC = Buffer.from("PHXREC1\n", "latin1");
export const FRAME_HEAD = 9;
/** No exchange is as large; a length above it is damage. */
export const FRAME_LIMIT = 256 * 1024 * 1024;

export const frameKinds = { header: 1, exchange: 2, gap: 3, end: 4, tunnel: 5 } as const;
export type FrameKind = keyof typeof frameKinds;

const KIND_AT = 4;
const CHECK_AT = 5;

/** One frame; `parts` one behind the other are its payload. */
export function encodeFrame(kind: FrameKind, parts: readonly Buffer[]): Buffer {
	const length = parts.reduce((sum, part) => sum + part.length, 0);
	const frame = Buffer.allocUnsafe(FRAME_HEAD + length);
	frame.writeUInt32LE(length, 0);
	frame.writeUInt8(frameKinds[kind], KIND_AT);
	let at = FRAME_HEAD;
	for (const part of parts) {
		frame.set(part, at);
		at += part.length;
	}
	frame.writeUInt32LE(checkOf(frame, 0, length), CHECK_AT);
	return frame;
}

export type Decoded = { kind: number; payload: Buffer; next: number };

/** The frame at `at`; a number: so many bytes are needed from there; a text: it is damaged. */
export function decodeFrame(bytes: Buffer, at: number): Decoded | number | string {
	if (bytes.length - at < FRAME_HEAD) return FRAME_HEAD;
	const length = bytes.readUInt32LE(at);
	if (length > FRAME_LIMIT) return "the length of a frame is damaged";
	const next = at + FRAME_HEAD + length;
	if (next > bytes.length) return FRAME_HEAD + length;
	if (bytes.readUInt32LE(at + CHECK_AT) !== checkOf(bytes, at, length)) return "a frame does not match its checksum";
	return { kind: bytes.readUInt8(at + KIND_AT), payload: bytes.subarray(at + FRAME_HEAD, next), next };
}

function checkOf(bytes: Buffer, at: number, length: number): number {
	const kind = crc32(bytes.subarray(at + KIND_AT, at + KIND_AT + 1));
	return crc32(bytes.subarray(at + FRAME_HEAD, at + FRAME_HEAD + length), kind);
}
