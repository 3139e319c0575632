import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RowChange } from "../contract/effects.ts";
import { type Collector, captureByTriggers, createShadowState, netChanges, openCollector } from "./index.ts";

const schema = `
	CREATE TABLE accounts (id INTEGER PRIMARY KEY, owner TEXT, cents INT, rate REAL, anything);
	CREATE TABLE codes (code TEXT COLLATE NOCASE UNIQUE, a, b REAL, s AS (typeof(a)) STORED, UNIQUE (a, b));
	CREATE TABLE log (n INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT);
	CREATE UNIQUE INDEX owner_rate ON accounts (owner, rate) WHERE rate > 0;
	CREATE TRIGGER logged AFTER UPDATE ON accounts BEGIN INSERT INTO log (what) VALUES (NEW.owner); END;
`;

const id = fc.integer({ min: 1, max: 8 });
const real = fc.oneof(fc.constantFrom(0, 1, 2.5, -3), fc.double({ noNaN: true }));
const value = fc.oneof(
	fc.constant(null),
	fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
	fc.bigInt({ min: -2n, max: 2n }),
	real,
	fc.string({ maxLength: 8 }),
	fc.uint8Array({ maxLength: 8 }),
	fc.constantFrom("long".repeat(1200), "other".repeat(2000)),
);
const text = fc.constantFrom("a", "A", "b", "B", "c");

type Statement = { sql: string; values: readonly (null | bigint | number | string | Uint8Array)[] };
const or = fc.constantFrom("", "OR IGNORE", "OR REPLACE");
const statement: fc.Arbitrary<Statement> = fc.oneof(
	fc.tuple(or, id, text, value, real, value).map(([o, ...values]) => ({ sql: `INSERT ${o} INTO accounts VALUES (?, ?, ?, ?, ?)`, values })),
	fc.tuple(or, text, value, real).map(([o, ...values]) => ({ sql: `INSERT ${o} INTO codes (code, a, b) VALUES (?, ?, ?)`, values })),
	fc.tuple(or, value, real, id).map(([o, ...values]) => ({ sql: `UPDATE ${o} accounts SET anything = ?, rate = ? WHERE id >= ?`, values })),
	fc.tuple(or, id, id).map(([o, ...values]) => ({ sql: `UPDATE ${o} accounts SET id = ? WHERE id = ?`, values })),
	fc.tuple(or, text, text).map(([o, ...values]) => ({ sql: `UPDATE ${o} codes SET code = ? WHERE code = ?`, values })),
	fc.tuple(id).map((values) => ({ sql: "DELETE FROM accounts WHERE id < ?", values })),
	fc.tuple(text).map((values) => ({ sql: "DELETE FROM codes WHERE code = ?", values })),
	fc
		.tuple(text, value)
		.map((values) => ({ sql: "INSERT INTO codes (code, a) VALUES (?, ?) ON CONFLICT (code) DO UPDATE SET a = excluded.a, b = 7", values })),
	fc.constant({ sql: "DELETE FROM log", values: [] }),
);
const transactions = fc.array(fc.array(statement, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 6 });

let collector: Collector;
let dir: string;
let count = 0;

beforeAll(async () => {
	dir = mkdtempSync(join(tmpdir(), "phoenix-capture-"));
	collector = await openCollector();
});
afterAll(async () => {
	await collector.stop();
	rmSync(dir, { recursive: true, force: true });
});

