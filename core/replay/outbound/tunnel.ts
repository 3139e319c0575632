import { connect, type Socket } from "node:net";
import { systemClock } from "../../base/index.ts";
import type { Tunnel } from "../recording/recorded.ts";

const CONNECT_LIMIT_MS = 10_000;

/** Joins a client with the address it named, byte for byte, and tells when it has ended how much went through; never what. */
export function openTunnel(authority: string, client: Socket, head: Buffer, onTunnel: (tunnel: Tunnel) => void): void {
	const startedAt = systemClock.now();
	const parts = /^(?:\[([\da-f:.]+)\]|([^:\s[\]]+)):(\d{1,5})$/i.exec(authority);
	const port = Number(parts?.[3]);
	let error: string | null = null;
	let isOpen = false;

	function tell(sent: number, received: number): void {
		onTunnel({ startedAt, endedAt: systemClock.now(), authority, sent, received, error });
	}

	if (parts === null || port < 1 || port > 65_535) {
		error = "the address is malformed";
		client.end("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
		tell(0, 0);
		return;
	}
	const server = connect({ host: parts[1] ?? parts[2] ?? "", port, allowHalfOpen: true });
	const limit = setTimeout(() => server.destroy(new Error("no connection in time")), CONNECT_LIMIT_MS);
	server.on("connect", () => {
		clearTimeout(limit);
		isOpen = true;
		client.write("HTTP/1.1 200 Connection established\r\n\r\n");
		if (head.length > 0) server.write(head);
		client.pipe(server);
		server.pipe(client);
	});
	server.on("error", (failure) => {
		error ??= failure.message;
	});
	server.on("close", () => {
		clearTimeout(limit);
		if (isOpen) client.destroySoon();
		else client.end("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
		tell(server.bytesWritten, server.bytesRead);
	});
	client.on("close", () => server.destroySoon());
}
