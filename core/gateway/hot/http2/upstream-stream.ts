import type { ClientHttp2Session, ClientHttp2Stream } from "node:http2";
import type { Upstream } from "../../../contract/traffic.ts";
import { isGrpc, statusIn } from "../grpc/call.ts";
import { type BodySink, createBodyReader } from "../http1/body-reader.ts";
import { CODING, CONNECTION, HOP, HOST, headerValue, UPGRADE } from "../http1/head-lines.ts";
import { CHUNKED, createRequestHead, NO_BODY, type RequestHead, scanRequestHead } from "../http1/request-head.ts";
import { createResponseHead, scanResponseHead } from "../http1/response-head.ts";
import type { AnswerListener, Failure, UpstreamRequest } from "../upstream/upstream-connection.ts";
import { asObject, type Fields, trailerFields } from "./answer-fields.ts";
import { frameChunk, lastChunk } from "./chunks.ts";
import { trailerLines } from "./request-lines.ts";

const END_STREAM = 1;
const NO_ERROR = 0;
const REFUSED_STREAM = 7;
const CANCEL = 8;

/** Only read between two calls of the event loop. */
const request = createRequestHead();
const answer = createResponseHead();

type UpstreamStreamDeps = {
	upstream: Upstream;
	session: ClientHttp2Session;
	/** Of the request; its answer's framing depends on it. */
	method: string;
	listener: AnswerListener;
	isConnected(): boolean;
	/** Why the connection is lost, if it is. */
	lossOf(): Pick<Failure, "kind" | "reason"> | null;
	/** The session has carried another stream before. */
	isReused: boolean;
	onClosed(): void;
};

/** `connected`, `lost`: told by the session it runs on. */
export type SessionRequest = UpstreamRequest & { connected(): void; lost(): void };

/**
 * One request to an upstream that speaks HTTP/2. What is written to it is the request in HTTP/1.1, and what it tells of its answer is in
 * HTTP/1.1 too: whoever asks need not know what is spoken behind.
 */
