import { once } from "node:events";
import { createServer, type Server } from "node:net";

/** Below the range that connections take their own ports from, so that nobody is met by chance. */
let nextPort = 12_000 + (process.pid % 700) * 11;

/** A port on which nobody listens. */
export async function closedPort(): Promise<number> {
	const server = createServer();
	const port = await listen(server);
	server.close();
	await once(server, "close");
	return port;
}

/** On a port of loopback. */
export async function listen(server: Server): Promise<number> {
	for (let tries = 0; tries < 500; tries++) {
		nextPort = nextPort >= 19_990 ? 12_000 : nextPort + 1;
		const port = nextPort;
		const isTaken = await new Promise<boolean>((resolve, reject) => {
			const failed = (error: NodeJS.ErrnoException) => (error.code === "EADDRINUSE" ? resolve(true) : reject(error));
			server.once("error", failed);
			server.listen({ host: "127.0.0.1", port }, () => {
				server.off("error", failed);
				resolve(false);
			});
		});
		if (!isTaken) return port;
	}
	throw new Error("no free port for a test");
}

export async function until(isSo: () => boolean, limitMs = 20_000): Promise<void> {
	const end = performance.now() + limitMs;
	while (!isSo()) {
		if (performance.now() > end) throw new Error(`not so within ${limitMs} ms: ${isSo}`);
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
}
