import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { Fault } from "../../base/index.ts";
import type { Recorded, Tunnel } from "../recording/recorded.ts";
import { endToEnd } from "../send/request-headers.ts";
import type { Answers } from "./answers.ts";
import { callOf, requestOf } from "./call.ts";
import { createForwarder } from "./forward.ts";
import { firstBytes, isPlainHttp, openTunnel } from "./tunnel.ts";

/** `record`: calls are made and told. `answer`: none is made, recorded answers are given. `refuse`: none is made. */
export type OutboundMode =
	| { kind: "record"; onExchange(record: Recorded): void; onTunnel(tunnel: Tunnel): void }
	| { kind: "answer"; answers: Answers }
	| { kind: "refuse" };

export type OutboundCounts = {
	forwarded: number;
	answered: number;
	repeated: number;
	refused: number;
	unknown: number;
	tunnels: number;
	failed: number;
};

export type Outbound = {
	readonly port: number;
	readonly counts: OutboundCounts;
	/** Calls that no recording knows or nobody may make, with how often; the first hundred different ones. */
	readonly refusedCalls: Readonly<Record<string, number>>;
	close(): Promise<void>;
};

const CALL_BYTES = 16 * 1024 * 1024;
const KNOWN_CALLS = 100;

/**
 * A forward proxy for what a service calls itself: plain HTTP in absolute form, and tunnels, into which it does not look. It sees only
 * clients that ask it (`HTTP_PROXY`). PORT_IN_USE when the port is taken; 0: any free one.
 */
export async function openOutbound(options: { host?: string; port: number; mode: OutboundMode }): Promise<Outbound> {
	const { host = "127.0.0.1", mode } = options;
	const counts: OutboundCounts = { forwarded: 0, answered: 0, repeated: 0, refused: 0, unknown: 0, tunnels: 0, failed: 0 };
	const refusedCalls: Record<string, number> = {};
	const sockets = new Set<Socket>();
	const forwarder = createForwarder(counts);
	const tunnelled = new WeakMap<Socket, string>();
	const listener = (message: IncomingMessage, answer: ServerResponse) => void serve(message, answer);
	const server = createServer({ keepAliveTimeout: 30_000 }, listener);
	/** Listens nowhere: it gets the sockets of tunnels in which a client speaks plain HTTP. */
	const inner = createServer({ keepAliveTimeout: 30_000 }, listener);
	server.on("connection", (socket) => {
		sockets.add(socket);
		socket.on("close", () => sockets.delete(socket));
	});
	server.on("connect", (message: IncomingMessage, socket: Socket, head: Buffer) => {
		// An error that nobody hears of would end the process; `close` follows it.
		socket.on("error", () => {});
		const authority = message.url ?? "";
		const onHttp = (client: Socket) => {
			tunnelled.set(client, authority);
			inner.emit("connection", client);
		};
		if (mode.kind === "record") openTunnel(authority, socket, head, { onHttp, onTunnel: tellTunnel(mode) });
		else if (mode.kind === "answer" && !authority.endsWith(":443")) answerTunnel(authority, socket, head, onHttp);
		else {
			const body = refuseTunnel(authority);
			const lines = [
				"HTTP/1.1 403 Forbidden",
				"Content-Type: application/json",
				`Content-Length: ${Buffer.byteLength(body)}`,
				"Connection: close",
			];
			socket.end(`${lines.join("\r\n")}\r\n\r\n${body}`);
		}
	});

	const tellTunnel = (to: { onTunnel(tunnel: Tunnel): void }) => (tunnel: Tunnel) => {
		counts.tunnels++;
		to.onTunnel(tunnel);
	};

	/** Whether it can be answered shows when the client speaks. */
	function answerTunnel(authority: string, socket: Socket, head: Buffer, onHttp: (client: Socket) => void): void {
		socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
		if (head.length > 0) socket.unshift(head);
		firstBytes(socket, (first) => {
			if (isPlainHttp(first)) return onHttp(socket);
			refuseTunnel(authority);
			socket.destroy();
		});
	}

	function refuseTunnel(authority: string): string {
		const why = mode.kind === "refuse" ? "calls are refused here" : "what is inside a tunnel is not seen, so it cannot be answered";
		return refusal(`CONNECT ${authority}`, why, "Let the service call by plain HTTP, or start with --record.");
	}

	function refusal(target: string, reason: string, remedy: string): string {
		if (target in refusedCalls || Object.keys(refusedCalls).length < KNOWN_CALLS) refusedCalls[target] = (refusedCalls[target] ?? 0) + 1;
		counts.refused++;
		return JSON.stringify(new Fault("OUTBOUND_REFUSED", { target, reason, remedy }).toJSON());
	}

	async function serve(message: IncomingMessage, answer: ServerResponse): Promise<void> {
		const refuse = (status: number, reason: string, remedy: string) => {
			const body = refusal(`${message.method} ${message.url}`, reason, remedy);
			message.resume();
			answer.writeHead(status, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) }).end(body);
		};
		const call = callOf(message, tunnelled.get(message.socket) ?? null);
		if (call === null)
			return refuse(400, "it does not name its whole address", "Set this address as HTTP_PROXY, not as the service called.");
		if (mode.kind === "refuse") return refuse(403, "calls are refused here", "Start with --record or --answer-from to let it pass.");
		if (mode.kind === "record") {
			if (call.port === port() && isLoopback(call.host))
				return refuse(403, "it would call this proxy itself", "Correct the address of the call.");
			return forwarder.forward(call, message, answer, mode.onExchange);
		}
		const body = await bodyOf(message);
		if (body === null) return refuse(413, "its body is too large to be looked for", "Call it without the proxy.");
		const found = mode.answers.find({ ...requestOf(call, message), body, state: "whole" });
		if (found === null) {
			counts.unknown++;
			return refuse(502, "the recording holds no such call", "Record it, or start with --ignore-body if only the body differs.");
		}
		counts.answered++;
		if (found.isRepeat) counts.repeated++;
		give(answer, found.record);
	}

	const port = () => (server.address() as AddressInfo).port;
	await new Promise<void>((resolve, reject) => {
		server.once("error", (error: NodeJS.ErrnoException) =>
			reject(
				error.code === "EADDRINUSE" ? new Fault("PORT_IN_USE", { port: options.port, owner: "another process", free: "0 (any)" }) : error,
			),
		);
		server.listen({ host, port: options.port }, resolve);
	});
	return {
		port: port(),
		counts,
		refusedCalls,
		async close() {
			forwarder.close();
			inner.closeAllConnections();
			const closed = new Promise<void>((resolve) => server.close(() => resolve()));
			for (const socket of sockets) socket.destroy();
			await closed;
		},
	};
}

function give(answer: ServerResponse, { response }: Recorded): void {
	const isBodiless = response.status === 204 || response.status === 304;
	const headers = endToEnd(response.headers).filter(([name]) => name.toLowerCase() !== "content-length");
	if (!isBodiless) headers.push(["Content-Length", String(response.body.length)]);
	answer.writeHead(response.status, [...headers, ["X-Phoenix-Answer", "recorded"]].flat() as string[]);
	answer.end(response.body);
}

async function bodyOf(message: IncomingMessage): Promise<Buffer | null> {
	const parts: Buffer[] = [];
	let size = 0;
	for await (const part of message as AsyncIterable<Buffer>) {
		size += part.length;
		if (size > CALL_BYTES) return null;
		parts.push(part);
	}
	return Buffer.concat(parts);
}

const isLoopback = (host: string): boolean => host === "localhost" || host === "::1" || host.startsWith("127.");
