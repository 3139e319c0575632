import { Agent, type IncomingMessage, request, type ServerResponse } from "node:http";
import { Fault, systemClock } from "../../base/index.ts";
import type { BodyState, Recorded } from "../recording/recorded.ts";
import { endToEnd } from "../send/request-headers.ts";
import { pairsOf } from "../send/send-request.ts";
import { type Call, requestOf } from "./call.ts";

/** Bodies are passed whole and kept up to here. */
const KEPT_BYTES = 1024 * 1024;
const ANSWER_LIMIT_MS = 120_000;

/** Makes calls and tells each when it has ended. Calls leave as the service made them, but for the connection's own lines. */
export function createForwarder(counts: { forwarded: number; failed: number }) {
	const agent = new Agent({ keepAlive: true });

	function forward(call: Call, message: IncomingMessage, answer: ServerResponse, onExchange: (record: Recorded) => void): void {
		const startedAt = systemClock.now();
		counts.forwarded++;
		const asked = requestOf(call, message);
		const [sentTap, gotTap] = [createTap(), createTap()];
		let isTold = false;

		function tell(response: Omit<Recorded["response"], "body" | "state">, error: string | null): void {
			if (isTold) return;
			isTold = true;
			if (error !== null) counts.failed++;
			const got = error === null || response.status === 0 ? gotTap.state() : "cut";
			onExchange({
				startedAt,
				endedAt: systemClock.now(),
				route: null,
				request: { ...asked, body: sentTap.body(), state: message.complete ? sentTap.state() : "cut" },
				response: { ...response, body: gotTap.body(), state: got },
				error,
			});
		}

		const out = request(
			{ ...call, path: call.target, method: asked.method, headers: asked.headers.flat(), agent, timeout: ANSWER_LIMIT_MS, setHost: false },
			(reply) => {
				const head = { status: reply.statusCode ?? 0, headers: pairsOf(reply.rawHeaders) };
				answer.writeHead(head.status, reply.statusMessage, endToEnd(head.headers).flat());
				reply.on("data", gotTap.add);
				reply.on("end", () => tell(head, null));
				reply.on("error", (error) => {
					tell(head, error.message);
					// A cut answer never looks whole.
					answer.destroy();
				});
				reply.pipe(answer);
			},
		);
		out.on("timeout", () => out.destroy(new Error(`no answer within ${ANSWER_LIMIT_MS / 1_000} s`)));
		out.on("error", (error) => {
			tell({ status: 0, headers: [] }, error.message);
			if (answer.headersSent) return void answer.destroy();
			const fault = new Fault("UPSTREAM_UNREACHED", {
				method: asked.method,
				path: `${call.authority}${call.target}`,
				reason: error.message,
			});
			const body = JSON.stringify(fault.toJSON());
			answer.writeHead(502, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) }).end(body);
		});
		// A service that leaves ends its call.
		answer.on("close", () => {
			if (!answer.writableFinished) out.destroy(new Error("the service left"));
		});
		message.on("data", sentTap.add);
		message.pipe(out);
	}

	return { forward, close: () => agent.destroy() };
}

function createTap() {
	const parts: Buffer[] = [];
	let [size, kept] = [0, 0];
	return {
		add(part: Buffer): void {
			size += part.length;
			const piece = part.subarray(0, Math.max(0, KEPT_BYTES - kept));
			kept += piece.length;
			if (piece.length > 0) parts.push(piece);
		},
		body: () => Buffer.concat(parts),
		state: (): BodyState => (kept === size ? "whole" : "cut"),
	};
}
