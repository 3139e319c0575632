import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Commit } from "../../contract/effects.ts";
import { type Collector, cloneDatabase, openCollector, openSource, openWalTail, removeLeftTriggers, type WalSource } from "../index.ts";
import { differing, readTables, replay } from "../testing/follow.ts";

let collector: Collector;
let dir: string;
let path: string;
let writer: DatabaseSync;
const sources: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
	collector = await openCollector();
});
afterAll(() => collector.stop());
beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), "phoenix-triggers-"));
	path = join(dir, "legacy.db");
	writer = new DatabaseSync(path, { timeout: 5000 });
	writer.exec("PRAGMA synchronous = OFF");
});
afterEach(async () => {
	for (const source of sources.splice(0)) await source.stop();
	writer.close();
	rmSync(dir, { recursive: true, force: true });
});

async function follow(options: { keepEntries?: number } = {}): Promise<{ source: WalSource; commits: Commit[] }> {
	const source = await collector.tail(path, { method: "triggers", ...options });
	sources.push(source);
	const commits: Commit[] = [];
	source.subscribe((commit) => commits.push(commit));
	return { source, commits };
}

const objects = () => writer.prepare("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name").all();
const told = ({ changes }: Commit) => changes.map(({ kind, table, key, before, after }) => [kind, table, key, before?.a, after?.a]);

test("[T1] what was added is taken away at the end; the schema is what it was", async () => {
	writer.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, a); CREATE TABLE "odd name" ("a b" UNIQUE, "c\'d")');
	const before = objects();
	const { source } = await follow();
	expect(objects().filter(({ name }) => String(name).startsWith("_phoenix_changes"))).toHaveLength(2 + 1 + 2 * 6);
	writer.exec('INSERT INTO "odd name" VALUES (1, 2)');
	await source.drain();
	await source.stop();
	expect(objects()).toEqual(before);
});

test("[T1] what a killed source left is taken away by the next one, by one that reads the log, and by hand; never from under a living one", async () => {
	writer.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, a)");
	const before = objects();
	const killed = async () => {
		const doomed = await openCollector();
		await doomed.tail(path, { method: "triggers" });
		expect(objects().length).toBeGreaterThan(before.length);
		await expect(collector.tail(path, { method: "triggers" })).rejects.toMatchObject({
			code: "INPUT_INVALID",
			data: { reason: expect.stringContaining(String(doomed.pid)) },
		});
		process.kill(doomed.pid, "SIGKILL");
		await doomed.stop();
		writer.exec("INSERT INTO t (a) VALUES ('unseen')");
	};
	await killed();
	const { source, commits } = await follow();
	writer.exec("INSERT INTO t (a) VALUES ('seen')");
	await source.drain();
	await source.stop();
	expect(commits.map(told)).toEqual([[["insert", "t", "2", undefined, { t: "seen" }]]]);
	expect(objects()).toEqual(before);

	await killed();
	expect(await removeLeftTriggers(path)).toBe(true);
	expect(await removeLeftTriggers(path)).toBe(false);
	expect(objects()).toEqual(before);

	await killed();
	const snapshot = await openSource({ database: path, way: "snapshot" });
	await snapshot.stop();
	expect(objects()).toEqual(before);

	await killed();
	writer.exec("PRAGMA journal_mode = WAL");
	const log = await openWalTail({ path });
	expect([log.tables, objects()]).toEqual([["t"], before]);
	await log.stop();
}, 30_000);

test("[T2] a REPLACE tells every row it pushes out, with and without recursive triggers", async () => {
	writer.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT COLLATE NOCASE UNIQUE, b, c, UNIQUE (b, c))");
	for (const recursive of ["OFF", "ON"]) {
		writer.exec(`PRAGMA recursive_triggers = ${recursive}; DELETE FROM t;
			INSERT INTO t VALUES (1, 'one', 1, 1), (2, 'two', 2, 2), (3, 'three', 3, 3), (4, 'four', NULL, 4)`);
		const { source, commits } = await follow();
		const tables = readTables(path);
		for (const statement of [
			"INSERT OR REPLACE INTO t VALUES (1, 'TWO', 3, 3)",
			"UPDATE OR REPLACE t SET id = 4, a = 'x' WHERE id = 1",
			"REPLACE INTO t (a, b, c) VALUES ('X', 4, 4), ('x', 5, 5)",
			"INSERT INTO t (a, b) VALUES ('x', 6) ON CONFLICT (a) DO UPDATE SET b = excluded.b",
			"INSERT OR IGNORE INTO t (a) VALUES ('X')",
		]) {
			writer.exec(statement);
			await source.drain();
		}
		expect(commits.map((commit) => commit.changes.map(({ kind, key }) => `${kind} ${key}`))).toEqual([
			["update 1", "delete 2", "delete 3"],
			["delete 1", "update 4"],
			["delete 4", "insert 6"],
			["update 6"],
		]);
		expect(replay(tables, { commits, schema: [] })).toEqual([]);
		expect(differing(tables, readTables(path))).toEqual([]);
		await source.stop();
	}
});

