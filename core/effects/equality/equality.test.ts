import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { createShadowState } from "../shadow-state.ts";
import type { EqualityLook } from "./messages.ts";
import { type Equality, openEquality } from "./open-equality.ts";
import { createTableWalk } from "./walk-tables.ts";

const schema =
	"CREATE TABLE accounts (name TEXT COLLATE NOCASE, cents INTEGER, rate); CREATE TABLE log (id INTEGER PRIMARY KEY, line TEXT)";
const ended: (() => unknown)[] = [];
afterEach(async () => {
	for (const end of ended.splice(0)) await end();
});

function twoDatabases(sql = schema) {
	const dir = mkdtempSync(join(tmpdir(), "phoenix-equality-"));
	ended.push(() => rmSync(dir, { recursive: true, force: true }));
	const paths = { here: join(dir, "shadow.db"), there: join(dir, "bank.db") };
	const [here, there] = [paths.here, paths.there].map((path) => {
		const database = new DatabaseSync(path);
		database.exec(`PRAGMA journal_mode = WAL; ${sql}`);
		ended.unshift(() => database.close());
		return database;
	}) as [DatabaseSync, DatabaseSync];
	return { ...paths, here: { path: paths.here, database: here }, there: { path: paths.there, database: there } };
}

function watched(databases: ReturnType<typeof twoDatabases>): Equality {
	const equality = openEquality({ here: databases.here.path, there: databases.there.path });
	ended.unshift(() => equality.close());
	return equality;
}

const fill = (database: DatabaseSync, rows: number) =>
	database.exec(
		`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows}) INSERT INTO accounts SELECT 'a' || i, i, i * 0.5 FROM n; INSERT INTO log (line) SELECT name FROM accounts`,
	);

async function pass(equality: Equality, budgetRows: number): Promise<EqualityLook[]> {
	const looks: EqualityLook[] = [];
	do looks.push(await equality.look(budgetRows));
	while (looks.at(-1)?.whole === null);
	return looks;
}

describe("equality of whole tables", () => {
	it("[S4] goes through all rows of all tables, never more than asked at a time", async () => {
		const databases = twoDatabases();
		for (const { database } of [databases.here, databases.there]) fill(database, 2_500);
		const looks = await pass(watched(databases), 1_000);
		expect(looks.map(({ rows }) => rows)).toEqual([1_000, 1_000, 1_000, 1_000, 1_000]);
		expect(looks.at(-1)?.whole).toEqual({ tables: 2, rows: 5_000 });
		expect(looks.flatMap(({ differing }) => differing)).toEqual([]);
	});
	it("[S4] tells rows by their number: changed, missing, extra, of another storage class, of another case", async () => {
		const databases = twoDatabases();
		for (const { database } of [databases.here, databases.there]) fill(database, 50);
		databases.here.database.exec(
			"UPDATE accounts SET cents = 0 WHERE rowid = 7; DELETE FROM accounts WHERE rowid = 50; INSERT INTO log VALUES (900, 'x'); UPDATE accounts SET rate = 2 WHERE rowid = 4; UPDATE accounts SET name = 'A9' WHERE rowid = 9",
		);
		const [look] = await pass(watched(databases), 10_000);
		expect(look?.differing).toEqual([
			{
				table: "accounts",
				keys: ["4", "7", "9", "50"],
				count: 4,
				sample: ["row 4: rate 2 / 2.0", "row 7: cents 0 / 7", "row 9: name 'A9' / 'a9'", "row 50: only there"],
			},
			{ table: "log", keys: ["900"], count: 1, sample: ["row 900: only here"] },
		]);
	});
	it("[S4] tells tables and columns that only one side has", async () => {
		const databases = twoDatabases();
		databases.there.database.exec("CREATE TABLE fresh (a); ALTER TABLE log ADD COLUMN more TEXT");
		const [look] = await pass(watched(databases), 100);
		expect(look?.differing.map(({ table, keys, sample }) => [table, keys, ...sample])).toEqual([
			["log", null, "columns id, line / id, line, more"],
			["fresh", null, "only there"],
		]);
	});
	it("[S4] holds up no writer of either side, and sees what was committed before the look", async () => {
		const databases = twoDatabases();
		for (const { database } of [databases.here, databases.there]) fill(database, 100);
		const equality = watched(databases);
		await equality.look(1_000);
		databases.there.database.exec(
			"PRAGMA busy_timeout = 0; UPDATE accounts SET cents = -1 WHERE rowid = 3; PRAGMA wal_checkpoint(TRUNCATE)",
		);
		expect((await equality.look(1_000)).differing).toMatchObject([{ table: "accounts", keys: ["3"] }]);
		databases.here.database.exec("UPDATE accounts SET cents = -1 WHERE rowid = 3");
		expect((await equality.look(1_000)).differing).toEqual([]);
	});
	it("[S4] says why when a database cannot be read", async () => {
		const databases = twoDatabases();
		const equality = openEquality({ here: databases.here.path, there: join(databases.there.path, "nothing") });
		ended.unshift(() => equality.close());
		await expect(equality.look(10)).rejects.toThrow(/unable to open/);
	});
	it("[S4] finds the rows that a comparison of whole tables finds, however the parts are cut", () => {
		const row = fc.tuple(fc.integer({ min: -40, max: 40 }), fc.constantFrom(null, "a", "A", 1, 1.5, "é"));
		fc.assert(
			fc.property(fc.array(row), fc.array(row), fc.integer({ min: 1, max: 9 }), (here, there, budget) => {
				const databases = twoDatabases("CREATE TABLE t (v)");
				const put = (database: DatabaseSync, rows: [number, null | string | number][]) => {
					const insert = database.prepare("INSERT OR REPLACE INTO t (rowid, v) VALUES (?, ?)");
					for (const [key, value] of rows) insert.run(key, value);
				};
				put(databases.here.database, here);
				put(databases.there.database, there);
				const database = new DatabaseSync(databases.here.path, { readOnly: true });
				database.prepare("ATTACH ? AS other").run(databases.there.path);
				const walk = createTableWalk(database);
				const keys = new Set<string>();
				for (let look = walk(budget), looks = 0; ; look = walk(budget), looks++) {
					for (const found of look.differing) for (const key of found.keys ?? []) keys.add(key);
					if (look.whole !== null) break;
					expect(looks).toBeLessThan(200);
				}
				database.close();
				const state = createShadowState({ path: databases.here.path });
				const whole = state.differences(databases.there.path);
				state.close();
				expect(keys.size).toBe(whole[0]?.count ?? 0);
			}),
			{ numRuns: 60 },
		);
	});
});
