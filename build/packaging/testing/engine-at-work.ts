import type { ChildProcess } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { firstJsonLine, type Person, until } from "./machine.ts";

/** The line that it prints once it answers; the screen is served to the browser here, so there is an address. */
const served = z.object({ url: z.url(), pid: z.number() });

/** An engine that somebody started by `phoenix serve`. */
export type EngineAtWork = {
	url: string;
	pid: number;
	/** The verb of the contract, as the screen asks it. */
	ask(verb: string, input?: object): Promise<unknown>;
	/** Status of a file of the screen, without a token. */
	fetch(path: string): Promise<Response>;
	/** Asks it to end, as a terminal or systemd does. */
	end(): Promise<void>;
};

/** `command`: the program, and words before those of `phoenix` where it takes some. */
export async function startEngine(person: Person, [program = "", ...first]: string[], words: string[]): Promise<EngineAtWork> {
	const child: ChildProcess = person.spawn(program, [...first, "serve", "--json", "--port", "0", ...words]);
	const ended = new Promise((resolve) => child.once("exit", resolve));
	const { url, pid } = served.parse(await firstJsonLine(child));
	const token = new URL(url).hash.replace("#token=", "");
	return {
		url,
		pid,
		async ask(verb, input = {}) {
			const answer = await fetch(new URL(`/rpc/${verb}`, url), {
				method: "POST",
				headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
				body: JSON.stringify({ json: input }),
			});
			const { json } = (await answer.json()) as { json: unknown };
			if (!answer.ok) throw new Error(`${verb}: ${JSON.stringify(json)}`);
			return json;
		},
		fetch: (path) => fetch(new URL(path, url)),
		async end() {
			child.kill("SIGTERM");
			await ended;
		},
	};
}

/** Clients that ask one address all the time, each new request on a connection of its own. */
export function startClients(address: string) {
	const failures: string[] = [];
	let answered = 0;
	let isOver = false;
	const loop = (async () => {
		while (!isOver) {
			try {
				const answer = await fetch(address, { headers: { connection: "close" }, signal: AbortSignal.timeout(5_000) });
				await answer.text();
				if (answer.status < 500) answered++;
				else failures.push(`status ${answer.status}`);
			} catch (error) {
				failures.push(String((error as Error).cause ?? error));
			}
			await delay(10);
		}
	})();
	return {
		failures,
		answered: () => answered,
		/** Waits for some more answers. */
		async more(count: number) {
			const before = answered;
			await until(() => answered >= before + count, 30_000).catch((error) => {
				throw new Error(`${answered - before} of ${count} answers; failures: ${failures.slice(-5).join(", ") || "none"}`, { cause: error });
			});
		},
		async end() {
			isOver = true;
			await loop;
		},
	};
}