test("[T3] what triggers and foreign keys of the application change belongs to the commit", async () => {
	writer.exec(`PRAGMA foreign_keys = ON;
		CREATE TABLE t (id INTEGER PRIMARY KEY, a); CREATE TABLE total (a); INSERT INTO total VALUES (0);
		CREATE TABLE child (a, t REFERENCES t ON DELETE CASCADE);
		CREATE TRIGGER normal AFTER INSERT ON t BEGIN UPDATE t SET a = upper(a) WHERE id = NEW.id; UPDATE total SET a = a + 1; END;
		CREATE TRIGGER fleeting AFTER INSERT ON t WHEN NEW.a = 'gone' BEGIN DELETE FROM t WHERE id = NEW.id; END;
		CREATE TRIGGER early BEFORE UPDATE ON child BEGIN UPDATE total SET a = a + 10; END`);
	const { source, commits } = await follow();
	for (const statement of [
		"INSERT INTO t VALUES (1, 'new')",
		"INSERT INTO t VALUES (2, 'gone')",
		"INSERT INTO child VALUES ('c', 1)",
		"UPDATE child SET a = 'd'",
		"DELETE FROM t",
	]) {
		writer.exec(statement);
		await source.drain();
	}
	expect(commits.map(told)).toEqual([
		[
			["insert", "t", "1", undefined, { t: "NEW" }],
			["update", "total", "1", { i: "0" }, { i: "1" }],
		],
		[["update", "total", "1", { i: "1" }, { i: "2" }]],
		[["insert", "child", "1", undefined, { t: "c" }]],
		[
			["update", "child", "1", { t: "c" }, { t: "d" }],
			["update", "total", "1", { i: "2" }, { i: "12" }],
		],
		[
			["delete", "child", "1", { t: "d" }, undefined],
			["delete", "t", "1", { t: "NEW" }, undefined],
		],
	]);
});

test("[T4] legacy reads the same changes() and last_insert_rowid() as without the triggers", async () => {
	writer.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, a UNIQUE)");
	await follow();
	expect(writer.prepare("INSERT INTO t VALUES (41, 'x'), (42, 'y')").run()).toEqual({ changes: 2, lastInsertRowid: 42 });
	expect(writer.prepare("SELECT changes() AS c, last_insert_rowid() AS r").get()).toEqual({ c: 2, r: 42 });
	expect(writer.prepare("UPDATE t SET a = a || 'z'").run().changes).toBe(2);
});

test("[T5] the log holds a fixed number of entries, whatever the source does; one that falls behind says so and is lost", async () => {
	writer.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, a)");
	const { source, commits } = await follow({ keepEntries: 640 });
	const entries = () => Number(writer.prepare("SELECT count(*) AS n FROM _phoenix_changes").get()?.n);
	for (let n = 0; n < 10; n++) {
		writer.exec("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200) INSERT INTO t (a) SELECT i FROM n");
		await source.drain();
	}
	expect(commits.reduce((sum, commit) => sum + commit.changes.length, 0)).toBe(2000);
	expect(entries()).toBeLessThan(640 + 64);
	writer.exec("UPDATE t SET a = 0");
	await expect(source.drain()).rejects.toMatchObject({ data: { reason: expect.stringContaining("overrun") } });
	expect(writer.prepare("SELECT count(*) AS n FROM sqlite_schema").get()).toEqual({ n: 1 });
});

