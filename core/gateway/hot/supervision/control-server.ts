import { connect, createServer, type Server, type Socket } from "node:net";
import { createLineReader, parseJson } from "../lines.ts";
import type { ControlAnswer, ControlEvent, ControlRequest } from "../protocol.ts";
import { asControlRequest } from "../validate.ts";
import { removeFile } from "./state-files.ts";

/** One client of the control socket. Everything sent is one JSON line. */
export type ControlConnection = { send(message: ControlAnswer | ControlEvent): void; sendRaw(line: Buffer): void; end(): void };

type ControlServerDeps = {
	path: string;
	onRequest(connection: ControlConnection, request: ControlRequest): void;
	onClosed(connection: ControlConnection): void;
};

const requestLimit = 4 * 1024 * 1024;

/** Listens on the unix socket, which is also the lock: false when another supervisor answers there. */
export async function openControlServer(deps: ControlServerDeps): Promise<Server | null> {
	const server = createServer((socket) => serve(socket, deps));
	if (await listen(server, deps.path)) return server;
	if (await answers(deps.path)) return null;
	removeFile(deps.path);
	return (await listen(server, deps.path)) ? server : null;
}

function serve(socket: Socket, deps: ControlServerDeps): void {
	const connection: ControlConnection = {
		send: (message) => connection.sendRaw(Buffer.from(`${JSON.stringify(message)}\n`)),
		sendRaw: (line) => {
			if (!socket.destroyed) socket.write(line);
		},
		end: () => socket.end(),
	};
	const onLine = (line: string) => {
		const value = parseJson(line);
		const request = asControlRequest(value);
		if (request) deps.onRequest(connection, request);
		else connection.send({ id: idOf(value), ok: false, code: "invalid", reason: "not a request that this gateway knows" });
	};
	socket.on(
		"data",
		createLineReader(onLine, requestLimit, () => socket.destroy()),
	);
	socket.on("error", () => {});
	socket.on("close", () => deps.onClosed(connection));
}

function idOf(value: unknown): number {
	const id = typeof value === "object" && value !== null && "id" in value ? value.id : 0;
	return typeof id === "number" ? id : 0;
}

function listen(server: Server, path: string): Promise<boolean> {
	return new Promise((resolve) => {
		server.once("error", () => resolve(false));
		server.listen(path, () => resolve(true));
	});
}

function answers(path: string): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect(path);
		socket.once("connect", () => {
			socket.destroy();
			resolve(true);
		});
		socket.once("error", () => resolve(false));
	});
}
