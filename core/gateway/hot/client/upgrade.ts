import { Agent, type ClientRequest, createServer, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import httpProxy from "http-proxy";
import type { Upstream } from "../../../contract/traffic.ts";
import type { Counters } from "../protocol.ts";
import { chooseArm } from "../routing/choose-arm.ts";
import type { PlanTable } from "../routing/plan-table.ts";
import { handshakeOf, upgradeLines } from "../websocket/handshake.ts";
import type { OpenSocket, SocketWatch } from "../websocket/socket-watch.ts";
import { codedAnswer, writeCoded } from "./coded-answer.ts";
import { type RawHeaders, withoutHopByHop } from "./headers.ts";

type UpgraderDeps = {
	table(): PlanTable;
	counters: Counters;
	onModernSent(): void;
	watch(): SocketWatch;
	open(upstream: Upstream): Socket;
};

const connectMs = 10_000;

/**
 * WebSocket connections, by http-proxy. Its known faults are guarded here: it rewrites the target and the headers,
 * leaves a client hanging after a refused upgrade, and does not tell one side of the other's death.
 */
export function createUpgrader({ table, counters, onModernSent, watch, open: openSocket }: UpgraderDeps) {
	const proxy = httpProxy.createProxyServer({ ws: true });
	/** Connections that speak WebSocket by now: an HTTP answer would be noise in them. */
	const upgraded = new WeakSet<Socket>();
	/** By the client's socket. */
	const asked = new WeakMap<Socket, Omit<OpenSocket, "server">>();
	/** By the upstream's: answered, and piped in this very moment. */
	const opening = new WeakMap<Socket, OpenSocket>();

	proxy.on("proxyReqWs", (out: ClientRequest, request: IncomingMessage, socket: Socket) => {
		out.path = request.url ?? "/";
		const open = asked.get(socket);
		const handshake = open?.handshake ?? handshakeOf(request.url ?? "/", request.rawHeaders, socket);
		restoreHeaders(out, upgradeLines(handshake, open !== undefined && watch().isRead(open.route, open.arm)));
		const timer = setTimeout(() => out.destroy(new Error(`no answer within ${connectMs} ms`)), connectMs);
		socket.once("close", () => {
			clearTimeout(timer);
			out.destroy();
		});
		out.on("upgrade", (_answer, upstreamSocket: Socket) => {
			clearTimeout(timer);
			upgraded.add(socket);
			if (open !== undefined) opening.set(upstreamSocket, { ...open, server: upstreamSocket });
			upstreamSocket.once("close", () => socket.destroy());
			socket.once("close", () => upstreamSocket.destroy());
		});
		// By then http-proxy has attached its own listener, which would leave the client hanging.
		queueMicrotask(() => {
			out.removeAllListeners("response");
			out.on("response", (answer: IncomingMessage) => {
				clearTimeout(timer);
				writeRefusal(socket, answer);
			});
		});
	});
	// Not before the pipes stand: a listener on `data` alone would let the first bytes go by.
	proxy.on("open", (upstreamSocket: Socket) => {
		const open = opening.get(upstreamSocket);
		if (open !== undefined) watch().opened(open);
	});
	proxy.on("error", (_error, _request, target) => {
		const socket = target as Socket;
		if (upgraded.has(socket) || socket.destroyed) {
			socket.destroy();
			return;
		}
		counters.clientErrors++;
		const data = { method: "GET", path: "the WebSocket", reason: "no connection" };
		writeCoded(socket, codedAnswer(502, "UPSTREAM_UNREACHED", data));
	});

	function take(request: IncomingMessage, socket: Socket, head: Buffer): void {
		socket.on("error", () => socket.destroy());
		const current = table();
		const headerOf = (name: string) => {
			const value = request.headers[name];
			return typeof value === "string" ? value : (value?.[0] ?? null);
		};
		const route = current.match("GET", request.url ?? "/", headerOf);
		const arm = chooseArm(route, headerOf, current.idempotencyHeader);
		asked.set(socket, { client: socket, handshake: handshakeOf(request.url ?? "/", request.rawHeaders, socket), route, arm });
		const upstream: Upstream | null = arm.kind === "modern" ? arm.upstream : current.legacy;
		counters.requests++;
		counters.byArm[arm.kind]++;
		if (upstream === null) {
			writeCoded(socket, codedAnswer(404, "ROUTE_RETIRED", { method: "GET", path: request.url ?? "/" }));
			return;
		}
		if (arm.kind === "modern") onModernSent();
		const agent = new Agent();
		// Plain or TLS, by the rules of all upstream connections.
		agent.createConnection = () => openSocket(upstream);
		const target = { host: upstream.host, port: upstream.port, protocol: "http:" } as unknown as string;
		proxy.ws(request, socket, head, { target, agent });
	}

	// Only reads handshakes that the strict scanner has let pass; it never listens.
	const reader = createServer();
	reader.on("upgrade", (request, socket, head) => take(request, socket as Socket, head));

	/** `bytes`: the handshake as the client sent it, with what came behind it. */
	return (socket: Socket, bytes: Buffer): void => {
		socket.pause();
		socket.unshift(bytes);
		reader.emit("connection", socket);
		socket.resume();
	};
}

/** http-proxy sends node's merged, lower-cased headers; the upstream shall see the client's own lines. */
function restoreHeaders(out: ClientRequest, kept: RawHeaders): void {
	for (const name of out.getHeaderNames()) out.removeHeader(name);
	const lines = new Map<string, { name: string; values: string[] }>();
	for (let index = 0; index < kept.length; index += 2) {
		const name = kept[index] ?? "";
		const line = lines.get(name.toLowerCase());
		if (line) line.values.push(kept[index + 1] ?? "");
		else lines.set(name.toLowerCase(), { name, values: [kept[index + 1] ?? ""] });
	}
	for (const { name, values } of lines.values()) {
		const [first] = values;
		out.setHeader(name, values.length === 1 && first !== undefined ? first : values);
	}
}

/** The upstream answered instead of upgrading: its answer, close-delimited, and then the end. */
function writeRefusal(socket: Socket, answer: IncomingMessage): void {
	const raw = withoutHopByHop(answer.rawHeaders);
	let head = `HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\n`;
	for (let index = 0; index < raw.length; index += 2) {
		if (raw[index]?.toLowerCase() !== "transfer-encoding") head += `${raw[index]}: ${raw[index + 1]}\r\n`;
	}
	socket.write(Buffer.from(`${head}Connection: close\r\n\r\n`, "latin1"));
	answer.on("data", (chunk: Buffer) => {
		if (!socket.write(chunk)) answer.pause();
	});
	socket.on("drain", () => answer.resume());
	answer.on("end", () => socket.end());
	answer.on("close", () => {
		if (!answer.complete) socket.destroy();
	});
	answer.on("error", () => socket.destroy());
}
