import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { HttpRequest } from "./http-request.ts";

/** `effects`: the request failed, and surely changed no row. */
export type Answer = { status: number; contentType: string; body: string; effects?: "none" };
export type HttpServer = {
	readonly port: number;
	/** Takes no new requests, finishes those that are open. */
	stop(): Promise<void>;
};

const largestBody = 1024 * 1024;

/** Answers each request from start to end before the next one begins: `answer` does not wait for anything. */
export async function startHttpServer(host: string, port: number, answer: (request: HttpRequest) => Answer): Promise<HttpServer> {
	const server = createServer((request, response) => {
		readBody(request).then(
			(body) => send(response, body === null ? tooLarge : answer(requestOf(request, body)), !server.listening),
			() => response.destroy(),
		);
	});
	// Longer than a proxy in front keeps its idle connections, so that it is never the server who closes one in use.
	server.keepAliveTimeout = 65_000;
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		server.listen(port, host, resolve);
	});
	return {
		port: (server.address() as AddressInfo).port,
		stop: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeIdleConnections();
			}),
	};
}

const tooLarge: Answer = { status: 413, contentType: "application/json", body: '{"code":"TOO_LARGE"}' };

function requestOf(request: IncomingMessage, body: Uint8Array): HttpRequest {
	const headers: [string, string][] = [];
	for (let index = 0; index + 1 < request.rawHeaders.length; index += 2)
		headers.push([request.rawHeaders[index] ?? "", request.rawHeaders[index + 1] ?? ""]);
	return { method: request.method ?? "GET", target: request.url ?? "/", headers, body };
}

/** null: larger than any request of this service. */
async function readBody(request: IncomingMessage): Promise<Uint8Array | null> {
	const parts: Uint8Array[] = [];
	let size = 0;
	for await (const part of request as AsyncIterable<Uint8Array>) {
		size += part.length;
		if (size <= largestBody) parts.push(part);
	}
	return size > largestBody ? null : Buffer.concat(parts);
}

function send(response: ServerResponse, { status, contentType, body, effects }: Answer, last: boolean): void {
	const bytes = Buffer.from(body, "utf8");
	if (last) response.setHeader("Connection", "close");
	if (effects !== undefined) response.setHeader("X-Phoenix-Effects", effects);
	response.writeHead(status, { "Content-Type": contentType, "Content-Length": bytes.length });
	response.end(bytes);
}
