import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { RowChange } from "../contract/effects.ts";
import { captureByTriggers, createShadowState, type ShadowState } from "./index.ts";
import { startWriter } from "./testing/follow.ts";

let dir: string;
let legacyPath: string;
let shadowPath: string;
let legacy: DatabaseSync;
let shadow: ShadowState;

beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), "phoenix-shadow-"));
	legacyPath = join(dir, "legacy.db");
	shadowPath = join(dir, "shadow.db");
	legacy = new DatabaseSync(legacyPath);
	legacy.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF");
	shadow = createShadowState({ path: shadowPath });
});
afterEach(() => {
	shadow.close();
	legacy.close();
	rmSync(dir, { recursive: true, force: true });
});

async function start(sql: string): Promise<(sql: string) => RowChange[]> {
	legacy.exec(sql);
	await shadow.clone(legacyPath, shadowPath);
	const capture = captureByTriggers(legacy);
	return (work) => {
		legacy.exec(work);
		return capture.take();
	};
}

function onShadow(sql: string): RowChange[] {
	const modern = new DatabaseSync(shadowPath, { enableForeignKeyConstraints: false });
	const capture = captureByTriggers(modern);
	modern.exec(sql);
	const changes = capture.take();
	modern.close();
	return changes;
}

test("rows that trade a unique value within one change are put right", async () => {
	const change = await start("CREATE TABLE t (id INTEGER PRIMARY KEY, u UNIQUE); INSERT INTO t VALUES (1, 'a'), (2, 'b')");
	const swap = change("UPDATE t SET u = 'x' WHERE id = 1; UPDATE t SET u = 'a' WHERE id = 2; UPDATE t SET u = 'b' WHERE id = 1");
	expect(shadow.apply(swap)).toEqual({ rows: 2, displaced: 0 });
	expect(shadow.differences(legacyPath)).toEqual([]);
});

test("the triggers of legacy do not act a second time, and are there afterwards", async () => {
	const change = await start(`
		CREATE TABLE t (id INTEGER PRIMARY KEY, a); CREATE TABLE log (n INTEGER PRIMARY KEY, a);
		CREATE TRIGGER noted AFTER INSERT ON t BEGIN INSERT INTO log (a) VALUES (NEW.a); END;
	`);
	shadow.apply(change("INSERT INTO t VALUES (1, 'x')"));
	expect(shadow.differences(legacyPath)).toEqual([]);
	expect(onShadow("INSERT INTO t VALUES (2, 'y')").map(({ table }) => table)).toEqual(["log", "t"]);
});

test("a row that is in the way without a change of its own is displaced and counted", async () => {
	const change = await start("CREATE TABLE t (id INTEGER PRIMARY KEY, u UNIQUE)");
	onShadow("INSERT INTO t VALUES (9, 'a')");
	expect(shadow.apply(change("INSERT INTO t VALUES (1, 'a')"))).toEqual({ rows: 1, displaced: 1 });
	expect(shadow.differences(legacyPath)).toEqual([]);
});

test("after the new service's rows are taken back, the next automatic number is legacy's", async () => {
	const change = await start(
		"CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a); INSERT INTO t (a) VALUES (1), (2); DELETE FROM t WHERE id = 2",
	);
	const wrong = onShadow("INSERT INTO t (a) VALUES (3), (4)");
	expect(wrong.map(({ key }) => key)).toEqual(["3", "4"]);
	shadow.undo(wrong);
	expect(onShadow("INSERT INTO t (a) VALUES (5)").map(({ key }) => key)).toEqual(["3"]);
	shadow.undo([{ table: "t", key: "3", kind: "insert", before: null, after: { id: { i: "3" }, a: { i: "5" } } }]);
	shadow.apply(change("INSERT INTO t (a) VALUES (6)"));
	expect(shadow.differences(legacyPath)).toEqual([]);
});

