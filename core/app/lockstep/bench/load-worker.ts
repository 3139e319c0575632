// Requests at a fixed rate from a thread of its own; the answer times (ms) go back to who started it.
import { Agent } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { ask, createDraw } from "./load.ts";

export type Load = { url: string; rate: number; seconds: number; accounts: number; seed: number; reads: number; twice?: number };

const { url, rate, seconds, accounts, seed, reads, twice = 0 } = workerData as Load;
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const draw = createDraw(seed);
const times: number[] = [];
let failed = 0;
const sent: Promise<void>[] = [];
const started = performance.now();
for (let n = 0; n < rate * seconds; n++) {
	const due = started + (n * 1_000) / rate;
	const wait = due - performance.now();
	if (wait > 1) await delay(wait);
	const kind = draw(100);
	const path = kind < reads ? "/balance" : kind < reads + twice ? "/twice" : "/deposit";
	const body = { account: 1 + draw(accounts), cents: 100 + draw(90_000) };
	const from = performance.now();
	sent.push(
		ask(url, { method: "POST", path, body }, agent, n).then(
			() => void times.push(performance.now() - from),
			() => void failed++,
		),
	);
}
await Promise.all(sent);
const tookMs = performance.now() - started;
agent.destroy();
parentPort?.postMessage({ times, failed, tookMs });
