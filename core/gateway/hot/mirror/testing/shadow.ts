import { createServer } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

export type TestShadow = { port: number; seen: string[]; close(): Promise<void> };

/** A real server that answers after so long. */
export async function startShadow(answerMs: number): Promise<TestShadow> {
	const seen: string[] = [];
	const server = createServer((message, answer) => {
		seen.push(message.url ?? "");
		message.resume();
		setTimeout(() => answer.end("shadow"), answerMs);
	});
	let port = 0;
	// Below the ephemeral range; whoever is there already is left alone.
	for (let isTaken = true; isTaken; ) {
		port = 20_000 + Math.floor(Math.random() * 12_000);
		isTaken = await new Promise<boolean>((resolve) => {
			server.once("error", () => resolve(true));
			server.listen({ host: "127.0.0.1", port }, () => resolve(false));
		});
	}
	return {
		port,
		seen,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

export async function until(isSo: () => boolean, limitMs = 10_000): Promise<void> {
	const end = performance.now() + limitMs;
	while (!isSo()) {
		if (performance.now() > end) throw new Error(`not so within ${limitMs} ms: ${isSo}`);
		await delay(10);
	}
}
