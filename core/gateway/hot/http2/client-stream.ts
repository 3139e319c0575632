import type { ServerHttp2Stream } from "node:http2";
import { systemClock } from "../../../base/clock.ts";
import { tapBody } from "../capture/body-tap.ts";
import { beginVisit } from "../client/begin-visit.ts";
import { codedAnswer } from "../client/coded-answer.ts";
import { createServing, type ServedClient } from "../client/serving.ts";
import type { Visit } from "../client/visit.ts";
import { createCall, isGrpc } from "../grpc/call.ts";
import { headerValue, REFUSED } from "../http1/head-lines.ts";
import { refusals } from "../http1/refusal.ts";
import { CHUNKED, createRequestHead, NO_BODY, scanRequestHead } from "../http1/request-head.ts";
import { requestHeadFor } from "../http1/rewrite-head.ts";
import type { Plane } from "../plane.ts";
import { traceLineOf } from "../tracing/trace.ts";
import { frameChunk, lastChunk } from "./chunks.ts";
import { requestLines, trailerLines } from "./request-lines.ts";
import { createStreamAnswer, endCoded } from "./stream-answer.ts";

export type ClientStream = { sweep(at: number): void };

/** What all streams of one connection share. */
export type StreamDeps = { plane: Plane; address: string; scheme: string; clientLines: string };

const NO_ERROR = 0;
const PROTOCOL_ERROR = 1;
const CANCEL = 8;
/** A call may stand still for so many times as long as any other body: streams of messages have pauses. */
const callPatience = 5;

const { now } = systemClock;
/** Filled and read between two calls of the event loop, so one serves all streams. */
const head = createRequestHead();

/**
 * One stream is one request. Inside the gateway it is one of HTTP/1.1: its head is written as such and read by the same scanner, its body
 * becomes chunks, and the answer's head is read from the same lines; so every rule of the gateway holds for it, once.
 */
export function serveStream(stream: ServerHttp2Stream, raw: readonly string[], hasBody: boolean, deps: StreamDeps): ClientStream | null {
	stream.on("error", () => {});
	const lines = requestLines(raw, hasBody);
	const end = lines === null ? -1 : scanRequestHead(lines, 0, lines.length, head);
	if (lines === null || (end < 0 && end !== REFUSED)) {
		deps.plane.onRefused(refusals.streamHead);
		stream.close(PROTOCOL_ERROR);
		return null;
	}
	if (end === REFUSED) {
		deps.plane.onRefused(head.lines.refusal);
		refuse(stream, head.lines.refusal);
		return null;
	}
	return openStream(stream, hasBody, deps);
}

/** Without a visit, as a refused head over HTTP/1.1. */
function refuse(stream: ServerHttp2Stream, { status, reason }: { status: number; reason: string }): void {
	endCoded(stream, codedAnswer(status, "REQUEST_REFUSED", { reason }));
}

function openStream(stream: ServerHttp2Stream, hasBody: boolean, deps: StreamDeps): ClientStream {
	const { plane, address, scheme, clientLines } = deps;
	const { limits } = plane;
	const { body } = head;
	const isChunked = body === CHUNKED;
	const isAwaited = hasBody && body !== NO_BODY;
	let received = 0;
	let visit: Visit | null = null;
	let isBodyDone = !hasBody;
	let isPaused = false;
	let trailers: Buffer | null = null;
	/** The gateway has done its part; the bytes may still be on their way. */
	let isServed = false;
	let isTold = false;
	let deadline = 0;
	/** Since when so much of the answer has been waiting for the client. */
	let stalled = 0;
	let stalledSince = 0;

	const answer = createStreamAnswer(stream, () => {
		isTold = true;
		// The rest of the body has nobody to go to (RFC 9113, 8.1).
		if (!isBodyDone) stream.close(NO_ERROR);
	});
	const client: ServedClient = {
		answer,
		letBodyFlow(isFlowing) {
			isPaused = !isFlowing;
			if (isFlowing) stream.resume();
			else stream.pause();
			deadline = now() + patience();
		},
		onDone() {
			isServed = true;
			stalledSince = now();
			if (isPaused) stream.resume();
			if (stream.destroyed) leave();
		},
		cut: answer.cut,
	};
	const serving = createServing(plane, client);
	const { visit: begun, arm, isRepeatable } = beginVisit(plane, head, false, address, clientLines);
	visit = begun;
	if (isGrpc(headerValue(head.bytes, head.lines, "content-type")))
		begun.call = createCall(headerValue(head.bytes, head.lines, "grpc-timeout"), begun.startedAt);
	const patience = () => (begun.call === null ? limits.bodyMs : limits.bodyMs * callPatience);
	deadline = begun.startedAt + patience();

	/** The request turns out to be malformed after its head was passed. Not from within node's reading of the frame that shows it. */
	function breakOff(): void {
		serving.abandon();
		setImmediate(() => stream.close(PROTOCOL_ERROR));
	}

	function leave(): void {
		if (visit === null) return;
		visit = null;
		if (!isTold && stream.rstCode !== NO_ERROR && !begun.isClientError) {
			begun.clientLeft = true;
			begun.error ??= "the client left";
			begun.status = 0;
		}
		plane.onEnded(begun);
	}

	stream.on("data", (piece: Buffer) => {
		if (isServed) return;
		deadline = now() + patience();
		received += piece.length;
		if (!isChunked && received > body) {
			breakOff();
			return;
		}
		tapBody(begun.requestTap, piece);
		begun.call?.requestMessages.take(piece);
		serving.body(isChunked ? frameChunk(piece) : piece);
		serving.flush();
	});
	stream.on("trailers", (_fields, _flags, rawTrailers: string[]) => {
		trailers = trailerLines(rawTrailers);
		if (trailers === null) breakOff();
		else if (begun.isCaptured) begun.requestTrailers = trailers;
	});
	stream.on("end", () => {
		// A reset ends it too, and must not look like the end of the body.
		if (stream.aborted || stream.rstCode !== NO_ERROR) return;
		isBodyDone = true;
		if (isServed) return;
		if (!isChunked && received !== body) {
			breakOff();
			return;
		}
		if (!isAwaited) return;
		if (isChunked) serving.body(lastChunk(trailers));
		serving.bodyEnd();
	});
	stream.on("drain", () => serving.drain());
	stream.on("close", () => {
		if (!isServed) serving.abandon();
		leave();
	});

	// The new service is asked with the whole body, so its consent is not waited for.
	if (arm.kind === "modern" && begun.awaitsContinue) {
		begun.awaitsContinue = false;
		stream.additionalHeaders({ ":status": 100 });
	}
	const { trace, awaitsContinue: keepsExpect } = begun;
	if (trace !== null) trace.protocol = "2";
	const forwarded = requestHeadFor(head, { address, scheme, extra: clientLines, traceLine: traceLineOf(trace), keepsExpect });
	serving.begin(begun, forwarded, arm, isAwaited, isRepeatable);
	// The first of the body is on its way most of the time, and may go along.
	if (isAwaited) setImmediate(serving.flush);

	return {
		sweep(at) {
			if (visit === null) return;
			serving.sweep(at);
			const waiting = stream.writableLength;
			if (waiting === 0 || waiting !== stalled) {
				stalled = waiting;
				stalledSince = at;
			} else if (at - stalledSince >= patience()) {
				begun.error ??= "the client stopped reading";
				stream.close(CANCEL);
			}
			if (!isServed && !isBodyDone && !isPaused && at >= deadline) serving.refuse(refusals.bodyTime);
		},
	};
}
