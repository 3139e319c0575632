import type { Socket } from "node:net";
import { systemClock } from "../../../base/clock.ts";
import { tapBody } from "../capture/body-tap.ts";
import { type BodySink, createBodyReader } from "../http1/body-reader.ts";
import { LF } from "../http1/characters.ts";
import { HEAD_LIMIT, INCOMPLETE, REFUSED } from "../http1/head-lines.ts";
import { type Refusal, refusals } from "../http1/refusal.ts";
import { createRequestHead, NO_BODY, scanRequestHead } from "../http1/request-head.ts";
import { recordedHeadFor, requestHeadFor } from "../http1/rewrite-head.ts";
import { isPreface } from "../http2/preface.ts";
import type { Plane } from "../plane.ts";
import { takeBytes } from "../take-bytes.ts";
import { traceLineOf } from "../tracing/trace.ts";
import { beginVisit } from "./begin-visit.ts";
import { createClientAnswer } from "./client-answer.ts";
import { codedAnswer } from "./coded-answer.ts";
import { resetSocket } from "./reset-socket.ts";
import { createServing, type ServedClient } from "./serving.ts";
import type { Visit } from "./visit.ts";

export type ClientConnection = {
	/** To be called several times a second: ends what has waited too long. */
	sweep(now: number): void;
	readonly socket: Socket;
	/** Between two requests. */
	isIdle(): boolean;
};

/** Bytes behind the request in work that are read ahead; above it the client waits. */
const READ_AHEAD = 64 * 1024;
/** A refused or early answered client may still be sending: it is listened to for so long, or a reset would eat its answer. */
const lingerMs = 2_000;

const noBytes = Buffer.alloc(0);
const { now } = systemClock;

/** Filled and read between two calls of the event loop, so one serves all connections. */
const head = createRequestHead();

/**
 * One client's connection: finds requests in its bytes, serves one at a time, and answers in order.
 *
 *     bytes ──▶ head ──▶ [ serving ] ◀── body       read ahead: at most READ_AHEAD
 *                            │
 *     bytes ◀── answer ◀─────┘
 *
 * `clientLines`: what the client has proved to be by its certificate, as header lines for the upstream.
 */
