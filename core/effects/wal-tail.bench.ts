// Prints what the WAL tail costs and how fast it is: node core/effects/wal-tail.bench.ts [--json]
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { type Collector, openCollector } from "./index.ts";

type Figures = Record<string, number>;

const dir = mkdtempSync(join(tmpdir(), "phoenix-bench-"));

function create(name: string, rows: number): { path: string; writer: DatabaseSync } {
	const path = join(dir, `${name}.db`);
	const writer = new DatabaseSync(path);
	writer.exec(`
		PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
		CREATE TABLE accounts (id INTEGER PRIMARY KEY, owner TEXT, opened TEXT, balance REAL, used REAL, status TEXT);
		CREATE TABLE movements (number INTEGER PRIMARY KEY, account INT, day TEXT, amount REAL, balance REAL, text TEXT);
		CREATE INDEX movements_account ON movements (account, number);
		BEGIN;
	`);
	const insert = writer.prepare("INSERT INTO accounts VALUES (?, ?, '1990-01-31', 1000, 0, 'OPEN')");
	for (let id = 1; id <= rows; id++) insert.run(id, `ROSSI MARIO ${id}`);
	writer.exec("COMMIT");
	return { path, writer };
}

function transferOn(writer: DatabaseSync, accounts: number): (n: number) => void {
	const move = writer.prepare("UPDATE accounts SET balance = balance + ?, used = used + 1 WHERE id = ?");
	const note = writer.prepare("INSERT INTO movements (account, day, amount, balance, text) VALUES (?, '2026-11-22', ?, 0, 'TRANSFER')");
	return (n) => {
		writer.exec("BEGIN");
		move.run(-n / 100, (n * 7919) % accounts);
		move.run(n / 100, (n * 104_729) % accounts);
		note.run((n * 7919) % accounts, n / 100);
		writer.exec("COMMIT");
	};
}

function quantile(values: number[], q: number): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

/** A request's pace: a commit, then everything up to it asked for. */
async function drainLatency(collector: Collector): Promise<Figures> {
	const { path, writer } = create("drain", 10_000);
	const opening = performance.now();
	const source = await collector.tail(path);
	const openMs = performance.now() - opening;
	const transfer = transferOn(writer, 10_000);
	const waits: number[] = [];
	const unasked: number[] = [];
	for (let n = 1; n <= 1000; n++) {
		transfer(n);
		const started = performance.now();
		await source.drain();
		waits.push(performance.now() - started);
		if (n % 4 === 0) await sleep(2);
	}
	let arrived = () => {};
	let next = new Promise<void>((resolve) => (arrived = resolve));
	source.subscribe(() => {});
	source.subscribe(() => arrived());
	for (let n = 1; n <= 300; n++) {
		const started = performance.now();
		transfer(n);
		await next;
		next = new Promise<void>((resolve) => (arrived = resolve));
		unasked.push(performance.now() - started);
		await sleep(7);
	}
	const logBytes = statSync(`${path}-wal`).size;
	await source.stop();
	writer.close();
	return {
		openMs,
		drainP50Ms: quantile(waits, 0.5),
		drainP95Ms: quantile(waits, 0.95),
		drainMaxMs: quantile(waits, 1),
		seenP50Ms: quantile(unasked, 0.5),
		seenP95Ms: quantile(unasked, 0.95),
		logBytes,
	};
}

/** Transactions as fast as one writer can commit them; how long until the last is delivered. */
async function throughput(collector: Collector, transactions: number): Promise<Figures> {
	const { path, writer } = create("burst", 10_000);
	const source = await collector.tail(path);
	let rows = 0;
	source.subscribe((commit) => {
		rows += commit.changes.length;
	});
	const transfer = transferOn(writer, 10_000);
	const started = performance.now();
	for (let n = 1; n <= transactions; n++) transfer(n);
	const written = performance.now() - started;
	await source.drain();
	const delivered = performance.now() - started;
	const logBytes = statSync(`${path}-wal`).size;
	await source.stop();
	writer.close();
	return {
		transactions: source.index,
		writerMs: written,
		deliveredMs: delivered,
		commitsPerS: (1000 * source.index) / delivered,
		rowsPerS: (1000 * rows) / delivered,
		logBytes,
	};
}

/** One transaction that changes every row. */
async function bulk(collector: Collector): Promise<Figures> {
	const { path, writer } = create("bulk", 100_000);
	const opening = performance.now();
	const source = await collector.tail(path);
	const openMs = performance.now() - opening;
	let rows = 0;
	source.subscribe((commit) => {
		rows += commit.changes.length;
	});
	writer.exec("UPDATE accounts SET balance = balance * 1.01");
	const started = performance.now();
	await source.drain();
	const ms = performance.now() - started;
	await source.stop();
	writer.close();
	return { openMs, rows, ms, rowsPerS: (1000 * rows) / ms };
}

const collector = await openCollector((line) => console.error(line));
try {
	const figures = {
		cores: cpus().length,
		paced: await drainLatency(collector),
		burst: await throughput(collector, 10_000),
		bulk: await bulk(collector),
	};
	if (process.argv.includes("--json")) console.log(JSON.stringify(figures));
	else {
		for (const [name, part] of Object.entries(figures)) {
			const shown =
				typeof part === "number"
					? part
					: Object.entries(part)
							.map(([key, value]) => `${key} ${Number(value.toFixed(2)).toLocaleString("en")}`)
							.join(", ");
			console.log(`${name}: ${shown}`);
		}
	}
} finally {
	await collector.stop();
	rmSync(dir, { recursive: true, force: true });
}
