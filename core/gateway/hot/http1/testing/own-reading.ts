import { createBodyReader } from "../body-reader.ts";
import { type INCOMPLETE, REFUSED } from "../head-lines.ts";
import { headerPairs } from "../header-pairs.ts";
import { CHUNKED, createRequestHead, scanRequestHead } from "../request-head.ts";
import { createResponseHead, scanResponseHead } from "../response-head.ts";
import { requestHeadFor, responseHeadFor } from "../rewrite-head.ts";
import type { Reading, ReadMessage } from "./reading.ts";

/** A reading; of each whole message the bytes that would have gone to the other side; where in the stream the head begins that was read last. */
export type OwnReading = Reading & { passedOn: Buffer[]; lastHead: number };

const request = createRequestHead();
const answer = createResponseHead();
const reader = createBodyReader();
export const rewrite = { address: "192.0.2.1", scheme: "http", extra: "", keepsExpect: true };

type Found = { next: number; why: string; message: ReadMessage; body: number; head: Buffer; isLast: boolean; isUpgrade: boolean };
type Scan = (bytes: Buffer, at: number) => Found | { next: typeof INCOMPLETE | typeof REFUSED; why: string };

/** Reads requests as a client's connection does: head, body, head, in pieces that end at `cuts`. */
export function readRequestsAsOwn(bytes: Buffer, cuts: readonly number[] = []): OwnReading {
	return read(bytes, cuts, (piece, at) => {
		const next = scanRequestHead(piece, at, piece.length, request);
		if (next < 0) return { next: next as typeof REFUSED, why: request.lines.refusal.reason };
		return {
			next,
			why: "",
			message: messageOf(`${request.method} ${request.target}`, request.minor, piece.subarray(request.start, next), request.isKeepAlive),
			body: request.body,
			head: requestHeadFor(request, rewrite),
			isLast: !request.isKeepAlive,
			isUpgrade: request.isWebSocket,
		};
	});
}

/** Reads answers to requests by one method; after the final one the connection is done with. */
export function readAnswersAsOwn(bytes: Buffer, method: string, isLenient: boolean, cuts: readonly number[] = []): OwnReading {
	return read(bytes, cuts, (piece, at) => {
		const next = scanResponseHead(piece, at, piece.length, method, isLenient, answer);
		if (next < 0) return { next: next as typeof REFUSED, why: answer.lines.refusal.reason };
		return {
			next,
			why: "",
			message: messageOf(String(answer.status), answer.minor, piece.subarray(answer.start, next), answer.isKeepAlive),
			body: answer.body,
			head: responseHeadFor(answer, { connection: "", withoutCoding: false, addsCoding: false }),
			isLast: answer.status >= 200,
			isUpgrade: answer.status === 101,
		};
	});
}

function messageOf(first: string, minor: number, head: Buffer, isKeepAlive: boolean): ReadMessage {
	return { first, minor, pairs: headerPairs(head).flat(), isKeepAlive, body: "", trailers: [], isWhole: false };
}

function read(whole: Buffer, cuts: readonly number[], scan: Scan): OwnReading {
	const reading: OwnReading = { messages: [], end: "open", why: "", passedOn: [], lastHead: 0 };
	let current: ReadMessage | null = null;
	let wire: Buffer[] = [];
	let isLast = false;
	let isChunked = false;
	let pending: Buffer = whole.subarray(0, 0);
	let done = 0;
	const sink = {
		onWire: (piece: Buffer) => void wire.push(piece),
		onPayload(piece: Buffer) {
			if (current !== null) current.body += piece.toString("latin1");
		},
	};
	const stop = (end: Reading["end"], why = "") => {
		reading.end = end;
		reading.why = why;
	};
	const finish = (message: ReadMessage) => {
		message.isWhole = true;
		if (isChunked) message.trailers = trailersIn(wire);
		reading.passedOn.push(Buffer.concat(wire));
		current = null;
	};

	for (const cut of [...cuts, whole.length]) {
		const bytes: Buffer = pending.length === 0 ? whole.subarray(done, cut) : Buffer.concat([pending, whole.subarray(done, cut)]);
		done = cut;
		pending = whole.subarray(0, 0);
		let at = 0;
		while (at < bytes.length && reading.end === "open") {
			if (current === null) {
				if (isLast) {
					stop("closed");
					break;
				}
				reading.lastHead = cut - bytes.length + at;
				const found = scan(bytes, at);
				if (!("message" in found)) {
					if (found.next === REFUSED) stop("refused", found.why);
					break;
				}
				if (found.isUpgrade) {
					reading.messages.push(found.message);
					stop("upgraded");
					break;
				}
				current = found.message;
				isChunked = found.body === CHUNKED;
				wire = [found.head];
				isLast = found.isLast;
				reading.messages.push(current);
				reader.begin(found.body);
				at = found.next;
			}
			if (!reader.isDone()) {
				const next = reader.read(bytes, at, bytes.length, sink);
				if (next < 0) {
					stop("refused", reader.refusal().reason);
					break;
				}
				at = next;
			}
			if (reader.isDone() && current !== null) finish(current);
		}
		if (reading.end !== "open") break;
		pending = bytes.subarray(at);
	}
	return reading;
}

/** The trailer is passed on in one piece of its own, the last. */
function trailersIn(wire: readonly Buffer[]): string[] {
	const last = wire.at(-1);
	if (wire.length < 2 || last === undefined || last.length <= 2 || !last.includes("\r\n\r\n")) return [];
	return headerPairs(Buffer.concat([Buffer.from("X\r\n"), last])).flat();
}
