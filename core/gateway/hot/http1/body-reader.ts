import { CR, isValue, LF } from "./characters.ts";
import { createHeadLines, HEAD_LIMIT, INCOMPLETE, scanLines } from "./head-lines.ts";
import { type Refusal, refusals } from "./refusal.ts";
import { CHUNKED, UNTIL_CLOSE } from "./request-head.ts";

/** What a body is made of, as its bytes come. Slices of the connection's own buffers: who keeps one keeps its buffer. */
export type BodySink = {
	/** Bytes to pass on as they are, framing included. */
	onWire(bytes: Buffer): void;
	/** The same body without framing. */
	onPayload(bytes: Buffer): void;
	/** Its trailer lines with the empty line, if there are any; they are among the bytes of `onWire` too. */
	onTrailers?(lines: Buffer): void;
};

/** Reads one body after the other; `begin` makes it ready for the next. */
export type BodyReader = {
	begin(body: number): void;
	/** Takes what belongs to the body from `[from, to)`. Returns the offset behind it, or -1: malformed, with `refusal`. */
	read(bytes: Buffer, from: number, to: number, sink: BodySink): number;
	isDone(): boolean;
	/** The connection's end is this body's end. */
	isUntilClose(): boolean;
	refusal(): Refusal;
};

const SIZE = 0;
const EXTENSION = 1;
const SIZE_END = 2;
const DATA = 3;
const DATA_CR = 4;
const DATA_LF = 5;
const TRAILER = 6;
const DONE = 7;
const REST = 8;
const LENGTH = 9;

/** 2^48 bytes are enough for one chunk. */
const DIGITS = 12;
const EXTENSION_LIMIT = 1024;

const trailerLines = createHeadLines();

/**
 * Length-delimited, chunked and close-delimited bodies (RFC 9112, 6 and 7). A chunked body is checked byte for byte and passed on in its
 * own chunks; their extensions, which mean nothing to the next hop and are read differently by many, are left out.
 */
export function createBodyReader(): BodyReader {
	let state: number = DONE;
	let left = 0;
	let digits = 0;
	let extension = 0;
	let trailer: Buffer | null = null;
	let refusal: Refusal = refusals.chunkSize;

	function fail(why: Refusal): -1 {
		refusal = why;
		return -1;
	}

	function readTrailer(bytes: Buffer, from: number, to: number, sink: BodySink): number {
		// Nearly always there is none.
		if (trailer === null && to - from >= 2 && bytes[from] === CR && bytes[from + 1] === LF) {
			state = DONE;
			sink.onWire(bytes.subarray(from, from + 2));
			return from + 2;
		}
		const before = trailer?.length ?? 0;
		const all: Buffer = trailer === null ? bytes.subarray(from, to) : Buffer.concat([trailer, bytes.subarray(from, to)]);
		const end = scanLines(all, 0, Math.min(all.length, HEAD_LIMIT), trailerLines, false);
		if (end === INCOMPLETE) {
			if (all.length > HEAD_LIMIT) return fail(refusals.trailerSize);
			trailer = Buffer.from(all);
			return to;
		}
		if (end < 0) return fail(refusals.trailer);
		for (let line = 0; line < trailerLines.count; line++) if (trailerLines.kinds[line] !== 0) return fail(refusals.trailerName);
		trailer = null;
		state = DONE;
		sink.onWire(all.subarray(0, end));
		if (trailerLines.count > 0) sink.onTrailers?.(all.subarray(0, end));
		return from + end - before;
	}

	function readChunks(bytes: Buffer, from: number, to: number, sink: BodySink): number {
		/** Where the bytes begin that are still to be passed on. */
		let run = from;
		let at = from;
		const pass = (until: number) => {
			if (until > run) sink.onWire(bytes.subarray(run, until));
			run = until;
		};
		while (at < to) {
			const byte = bytes[at] as number;
			switch (state) {
				case SIZE: {
					const value = hexOf(byte);
					if (value >= 0) {
						if (digits++ === DIGITS) return fail(refusals.chunkSize);
						left = left * 16 + value;
						at++;
						break;
					}
					if (digits === 0) return fail(refusals.chunkSize);
					if (byte === CR) state = SIZE_END;
					else if (byte === 0x3b) {
						pass(at);
						extension = 0;
						state = EXTENSION;
					} else return fail(byte === LF ? refusals.bareLf : refusals.chunkSize);
					at++;
					break;
				}
				case EXTENSION:
					if (byte === CR) {
						run = at;
						state = SIZE_END;
					} else if (!isValue(byte) || extension++ === EXTENSION_LIMIT) return fail(refusals.chunkExtension);
					at++;
					break;
				case SIZE_END:
					if (byte !== LF) return fail(refusals.bareCr);
					at++;
					digits = 0;
					state = left === 0 ? TRAILER : DATA;
					break;
				case DATA: {
					const end = Math.min(to, at + left);
					sink.onPayload(at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end));
					left -= end - at;
					at = end;
					if (left === 0) state = DATA_CR;
					break;
				}
				case DATA_CR:
					if (byte !== CR) return fail(refusals.chunkEnd);
					at++;
					state = DATA_LF;
					break;
				case DATA_LF:
					if (byte !== LF) return fail(refusals.chunkEnd);
					at++;
					state = SIZE;
					break;
				case TRAILER:
					pass(at);
					return readTrailer(bytes, at, to, sink);
			}
		}
		if (state !== EXTENSION) pass(to);
		return to;
	}

	return {
		begin(body) {
			left = 0;
			digits = 0;
			trailer = null;
			if (body === CHUNKED) state = SIZE;
			else if (body === UNTIL_CLOSE) state = REST;
			else {
				left = body;
				state = body === 0 ? DONE : LENGTH;
			}
		},
		read(bytes, from, to, sink) {
			if (state === DONE || from >= to) return from;
			if (state !== LENGTH && state !== REST) return readChunks(bytes, from, to, sink);
			const end = state === REST ? to : Math.min(to, from + left);
			const part = from === 0 && end === bytes.length ? bytes : bytes.subarray(from, end);
			if (state === LENGTH) {
				left -= end - from;
				if (left === 0) state = DONE;
			}
			sink.onWire(part);
			sink.onPayload(part);
			return end;
		},
		isDone: () => state === DONE,
		isUntilClose: () => state === REST,
		refusal: () => refusal,
	};
}

function hexOf(byte: number): number {
	if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
	const folded = byte | 0x20;
	return folded >= 0x61 && folded <= 0x66 ? folded - 0x57 : -1;
}
