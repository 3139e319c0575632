import { createServer, type RequestListener } from "node:http";
import { createServer as createTcpServer, type Socket } from "node:net";

/** Below the ephemeral range, and spread so that test processes side by side seldom meet. */
let nextPort = 12_000 + (process.pid % 900) * 8;

async function listen(server: {
	listen(options: object, ready: () => void): unknown;
	once(event: "error", listener: (error: Error) => void): unknown;
}) {
	for (let tries = 0; tries < 200; tries++) {
		const port = nextPort++;
		const isTaken = await new Promise<boolean>((resolve) => {
			server.once("error", () => resolve(true));
			server.listen({ host: "127.0.0.1", port }, () => resolve(false));
		});
		if (!isTaken) return port;
	}
	throw new Error("no free port for a test");
}

export type TestServer = { port: number; close(): Promise<void> };

export async function startServer(listener: RequestListener): Promise<TestServer> {
	const server = createServer({ keepAliveTimeout: 30_000 }, listener);
	const port = await listen(server);
	return {
		port,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

/** Hands over each connection. */
export async function startTcpServer(onSocket: (socket: Socket) => void): Promise<TestServer> {
	const sockets = new Set<Socket>();
	const server = createTcpServer((socket) => {
		sockets.add(socket);
		socket.on("error", () => {});
		socket.on("close", () => sockets.delete(socket));
		onSocket(socket);
	});
	const port = await listen(server);
	return {
		port,
		close: () =>
			new Promise((resolve) => {
				for (const socket of sockets) socket.destroy();
				server.close(() => resolve());
			}),
	};
}
