import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { connect, createServer, type Socket } from "node:net";
import { Client, credentials, Server, ServerCredentials } from "@grpc/grpc-js";
import { WebSocketServer } from "ws";
import type { Upstream } from "../../contract/traffic.ts";
import { freePort } from "./product.ts";

/** One that listens, and how it ends. `isNew`: it has its planted faults. */
export type Host = { address: Upstream; close(): Promise<void> | void };

const at = (port: number): Upstream => ({ host: "127.0.0.1", port });

/** HTTP and WebSocket on one port: a bank's rates, of which the new one has Japan's and the tier wrong, and prices, where 7 becomes 8. */
export async function startBank(isNew: boolean): Promise<Host> {
	let asked = 0;
	const server = createHttpServer((request, answer) => {
		const currency = request.url?.split("/").at(-1) ?? "";
		const rate = currency === "JPY" && isNew ? "161.5" : "161.4";
		answer.setHeader("X-Tier", currency === "CHF" && isNew ? "gold" : "silver");
		answer.setHeader("Content-Type", "application/json");
		answer.end(`{"currency":"${currency}","rate":${rate},"trace":"${isNew ? "n" : "l"}${asked++}"}`);
	});
	const sockets = new WebSocketServer({ server });
	sockets.on("connection", (socket) => {
		socket.on("message", (data) => {
			const { price } = JSON.parse(String(data)) as { price: number };
			socket.send(JSON.stringify({ price: price === 7 && isNew ? 8 : price, served: isNew ? "new" : "old" }));
		});
	});
	const port = await freePort();
	server.listen({ host: "127.0.0.1", port });
	await once(server, "listening");
	return {
		address: at(port),
		close() {
			for (const socket of sockets.clients) socket.terminate();
			server.closeAllConnections();
			server.close();
		},
	};
}

/** ISO 8583 behind two bytes of length: field 11 comes back, and field 39, in which every third answer of the new host is wrong. */
export async function startCardHost(isNew: boolean): Promise<Host> {
	const sockets = new Set<Socket>();
	const server = createServer({ noDelay: true }, (socket) => {
		sockets.add(socket);
		socket.on("error", () => {});
		onFrames(socket, (content) => {
			const stan = content.toString("latin1", 20, 26);
			socket.write(framed(`02100020000002000000${stan}${isNew && Number(stan) % 3 === 0 ? "51" : "00"}`));
		});
	});
	const port = await freePort();
	server.listen({ host: "127.0.0.1", port });
	await once(server, "listening");
	return {
		address: at(port),
		close() {
			for (const socket of sockets) socket.destroy();
			server.close();
		},
	};
}

/** Sends requests with these trace numbers at once; resolves when as many answers have come. */
export async function askCards(port: number, stans: readonly number[]): Promise<void> {
	const socket = connect({ port, host: "127.0.0.1", noDelay: true });
	let got = 0;
	const done = new Promise<void>((resolve, reject) => {
		socket.on("error", reject);
		onFrames(socket, () => ++got === stans.length && resolve());
	});
	for (const stan of stans) socket.write(framed(`02000020000000000000${String(stan).padStart(6, "0")}`));
	await done;
	socket.end();
}

function framed(content: string): Buffer {
	const head = Buffer.alloc(2);
	head.writeUInt16BE(content.length);
	return Buffer.concat([head, Buffer.from(content, "latin1")]);
}

function onFrames(socket: Socket, onContent: (content: Buffer) => void): void {
	let held = Buffer.alloc(0);
	socket.on("data", (chunk: Buffer) => {
		held = Buffer.concat([held, chunk]);
		while (held.length >= 2 && held.length >= 2 + held.readUInt16BE(0)) {
			const end = 2 + held.readUInt16BE(0);
			onContent(held.subarray(2, end));
			held = held.subarray(end);
		}
	});
}

const asIs = (bytes: Buffer): Buffer => bytes;
const post = {
	...{ path: "/bank.Counter/Post", requestStream: false, responseStream: false },
	...{ requestSerialize: asIs, requestDeserialize: asIs, responseSerialize: asIs, responseDeserialize: asIs },
} as const;

/** gRPC: field 1 of the answer is the length of the request; the new service counts one more of what begins with an o. */
export async function startCounter(isNew: boolean): Promise<Host> {
	const server = new Server();
	server.addService(
		{ post },
		{
			post(call: { request: Buffer }, done: (error: null, answer: Buffer) => void) {
				done(null, Buffer.from([8, call.request.length + (isNew && String(call.request).startsWith("o") ? 1 : 0)]));
			},
		},
	);
	const port = await freePort();
	await new Promise<void>((resolve, reject) =>
		server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error) => (error ? reject(error) : resolve())),
	);
	return { address: { ...at(port), protocol: "h2" }, close: () => server.forceShutdown() };
}

export async function askCounter(port: number, words: readonly string[]): Promise<void> {
	const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
	for (const word of words)
		await new Promise<void>((resolve, reject) =>
			client.makeUnaryRequest(post.path, asIs, asIs, Buffer.from(word), (error) => (error ? reject(error) : resolve())),
		);
	client.close();
}
