import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import type { Listener } from "../../contract/listeners.ts";
import type { Exchange, RoutePlan, ShadowAnswer, StreamRoute, Upstream } from "../../contract/traffic.ts";
import type { DataPlane } from "../hot/data-plane.ts";
import type { Limits } from "../hot/protocol.ts";
import type { StreamTimes } from "../hot/stream/stream-server.ts";
import { startPlane } from "./front.ts";
import { listen } from "./listen.ts";

export type TcpListener = Extract<Listener, { kind: "tcp" }>;
type Given = Pick<TcpListener, "framing" | "pairing" | "tls">;

export type StreamGate = {
	port: number;
	plane: DataPlane;
	exchanges: Exchange[];
	answers: ShadowAnswer[];
	setMode(mode: StreamRoute["mode"]): void;
	setCapturing(isCapturing: boolean): void;
	close(): Promise<void>;
};

/** A data plane with one TCP listener, in the test's own process; the exchanges go through the bytes that the core would read. */
export async function startStreamGate(
	legacy: Upstream,
	mode: StreamRoute["mode"],
	given: Given,
	limits: Partial<Limits> = {},
	times: Partial<StreamTimes> = {},
): Promise<StreamGate> {
	let version = 1;
	const planOf = (next: StreamRoute["mode"]): RoutePlan => ({
		version: version++,
		legacy: null,
		idempotencyHeader: "Idempotency-Key",
		routes: [],
		streams: [{ id: "auth", listener: "cards", legacy, mode: next }],
		reason: "test",
	});
	const started = await startPlane(planOf(mode), (port) => ({ kind: "tcp", id: "cards", host: "127.0.0.1", port, ...given }), limits, {
		times,
	});
	const { port, plane, seen, answers, setCapturing, close } = started;
	return { port, plane, exchanges: seen, answers, setMode: (next) => plane.setPlan(planOf(next)), setCapturing, close };
}

export type FrameServer = { address: Upstream; received: Buffer[]; sockets: Set<Socket>; connects: () => number; close(): Promise<void> };

/** A server of messages behind two bytes of length. `answer` is called for each, content only. */
export async function startFrameServer(answer: (content: Buffer, socket: Socket) => void): Promise<FrameServer> {
	const sockets = new Set<Socket>();
	const received: Buffer[] = [];
	let connects = 0;
	const server = createServer({ noDelay: true }, (socket) => {
		connects++;
		sockets.add(socket);
		socket.on("error", () => {});
		socket.on("close", () => sockets.delete(socket));
		readFrames(socket, (content) => {
			received.push(content);
			answer(content, socket);
		});
	});
	const port = await listen(server);
	return {
		address: { host: "127.0.0.1", port },
		received,
		sockets,
		connects: () => connects,
		async close() {
			for (const socket of sockets) socket.destroy();
			if (!server.listening) return;
			server.close();
			await once(server, "close");
		},
	};
}

/** By its own reading of the length, independent of the gateway's. */
export function readFrames(socket: Socket, onContent: (content: Buffer) => void): void {
	let held = Buffer.alloc(0);
	socket.on("data", (chunk: Buffer) => {
		held = held.length === 0 ? Buffer.from(chunk) : Buffer.concat([held, chunk]);
		while (held.length >= 2 && held.length >= 2 + held.readUInt16BE(0)) {
			const end = 2 + held.readUInt16BE(0);
			onContent(Buffer.from(held.subarray(2, end)));
			held = held.subarray(end);
		}
	});
}

export function framed(content: Buffer | string): Buffer {
	const bytes = Buffer.from(content);
	const head = Buffer.alloc(2);
	head.writeUInt16BE(bytes.length);
	return Buffer.concat([head, bytes]);
}

export type FrameClient = { socket: Socket; got: string[]; isClosed: () => boolean; hasEnded: () => boolean; send(content: string): void };

export async function openClient(port: number): Promise<FrameClient> {
	const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
	const got: string[] = [];
	let [isClosed, hasEnded] = [false, false];
	readFrames(socket, (content) => got.push(content.toString()));
	socket.on("error", () => {});
	socket.on("end", () => {
		hasEnded = true;
	});
	socket.on("close", () => {
		isClosed = true;
	});
	await once(socket, "connect");
	return { socket, got, isClosed: () => isClosed, hasEnded: () => hasEnded, send: (content) => socket.write(framed(content)) };
}
