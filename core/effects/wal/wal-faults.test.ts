import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { reasonOf } from "../../base/index.ts";
import { openCollector } from "../index.ts";

let dir = "";
let path = "";
const cleanups: (() => unknown)[] = [];

beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), "phoenix-effects-"));
	path = join(dir, "legacy.db");
	const database = new DatabaseSync(path);
	database.exec("PRAGMA journal_mode = WAL; CREATE TABLE t (n INTEGER PRIMARY KEY)");
	database.close();
});
afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
	rmSync(dir, { recursive: true, force: true });
});

/** A Python program that does `code` with `db`, says so, and stays until it is ended. */
async function holder(code: string) {
	const program = `import sqlite3, sys, time\ndb = sqlite3.connect(sys.argv[1], isolation_level=None)\n${code}\nprint("ready", flush=True)\ntime.sleep(60)`;
	const child = spawn("python3", ["-c", program, path], { stdio: ["ignore", "pipe", "inherit"] });
	cleanups.push(() => child.kill("SIGKILL"));
	await once(child.stdout, "data");
	return child;
}

test("[W4] a database that another process keeps locked is DATABASE_LOCKED within the limit, and can be followed once it is free", async () => {
	const collector = await openCollector();
	cleanups.push(() => collector.stop());
	const child = await holder(
		'db.execute("PRAGMA locking_mode = EXCLUSIVE"); db.execute("BEGIN EXCLUSIVE"); db.execute("INSERT INTO t VALUES (1)")',
	);
	const from = performance.now();
	await expect(collector.tail(path, { lockTimeoutMs: 400 })).rejects.toMatchObject({ code: "DATABASE_LOCKED", data: { file: path } });
	expect(performance.now() - from).toBeGreaterThan(300);
	expect(performance.now() - from).toBeLessThan(4000);
	child.kill("SIGKILL");
	await once(child, "exit");
	const source = await collector.tail(path);
	const database = new DatabaseSync(path);
	database.exec("INSERT INTO t VALUES (2)");
	await source.drain();
	database.close();
	expect(source.index).toBe(1);
});

test("[W4] a transaction that a writer holds open does not keep the tail from opening", async () => {
	const collector = await openCollector();
	cleanups.push(() => collector.stop());
	await holder('db.execute("BEGIN IMMEDIATE"); db.execute("INSERT INTO t VALUES (1)")');
	const source = await collector.tail(path);
	await source.drain();
	expect(source.index).toBe(0);
});

test("[W5] a frame that does not fit its checksum is never taken for rows: the loss is told once and drain fails", async () => {
	const database = new DatabaseSync(path);
	cleanups.push(() => database.close());
	database.exec("PRAGMA wal_autocheckpoint = 0");
	const collector = await openCollector();
	cleanups.push(() => collector.stop());
	const source = await collector.tail(path);
	const reasons: string[] = [];
	source.onLost((fault) => reasons.push(reasonOf(fault)));
	await source.drain();
	process.kill(collector.pid, "SIGSTOP");
	database.exec("INSERT INTO t VALUES (1)");
	const log = openSync(`${path}-wal`, "r+");
	// The last bytes of the last frame belong to its page, not to its header.
	writeSync(log, Buffer.from([0xa5, 0x5a]), 0, 2, statSync(`${path}-wal`).size - 2);
	closeSync(log);
	process.kill(collector.pid, "SIGCONT");
	await expect(source.drain()).rejects.toMatchObject({ code: "DATABASE_UNSUITABLE" });
	expect(reasons).toHaveLength(1);
	expect(reasons[0]).toContain("do not fit their checksums");
	expect(source.index).toBe(0);
});
