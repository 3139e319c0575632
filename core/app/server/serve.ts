import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { RPCHandler as HttpHandler } from "@orpc/server/node";
import { RPCHandler as SocketHandler } from "@orpc/server/ws";
import { WebSocketServer } from "ws";
import { Fault } from "../../base/index.ts";
import { screenHeaders } from "../../contract/content-security.ts";
import { nextFreePort, portOwner } from "../../gateway/control/index.ts";
import type { Core } from "../core.ts";
import type { Router } from "../router.ts";
import { openScreenFiles } from "./screen-files.ts";
import { cookieName, isKnown, isOwnOrigin, isSame } from "./security.ts";

/** There is no way to listen beyond the loopback: that would need TLS and a password. */
const host = "127.0.0.1";

export type CoreServer = { readonly port: number; readonly url: string; readonly token: string; close(): Promise<void> };

/** Serves the screen in `uiDir` and the contract under `/rpc`. Fault PORT_IN_USE names who has the port. */
export async function serveCore(core: Core, options: { port: number; uiDir: string; router: Router }): Promise<CoreServer> {
	const token = randomBytes(16).toString("hex");
	/** Addresses get copied and stay in histories; what a browser shows with every request must not be in them. */
	const cookie = randomBytes(16).toString("hex");
	const secrets = { cookie, token };
	const { router } = options;
	const readScreen = openScreenFiles(options.uiDir);
	const overHttp = new HttpHandler(router);
	const overSocket = new SocketHandler(router);
	const sockets = new WebSocketServer({ noServer: true, maxPayload: 4 * 1024 * 1024 });
	let port = options.port;

	async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		for (const [name, value] of Object.entries(screenHeaders)) response.setHeader(name, value);
		if (!isOwnOrigin(request, port)) return end(response, 403, "Not from here.");
		const path = new URL(request.url ?? "/", "http://local").pathname;
		if (path === "/enter" && request.method === "POST") return enter(request, response);
		if (path.startsWith("/rpc")) {
			if (!isKnown(request, secrets)) return end(response, 401, "Open Phoenix by the address that it printed.");
			const { matched } = await overHttp.handle(request, response, { prefix: "/rpc", context: {} });
			return matched ? undefined : end(response, 404, "No such call.");
		}
		return await sendFile(response, path);
	}

	/** The page shows the token of its fragment once and gets a cookie that no script can read. */
	async function enter(request: IncomingMessage, response: ServerResponse): Promise<void> {
		let shown = "";
		for await (const part of request) {
			shown += String(part);
			if (shown.length > 200) return end(response, 413, "Too long.");
		}
		if (!isSame(shown.trim(), token)) return end(response, 401, "This address is no longer valid.");
		response.setHeader("Set-Cookie", `${cookieName}=${cookie}; HttpOnly; SameSite=Strict; Path=/`);
		end(response, 204, "");
	}

	async function sendFile(response: ServerResponse, path: string): Promise<void> {
		const found = await readScreen(path);
		if (found === null) return end(response, 404, "No such file.");
		response.setHeader("Content-Type", found.type);
		response.setHeader("Cache-Control", found.cache);
		response.end(found.content);
	}

	const server = createServer((request, response) => {
		answer(request, response).catch((error) => {
			core.alert(error);
			if (!response.headersSent) end(response, 500, "Phoenix met a fault of its own.");
		});
	});
	// A client that is busy for some seconds must not find its line closed in the moment it asks.
	server.keepAliveTimeout = 65_000;
	server.on("upgrade", (request, socket, head) => {
		if (!isOwnOrigin(request, port) || !isKnown(request, secrets) || !request.url?.startsWith("/rpc")) {
			socket.end("HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n");
			return;
		}
		sockets.handleUpgrade(request, socket, head, (opened) => void overSocket.upgrade(opened, { context: {} }));
	});
	await new Promise<void>((resolve, reject) => {
		server.once("error", async (error: NodeJS.ErrnoException) => {
			if (error.code !== "EADDRINUSE") return reject(error);
			reject(new Fault("PORT_IN_USE", { port, owner: portOwner(port), free: await nextFreePort(host, port) }));
		});
		server.listen(port, host, resolve);
	});
	port = (server.address() as AddressInfo).port;
	return {
		port,
		url: `http://${host}:${port}/#token=${token}`,
		token,
		async close() {
			for (const client of sockets.clients) client.terminate();
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

function end(response: ServerResponse, status: number, text: string): void {
	response.statusCode = status;
	response.setHeader("Content-Type", "text/plain; charset=utf-8");
	response.end(text);
}