export function createClientConnection(socket: Socket, plane: Plane, onClosed: () => void, clientLines = ""): ClientConnection {
	const { limits } = plane;
	const address = socket.remoteAddress ?? "";
	const scheme = "encrypted" in socket ? "https" : "http";
	const reader = createBodyReader();
	let pending: Buffer | null = null;
	let visit: Visit | null = null;
	let isReading = false;
	/** More of the client is not wanted now. */
	let isPaused = false;
	/** Nothing the client sends is heard any more. */
	let isDeaf = false;
	let hasEnded = false;
	/** No request has begun yet. */
	let isFresh = true;
	/** When the client must have sent what is expected of it: a head, or more of a body. */
	let deadline = now() + limits.idleMs;

	const client: ServedClient = {
		answer: createClientAnswer(socket),
		letBodyFlow(isFlowing) {
			if (isFlowing) resume();
			else pause();
		},
		onDone() {
			const ended = visit;
			if (ended === null) return;
			if (socket.writableLength === 0 || socket.destroyed) leave(ended, null);
			else socket.write(noBytes, (error) => leave(ended, error ?? null));
		},
		cut: () => resetSocket(socket),
	};
	function pause(): void {
		isPaused = true;
		socket.pause();
	}

	function resume(): void {
		if (!isPaused) return;
		isPaused = false;
		socket.resume();
	}

	const serving = createServing(plane, client);
	const body: BodySink = {
		onWire: (piece) => serving.body(piece),
		onPayload(piece) {
			if (visit !== null) tapBody(visit.requestTap, piece);
		},
		onTrailers(lines) {
			if (visit?.isCaptured === true) visit.requestTrailers = Buffer.from(lines);
		},
	};

	/** The visit's answer is with the kernel, or will never be. */
	function leave(ended: Visit, error: Error | null): void {
		if (visit !== ended) return;
		visit = null;
		if (error !== null && !ended.isClientError) {
			ended.clientLeft = true;
			ended.error ??= "the client left";
			ended.status = 0;
		}
		const at = plane.onEnded(ended);
		if (socket.destroyed) return;
		if (ended.isLast || !reader.isDone()) {
			linger();
			return;
		}
		deadline = at + limits.idleMs;
		// Inside `consume` its loop goes on by itself.
		if (!isReading && pending !== null) consume(noBytes);
		else if (hasEnded && pending === null) socket.end();
		resume();
	}

	/** The last answer is out: closes, but hears the client out for a while. */
	function linger(): void {
		isDeaf = true;
		pending = null;
		deadline = now() + lingerMs;
		socket.end();
		resume();
	}

	function refuse(refusal: Refusal): void {
		const { head: lines, body: text } = codedAnswer(refusal.status, "REQUEST_REFUSED", { reason: refusal.reason });
		plane.onRefused(refusal);
		socket.write(Buffer.concat([lines, text]));
		linger();
	}

	function consume(chunk: Buffer): void {
		let bytes = chunk;
		if (pending !== null) {
			bytes = chunk.length === 0 ? pending : Buffer.concat([pending, chunk]);
			pending = null;
		}
		let at = 0;
		isReading = true;
		while (!isDeaf && !socket.destroyed && at < bytes.length) {
			if (visit === null) {
				const end = scanRequestHead(bytes, at, bytes.length, head);
				if (end === INCOMPLETE) {
					if (at === 0 && chunk.length === bytes.length) deadline = now() + limits.headMs;
					break;
				}
				if (end === REFUSED) {
					if (isFresh && isPreface(bytes)) {
						isReading = false;
						handOver(bytes, plane.onHttp2);
						return;
					}
					refuse(head.lines.refusal);
					break;
				}
				if (head.isWebSocket) {
					isReading = false;
					handOver(handshakeIn(bytes), plane.onUpgrade);
					return;
				}
				at = end;
				isFresh = false;
				begin();
			} else if (reader.isDone()) break;
			if (visit !== null && !reader.isDone()) {
				at = readBody(bytes, at);
				if (at < 0) return;
			}
		}
		isReading = false;
		serving.flush();
		if (isDeaf || at >= bytes.length) {
			if (hasEnded && visit === null && !isDeaf) socket.end();
			return;
		}
		pending = at === 0 ? bytes : bytes.subarray(at);
		if (visit !== null && pending.length > READ_AHEAD) pause();
		if (visit === null && hasEnded) socket.destroy();
	}

	function readBody(bytes: Buffer, from: number): number {
		const at = reader.read(bytes, from, bytes.length, body);
		if (at < 0) {
			isReading = false;
			serving.refuse(reader.refusal());
			return at;
		}
		deadline = now() + limits.bodyMs;
		if (reader.isDone()) serving.bodyEnd();
		return at;
	}

	/** A whole head has been found. */
	function begin(): void {
		const { visit: begun, arm, isRepeatable } = beginVisit(plane, head, !head.isKeepAlive || plane.isDraining(), address, clientLines);
		visit = begun;
		reader.begin(head.body);
		const isModern = arm.kind === "modern";
		// The new service is asked with the whole body, so its consent is not waited for.
		if (isModern && begun.awaitsContinue) {
			begun.awaitsContinue = false;
			socket.write("HTTP/1.1 100 Continue\r\n\r\n");
		}
		const { trace, awaitsContinue: keepsExpect } = begun;
		const forwarded = requestHeadFor(head, { address, scheme, extra: clientLines, traceLine: traceLineOf(trace), keepsExpect });
		deadline = begun.startedAt + limits.bodyMs;
		serving.begin(begun, forwarded, arm, head.body !== NO_BODY, isRepeatable);
	}

	/** With what the client has proved to be, and without what it only says. */
	function handshakeIn(bytes: Buffer): Buffer {
		const recorded = recordedHeadFor(head, clientLines);
		return recorded.byteOffset === bytes.byteOffset + head.start && recorded.buffer === bytes.buffer
			? bytes.subarray(head.start)
			: Buffer.concat([recorded, bytes.subarray(head.end)]);
	}

	/** The connection is another's from here on. */
	function handOver(bytes: Buffer, to: (socket: Socket, bytes: Buffer) => void): void {
		leaveBytes();
		// One by one: without a name, node takes away what its own HTTP/2 reads by.
		for (const event of ["drain", "end", "error", "close"]) socket.removeAllListeners(event);
		onClosed();
		to(socket, bytes);
	}

	const leaveBytes = takeBytes(socket, (chunk) => {
		if (isDeaf) return;
		if (visit !== null && reader.isDone()) {
			// The next request, ahead of its turn.
			pending = pending === null ? chunk : Buffer.concat([pending, chunk]);
			if (pending.length > READ_AHEAD) pause();
			return;
		}
		// A head cannot end here; who sends it in drops must not have it read anew at each.
		if (visit === null && pending !== null && pending.length + chunk.length <= HEAD_LIMIT && !chunk.includes(LF)) {
			pending = Buffer.concat([pending, chunk]);
			return;
		}
		consume(chunk);
	});
	socket.on("drain", () => serving.drain());
	// A client that has said all it has to say may still be listening.
	socket.on("end", () => {
		hasEnded = true;
		if (visit === null) socket.end();
		else if (!reader.isDone()) {
			serving.abandon();
			socket.destroy();
		} else if (pending === null) visit.isLast = true;
	});
	socket.on("error", () => socket.destroy());
	socket.on("close", () => {
		isDeaf = true;
		serving.abandon();
		onClosed();
	});

	return {
		socket,
		isIdle: () => visit === null,
		sweep(at) {
			serving.sweep(at);
			const isWaiting = visit === null || (!reader.isDone() && !isPaused);
			if (!isWaiting || at < deadline) return;
			if (isDeaf || (visit === null && pending === null)) socket.destroy();
			else if (visit === null) refuse(refusals.headTime);
			else serving.refuse(refusals.bodyTime);
		},
	};
}
