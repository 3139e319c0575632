import type { Socket } from "node:net";
import { type RawHeaders, withoutHopByHop } from "../client/headers.ts";

/** A WebSocket handshake as the client sent it. `raw`: name, value, name, value. */
export type Handshake = { target: string; raw: RawHeaders; address: string; scheme: "http" | "https" };

export function handshakeOf(target: string, raw: RawHeaders, socket: Socket): Handshake {
	return { target, raw, address: socket.remoteAddress ?? "", scheme: "encrypted" in socket ? "https" : "http" };
}

/**
 * Lines for an upstream: the client's own, with those that say where it came from (F1). `isRead`: the messages will be read, so no
 * extension is offered on; a server may always decline one (RFC 6455, 9.1), and what is not offered it may not use.
 */
export function upgradeLines({ raw, address, scheme }: Handshake, isRead: boolean): RawHeaders {
	const lines = withoutHopByHop(raw);
	let forwarded = -1;
	let hasScheme = false;
	for (let index = 0; index < lines.length; index += 2) {
		const name = lines[index]?.toLowerCase();
		if (name === "x-forwarded-for") forwarded = index + 1;
		else if (name === "x-forwarded-proto") hasScheme = true;
	}
	if (forwarded === -1) lines.push("X-Forwarded-For", address);
	else lines[forwarded] = lines[forwarded] === "" ? address : `${lines[forwarded]}, ${address}`;
	if (!hasScheme) lines.push("X-Forwarded-Proto", scheme);
	const kept = isRead ? withoutLines(lines, (name) => name === "sec-websocket-extensions") : lines;
	return [...kept, "Connection", "Upgrade", "Upgrade", "websocket"];
}

/** The same handshake for the shadow, marked as a copy; a client's own mark is not believed. */
export function shadowHandshake(handshake: Handshake, host: string): Buffer {
	const lines = withoutLines(upgradeLines(handshake, true), (name) => name === "x-phoenix-shadow" || name === "x-phoenix-request");
	if (!lines.some((name, index) => index % 2 === 0 && name.toLowerCase() === "host")) lines.push("Host", host);
	let text = `GET ${handshake.target} HTTP/1.1\r\n`;
	for (let index = 0; index < lines.length; index += 2) text += `${lines[index]}: ${lines[index + 1]}\r\n`;
	return Buffer.from(`${text}X-Phoenix-Shadow: 1\r\n\r\n`, "latin1");
}

function withoutLines(lines: RawHeaders, isLeft: (lower: string) => boolean): RawHeaders {
	const kept: RawHeaders = [];
	for (let index = 0; index < lines.length; index += 2) {
		const name = lines[index] ?? "";
		if (!isLeft(name.toLowerCase())) kept.push(name, lines[index + 1] ?? "");
	}
	return kept;
}
