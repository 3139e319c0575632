import { spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Fault } from "../../base/index.ts";
import { reasonOf } from "../../base/index.ts";
import type { Commit } from "../../contract/effects.ts";
import { type Collector, openCollector, type WalSource } from "../index.ts";
import { differing, readTables, record, replay, startWriter, ticksOf } from "../testing/follow.ts";
import { openTail } from "./wal-tail.ts";

let collector: Collector;
let dir: string;
let path: string;
const tails: WalSource[] = [];

beforeAll(async () => {
	collector = await openCollector();
});
afterAll(() => collector.stop());
beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), "phoenix-effects-"));
	path = join(dir, "legacy.db");
});
afterEach(async () => {
	for (const tail of tails.splice(0)) await tail.stop();
	rmSync(dir, { recursive: true, force: true });
});

async function follow(file = path): Promise<WalSource> {
	const tail = await collector.tail(file);
	tails.push(tail);
	return tail;
}

function database(sql: string): DatabaseSync {
	const opened = new DatabaseSync(path, { timeout: 5000 });
	opened.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; ${sql}`);
	return opened;
}

async function changesOf(work: (writer: DatabaseSync) => void, writer: DatabaseSync): Promise<Commit[]> {
	const commits: Commit[] = [];
	const tail = await follow();
	tail.subscribe((commit) => commits.push(commit));
	work(writer);
	await tail.drain();
	writer.close();
	return commits;
}

describe("a foreign writer", () => {
	const cases: { name: string; pauseMs: number; transactions: number; features: string[] }[] = [
		{ name: "at full speed", pauseMs: 0, transactions: 600, features: [] },
		{ name: "paced", pauseMs: 1, transactions: 300, features: ["fullsync"] },
		{ name: "that truncates the log", pauseMs: 1, transactions: 300, features: ["checkpoint"] },
		{ name: "that vacuums", pauseMs: 0, transactions: 300, features: ["vacuum", "checkpoint"] },
		{ name: "with auto_vacuum", pauseMs: 0, transactions: 400, features: ["autovacuum"] },
		{ name: "that alters, creates, renames and drops tables", pauseMs: 0, transactions: 300, features: ["schema", "vacuum"] },
	];
	test.each(cases)(
		"$name: every commit arrives alone and in order, and rebuilds the database",
		async ({ pauseMs, transactions, features }) => {
			const first = await (await startWriter(path, 11, 150, 0, features)).done;
			const tail = await follow();
			const tables = readTables(path);
			const delivered = record(tail);
			const { last } = await (await startWriter(path, 12, transactions, pauseMs, features)).done;
			await tail.drain();
			expect(ticksOf(delivered)).toEqual(Array.from({ length: last - first.last }, (_, index) => first.last + 1 + index));
			expect(delivered.commits.map((commit) => commit.index)).toEqual(delivered.commits.map((_, index) => index + 1));
			expect(replay(tables, delivered)).toEqual([]);
			expect(differing(tables, readTables(path))).toEqual([]);
		},
		60_000,
	);

	test("that is killed and started again: what it committed arrives, what it did not does not", async () => {
		await (await startWriter(path, 21, 50, 0)).done;
		const tail = await follow();
		const tables = readTables(path);
		const delivered = record(tail);
		for (let life = 0; life < 4; life++) {
			const writer = await startWriter(path, 22 + life, 100_000, 0);
			await sleep(60 + 40 * life);
			writer.process.kill("SIGKILL");
			await writer.done;
			await tail.drain();
		}
		await (await startWriter(path, 29, 30, 0)).done;
		await tail.drain();
		expect(delivered.commits.length).toBeGreaterThan(30);
		expect(replay(tables, delivered)).toEqual([]);
		expect(differing(tables, readTables(path))).toEqual([]);
		const ticks = ticksOf(delivered);
		expect(ticks).toEqual(ticks.map((_, index) => (ticks[0] as number) + index));
	}, 60_000);

	test("is not held up by the tail when it truncates the log", async () => {
		const writer = database("CREATE TABLE t (a)");
		const tail = await follow();
		const waits: number[] = [];
		for (let round = 0; round < 15; round++) {
			writer.exec("INSERT INTO t VALUES (1)");
			await sleep(round);
			const started = performance.now();
			expect(writer.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get()).toMatchObject({ busy: 0 });
			waits.push(performance.now() - started);
		}
		await tail.drain();
		expect(tail.index).toBe(15);
		expect(Math.max(...waits)).toBeLessThan(2000);
		writer.close();
	});

	test("whose checkpoint waits for the pin is let pass, and nothing is missed", async () => {
		const writer = database("CREATE TABLE t (a); INSERT INTO t VALUES (0)");
		const tail = await openTail(path, 1000, () => true);
		writer.exec("INSERT INTO t VALUES (1)");
		const program = `
			const { DatabaseSync } = require("node:sqlite");
			const database = new DatabaseSync(process.argv[1], { timeout: 20000 });
			console.log("began");
			const { busy } = database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get();
			database.exec("INSERT INTO t VALUES (2)");
			console.log("ended", busy);
		`;
		const other = spawn(process.execPath, ["-e", program, path], { stdio: ["ignore", "pipe", "ignore"] });
		let said = "";
		other.stdout.on("data", (text) => {
			said += text;
		});
		while (!said.includes("began")) await sleep(5);
		await sleep(200);
		expect(said).not.toContain("ended");
		// The pin stays old: only looking at the log does not move it.
		expect(tail.follow().commits).toHaveLength(1);
		await sleep(200);
		const commits = [...tail.stepAside().commits];
		while (other.exitCode === null) {
			commits.push(...tail.follow().commits);
			await sleep(2);
		}
		commits.push(...tail.advance().commits);
		expect(said).toContain("ended 0");
		expect(commits.map((commit) => commit.changes[0]?.after)).toEqual([{ a: { i: "2" } }]);
		tail.close();
		writer.close();
	});

	test("at rest finds its log checkpointed and begins it anew", async () => {
		const writer = database("CREATE TABLE t (a); PRAGMA wal_autocheckpoint = 0");
		const tail = await follow();
		for (let round = 0; round < 4; round++) {
			writer.exec("BEGIN");
			for (let row = 0; row < 600; row++) writer.prepare("INSERT INTO t VALUES (?)").run("x".repeat(3000));
			writer.exec("COMMIT");
			await sleep(600);
		}
		expect(statSync(`${path}-wal`).size).toBeLessThan(2 * 600 * 4120);
		await tail.drain();
		expect(tail.index).toBe(4);
		writer.close();
	});
});

describe("row images", () => {
	test("keep the storage class, with reals that are stored as integers, and the rowid for its column", async () => {
		const writer = database("CREATE TABLE t (id INTEGER PRIMARY KEY, r REAL, n NUMERIC, any, d DOUBLE PRECISION, t TEXT)");
		const [commit] = await changesOf(
			(db) =>
				db.exec(
					"INSERT INTO t VALUES (5, 3, 3.0, 3.0, 9007199254740993, 12), (-9223372036854775808, NULL, 9223372036854775807, x'00ff', 0.1, 'é')",
				),
			writer,
		);
		expect(commit?.changes).toEqual([
			{
				table: "t",
				key: "-9223372036854775808",
				kind: "insert",
				before: null,
				after: {
					id: { i: "-9223372036854775808" },
					r: null,
					n: { i: "9223372036854775807" },
					any: { b: "AP8=" },
					d: { r: 0.1 },
					t: { t: "é" },
				},
			},
			{
				table: "t",
				key: "5",
				kind: "insert",
				before: null,
				after: { id: { i: "5" }, r: { r: 3 }, n: { i: "3" }, any: { r: 3 }, d: { r: 9007199254740992 }, t: { t: "12" } },
			},
		]);
	});

	test("of rows older than a column hold its default, with the column's affinity", async () => {
		const writer = database(
			"CREATE TABLE t (a); INSERT INTO t VALUES (1); ALTER TABLE t ADD COLUMN r REAL DEFAULT 4; ALTER TABLE t ADD COLUMN w DEFAULT open; ALTER TABLE t ADD COLUMN n",
		);
		const [commit] = await changesOf((db) => db.exec("DELETE FROM t"), writer);
		expect(commit?.changes[0]?.before).toEqual({ a: { i: "1" }, r: { r: 4 }, w: { t: "open" }, n: null });
	});

	test("of a row whose overflow pages alone were rewritten in place are seen", async () => {
		const writer = database("CREATE TABLE t (id INTEGER PRIMARY KEY, data BLOB)");
		writer.prepare("INSERT INTO t VALUES (1, ?)").run(Buffer.alloc(50_000, 1));
		const other = Buffer.alloc(50_000, 1).fill(2, 40_000, 40_010);
		const [commit] = await changesOf((db) => db.prepare("UPDATE t SET data = ?").run(other), writer);
		expect(commit?.changes).toHaveLength(1);
		expect(commit?.changes[0]?.after?.data).toEqual({ b: other.toString("base64") });
	});

	test("an update that changes nothing, a rollback and an index are no commits", async () => {
		const writer = database("CREATE TABLE t (a); INSERT INTO t VALUES (1)");
		const commits = await changesOf(
			(db) => db.exec("UPDATE t SET a = 1; BEGIN; DELETE FROM t; ROLLBACK; CREATE INDEX i ON t (a); VACUUM; UPDATE t SET a = 2"),
			writer,
		);
		expect(commits.map((commit) => commit.changes)).toEqual([
			[{ table: "t", key: "1", kind: "update", before: { a: { i: "1" } }, after: { a: { i: "2" } } }],
		]);
	});

	test("generated columns: a stored one is in the image, a computed one is not", async () => {
		const writer = database("CREATE TABLE t (a, v AS (a + 1), s AS (a + 2) STORED, z)");
		const [commit] = await changesOf((db) => db.exec("INSERT INTO t (a, z) VALUES (1, 9)"), writer);
		expect(commit?.changes[0]?.after).toEqual({ a: { i: "1" }, s: { i: "3" }, z: { i: "9" } });
	});

	test("a table whose CHECK calls a function of the legacy program is followed", async () => {
		const writer = database("");
		writer.function("luhn", { deterministic: true, varargs: true }, () => 1);
		writer.exec("CREATE TABLE t (a CHECK (luhn(a)))");
		const [commit] = await changesOf((db) => db.exec("INSERT INTO t VALUES (1)"), writer);
		expect(commit?.changes[0]?.after).toEqual({ a: { i: "1" } });
	});
});

describe("what cannot be followed is refused by name", () => {
	test("a missing file, a file that is no database, one that is followed already", async () => {
		await expect(follow(join(dir, "none.db"))).rejects.toMatchObject({ code: "SOURCE_UNREADABLE" });
		writeFileSync(path, "no database".repeat(100));
		await expect(collector.tail(path)).rejects.toMatchObject({ code: "DATABASE_UNSUITABLE" });
		rmSync(path);
		const writer = database("CREATE TABLE t (a)");
		await follow();
		await expect(follow()).rejects.toMatchObject({ code: "INPUT_INVALID" });
		writer.close();
	});

	test("a database in rollback mode, with the three ways that are left", async () => {
		const writer = new DatabaseSync(path);
		writer.exec("CREATE TABLE t (a)");
		const fault = (await follow().catch((error) => error)) as Fault;
		expect(fault.toJSON()).toMatchObject({
			code: "DATABASE_WITHOUT_LOG",
			todo: expect.stringMatching(/effects switch .*--triggers.*--snapshot/),
		});
		writer.close();
	});

	test("a table without rowid, at the start and when it comes later", async () => {
		const writer = database("CREATE TABLE codes (code TEXT PRIMARY KEY) WITHOUT ROWID");
		await expect(follow()).rejects.toMatchObject({ code: "DATABASE_UNSUITABLE", data: { reason: expect.stringContaining("codes") } });
		writer.exec("DROP TABLE codes; CREATE TABLE t (a)");
		const tail = await follow();
		const reason = new Promise<string>((resolve) => tail.onLost((fault) => resolve(reasonOf(fault))));
		writer.exec("CREATE TABLE late (code TEXT PRIMARY KEY) WITHOUT ROWID");
		expect(await reason).toContain("late");
		await expect(tail.drain()).rejects.toMatchObject({ code: "DATABASE_UNSUITABLE" });
		writer.close();
	});

	test("a database that another connection keeps locked", async () => {
		const writer = database("PRAGMA locking_mode = EXCLUSIVE; CREATE TABLE t (a)");
		await expect(collector.tail(path, { lockTimeoutMs: 200 })).rejects.toMatchObject({ code: "DATABASE_LOCKED" });
		writer.close();
	});

	test("text that is not valid in the database's encoding ends the promise, with the row's name", async () => {
		const writer = database("CREATE TABLE t (a TEXT)");
		const tail = await follow();
		const reason = new Promise<string>((resolve) => tail.onLost((fault) => resolve(reasonOf(fault))));
		writer.exec("INSERT INTO t VALUES (CAST(x'e9' AS TEXT))");
		expect(await reason).toContain("table t, row 1");
		writer.close();
	});

	test("a file put in the place of the database, and a collector that dies, are told", async () => {
		const writer = database("CREATE TABLE t (a)");
		const tail = await follow();
		const reason = new Promise<string>((resolve) => tail.onLost((fault) => resolve(reasonOf(fault))));
		copyFileSync(path, `${path}.new`);
		renameSync(`${path}.new`, path);
		expect(await reason).toContain("replaced");
		writer.close();

		const own = await openCollector();
		path = join(dir, "second.db");
		const second = database("CREATE TABLE t (a)");
		const source = await own.tail(path);
		const death = new Promise<string>((resolve) => source.onLost((fault) => resolve(reasonOf(fault))));
		process.kill(own.pid, "SIGKILL");
		expect(await death).toContain("SIGKILL");
		await source.stop();
		second.close();
	});
});

test("drain waits for what was committed before the call; commits before the first subscriber are kept for it", async () => {
	const writer = database("CREATE TABLE t (a)");
	const tail = await follow();
	for (let n = 1; n <= 300; n++) {
		writer.prepare("INSERT INTO t VALUES (?)").run(n);
		if (n % 3 !== 0) continue;
		await tail.drain();
		expect(tail.index).toBe(n);
	}
	const seen: number[] = [];
	tail.subscribe((commit) => seen.push(commit.index));
	expect(seen).toHaveLength(300);
	writer.close();
});
