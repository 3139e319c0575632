// Prints what following by triggers costs legacy and what it sees: node core/effects/triggers.bench.ts [--json]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import type { Commit } from "../contract/effects.ts";
import { openCollector } from "./index.ts";

/** Legacy is a program of its own that waits for no lock: it counts each refusal (SQLITE_BUSY) and tries again. */
const legacy = fileURLToPath(new URL("./testing/paced-writer.py", import.meta.url));
const dir = mkdtempSync(join(tmpdir(), "phoenix-bench-"));

type Setting = { name: string; sync: "FULL" | "NORMAL" | "OFF"; pauseMs: number; transactions: number };
type Written = { rows: number; seconds: number; busy: number; medianMs: number };

const settings: readonly Setting[] = [
	{ name: "5 ms between two transactions, FULL", sync: "FULL", pauseMs: 5, transactions: 400 },
	{ name: "1 ms between, FULL", sync: "FULL", pauseMs: 1, transactions: 600 },
	{ name: "back to back, FULL", sync: "FULL", pauseMs: 0, transactions: 1000 },
	{ name: "1 ms between, sync OFF", sync: "OFF", pauseMs: 1, transactions: 1000 },
	{ name: "back to back, sync OFF", sync: "OFF", pauseMs: 0, transactions: 4000 },
];

async function write(path: string, { sync, pauseMs, transactions }: Setting, seed: number): Promise<Written> {
	const args = [legacy, path, seed, transactions, pauseMs, sync].map(String);
	const child = spawn("python3", args, { cwd: dir, env: process.env, stdio: ["ignore", "pipe", "inherit"] });
	let out = "";
	child.stdout.setEncoding("utf8").on("data", (text: string) => {
		out += text;
	});
	const [code] = await once(child, "close");
	if (code !== 0) throw new Error(`the writer ended with ${code}`);
	return JSON.parse(out) as Written;
}

async function measure(setting: Setting, place: number) {
	const path = join(dir, `${place}.db`);
	await write(path, { ...setting, transactions: 1, pauseMs: 0 }, 1);
	const runs = { without: [] as Written[], triggers: [] as Written[], followed: [] as Written[] };
	const seen: Commit[] = [];
	// In turns, so that a busy moment of the machine meets each alike.
	for (let turn = 0; turn < 3; turn++) {
		runs.without.push(await write(path, setting, 10 + turn));
		const collector = await openCollector((line) => console.error(line));
		const source = await collector.tail(path, { method: "triggers" });
		source.subscribe((commit) => seen.push(commit));
		runs.followed.push(await write(path, setting, 20 + turn));
		await source.drain();
		// Killed, it leaves the triggers alone with legacy: what they cost without a reader.
		process.kill(collector.pid, "SIGKILL");
		await collector.stop();
		runs.triggers.push(await write(path, setting, 30 + turn));
		const cleaner = await openCollector();
		await (await cleaner.tail(path, { method: "triggers" })).stop();
		await cleaner.stop();
	}
	const median = (written: Written[], pick: (one: Written) => number) => written.map(pick).toSorted((a, b) => a - b)[1] as number;
	const rate = (written: Written[]) => Math.round(median(written, ({ rows, seconds }) => rows / seconds));
	const transactions = 3 * setting.transactions;
	const alone = seen.filter(({ merged }) => merged === undefined).length;
	const told = seen.reduce((sum, { merged = 1 }) => sum + merged, 0);
	return {
		name: setting.name,
		rowsPerSecond: { without: rate(runs.without), triggersAlone: rate(runs.triggers), followed: rate(runs.followed) },
		transactionMs: {
			without: median(runs.without, (one) => one.medianMs),
			triggersAlone: median(runs.triggers, (one) => one.medianMs),
			followed: median(runs.followed, (one) => one.medianMs),
		},
		seen: { transactions, told, alone, aloneShare: Number((alone / transactions).toFixed(4)) },
		refusedLegacy: {
			without: runs.without.reduce((sum, { busy }) => sum + busy, 0),
			followed: runs.followed.reduce((sum, { busy }) => sum + busy, 0),
		},
	};
}

/** One transaction that changes 100,000 rows: the bare work of the triggers. */
async function bulk() {
	const path = join(dir, "bulk.db");
	const database = new DatabaseSync(path, { timeout: 10_000 });
	database.exec(`PRAGMA synchronous = OFF; CREATE TABLE accounts (id INTEGER PRIMARY KEY, owner TEXT, cents INTEGER);
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) INSERT INTO accounts SELECT i, 'ROSSI ' || i, i FROM n`);
	const update = () => {
		const started = performance.now();
		database.exec("UPDATE accounts SET cents = cents + 1");
		return performance.now() - started;
	};
	update();
	const withoutMs = update();
	const collector = await openCollector();
	const source = await collector.tail(path, { method: "triggers", keepEntries: 300_000, lockTimeoutMs: 60_000 });
	let rows = 0;
	source.subscribe(({ changes }) => {
		rows += changes.length;
	});
	const withMs = update();
	const started = performance.now();
	await source.drain();
	const readMs = performance.now() - started;
	await source.stop();
	await collector.stop();
	database.close();
	return {
		rows,
		withoutMs,
		withMs,
		microsecondsPerRow: (1000 * (withMs - withoutMs)) / 100_000,
		readMs,
		rowsPerSecondRead: Math.round((1000 * rows) / readMs),
	};
}

try {
	const paces = [];
	for (const [place, setting] of settings.entries()) paces.push(await measure(setting, place));
	const figures = { cores: cpus().length, paces, bulk: await bulk() };
	if (process.argv.includes("--json")) console.log(JSON.stringify(figures));
	else {
		for (const { name, rowsPerSecond, transactionMs, seen, refusedLegacy } of paces) {
			console.log(
				`${name}: legacy ${rowsPerSecond.without} rows/s without, ${rowsPerSecond.triggersAlone} with the triggers alone, ${rowsPerSecond.followed} followed` +
					` (a transaction ${transactionMs.without} / ${transactionMs.triggersAlone} / ${transactionMs.followed} ms);` +
					` ${seen.alone} of ${seen.transactions} transactions alone (${(100 * seen.aloneShare).toFixed(1)} %), the rest merged by name (${seen.told} told);` +
					` refused for a lock ${refusedLegacy.without} times without, ${refusedLegacy.followed} followed`,
			);
		}
		const { rows, withoutMs, withMs, microsecondsPerRow, rowsPerSecondRead } = figures.bulk;
		console.log(
			`one transaction of ${rows} rows: ${withoutMs.toFixed(0)} ms without, ${withMs.toFixed(0)} ms with (${microsecondsPerRow.toFixed(2)} us a row); read at ${rowsPerSecondRead} rows/s`,
		);
	}
} finally {
	rmSync(dir, { recursive: true, force: true });
}