export function createUpstreamStream(deps: UpstreamStreamDeps): SessionRequest {
	const { session, method, isReused } = deps;
	const reader = createBodyReader();
	let listener: AnswerListener | null = deps.listener;
	let stream: ClientHttp2Stream | null = null;
	let isCall = false;
	let isAnswered = false;
	/** Of the answer's body: its length, or -1 for chunks. */
	let announced = -1;
	let received = 0;
	let hasStatus = false;
	let requestTrailers: Fields = [];
	let answerTrailers: Buffer | null = null;

	function tell(failure: Omit<Failure, "isSent">, isSent = deps.isConnected()): void {
		const told = listener;
		if (told === null) return;
		listener = null;
		close();
		told.onFailure({ ...failure, isSent });
	}

	function close(): void {
		listener = null;
		if (stream === null) deps.onClosed();
		else if (!stream.closed) stream.close(CANCEL);
	}

	/** Its head is written in one piece, always first. Returns where the body begins. */
	function begin(bytes: Buffer): number {
		const end = scanRequestHead(bytes, 0, bytes.length, request);
		if (end < 0) {
			tell({ kind: "malformed", reason: "the request cannot be told in HTTP/2" }, false);
			return -1;
		}
		isCall = isGrpc(headerValue(bytes, request.lines, "content-type"));
		const fields = requestFields(request, deps.upstream);
		const { body } = request;
		reader.begin(body);
		let opened: ClientHttp2Stream;
		try {
			opened = session.request(fields, { endStream: body === NO_BODY, waitForTrailers: body === CHUNKED });
		} catch (error) {
			// The session ended in this moment: nothing was sent.
			tell({ kind: "reset", reason: messageOf(error), isUnprocessed: true }, false);
			return -1;
		}
		stream = opened;
		hear(opened);
		return end;
	}

	function hear(opened: ClientHttp2Stream): void {
		opened.on("wantTrailers", () => {
			try {
				opened.sendTrailers(asObject(requestTrailers));
			} catch {
				opened.close(CANCEL);
			}
		});
		opened.on("headers", (_fields, _flags, raw: string[]) => {
			if (scan(raw, false)) listener?.onInterim(answer);
		});
		opened.on("response", (_fields, flags: number, raw: string[]) => {
			if (!scan(raw, (flags & END_STREAM) !== 0)) return;
			isAnswered = true;
			announced = answer.body;
			hasStatus = headerValue(answer.bytes, answer.lines, "grpc-status") !== null || answer.status !== 200;
			listener?.onHead(answer);
		});
		opened.on("data", (piece: Buffer) => {
			received += piece.length;
			if (announced !== CHUNKED && received > announced) {
				tell({ kind: "malformed", reason: "the answer is longer than it says" });
				return;
			}
			listener?.onPayload(piece);
			listener?.onWire(announced === CHUNKED ? frameChunk(piece) : piece);
			listener?.onPause();
		});
		opened.on("trailers", (_fields, _flags, raw: string[]) => {
			answerTrailers = trailerLines(raw);
			if (answerTrailers === null) tell({ kind: "malformed", reason: "its trailer is malformed" });
			else if (isCall) hasStatus ||= statusIn(answerTrailers) !== null;
		});
		opened.on("end", () => {
			// A reset ends it too.
			if (opened.rstCode === NO_ERROR && !session.destroyed) end();
		});
		opened.on("drain", () => listener?.onDrain());
		opened.on("error", () => {});
		opened.on("close", () => {
			deps.onClosed();
			if (listener === null) return;
			const loss = deps.lossOf();
			if (loss !== null) {
				tell(loss);
				return;
			}
			const isUnprocessed = opened.rstCode === REFUSED_STREAM;
			const reason = isAnswered ? "the answer broke off" : `the stream was reset (${opened.rstCode})`;
			tell({ kind: "reset", reason, isUnprocessed }, deps.isConnected() && !isUnprocessed);
		});
	}

	function end(): void {
		if (listener === null || !isAnswered) return;
		if ((announced > 0 && received !== announced) || (isCall && !hasStatus)) {
			tell({ kind: "reset", reason: "the answer broke off" });
			return;
		}
		if (announced === CHUNKED) listener.onWire(lastChunk(answerTrailers));
		if (answerTrailers !== null) listener.onTrailers?.(answerTrailers);
		const told = listener;
		close();
		told.onEnd();
	}

	/** False: it is told as malformed. `isWhole`: no body follows. */
	function scan(raw: readonly string[], isWhole: boolean): boolean {
		const lines = answerLines(raw, method, isWhole);
		if (lines !== null && scanResponseHead(lines, 0, lines.length, method, false, answer) > 0) return true;
		tell({ kind: "malformed", reason: "the head of the answer is malformed" });
		return false;
	}

	let isTaken = true;
	const sink: BodySink = {
		onWire() {},
		onPayload(piece) {
			if (stream !== null && !stream.destroyed && !stream.writableEnded) isTaken = stream.write(piece);
		},
		onTrailers(lines) {
			requestTrailers = trailerFields(lines);
		},
	};

	return {
		write(bytes) {
			if (listener === null) return true;
			const from = stream === null ? begin(bytes) : 0;
			if (from < 0 || stream === null) return true;
			isTaken = true;
			reader.read(bytes, from, bytes.length, sink);
			if (reader.isDone() && !stream.writableEnded) stream.end();
			return isTaken || stream.destroyed;
		},
		finish() {},
		connected: () => listener?.onSent(),
		lost() {
			if (stream === null) tell(deps.lossOf() ?? { kind: "reset", reason: "the connection was closed" });
		},
		pause: () => stream?.pause(),
		resume: () => stream?.resume(),
		abort: close,
		fail: (kind, reason) => tell({ kind, reason }),
		isReused: () => isReused,
		isAnswered: () => isAnswered,
	};
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The request's own lines, lower case; what framed it and what was meant for one hop has no place here (RFC 9113, 8.2.2). */
function requestFields({ bytes, lines, method, target }: RequestHead, { host, port, tls }: Upstream): Fields {
	const authority = headerValue(bytes, lines, "host") ?? `${host}:${port}`;
	const path = target.charCodeAt(0) === 0x2f || target === "*" ? target : target.replace(/^[a-z]+:\/\/[^/?]*/i, "") || "/";
	const fields: Fields = [":method", method, ":path", path.startsWith("?") ? `/${path}` : path];
	fields.push(":scheme", tls === undefined ? "http" : "https", ":authority", authority);
	for (let line = 0; line < lines.count; line++) {
		const kind = lines.kinds[line];
		if (kind === HOST || kind === CONNECTION || kind === HOP || kind === UPGRADE || kind === CODING) continue;
		const name = bytes.toString("latin1", lines.starts[line], lines.colons[line]).toLowerCase();
		fields.push(name, bytes.toString("latin1", lines.values[line], lines.ends[line]));
	}
	// Of this hop, and true of it: gRPC asks for nothing less.
	fields.push("te", "trailers");
	return fields;
}

/** An answer's head as HTTP/1.1 has it, or null where no such head can be. */
function answerLines(raw: readonly string[], method: string, isWhole: boolean): Buffer | null {
	let status = "";
	let lines = "";
	let hasLength = false;
	for (let index = 0; index < raw.length; index += 2) {
		const name = raw[index] ?? "";
		const value = raw[index + 1] ?? "";
		if (name === ":status") status = value;
		else if (name.startsWith(":") || name === "connection" || name === "transfer-encoding") return null;
		else {
			if (name === "content-length") hasLength = true;
			lines += `${name}: ${value}\r\n`;
		}
	}
	const isBodiless = method === "HEAD" || status.startsWith("1") || status === "204" || status === "304";
	if (!isBodiless && !hasLength) lines += isWhole ? "content-length: 0\r\n" : "transfer-encoding: chunked\r\n";
	return Buffer.from(`HTTP/1.1 ${status} \r\n${lines}\r\n`, "latin1");
}