test("taking back and putting on is one transaction that readers never see half done", async () => {
	const change = await start("CREATE TABLE t (id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (1, 10)");
	const modern = onShadow("UPDATE t SET a = 99; INSERT INTO t VALUES (2, 99)");
	const reader = new DatabaseSync(shadowPath, { readOnly: true });
	reader.exec("BEGIN");
	const before = reader.prepare("SELECT * FROM t").all();
	const real = change("UPDATE t SET a = 11; INSERT INTO t VALUES (2, 12)");
	expect(shadow.applyAndUndo(modern, real)).toEqual({ rows: 2, displaced: 0 });
	expect(reader.prepare("SELECT * FROM t").all()).toEqual(before);
	reader.close();
	expect(shadow.differences(legacyPath)).toEqual([]);
});

test("differences name tables, counts and rows; storage class and letter case count; what is ignored is not looked at", async () => {
	await start(`
		CREATE TABLE t (id INTEGER PRIMARY KEY, a COLLATE NOCASE, b); CREATE TABLE noise (a); CREATE TABLE same (a);
		INSERT INTO t VALUES (1, 'x', 1), (2, 'x', 2), (3, 'x', 3); INSERT INTO same VALUES (1);
	`);
	legacy.exec(
		"UPDATE t SET a = 'X' WHERE id = 1; UPDATE t SET b = 2.0 WHERE id = 2; DELETE FROM t WHERE id = 3; INSERT INTO noise VALUES (1); CREATE TABLE more (a)",
	);
	expect(shadow.differences(legacyPath, { ignore: ["noise"] })).toEqual([
		{ table: "t", count: 3, sample: ["row 1: a 'x' / 'X'", "row 2: b 2 / 2.0", "row 3: only here"] },
		{ table: "more", count: 0, sample: ["only there"] },
	]);
	expect(() => shadow.differences(join(dir, "none.db"))).toThrow(expect.objectContaining({ code: "SOURCE_UNREADABLE" }));
});

test("a change for a table or column that is not there is refused by name, and nothing of it is written", async () => {
	const change = await start("CREATE TABLE t (id INTEGER PRIMARY KEY, a)");
	const fits = change("INSERT INTO t VALUES (1, 1)");
	const wider = fits.map((one) => ({ ...one, key: "2", after: { ...one.after, extra: null } }));
	expect(() => shadow.apply([...fits, ...wider])).toThrow(expect.objectContaining({ code: "DATABASE_UNSUITABLE" }));
	expect(() => shadow.apply(fits.map((one) => ({ ...one, table: "none" })))).toThrow(
		expect.objectContaining({ code: "DATABASE_UNSUITABLE" }),
	);
	expect(shadow.differences(legacyPath)).toEqual([{ table: "t", count: 1, sample: ["row 1: only there"] }]);
});

test("a copy made under a writer at full speed is one state of it, with progress; a cancelled one leaves nothing", async () => {
	const setup = await startWriter(legacyPath, 5, 1500, 0);
	await setup.done;
	const writer = await startWriter(legacyPath, 6, 800, 0);
	const steps: [number, number][] = [];
	const aborted = new AbortController();
	const cancelled = join(dir, "cancelled.db");
	await shadow.clone(legacyPath, shadowPath, { onProgress: (done, total) => steps.push([done, total]) });
	const copying = shadow.clone(legacyPath, cancelled, { onProgress: () => aborted.abort() }, aborted.signal);
	await expect(copying).rejects.toMatchObject({ code: "CANCELLED" });
	expect([cancelled, `${cancelled}.part`].map((path) => existsSync(path))).toEqual([false, false]);
	await writer.done;
	const copy = new DatabaseSync(shadowPath);
	expect(copy.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
	expect(copy.prepare("SELECT count(*) AS n, max(n) AS last FROM ticks").get()).toSatisfy(({ n, last }) => n === last && n > 1000);
	copy.close();
	expect(steps.length).toBeGreaterThan(1);
}, 30_000);
