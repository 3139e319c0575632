import { connect, type Socket } from "node:net";
import { systemClock } from "../../base/index.ts";
import type { Tunnel } from "../recording/recorded.ts";

const CONNECT_LIMIT_MS = 10_000;

export type TunnelEnds = {
	/** It was opaque, and is over. */
	onTunnel(tunnel: Tunnel): void;
	/** The client speaks plain HTTP in it: the socket, with what it said put back. */
	onHttp(socket: Socket): void;
};

/**
 * Joins a client with the address it named, byte for byte, and tells when it has ended how much went through; never what. Some clients
 * (Node's `fetch`) take a tunnel for plain HTTP too; those are handed over and their connection to the server is given up.
 */
export function openTunnel(authority: string, client: Socket, head: Buffer, { onTunnel, onHttp }: TunnelEnds): void {
	const startedAt = systemClock.now();
	const address = addressOf(authority);
	let error: string | null = null;
	let state: "connecting" | "open" | "handed over" = "connecting";

	function tell(sent: number, received: number): void {
		onTunnel({ startedAt, endedAt: systemClock.now(), authority, sent, received, error });
	}

	if (address === null) {
		error = "the address is malformed";
		client.end("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
		tell(0, 0);
		return;
	}
	const server = connect({ ...address, allowHalfOpen: true });
	const limit = setTimeout(() => server.destroy(new Error("no connection in time")), CONNECT_LIMIT_MS);
	server.on("connect", () => {
		clearTimeout(limit);
		state = "open";
		client.write("HTTP/1.1 200 Connection established\r\n\r\n");
		if (head.length > 0) client.unshift(head);
		// The server may be the one that speaks first.
		server.pipe(client);
		firstBytes(client, (first) => {
			if (!isPlainHttp(first)) {
				client.pipe(server);
				return;
			}
			state = "handed over";
			server.unpipe(client);
			server.destroy();
			onHttp(client);
		});
	});
	server.on("error", (failure) => {
		error ??= failure.message;
	});
	server.on("close", () => {
		clearTimeout(limit);
		if (state === "handed over") return;
		if (state === "open") client.destroySoon();
		else client.end("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
		tell(server.bytesWritten, server.bytesRead);
	});
	client.on("close", () => server.destroySoon());
}

/** What the client says first, and leaves to be read again. */
export function firstBytes(client: Socket, onBytes: (bytes: Buffer) => void): void {
	client.once("readable", () => {
		const bytes: Buffer | null = client.read();
		if (bytes === null) {
			// It ended without a word.
			client.resume();
			return;
		}
		client.unshift(bytes);
		onBytes(bytes);
	});
}

/** A request line; an upgrade leaves HTTP, so it is left alone. */
export function isPlainHttp(bytes: Buffer): boolean {
	const text = bytes.toString("latin1", 0, 4_096);
	return /^[A-Z]{3,10} [/*h]/.test(text) && !/\r\nupgrade *:/i.test(text);
}

/** null: it is malformed. */
export function addressOf(authority: string): { host: string; port: number } | null {
	const parts = /^(?:\[([\da-f:.]+)\]|([^:\s[\]]+)):(\d{1,5})$/i.exec(authority);
	const port = Number(parts?.[3]);
	return parts === null || port < 1 || port > 65_535 ? null : { host: parts[1] ?? parts[2] ?? "", port };
}
