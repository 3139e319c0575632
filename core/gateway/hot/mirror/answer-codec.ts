import type { BodyDigest, ShadowAnswer } from "../../../contract/traffic.ts";
import { headAndTrailers } from "../http1/header-pairs.ts";

/**
 * A batch of the shadow's answers as it goes from the mirror thread to the core, beside the batches of exchanges (`exchange-codec.ts`) and
 * with the same beginning; little endian.
 *
 *     u8   2                      f64  batch            u32  count
 *     u32  bytes that follow      then `count` records:
 *
 *     f64  seq, startedAt, endedAt
 *     u8   flags: 1 truncated, 2 has an error, 4 has the shadow's digest, 8 has the client's
 *     u16  status
 *     u32  lengths of: error, head, body
 *     those (trailer lines stand behind the head), and each digest: f64 size, 32 bytes of SHA-256
 */
export const ANSWERS = 2;
const HEAD = 5;
const FIXED_BATCH = 12;
const FIXED = 3 * 8 + 1 + 2 + 3 * 4;
const DIGEST = 8 + 32;

const TRUNCATED = 1;
const ERROR = 2;
const SHADOW = 4;
const CLIENT = 8;

/** An answer as it came from the wire. */
export type RawAnswer = Pick<ShadowAnswer, "seq" | "startedAt" | "endedAt" | "truncated" | "error" | "whole"> & {
	status: number;
	head: Buffer;
	body: readonly Buffer[];
};

export function answerSize({ head, body, error, whole }: RawAnswer): number {
	const digests = whole === undefined ? 0 : whole.client === null ? DIGEST : 2 * DIGEST;
	return FIXED + head.length + lengthOf(body) + (error === null ? 0 : Buffer.byteLength(error)) + digests;
}

const lengthOf = (body: readonly Buffer[]): number => body.reduce((sum, { length }) => sum + length, 0);

/** `size`: of all answers together. The batch's number is the supervisor's to write. */
export function encodeAnswers(answers: readonly RawAnswer[], size: number): Buffer {
	const bytes = Buffer.allocUnsafeSlow(HEAD + FIXED_BATCH + size);
	bytes.writeUInt8(ANSWERS, 0);
	bytes.writeUInt32LE(FIXED_BATCH + size, 1);
	bytes.writeDoubleLE(0, HEAD);
	bytes.writeUInt32LE(answers.length, HEAD + 8);
	let at = HEAD + FIXED_BATCH;
	for (const answer of answers) at = encodeAnswer(bytes, at, answer);
	return bytes;
}

function encodeAnswer(bytes: Buffer, from: number, answer: RawAnswer): number {
	const { head, body, error, whole } = answer;
	let flags = 0;
	if (answer.truncated) flags |= TRUNCATED;
	if (error !== null) flags |= ERROR;
	if (whole !== undefined) flags |= whole.client === null ? SHADOW : SHADOW | CLIENT;
	bytes.writeDoubleLE(answer.seq, from);
	bytes.writeDoubleLE(answer.startedAt, from + 8);
	bytes.writeDoubleLE(answer.endedAt, from + 16);
	bytes.writeUInt8(flags, from + 24);
	bytes.writeUInt16LE(answer.status, from + 25);
	let at = from + FIXED;
	const length = error === null ? 0 : bytes.write(error, at, "utf8");
	at += length;
	bytes.writeUInt32LE(length, from + 27);
	bytes.writeUInt32LE(head.length, from + 31);
	bytes.set(head, at);
	at += head.length;
	bytes.writeUInt32LE(lengthOf(body), from + 35);
	for (const chunk of body) {
		bytes.set(chunk, at);
		at += chunk.length;
	}
	for (const digest of [whole?.shadow, whole?.client]) {
		if (!digest) continue;
		bytes.writeDoubleLE(digest.size, at);
		bytes.write(digest.sha256, at + 8, "hex");
		at += DIGEST;
	}
	return at;
}

/**
 * Gives every answer of a batch (mark and length included) the number that the core knows its exchange by, in place. Answers whose exchange
 * has none are left out of the batch that is returned; `lost` says how many.
 */
export function numberAnswers(message: Buffer, numberOf: (own: number) => number | null): { batch: Buffer; lost: number } {
	const kept: Buffer[] = [];
	let lost = 0;
	let at = HEAD + FIXED_BATCH;
	const count = message.readUInt32LE(HEAD + 8);
	for (let left = count; left > 0; left--) {
		const from = at;
		const flags = message.readUInt8(from + 24);
		at += FIXED + message.readUInt32LE(from + 27) + message.readUInt32LE(from + 31) + message.readUInt32LE(from + 35);
		if ((flags & SHADOW) !== 0) at += DIGEST;
		if ((flags & CLIENT) !== 0) at += DIGEST;
		const number = numberOf(message.readDoubleLE(from));
		if (number === null) lost++;
		else {
			message.writeDoubleLE(number, from);
			kept.push(message.subarray(from, at));
		}
	}
	if (lost === 0) return { batch: message, lost };
	const batch = Buffer.concat([message.subarray(0, HEAD + FIXED_BATCH), ...kept]);
	batch.writeUInt32LE(batch.length - HEAD, 1);
	batch.writeUInt32LE(count - lost, HEAD + 8);
	return { batch, lost };
}

/** `bytes`: a batch without its mark and length. Throws a RangeError when it is none. */
export function decodeAnswers(bytes: Buffer): { batch: number; answers: ShadowAnswer[] } {
	const batch = bytes.readDoubleLE(0);
	const answers: ShadowAnswer[] = [];
	let at = FIXED_BATCH;
	for (let left = bytes.readUInt32LE(8); left > 0; left--) {
		const from = at;
		at += FIXED;
		const next = (length: number) => {
			const start = at;
			at += length;
			if (at > bytes.length) throw new RangeError("an answer is longer than its batch");
			return bytes.subarray(start, at);
		};
		const flags = bytes.readUInt8(from + 24);
		const error = next(bytes.readUInt32LE(from + 27));
		const head = next(bytes.readUInt32LE(from + 31));
		const body = next(bytes.readUInt32LE(from + 35));
		const digest = (): BodyDigest => {
			const part = next(DIGEST);
			return { size: part.readDoubleLE(0), sha256: part.toString("hex", 8) };
		};
		const shadow = (flags & SHADOW) === 0 ? null : digest();
		const client = (flags & CLIENT) === 0 ? null : digest();
		answers.push({
			seq: bytes.readDoubleLE(from),
			startedAt: bytes.readDoubleLE(from + 8),
			endedAt: bytes.readDoubleLE(from + 16),
			truncated: (flags & TRUNCATED) !== 0,
			response: { status: bytes.readUInt16LE(from + 25), ...headAndTrailers(head), body: body.toString("base64") },
			...(shadow === null ? {} : { whole: { shadow, client } }),
			error: (flags & ERROR) === 0 ? null : error.toString("utf8"),
		});
	}
	return { batch, answers };
}