test("[T6] another schema, a switch to a log, missing triggers and a VACUUM that renumbers rows end the promise by name; an index does not", async () => {
	const cases: [string, string, RegExp][] = [
		["t (id INTEGER PRIMARY KEY, a)", "CREATE TRIGGER late AFTER INSERT ON t BEGIN SELECT 1; END", /triggers have changed/],
		["t (id INTEGER PRIMARY KEY, a)", "CREATE UNIQUE INDEX late ON t (a)", /unique indexes/],
		["t (id INTEGER PRIMARY KEY, a)", "DROP TABLE t", /its tables/],
		["t (id INTEGER PRIMARY KEY, a)", "DROP TRIGGER _phoenix_changes_0_born", /triggers have changed/],
		["t (a)", "CREATE INDEX i ON t (a); VACUUM", /VACUUM/],
	];
	for (const [table, act, reason] of cases) {
		writer.exec(`CREATE TABLE ${table}; INSERT INTO t (a) VALUES (1), (2)`);
		const { source } = await follow();
		writer.exec("CREATE INDEX quiet ON t (a)");
		await source.drain();
		writer.exec(act);
		await expect(source.drain(), act).rejects.toMatchObject({
			code: "DATABASE_UNSUITABLE",
			data: { reason: expect.stringMatching(reason) },
		});
		writer.exec("DROP TABLE IF EXISTS t; VACUUM");
	}
	writer.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (7, 1)");
	const { source, commits } = await follow();
	writer.exec("VACUUM; UPDATE t SET a = 2");
	await source.drain();
	expect(commits.map(told)).toEqual([[["update", "t", "7", { i: "1" }, { i: "2" }]]]);
	writer.exec("PRAGMA journal_mode = WAL");
	await expect(source.drain()).rejects.toMatchObject({ data: { reason: expect.stringContaining("switched") } });
}, 30_000);

test("[T7] a unique index on expressions alone and a database with a log are refused with what helps", async () => {
	writer.exec("CREATE TABLE t (a); CREATE UNIQUE INDEX folded ON t (lower(a))");
	await expect(follow()).rejects.toMatchObject({ code: "DATABASE_UNSUITABLE", data: { reason: expect.stringContaining("folded") } });
	writer.exec("DROP INDEX folded; PRAGMA journal_mode = WAL");
	await expect(follow()).rejects.toMatchObject({ data: { reason: expect.stringContaining("write-ahead log") } });
	expect(objects()).toHaveLength(1);
});

test("[T8] a legacy that waits for no lock and pauses between transactions is refused none, and each of its commits arrives alone, unasked", async () => {
	writer.exec("PRAGMA synchronous = FULL; CREATE TABLE t (id INTEGER PRIMARY KEY, a)");
	const { source, commits } = await follow();
	writer.exec("PRAGMA busy_timeout = 0");
	for (let n = 1; n <= 60; n++) {
		writer.exec(`BEGIN; INSERT INTO t VALUES (${n}, 0); UPDATE t SET a = a + 1 WHERE id > ${n - 3}; COMMIT`);
		while (source.index < n) await sleep(1);
	}
	expect(commits.map(({ merged }) => merged)).toEqual(Array.from({ length: 60 }, () => undefined));
	expect(replay(new Map(), { commits, schema: [] })).toEqual([]);
});

test("[T9] a merged commit names every row that its transactions touched, also one that came and went", async () => {
	writer.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, a)");
	const { source, commits } = await follow();
	process.kill(collector.pid, "SIGSTOP");
	writer.exec("INSERT INTO t VALUES (1, 'x'); INSERT INTO t VALUES (2, 'y'); DELETE FROM t WHERE id = 1");
	process.kill(collector.pid, "SIGCONT");
	await source.drain();
	expect(commits).toMatchObject([
		{
			merged: 3,
			changes: [
				{ key: "1", kind: "insert", before: null, after: null },
				{ key: "2", kind: "insert", before: null, after: { a: { t: "y" } } },
			],
		},
	]);
});

test("[T10] a transaction whose writer was killed in the middle is rolled back and never told", async () => {
	writer.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, a)");
	const { source, commits } = await follow();
	const program = `import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("PRAGMA cache_size = 5")
db.execute("BEGIN")
db.executemany("INSERT INTO t (a) VALUES (zeroblob(?))", [(3000,)] * 200)
print("ready", flush=True)
time.sleep(60)`;
	const child = spawn("python3", ["-c", program, path], { cwd: dir, env: process.env, stdio: ["ignore", "pipe", "inherit"] });
	await once(child.stdout, "data");
	child.kill("SIGKILL");
	await once(child, "exit");
	writer.exec("INSERT INTO t VALUES (1000, 'after')");
	await source.drain();
	expect(commits.map(told)).toEqual([[["insert", "t", "1000", undefined, { t: "after" }]]]);
});

test("[T1] a copy that is made while a source follows has none of its triggers", async () => {
	writer.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, a)");
	const before = objects();
	await follow();
	const to = join(dir, "copy.db");
	await cloneDatabase(path, to);
	const copy = new DatabaseSync(to);
	expect(copy.prepare("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name").all()).toEqual(before);
	copy.close();
});
