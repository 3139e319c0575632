import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createTcpServer, type Socket } from "node:net";

/** Below the ephemeral range, and spread so that test processes side by side seldom meet. */
let nextPort = 20_000 + (process.pid % 1_000) * 11;

export async function freePort(): Promise<number> {
	for (let tries = 0; tries < 500; tries++) {
		nextPort = nextPort >= 32_000 ? 20_000 : nextPort + 1;
		if (await isFree(nextPort)) return nextPort;
	}
	throw new Error("no free port for a test");
}

function isFree(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const server = createTcpServer();
		server.once("error", () => resolve(false));
		server.listen({ host: "127.0.0.1", port }, () => server.close(() => resolve(true)));
	});
}

export type TestUpstream = {
	port: number;
	address: { host: string; port: number };
	connects: () => number;
	server: Server;
	close(): Promise<void>;
};

/** A real HTTP server in the test's own process. */
export async function startUpstream(listener: RequestListener, options: { keepAliveTimeout?: number } = {}): Promise<TestUpstream> {
	const server = createServer({ keepAliveTimeout: options.keepAliveTimeout ?? 30_000 }, listener);
	return await listenOn(server);
}

async function listenOn(server: Server): Promise<TestUpstream> {
	const port = await freePort();
	let connects = 0;
	server.on("connection", () => connects++);
	await new Promise<void>((resolve, reject) => server.once("error", reject).listen({ host: "127.0.0.1", port }, resolve));
	return {
		port,
		address: { host: "127.0.0.1", port },
		connects: () => connects,
		server,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

export type RawUpstream = {
	port: number;
	address: { host: string; port: number };
	received: () => string;
	connects: () => number;
	close(): Promise<void>;
};

/** A bare TCP server: keeps every byte it got. `answer` gets what a connection sent since it last returned true. */
export async function startRawUpstream(answer: (socket: Socket, pending: string) => boolean): Promise<RawUpstream> {
	const sockets = new Set<Socket>();
	let received = "";
	let connects = 0;
	const server = createTcpServer((socket) => {
		sockets.add(socket);
		connects++;
		let own = "";
		socket.on("error", () => {});
		socket.on("close", () => sockets.delete(socket));
		socket.on("data", (chunk) => {
			received += chunk.toString("latin1");
			own += chunk.toString("latin1");
			if (answer(socket, own)) own = "";
		});
	});
	const port = await freePort();
	await new Promise<void>((resolve, reject) => server.once("error", reject).listen({ host: "127.0.0.1", port }, resolve));
	return {
		port,
		address: { host: "127.0.0.1", port },
		received: () => received,
		connects: () => connects,
		close: () =>
			new Promise((resolve) => {
				for (const socket of sockets) socket.destroy();
				server.close(() => resolve());
			}),
	};
}

export async function bodyOf(message: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of message) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks);
}
