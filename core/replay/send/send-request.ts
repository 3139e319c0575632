import { Agent, request as httpRequest } from "node:http";
import { request as httpsRequest, Agent as TlsAgent } from "node:https";
import type { HeaderLines, Recorded } from "../recording/recorded.ts";

/** `body`: null when it was not kept. `error`: there was no whole answer; `status` is then 0. */
export type Answer = { status: number; headers: HeaderLines; body: Buffer | null; ms: number; error: string | null };

export type Target = { protocol: "http:" | "https:"; host: string; port: number };

const KEPT_BYTES = 16 * 1024 * 1024;

/** Sends recorded requests over at most `connections` kept connections. Nothing rejects: what goes wrong is the answer's `error`. */
export function createSender(target: Target, options: { connections: number; timeoutMs: number; keepBodies: boolean }) {
	const agentOptions = {
		keepAlive: true,
		maxSockets: options.connections,
		maxFreeSockets: options.connections,
		scheduling: "lifo" as const,
	};
	const isTls = target.protocol === "https:";
	const agent = isTls ? new TlsAgent(agentOptions) : new Agent(agentOptions);
	const ask = isTls ? httpsRequest : httpRequest;

	function send(record: Recorded, headers: string[], signal: AbortSignal, isAgain = false): Promise<Answer> {
		const { request } = record;
		return new Promise((resolve) => {
			const began = performance.now();
			const fail = (reason: string) =>
				resolve({ status: 0, headers: [], body: null, ms: performance.now() - began, error: signal.aborted ? "cancelled" : reason });
			try {
				const { host, port } = target;
				const { method, target: path } = request;
				const out = ask({ host, port, method, path, headers, agent, timeout: options.timeoutMs, setHost: false }, (answer) => {
					const parts: Buffer[] = [];
					let kept = 0;
					answer.on("data", (part: Buffer) => {
						if (!options.keepBodies || kept > KEPT_BYTES) return;
						kept += part.length;
						parts.push(part);
					});
					answer.on("error", (error) => fail(reasonOf(error)));
					answer.on("end", () => {
						const body = options.keepBodies && kept <= KEPT_BYTES ? Buffer.concat(parts) : null;
						const ms = performance.now() - began;
						resolve({ status: answer.statusCode ?? 0, headers: pairsOf(answer.rawHeaders), body, ms, error: null });
					});
				});
				const abort = () => out.destroy(new Error("cancelled"));
				signal.addEventListener("abort", abort, { once: true });
				out.on("close", () => signal.removeEventListener("abort", abort));
				out.on("timeout", () => out.destroy(new Error(`no answer within ${options.timeoutMs / 1_000} s`)));
				out.on("error", (error: NodeJS.ErrnoException) => {
					// A kept connection that the target closed just then; harmless to repeat for these two methods.
					const isStale = out.reusedSocket && error.code === "ECONNRESET" && (request.method === "GET" || request.method === "HEAD");
					if (isStale && !isAgain) resolve(send(record, headers, signal, true));
					else fail(reasonOf(error));
				});
				out.end(request.body);
			} catch (error) {
				// A head that no client may send: the recording may come from anywhere.
				fail(reasonOf(error as Error));
			}
		});
	}

	return { send, close: () => agent.destroy() };
}

/** Without addresses and ports, so that equal causes are counted as one. */
function reasonOf(error: Error): string {
	const { code } = error as NodeJS.ErrnoException;
	return code === undefined
		? error.message
		: code === "ECONNRESET"
			? "the connection was broken off (ECONNRESET)"
			: `${code.replace(/^ERR_/, "")}`;
}

export function pairsOf(raw: readonly string[]): HeaderLines {
	const pairs: HeaderLines = [];
	for (let at = 0; at + 1 < raw.length; at += 2) pairs.push([raw[at] as string, raw[at + 1] as string]);
	return pairs;
}
