import { Agent, type ClientRequest, type IncomingMessage, request as openRequest } from "node:http";
import type { Socket } from "node:net";
import type { Upstream } from "../../contract/traffic.ts";
import type { BodyTap } from "./body-tap.ts";
import { pairsOf, type RawHeaders } from "./headers.ts";
import { pump } from "./pump.ts";
import { createUpstreamPool } from "./upstream-pool.ts";

/**
 * The seam of the data plane: one request out, one answer head back. Nothing outside this file and upstream-pool.ts
 * knows how upstreams are spoken to, so another transport replaces these two files.
 */
export type Forwarder = { send(sending: Sending): Sent; close(): void };

export type RequestBody =
	| { kind: "none" }
	| { kind: "whole"; bytes: Buffer }
	/** `source` flows into the upstream and past `tap`; `head` was read from it before. */
	| { kind: "stream"; source: IncomingMessage; tap: BodyTap; head: Buffer | null };

export type Sending = {
	upstream: Upstream;
	method: string;
	target: string;
	headers: RawHeaders;
	body: RequestBody;
	/** Until the head of the answer is there. */
	timeoutMs: number;
	/** A repeat has no second effect: a stale pooled connection may be answered by a fresh one. */
	isRepeatable: boolean;
	onContinue: (() => void) | null;
	/** Called once, when the first byte may leave. */
	onSent: () => void;
};

export type Answer = { status: number; statusText: string; headers: RawHeaders; body: IncomingMessage };

/** `sent` false: no byte can have reached the upstream. */
export type Failure = { kind: "refused" | "reset" | "timeout" | "aborted"; sent: boolean; reason: string };

export type Outcome = { kind: "answer"; answer: Answer } | { kind: "failure"; failure: Failure };

/** `abort` is allowed at any time, also while the answer's body flows. */
export type Sent = { outcome: Promise<Outcome>; abort(): void };

export function createForwarder(): Forwarder {
	const pool = createUpstreamPool();
	const fresh = new Agent({ keepAlive: false });
	return {
		send(sending) {
			let current: Attempt = attempt(sending, pool, sending.body);
			const outcome = current.outcome.then((first) => {
				if (first.kind === "answer" || !current.isStale() || !sending.isRepeatable) return first;
				const body = repeatableBody(sending.body);
				if (body === null) return first;
				current = attempt(sending, fresh, body);
				return current.outcome;
			});
			return { outcome, abort: () => current.abort() };
		},
		close() {
			pool.destroy();
			fresh.destroy();
		},
	};
}

type Attempt = { outcome: Promise<Outcome>; abort(): void; isStale(): boolean };

function attempt(sending: Sending, agent: Agent, body: RequestBody): Attempt {
	let isSent = false;
	let isAborted = false;
	let kind: Failure["kind"] | null = null;
	let out: ClientRequest | null = null;
	const outcome = new Promise<Outcome>((resolve) => {
		const fail = (reason: string) => {
			clearTimeout(timer);
			resolve({ kind: "failure", failure: { kind: kind ?? (isSent ? "reset" : "refused"), sent: isSent, reason } });
		};
		const timer = setTimeout(() => {
			kind = "timeout";
			out?.destroy(new Error(`no answer within ${sending.timeoutMs} ms`));
		}, sending.timeoutMs);
		const markSent = () => {
			isSent = true;
			sending.onSent();
		};
		try {
			out = openRequest({
				host: sending.upstream.host,
				port: sending.upstream.port,
				method: sending.method,
				path: sending.target,
				headers: sending.headers,
				setHost: false,
				agent,
			});
		} catch (error) {
			fail(reasonOf(error));
			return;
		}
		whenConnected(out, markSent);
		if (sending.onContinue) out.on("continue", sending.onContinue);
		out.on("response", (response) => {
			clearTimeout(timer);
			const { statusCode = 502, statusMessage = "", rawHeaders } = response;
			resolve({ kind: "answer", answer: { status: statusCode, statusText: statusMessage, headers: rawHeaders, body: response } });
		});
		// After the answer's head is there, a broken request stream shows in the answer's body; here it only must not be unheard.
		out.on("error", (error) => {
			if (isAborted) kind = "aborted";
			fail(reasonOf(error));
		});
		writeBody(out, body);
	});
	return {
		outcome,
		abort() {
			isAborted = true;
			out?.destroy(new Error("the client left"));
		},
		isStale: () => !isAborted && kind !== "timeout" && out?.reusedSocket === true,
	};
}

function writeBody(out: ClientRequest, body: RequestBody): void {
	switch (body.kind) {
		case "none":
			out.end();
			return;
		case "whole":
			out.end(body.bytes);
			return;
		case "stream":
			// Not before the connection stands: an upstream that cannot be reached has then consumed nothing of the source.
			whenConnected(out, () => pumpBody(body, out));
	}
}

function whenConnected(out: ClientRequest, act: () => void): void {
	out.on("socket", (socket: Socket) => {
		if (socket.connecting) socket.once("connect", act);
		else act();
	});
}

function pumpBody(body: Extract<RequestBody, { kind: "stream" }>, out: ClientRequest): void {
	if (body.head) out.write(body.head);
	pump(body.source, out, (chunk) => body.tap.push(chunk), {
		onEnd() {
			if (body.source.rawTrailers.length > 0) out.addTrailers(pairsOf(body.source.rawTrailers));
			out.end();
		},
		onCut: () => out.destroy(new Error("the client left")),
	});
}

/** The same body once more, where it is known to the last byte. */
function repeatableBody(body: RequestBody): RequestBody | null {
	if (body.kind !== "stream") return body;
	return body.source.complete && body.source.readableEnded && !body.tap.truncated ? { kind: "whole", bytes: body.tap.bytes() } : null;
}

function reasonOf(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const code = (error as NodeJS.ErrnoException).code;
	return code === undefined || code === "ECONNRESET" ? error.message : `${code} ${error.message}`.trim();
}
