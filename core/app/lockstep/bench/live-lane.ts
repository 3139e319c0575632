import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { childEnvironment } from "../../../base/index.ts";
import type { Commit } from "../../../contract/effects.ts";
import { createShadowState, openCollector, openEquality } from "../../../effects/index.ts";
import { compilePlan, openGateway } from "../../../gateway/control/index.ts";
import { createHistory } from "../history.ts";
import { createLane, type LaneResult } from "../lane.ts";
import { createTableWatch } from "../table-watch.ts";
import type { Load } from "./load-worker.ts";

const program = fileURLToPath(new URL("./bank-service.ts", import.meta.url));
const routes = ["/deposit", "/balance", "/twice"].map((path) => ({ method: "POST", path }));

export type Bank = { port: number; database: string; end(): Promise<void> };
export type Loaded = { times: number[]; failed: number; tookMs: number };

export function makeBank(dir: string, accounts: number): string {
	const path = join(dir, "legacy.db");
	const database = new DatabaseSync(path);
	database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
		CREATE TABLE accounts (id INTEGER PRIMARY KEY, owner TEXT, balance INTEGER, used INTEGER DEFAULT 0);
		CREATE TABLE audit (id INTEGER PRIMARY KEY, account INTEGER, cents INTEGER);
		CREATE TABLE movements (id INTEGER PRIMARY KEY, account INTEGER, cents INTEGER); BEGIN`);
	const insert = database.prepare("INSERT INTO accounts VALUES (?, ?, 100000, 0)");
	for (let id = 1; id <= accounts; id++) insert.run(id, `ROSSI MARIO ${id}`);
	database.exec("COMMIT");
	database.close();
	return path;
}

export async function startBank(database: string, dir: string): Promise<Bank> {
	const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", program, database], {
		cwd: dir,
		env: childEnvironment(process.env),
		stdio: ["ignore", "pipe", "inherit"],
	});
	const port = await portOf(child);
	return {
		port,
		database,
		async end() {
			const gone = new Promise((resolve) => child.once("exit", resolve));
			child.kill("SIGKILL");
			await gone;
		},
	};
}

export async function load(options: Load): Promise<Loaded> {
	const worker = new Worker(new URL("./load-worker.ts", import.meta.url), { workerData: options });
	return await new Promise((resolve, reject) => {
		worker.once("message", resolve);
		worker.once("error", reject);
	});
}

export type LaneFigures = {
	rate: number;
	requests: number;
	answeredPerS: number;
	compared: number;
	/** Of them those whose request made several commits. */
	several: number;
	clean: number;
	dropped: Record<string, number>;
	/** From the end of legacy's answer to the verdict. */
	verdictP50Ms: number;
	verdictP99Ms: number;
	verdictMaxMs: number;
};

/** Everything of a run but the engine's decisions: gateway, tail, shadow, lane, the new service, legacy, and the clients. */
export async function runLane(options: { rate: number; seconds: number; seed: number; twice?: number }): Promise<LaneFigures> {
	const { rate, seconds, seed, twice = 0 } = options;
	const dir = mkdtempSync(join(tmpdir(), "phoenix-lane-"));
	const accounts = 2_000;
	const database = makeBank(dir, accounts);
	const legacyBank = await startBank(database, dir);
	const collector = await openCollector((line) => console.error(line));
	const legacyTail = await collector.tail(database);
	const shadowDatabase = join(dir, "shadow.db");
	const state = createShadowState({ path: shadowDatabase });
	await state.clone(database, shadowDatabase);
	const history = createHistory(join(dir, "history"));
	await state.clone(shadowDatabase, history.baseline);
	const shadowTail = await collector.tail(shadowDatabase);
	const modernBank = await startBank(shadowDatabase, dir);
	const waits: number[] = [];
	const dropped: Record<string, number> = {};
	let [clean, several] = [0, 0];
	const trouble: string[] = [];
	const tables = createTableWatch({
		equality: openEquality({ here: shadowDatabase, there: database }),
		drain: () => legacyTail.drain(),
		onWhole: () => {},
	});
	const lane = createLane({
		waiting: [] as Commit[],
		legacy: legacyTail,
		shadow: shadowTail,
		state,
		history,
		tables,
		mayWrite: (route) => route !== "POST /balance",
		ruleOf: () => ({}),
		note: () => {},
		onResult({ exchange, verdict }: LaneResult) {
			waits.push(performance.timeOrigin + performance.now() - exchange.endedAt);
			if (exchange.request.target === "/twice") several++;
			if (verdict.kind === "identical" || verdict.kind === "equivalent") clean++;
			else trouble.push(JSON.stringify(verdict));
		},
		onDrop(_, count, reason) {
			dropped[reason] = (dropped[reason] ?? 0) + count;
		},
		onTrouble: (reason) => trouble.push(reason),
		onSkew: (reason) => trouble.push(reason),
	});
	const ids = routes.map(({ method, path }) => `${method} ${path}`);
	lane.attach(ids, { function: "bank", version: 1, port: modernBank.port, random: [], clock: [], ids: {} });
	const legacy = { host: "127.0.0.1", port: legacyBank.port };
	const gateway = await openGateway({ stateDir: join(dir, "gateway"), port: 0, legacy, workers: 1 });
	try {
		const planned = routes.map(({ method, path }) => ({
			routeId: `${method} ${path}`,
			method,
			path,
			mode: { kind: "shadow" as const, percent: 100 },
		}));
		await gateway.setPlan(compilePlan({ version: 1, legacy, idempotencyHeader: "Idempotency-Key", routes: planned, reason: "bench" }));
		gateway.onExchanges((batch) => lane.push(batch));
		gateway.onTick((tick) => lane.advance(tick.openSince));
		const loaded = await load({ url: `http://127.0.0.1:${gateway.port}`, rate, seconds, accounts, seed, reads: 30, twice });
		const handled = () => waits.length + Object.values(dropped).reduce((sum, count) => sum + count, 0);
		for (let tries = 0; handled() < loaded.times.length && trouble.length === 0 && tries < 1_200; tries++) await delay(50);
		if (handled() < loaded.times.length) throw new Error(`${loaded.times.length - handled()} requests were never handled: ${trouble[0]}`);
		if (loaded.failed > 0) throw new Error(`${loaded.failed} requests failed`);
		if (trouble.length > 0) throw new Error(`the lane is in trouble: ${trouble[0]}`);
		waits.sort((a, b) => a - b);
		const at = (quantile: number) => waits[Math.min(waits.length - 1, Math.floor(waits.length * quantile))] ?? Number.NaN;
		return {
			rate,
			requests: loaded.times.length,
			answeredPerS: (1_000 * loaded.times.length) / loaded.tookMs,
			compared: waits.length,
			several,
			clean,
			dropped,
			verdictP50Ms: at(0.5),
			verdictP99Ms: at(0.99),
			verdictMaxMs: at(1),
		};
	} finally {
		await gateway.stop({ drainMs: 1_000 });
		await lane.stop();
		await legacyTail.stop();
		await shadowTail.stop();
		await collector.stop();
		await legacyBank.end();
		await modernBank.end();
		state.close();
		rmSync(dir, { recursive: true, force: true });
	}
}

function portOf(child: ChildProcess): Promise<number> {
	return new Promise((resolve, reject) => {
		child.stdout?.on("data", (text: Buffer) => {
			const found = /^listening [\d.]+:(\d+)/m.exec(text.toString());
			if (found) resolve(Number(found[1]));
		});
		child.once("error", reject);
		child.once("exit", (code) => reject(new Error(`the bank ended with code ${code}`)));
	});
}