function create(): { path: string; database: DatabaseSync } {
	const path = join(dir, `${count++}.db`);
	const database = new DatabaseSync(path);
	database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; ${schema}`);
	return { path, database };
}

function run(database: DatabaseSync, statements: readonly Statement[]): void {
	database.exec("BEGIN");
	for (const { sql, values } of statements) {
		try {
			database.prepare(sql).run(...values);
		} catch (error) {
			if (!(error instanceof Error && error.message.includes("constraint"))) throw error;
		}
	}
	database.exec("COMMIT");
}

test("the log's tail and the triggers tell the same of every transaction; a shadow follows it, and back", async () => {
	await fc.assert(
		fc.asyncProperty(transactions, async (work) => {
			const { path, database } = create();
			const capture = captureByTriggers(database);
			const source = await collector.tail(path);
			const shadowPath = join(dir, `shadow-${count}.db`);
			const shadow = createShadowState({ path: shadowPath });
			await shadow.clone(path, shadowPath);
			const seen: RowChange[][] = [];
			source.subscribe((commit) => seen.push(commit.changes));
			const captured: RowChange[][] = [];
			for (const statements of work) {
				run(database, statements);
				const changes = capture.take();
				if (changes.length > 0) captured.push(changes);
			}
			await source.drain();
			expect(seen).toEqual(captured);

			for (const changes of captured) expect(shadow.apply(changes)).toEqual({ rows: changes.length, displaced: 0 });
			expect(shadow.differences(path)).toEqual([]);
			// Everything once more, as after a restart: the end is the same.
			for (const changes of captured) shadow.apply(changes);
			expect(shadow.differences(path)).toEqual([]);
			for (const changes of captured.toReversed()) shadow.undo(changes);
			const empty = create();
			expect(shadow.differences(empty.path)).toEqual([]);
			shadow.close();
			empty.database.close();
			await source.stop();
			database.close();
		}),
		{ numRuns: 60 },
	);
}, 60_000);

test("changes of one row within one take are one change, and none if it ends as it began", () => {
	const { database } = create();
	database.exec("INSERT INTO accounts VALUES (1, 'a', 5, 0, NULL), (2, 'b', 5, 0, NULL), (3, 'c', 5, 0, NULL)");
	const capture = captureByTriggers(database);
	database.exec(`
		UPDATE accounts SET cents = 6 WHERE id = 1; UPDATE accounts SET cents = 5 WHERE id = 1;
		UPDATE accounts SET cents = 7 WHERE id = 2; UPDATE accounts SET cents = 8 WHERE id = 2;
		INSERT INTO accounts VALUES (4, 'd', 1, 0, NULL); DELETE FROM accounts WHERE id = 4;
		DELETE FROM accounts WHERE id = 3; INSERT INTO accounts VALUES (3, 'c', 9, 0, NULL);
		DELETE FROM log;
	`);
	expect(capture.take().map(({ key, kind, before, after }) => [key, kind, before?.cents, after?.cents])).toEqual([
		["2", "update", { i: "5" }, { i: "8" }],
		["3", "update", { i: "5" }, { i: "9" }],
	]);
	expect(capture.take()).toEqual([]);
	database.close();
});

test("rows that REPLACE pushes out are deletions", () => {
	const { database } = create();
	database.exec("INSERT INTO codes (code, a, b) VALUES ('x', 1, 1), ('y', 2, 2)");
	const capture = captureByTriggers(database);
	database.exec("INSERT OR REPLACE INTO codes (code, a, b) VALUES ('X', 2, 2)");
	expect(capture.take().map(({ key, kind }) => [key, kind])).toEqual([
		["1", "delete"],
		["2", "delete"],
		["3", "insert"],
	]);
	database.close();
});

test("netChanges joins a list over time: the first before-image against the last after-image", () => {
	const one = (kind: RowChange["kind"], before: string | null, after: string | null): RowChange => ({
		table: "t",
		key: "1",
		kind,
		before: before === null ? null : { a: { t: before } },
		after: after === null ? null : { a: { t: after } },
	});
	expect(netChanges([one("insert", null, "x"), one("update", "x", "y")])).toEqual([one("insert", null, "y")]);
	expect(netChanges([one("insert", null, "x"), one("delete", "x", null)])).toEqual([]);
	expect(netChanges([one("delete", "x", null), one("insert", null, "y")])).toEqual([one("update", "x", "y")]);
	const keys = ["10", "9", "-1", "9007199254740993", "9007199254740992"].map((key) => ({ ...one("insert", null, "x"), key }));
	expect(netChanges(keys).map((change) => change.key)).toEqual(["-1", "9", "10", "9007199254740992", "9007199254740993"]);
});

test("what is written unnoticed is no change, and what comes after it is seen again, an error included", () => {
	const database = new DatabaseSync(":memory:");
	database.exec(schema);
	const capture = captureByTriggers(database);
	const add = (owner: string) => database.prepare("INSERT INTO accounts (owner) VALUES (?)").run(owner);
	expect(capture.unnoticed(() => add("first")).changes).toBe(1);
	expect(() =>
		capture.unnoticed(() => {
			throw new Error("no");
		}),
	).toThrow("no");
	expect(capture.take()).toEqual([]);
	add("second");
	expect(capture.take()).toMatchObject([{ table: "accounts", key: "2", kind: "insert" }]);
	database.close();
});
