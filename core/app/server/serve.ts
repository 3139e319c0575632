import { randomBytes } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { RPCHandler as HttpHandler } from "@orpc/server/node";
import { RPCHandler as SocketHandler } from "@orpc/server/ws";
import { WebSocketServer } from "ws";
import { Fault } from "../../base/index.ts";
import { screenHeaders } from "../../contract/content-security.ts";
import { nextFreePort, portOwner } from "../../gateway/control/index.ts";
import type { Core } from "../core.ts";
import { createRouter } from "../router.ts";
import { cookieName, isKnown, isOwnOrigin, isSame } from "./security.ts";

export type CoreServer = { readonly port: number; readonly url: string; readonly token: string; close(): Promise<void> };

const types: Record<string, string> = {
	".html": "text/html; charset=utf-8",
	".js": "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8",
	".json": "application/json",
	".svg": "image/svg+xml",
	".png": "image/png",
	".ttf": "font/ttf",
	".woff2": "font/woff2",
	".wasm": "application/wasm",
};

/** Serves the screen in `uiDir` and the contract under `/rpc`. Fault PORT_IN_USE names who has the port. */
export async function serveCore(core: Core, options: { port: number; uiDir: string; host?: string }): Promise<CoreServer> {
	const host = options.host ?? "127.0.0.1";
	const token = randomBytes(16).toString("hex");
	const router = createRouter(core);
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
			if (!isKnown(request, token)) return end(response, 401, "Open Phoenix by the address that it printed.");
			const { matched } = await overHttp.handle(request, response, { prefix: "/rpc", context: {} });
			return matched ? undefined : end(response, 404, "No such call.");
		}
		return sendFile(response, path === "/" ? "/index.html" : path);
	}

	/** The page shows the token of its fragment once and gets a cookie that no script can read. */
	async function enter(request: IncomingMessage, response: ServerResponse): Promise<void> {
		let shown = "";
		for await (const part of request) {
			shown += String(part);
			if (shown.length > 200) return end(response, 413, "Too long.");
		}
		if (!isSame(shown.trim(), token)) return end(response, 401, "This address is no longer valid.");
		response.setHeader("Set-Cookie", `${cookieName}=${token}; HttpOnly; SameSite=Strict; Path=/`);
		end(response, 204, "");
	}

	function sendFile(response: ServerResponse, path: string): void {
		const file = join(options.uiDir, path);
		const isThere = !path.includes("..") && !path.includes("\0") && statSync(file, { throwIfNoEntry: false })?.isFile() === true;
		if (!isThere) {
			end(response, 404, "No such file.");
			return;
		}
		response.setHeader("Content-Type", types[extname(file)] ?? "application/octet-stream");
		response.setHeader("Cache-Control", path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache");
		response.end(readFileSync(file));
	}

	const server = createServer((request, response) => {
		answer(request, response).catch((error) => {
			core.alert(error);
			if (!response.headersSent) end(response, 500, "Phoenix met a fault of its own.");
		});
	});
	server.on("upgrade", (request, socket, head) => {
		if (!isOwnOrigin(request, port) || !isKnown(request, token) || !request.url?.startsWith("/rpc")) {
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
