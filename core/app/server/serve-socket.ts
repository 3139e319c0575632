import { chmodSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { RPCHandler } from "@orpc/server/message-port";
import type { Frame } from "../../contract/frames.ts";
import { helloShape, type Welcome } from "../../contract/host.ts";
import type { Core } from "../core.ts";
import type { Router } from "../router.ts";
import { version } from "../snapshot.ts";
import { createHostRouter } from "./host-router.ts";
import { openSocketLine } from "./socket-line.ts";
import { socketPath } from "./socket-path.ts";

export type ControlSocket = { readonly path: string; close(): Promise<void> };

const helloLimitMs = 3_000;

/**
 * The contract on a unix socket that only this user can reach (on Windows a named pipe): for the desktop, whose control channel is
 * no TCP port, and for the command line. `onEnd`: a host asked for the end.
 */
export async function serveSocket(core: Core, options: { router: Router; onEnd(): void }): Promise<ControlSocket> {
	const path = socketPath(core.dir);
	// The journal's lock says that no other core works here, so a socket of this name is a dead one's.
	if (process.platform !== "win32") rmSync(path, { force: true });
	const handlers = { page: new RPCHandler(options.router), host: new RPCHandler(createHostRouter(core, options.onEnd)) };
	const lines = new Set<Socket>();

	const server = createServer((socket) => {
		lines.add(socket);
		socket.on("close", () => lines.delete(socket));
		const late = setTimeout(() => socket.destroy(), helloLimitMs);
		const port = openSocketLine(socket, (frame) => {
			clearTimeout(late);
			const hello = helloShape.safeParse(jsonIn(frame));
			if (!hello.success) return void socket.destroy();
			handlers[hello.data.line].upgrade(port, { context: {} });
			port.postMessage(JSON.stringify({ version, pid: process.pid } satisfies Welcome));
		});
	});
	await new Promise<void>((resolve, reject) => server.once("error", reject).listen(path, resolve));
	if (process.platform !== "win32") chmodSync(path, 0o600);
	return {
		path,
		async close() {
			for (const line of lines) line.destroy();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

function jsonIn(frame: Frame): unknown {
	try {
		return typeof frame === "string" ? JSON.parse(frame) : null;
	} catch {
		return null;
	}
}
