// `npm run soak:gateway -- --minutes N`: the whole gateway between clients that know what must come back and servers that do everything
// wrong they are asked to. In the first half nothing is killed but cores, in the second a worker every two seconds as well. Ends with the
// account of every request and every exchange; exit code 1 if one is missing or a client met what no server had done.
import { type ChildProcess, fork } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { RouteMode, RoutePlan, Upstream } from "../../../contract/traffic.ts";
import { compilePlan, openGateway, openGatewayControl } from "../../control/index.ts";
import { readLease, stateFiles } from "../../hot/index.ts";
import { createStateDir } from "../../testing/gateway.ts";
import { freePort } from "../../testing/upstream.ts";
import { end, residentMb } from "../processes.ts";
import { createAccount } from "./account.ts";
import type { Order, Word } from "./clients.ts";
import type { Taken } from "./core.ts";

const { values } = parseArgs({
	options: {
		minutes: { type: "string", default: "30" },
		connections: { type: "string", default: "64" },
		json: { type: "boolean", default: false },
	},
});
const minutes = Number(values.minutes);
const program = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const say = (text: string) => process.stderr.write(`${text}\n`);
/** A request that was under way when its worker was killed is lost with it; it is told so within this time. */
const killWindowMs = 1_500;

async function start(name: string, args: readonly string[]): Promise<ChildProcess> {
	const child = fork(program(name), args, { stdio: ["ignore", "ignore", "inherit", "ipc"], execArgv: ["--disable-warning=DEP0060"] });
	await new Promise((resolve, reject) => child.once("message", resolve).once("exit", reject));
	return child;
}

async function startServer(role: string): Promise<{ child: ChildProcess; address: Upstream }> {
	const port = await freePort();
	return { child: await start("server.ts", [role, String(port)]), address: { host: "127.0.0.1", port } };
}

const servers = { legacy: await startServer("legacy"), modern: await startServer("modern"), shadow: await startServer("shadow") };
const legacy = servers.legacy.address;
const upstream = servers.modern.address;
const mirror = { upstream: servers.shadow.address, timeoutMs: 2_000, inFlight: 64 };
const stateDir = createStateDir();
const port = await freePort();
const limits = { legacyTimeoutMs: 4_000, modernTimeoutMs: 1_500, workerDeaths: 1_000_000, restartDelaysMs: [0] };
const opened = await openGateway({ stateDir, port, legacy, limits });

let version = opened.plan().version;
/** Weights and shares turn with each plan; who answers is another question than what. */
function nextPlan(): RoutePlan {
	version++;
	const modes: Record<string, RouteMode> = {
		"/plain": { kind: "legacy" },
		"/shadowed": { kind: "shadow", percent: version % 2 === 0 ? 100 : 50, mirror },
		"/canary": { kind: "canary", weight: [10, 50, 90][version % 3] ?? 10, upstream, failover: "always", mirror },
		"/modern": { kind: "modern", upstream, failover: "always" },
	};
	const routes = Object.entries(modes).flatMap(([path, mode]) =>
		["GET", "POST"].map((method) => ({ routeId: `${method} ${path}`, method, path, mode })),
	);
	return compilePlan({ version, legacy, idempotencyHeader: "Idempotency-Key", routes, reason: "soak" });
}
await opened.setPlan(nextPlan());
opened.detach();
const control = openGatewayControl(stateDir);
const lease = () => readLease(stateFiles(stateDir).lease);

/** What cores took over, line by line; kept outside of what the gateway cleans up. */
const takenFile = join(tmpdir(), `phoenix-soak-${process.pid}.jsonl`);
const exchanges = createAccount();
const mirroredSeqs = new Set<number>();
const answered = new Set<number>();
let orphans = 0;
let cores = 0;
let core: ChildProcess | null = null;
let isSoaking = true;

/** One core after the other, each killed after some seconds with whatever it had in hand. */
async function keepCore(): Promise<void> {
	while (isSoaking) {
		const child = fork(program("core.ts"), [stateDir, String(port), String(legacy.port), takenFile], {
			stdio: ["ignore", "ignore", "inherit", "ipc"],
		});
		core = child;
		cores++;
		for (let waited = 0; waited < 10_000 && isSoaking; waited += 100) await delay(100);
		if (isSoaking) await end(child);
		// Long enough for some exchanges to be given up.
		if (isSoaking) await delay(Math.random() * 1_000);
	}
}

function take(taken: Taken): void {
	if ("answers" in taken) {
		for (const seq of taken.answers) {
			answered.add(seq);
			if (!mirroredSeqs.has(seq)) orphans++;
		}
		return;
	}
	for (const seq of taken.seqs) exchanges.add(seq);
	for (const seq of taken.mirrored) mirroredSeqs.add(seq);
}

let swaps = 0;
const slowSwaps: number[] = [];
async function keepSwapping(): Promise<void> {
	const gateway = await openGateway({ stateDir, port, legacy });
	while (isSoaking) {
		const began = performance.now();
		try {
			await gateway.setPlan(nextPlan());
			swaps++;
		} catch (error) {
			say(`a plan was not taken: ${error}`);
			version = (await control.stats()).planVersion + 1;
		}
		const took = performance.now() - began;
		slowSwaps.push(took);
		await delay(Math.max(0, 20 - took));
	}
	gateway.detach();
}

