import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { reasonOf } from "../../base/index.ts";
import type { Commit } from "../../contract/effects.ts";
import { openSnapshot, type SnapshotSource } from "./open-snapshot.ts";

let dir: string;
let path: string;
let writer: DatabaseSync;
let source: SnapshotSource | null = null;

beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), "phoenix-snapshot-"));
	path = join(dir, "legacy.db");
	writer = new DatabaseSync(path);
	writer.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (1, 'one')");
});
afterEach(async () => {
	await source?.stop();
	source = null;
	writer.close();
	rmSync(dir, { recursive: true, force: true });
});

test("[N1] looking changes not one byte of the file", async () => {
	const before = readFileSync(path);
	source = await openSnapshot(path, { pollMs: 5 });
	await source.drain();
	await source.stop();
	expect(readFileSync(path).equals(before)).toBe(true);
});

test("[N2] [N3] what came and went between two looks is not seen; the poll delivers without a drain", async () => {
	source = await openSnapshot(path, { pollMs: 5 });
	const commits: Commit[] = [];
	source.subscribe((commit) => commits.push(commit));
	writer.exec("INSERT INTO t VALUES (2, 'two'); DELETE FROM t WHERE id = 2");
	await source.drain();
	expect(commits).toEqual([]);
	writer.exec("INSERT INTO t VALUES (3, 'three'); UPDATE t SET a = 'last' WHERE id = 3");
	while (commits.length === 0) await sleep(5);
	expect(commits.map(({ changes }) => changes)).toEqual([
		[{ table: "t", key: "3", kind: "insert", before: null, after: { id: { i: "3" }, a: { t: "last" } } }],
	]);
});

test("[N4] a locked database fails drain only: what was committed under the lock is delivered after it", async () => {
	source = await openSnapshot(path, { pollMs: 5, lockTimeoutMs: 100 });
	const reasons: string[] = [];
	source.onLost((fault) => reasons.push(reasonOf(fault)));
	writer.exec("BEGIN EXCLUSIVE; INSERT INTO t VALUES (2, 'two')");
	await expect(source.drain()).rejects.toMatchObject({ code: "DATABASE_LOCKED" });
	await expect(openSnapshot(path, { lockTimeoutMs: 50 })).rejects.toMatchObject({ code: "DATABASE_LOCKED" });
	writer.exec("COMMIT");
	await source.drain();
	expect([source.index, reasons]).toEqual([1, []]);
});

test("[N5] another table ends the promise, an index does not; a stopped source says so", async () => {
	source = await openSnapshot(path, { pollMs: 60_000 });
	writer.exec("CREATE INDEX i ON t (a)");
	await source.drain();
	writer.exec("CREATE TABLE u (a)");
	await expect(source.drain()).rejects.toMatchObject({ data: { reason: expect.stringContaining("tables") } });
	await source.stop();

	source = await openSnapshot(path, { pollMs: 60_000 });
	expect(source.tables).toEqual(["t", "u"]);
	await source.stop();
	await expect(source.drain()).rejects.toMatchObject({ data: { reason: "it was stopped" } });
});

test("a missing file and one that is no database are refused by name", async () => {
	await expect(openSnapshot(join(dir, "none.db"))).rejects.toMatchObject({ code: "SOURCE_UNREADABLE" });
	await expect(openSnapshot(new URL(import.meta.url).pathname)).rejects.toMatchObject({ code: "DATABASE_UNSUITABLE" });
});
