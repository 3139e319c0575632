// Prints what logical decoding keeps up with, on a server of its own: node core/effects/postgres/postgres.bench.ts [--json]
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { Client } from "pg";
import { childEnvironment } from "../../base/index.ts";
import { findPostgres, startPostgres } from "../testing/postgres-server.ts";
import { openPostgres } from "./open-postgres.ts";

const server = await startPostgres(["wal_level=logical", "fsync=on"]);
const address = server.address("postgres");
const rowsPerTransaction = 20_000;
const dir = mkdtempSync(join(tmpdir(), "phoenix-bench-"));
const script = join(dir, "transfer.sql");
writeFileSync(
	script,
	`\\set a random(1, :rows)
\\set b random(1, :rows)
BEGIN;
UPDATE accounts SET balance = balance - 1 WHERE id = least(:a, :b);
UPDATE accounts SET balance = balance + 1 WHERE id = greatest(:a, :b);
INSERT INTO movements (account, day, amount, text) VALUES (:a, '2026-11-22', 1, 'TRANSFER');
COMMIT;
`,
);
const figures: Record<string, number> = {};

function quantile(values: readonly number[], q: number): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

/** From before the commit is sent to its delivery, unasked, at a request's pace. */
async function latency(writer: Client, source: Awaited<ReturnType<typeof openPostgres>>): Promise<void> {
	let arrived = () => {};
	const end = source.subscribe(() => arrived());
	const [waits, writes, drains]: number[][] = [[], [], []];
	for (let n = 1; n <= 500; n++) {
		const arrival = new Promise<void>((resolve) => (arrived = resolve));
		const started = performance.now();
		await writer.query("UPDATE accounts SET balance = balance + 1 WHERE id = $1", [n]);
		writes?.push(performance.now() - started);
		await arrival;
		waits?.push(performance.now() - started);
		if (n % 5 !== 0) continue;
		const asked = performance.now();
		await source.drain();
		drains?.push(performance.now() - asked);
	}
	end();
	Object.assign(figures, { writeP50Ms: quantile(writes ?? [], 0.5) });
	Object.assign(figures, { deliveredP50Ms: quantile(waits ?? [], 0.5), deliveredP99Ms: quantile(waits ?? [], 0.99) });
	Object.assign(figures, { drainP50Ms: quantile(drains ?? [], 0.5), drainP99Ms: quantile(drains ?? [], 0.99) });
}

/** Rows that one writer changes by large transactions, from the first until all are delivered. */
async function rowsPerSecond(writer: Client, source: Awaited<ReturnType<typeof openPostgres>>): Promise<number> {
	let rows = 0;
	const end = source.subscribe(({ changes }) => {
		rows += changes.length;
	});
	const started = performance.now();
	for (const sign of ["+", "-", "+"]) await writer.query(`UPDATE accounts SET balance = balance ${sign} 1`);
	await source.drain();
	end();
	return rows / ((performance.now() - started) / 1000);
}

/** Transfers (two updates, one insert) by pgbench, a process of its own: `pace` a second, or without a pause. */
async function transfers(pace: number | null): Promise<{ latencyMs: number; perSecond: number }> {
	const paced = pace === null ? [] : ["-R", String(pace)];
	const args = ["-n", "-c", "2", "-T", "4", "-D", `rows=${rowsPerTransaction}`, ...paced, "-f", script, address];
	const run = promisify(execFile)(join(findPostgres(), "pgbench"), args, { cwd: dir, env: childEnvironment(process.env) });
	const { stdout } = await run;
	const number = (label: RegExp) => Number(label.exec(stdout)?.[1] ?? Number.NaN);
	const late = number(/rate limit schedule lag: avg ([\d.]+)/) || 0;
	return { latencyMs: number(/latency average = ([\d.]+)/) - late, perSecond: number(/tps = ([\d.]+)/) };
}

/** PostgreSQL's own client reads the same log and keeps nothing of it: what any follower costs. */
async function readByServersTool(writer: Client): Promise<() => Promise<void>> {
	await writer.query("CREATE PUBLICATION tool FOR TABLE accounts, movements");
	await writer.query("SELECT pg_create_logical_replication_slot('tool', 'pgoutput')");
	const options = ["-o", "proto_version=1", "-o", "publication_names=tool", "--slot", "tool", "--start", "-f", "/dev/null", "-d", address];
	const tool = spawn(join(findPostgres(), "pg_recvlogical"), options, { cwd: dir, env: childEnvironment(process.env), stdio: "ignore" });
	const closed = once(tool, "exit");
	const active = "SELECT 1 FROM pg_replication_slots WHERE slot_name = 'tool' AND active";
	while ((await writer.query(active)).rowCount === 0) await sleep(10);
	return async () => {
		tool.kill("SIGINT");
		await closed;
		while ((await writer.query(active)).rowCount === 1) await sleep(10);
		await writer.query("SELECT pg_drop_replication_slot('tool')");
		await writer.query("DROP PUBLICATION tool");
	};
}

const median = (values: readonly number[]) => quantile(values, 0.5);

try {
	const writer = new Client({ connectionString: address });
	await writer.connect();
	await writer.query("SET synchronous_commit TO on");
	await writer.query("CREATE TABLE accounts (id bigint PRIMARY KEY, owner text, opened date, balance numeric(14,2), status text)");
	await writer.query("ALTER TABLE accounts REPLICA IDENTITY FULL");
	await writer.query(
		`INSERT INTO accounts SELECT n, 'ROSSI MARIO ' || n, '1990-01-31', 1000, 'OPEN' FROM generate_series(1, ${rowsPerTransaction}) n`,
	);
	await writer.query("CREATE TABLE movements (number bigserial PRIMARY KEY, account bigint, day date, amount numeric(14,2), text text)");
	await writer.query("ALTER TABLE movements REPLICA IDENTITY FULL");
	const source = await openPostgres(address);
	await latency(writer, source);
	figures.rowsPerSecond = await rowsPerSecond(writer, source);
	await source.stop();
	const [alone, followed, tool, aloneFull, followedFull] = [[], [], [], [], []] as [number[], number[], number[], number[], number[]];
	let delivered = 0;
	for (let round = 0; round < 3; round++) {
		alone.push((await transfers(1000)).latencyMs);
		aloneFull.push((await transfers(null)).perSecond);
		const endTool = await readByServersTool(writer);
		tool.push((await transfers(1000)).latencyMs);
		await endTool();
		const follower = await openPostgres(address);
		follower.subscribe(() => delivered++);
		followed.push((await transfers(1000)).latencyMs);
		followedFull.push((await transfers(null)).perSecond);
		await follower.drain();
		await follower.stop();
	}
	Object.assign(figures, {
		transfersDelivered: delivered,
		...{ pacedLatencyAloneMs: median(alone), pacedLatencyFollowedMs: median(followed) },
		pacedLatencyUnderPgRecvlogicalMs: median(tool),
		legacySlowdownPercentAt1000PerSecond: (median(followed) / median(alone) - 1) * 100,
		...{ mostTransfersPerSecondAlone: median(aloneFull), mostTransfersPerSecondFollowed: median(followedFull) },
	});
	await writer.end();
} finally {
	await server.stop();
	rmSync(dir, { recursive: true, force: true });
}
const rounded = Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, Number(value.toPrecision(3))]));
if (process.argv.includes("--json")) console.log(JSON.stringify({ postgres: rounded, cpus: cpus().length }));
else for (const [name, value] of Object.entries(rounded)) console.log(`${name.padEnd(40)} ${value}`);