const kills: number[] = [];
let isKilling = false;
async function keepKilling(): Promise<void> {
	while (isSoaking) {
		await delay(2_000);
		const pid = lease()?.workerPid ?? 0;
		if (!isKilling || !isSoaking || pid === 0) continue;
		kills.push(performance.timeOrigin + performance.now());
		try {
			process.kill(pid, "SIGKILL");
		} catch {
			// Its successor is being started.
		}
	}
}

const total = { requests: 0, lost: 0, lostByKill: 0, byOutcome: {} as Record<string, number>, failures: [] as string[] };

function hear(word: Word): void {
	total.requests += word.requests;
	for (const [name, count] of Object.entries(word.byOutcome)) total.byOutcome[name] = (total.byOutcome[name] ?? 0) + count;
	total.failures.push(...word.failures);

	for (const at of word.lost) {
		if (kills.some((kill) => at >= kill && at - kill < killWindowMs)) total.lostByKill++;
		else total.lost++;
	}
}

const memory: { at: number; supervisor: number; worker: number }[] = [];
const clients = await start("clients.ts", [String(port), values.connections]);
const clientsEnded = new Promise((resolve) => clients.once("exit", resolve));
const order = (what: Order) => clients.send(what);
clients.on("message", (word: Word) => hear(word));
const tasks = [keepCore(), keepSwapping(), keepKilling()];

say("Measuring what these clients and servers reach together.");
order({ perSecond: 1e6 });
await delay(4_000);
const before = total.requests;
await delay(6_000);
const perSecond = Math.round(((total.requests - before) / 6) * 0.7);
order({ perSecond });
say(`${perSecond} requests/s, 70 % of that, for ${minutes} minutes.`);

const began = performance.now();
const lengthMs = minutes * 60_000;
while (performance.now() - began < lengthMs) {
	await delay(5_000);
	isKilling = performance.now() - began > lengthMs / 2;
	const { pid = 0, workerPid = 0 } = lease() ?? {};
	memory.push({ at: performance.now() - began, supervisor: residentMb([pid]), worker: residentMb([workerPid]) });
	const { supervisor = 0, worker = 0 } = memory.at(-1) ?? {};
	const line = `${Math.round((performance.now() - began) / 1_000)} s: ${total.requests} requests, ${total.failures.length + total.lost} failures`;
	if (memory.length % 6 === 0)
		say(
			`${line}, ${swaps} plans, ${kills.length} kills, ${cores} cores; MB: supervisor ${supervisor.toFixed(0)}, worker ${worker.toFixed(0)}`,
		);
}
isKilling = false;
order("stop");
await clientsEnded;
// What is under way ends within its time limits, and the last core takes what waits.
await delay(5_000);
isSoaking = false;
await Promise.all(tasks);
await delay(1_500);
const stats = await control.stats();
if (core !== null) await end(core);
for (const text of readFileSync(takenFile, "utf8").split("\n")) if (text !== "") take(JSON.parse(text) as Taken);
rmSync(takenFile);
const last = await openGateway({ stateDir, port, legacy });
await last.stop({ drainMs: 2_000 });
const log = readFileSync(stateFiles(stateDir).log, "utf8")
	.split("\n")
	.filter((text) => !/worker ended \(SIGKILL\)/.test(text))
	.slice(-20);
for (const { child } of Object.values(servers)) await end(child);
rmSync(stateDir, { recursive: true, force: true });

const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((all, count) => all + count, 0);
const slope = (of: "supervisor" | "worker", from: number, to: number): number => {
	const points = memory.filter(({ at }) => at >= from && at <= to);
	const [x, y] = [
		points.reduce((all, { at }) => all + at, 0) / points.length,
		points.reduce((all, point) => all + point[of], 0) / points.length,
	];
	const over = points.reduce((all, point) => all + (point.at - x) * (point[of] - y), 0);
	return (over / points.reduce((all, { at }) => all + (at - x) ** 2, 0)) * 60_000;
};
const copies = stats.copies ?? { taken: 0, delivered: 0, dropped: {} };
const result = {
	minutes,
	perSecond,
	requests: total.requests,
	clientErrors: total.failures.length + total.lost,
	lostWithKilledWorkers: total.lostByKill,
	kills: kills.length,
	plans: swaps,
	cores,
	outcomes: total.byOutcome,
	exchanges: { told: stats.lastSeq, taken: exchanges.count, again: exchanges.repeated, missing: stats.lastSeq - exchanges.count },
	mirrored: {
		counted: stats.mirrored,
		taken: mirroredSeqs.size,
		dropped: stats.dropped,
		open: stats.mirrored - mirroredSeqs.size - sum(stats.dropped),
	},
	copies: { ...copies, open: copies.taken - copies.delivered - sum(copies.dropped), answersTaken: answered.size, withoutExchange: orphans },
	planMs: { p50: quantile(slowSwaps, 0.5), p99: quantile(slowSwaps, 0.99) },
	memory: {
		supervisor: memory.at(-1)?.supervisor ?? 0,
		supervisorGrowth: slope("supervisor", lengthMs / 10, lengthMs),
		worker: memory.find(({ at }) => at > lengthMs * 0.45)?.worker ?? 0,
		workerGrowth: slope("worker", lengthMs / 10, lengthMs / 2),
	},
};

function quantile(of: number[], share: number): number {
	const sorted = [...of].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

for (const failure of total.failures.slice(0, 20)) say(`FAILURE ${failure}`);
for (const text of log) if (text !== "") say(`log: ${text}`);
console.log(JSON.stringify(result, null, values.json ? 0 : 2));
process.exit(result.clientErrors === 0 && result.mirrored.open === 0 && result.copies.open === 0 ? 0 : 1);
