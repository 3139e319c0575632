import type { ServerHttp2Stream, ServerStreamResponseOptions } from "node:http2";
import { systemClock } from "../../../base/clock.ts";
import { Fault } from "../../../base/fault.ts";
import { createBodyTap, tapBody } from "../capture/body-tap.ts";
import type { ClientAnswer } from "../client/client-answer.ts";
import type { CodedAnswer } from "../client/coded-answer.ts";
import type { Visit } from "../client/visit.ts";
import { grpcMessage, grpcStatusFor } from "../grpc/call.ts";
import { createMessageCounter } from "../grpc/message-counter.ts";
import { NO_BODY } from "../http1/request-head.ts";
import { pathOf } from "../routing/plan-table.ts";
import { answerFields, asObject, type Fields, trailerFields } from "./answer-fields.ts";

export type StreamAnswer = ClientAnswer & {
	/** The client must see that its answer is not whole. */
	cut(): void;
};

const noBytes = Buffer.alloc(0);
const { now } = systemClock;
const NO_ERROR = 0;
const INTERNAL_ERROR = 2;
/** Nothing is added to an answer, its date neither. */
const withoutDate = { sendDate: false } as ServerStreamResponseOptions;

/** The answer of one HTTP/2 stream; the counterpart of `createClientAnswer`. `onTold`: head, body and trailers are with the session. */
export function createStreamAnswer(stream: ServerHttp2Stream, onTold: () => void): StreamAnswer {
	let visit: Visit | null = null;
	/** What is held back; null: nothing is. */
	let held: Buffer[] | null = null;
	let heldBytes = 0;
	let fields: Fields | null = null;
	let isBodiless = false;
	let trailers: Fields = [];
	let isStarted = false;
	let isFull = false;

	stream.on("wantTrailers", () => {
		told(() => stream.sendTrailers(asObject(trailers)));
		setImmediate(onTold);
	});

	/** Node refuses by a throw what HTTP/2 cannot carry. */
	function told(tell: () => void): void {
		if (stream.destroyed || stream.closed) return;
		try {
			tell();
		} catch (error) {
			if (visit !== null) {
				visit.error = `an answer that HTTP/2 cannot carry (${error instanceof Error ? error.message : error})`;
				visit.isClientError = true;
			}
			stream.close(INTERNAL_ERROR);
		}
	}

	function respond(): void {
		if (fields === null || stream.destroyed || stream.closed) return;
		isStarted = true;
		const head = fields;
		fields = null;
		told(() => stream.respond(head, { endStream: isBodiless, waitForTrailers: !isBodiless, ...withoutDate }));
		if (isBodiless) setImmediate(onTold);
	}

	function write(bytes: Buffer): void {
		if (held !== null) {
			held.push(bytes);
			heldBytes += bytes.length;
			return;
		}
		// False is also said by a stream that is gone, which will never drain.
		if (!stream.writableEnded && !stream.write(bytes)) isFull = stream.writableNeedDrain;
	}

	/** Without a body: status and message of a call stand in the head (gRPC over HTTP/2, Trailers-Only). */
	function giveStatus(answering: Visit, status: number, text: string): void {
		const lines = `grpc-status: ${status}\r\ngrpc-message: ${grpcMessage(text)}\r\n\r\n`;
		answering.status = 200;
		answering.answerHead = Buffer.from(`HTTP/1.1 200 OK\r\ncontent-type: application/grpc\r\n${lines}`, "latin1");
		fields = [":status", "200", "content-type", "application/grpc", ...trailerFields(Buffer.from(lines, "latin1"))];
		isBodiless = true;
		respond();
	}

	return {
		begin(next, isHeld) {
			visit = next;
			held = isHeld ? [] : null;
			heldBytes = 0;
			fields = null;
			trailers = [];
		},
		interim({ status, ...head }) {
			if (visit === null || isStarted) return;
			if (status === 100) {
				if (!visit.awaitsContinue) return;
				visit.awaitsContinue = false;
			}
			told(() => stream.additionalHeaders(asObject(answerFields({ status, ...head }))));
		},
		start(head) {
			if (visit === null) return;
			visit.status = head.status;
			if (visit.isCaptured) visit.answerHead = head.bytes.subarray(head.start, head.end);
			fields = answerFields(head);
			isBodiless = head.body === NO_BODY;
			// A call's status alone has no length (gRPC over HTTP/2, Trailers-Only).
			if (visit.call !== null && isBodiless) fields = fields.filter((_text, at, all) => all[at - (at % 2)] !== "content-length");
			if (held === null) respond();
			else heldBytes += head.end - head.start;
		},
		onWire() {},
		onPayload(bytes) {
			if (visit !== null) {
				tapBody(visit.answerTap, bytes);
				visit.call?.answerMessages.take(bytes);
			}
			write(bytes);
		},
		onTrailers(lines) {
			trailers = trailerFields(lines);
			if (visit?.isCaptured === true) visit.answerTrailers = Buffer.from(lines);
		},
		flush() {},
		release() {
			if (held === null) return;
			const waiting = held;
			held = null;
			heldBytes = 0;
			respond();
			for (const bytes of waiting) write(bytes);
		},
		discard() {
			if (visit !== null) {
				visit.answerTap = createBodyTap(visit.requestTap.cap);
				visit.answerHead = noBytes;
				visit.answerTrailers = noBytes;
				visit.status = 0;
				if (visit.call !== null) visit.call.answerMessages = createMessageCounter();
			}
			held = null;
			heldBytes = 0;
			fields = null;
			trailers = [];
		},
		end() {
			if (isBodiless || stream.writableEnded) return;
			stream.end();
		},
		coded(answer: CodedAnswer) {
			if (visit === null) return;
			held = null;
			trailers = [];
			if (visit.call !== null) {
				const { code, what } = JSON.parse(answer.body.toString("utf8")) as { code: string; what: string };
				giveStatus(visit, grpcStatusFor(answer.status, visit.call.latest <= now()), `${code}: ${what}`);
				return;
			}
			visit.status = answer.status;
			visit.answerHead = answer.head;
			tapBody(visit.answerTap, answer.body);
			fields = codedFields(answer);
			isBodiless = false;
			respond();
			if (!stream.writableEnded) stream.end(answer.body);
		},
		cut() {
			if (visit === null || visit.call === null || !isStarted || stream.writableEnded) {
				stream.close(INTERNAL_ERROR);
				return;
			}
			const data = { method: visit.method, path: pathOf(visit.target), reason: "its answer broke off" };
			const text = grpcMessage(`UPSTREAM_LOST: ${new Fault("UPSTREAM_LOST", data).message}`);
			const status = grpcStatusFor(504, visit.call.latest <= now());
			const lines = Buffer.from(`grpc-status: ${status}\r\ngrpc-message: ${text}\r\n\r\n`, "latin1");
			visit.answerTrailers = lines;
			trailers = trailerFields(lines);
			stream.end();
		},
		isStarted: () => isStarted,
		heldBytes: () => heldBytes,
		isFull: () => isFull,
		drained() {
			isFull = false;
		},
	};
}

/** An answer of the gateway's own that ends its stream, whatever is still to come of the request. */
export function endCoded(stream: ServerHttp2Stream, answer: CodedAnswer): void {
	stream.on("wantTrailers", () => {
		stream.sendTrailers({});
		// Not before the answer is with the session, which would send the reset first.
		setImmediate(() => stream.close(NO_ERROR));
	});
	stream.respond(codedFields(answer), { waitForTrailers: true, ...withoutDate });
	stream.end(answer.body);
}

function codedFields({ status, body }: CodedAnswer): Fields {
	return [":status", String(status), "content-type", "application/json; charset=utf-8", "content-length", String(body.length)];
}
