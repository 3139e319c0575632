import { copyFileSync, renameSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { expect } from "vitest";
import type { Commit, EffectSource } from "../../contract/effects.ts";
import { createRandom } from "./bank-history.ts";
import { differing, readTables, replay } from "./follow.ts";

/** A source under test. A new one is one more of these. */
export type Column = {
	name: string;
	journal: "wal" | "delete" | "truncate" | "persist" | "memory";
	open(path: string): Promise<EffectSource>;
	/** Commits that no look lies between: each its own, one for all, or one that names how many it holds. */
	unwatched: "apart" | "merged" | "named";
	/** A new column of a table: the commits go on with it, or the source says that it is lost. */
	schema: "followed" | "lost";
	/** 0.0 that becomes -0.0: a change, or none because SQL takes them for equal. */
	zeros: "apart" | "equal";
};

export type Trial = {
	column: Column;
	path: string;
	writer: DatabaseSync;
	/** Opens the source; it is stopped at the end of the trial. */
	open(): Promise<EffectSource>;
};

export type Rule = { id: string; says: string; prove(trial: Trial): Promise<void> };

/** The rules of SPEC.md ("Every source") as trials: the same history for each source. */
export const conformance: readonly Rule[] = [
	{
		id: "E1",
		says: "the rows of one transaction are one commit, sorted by table and key",
		prove: async (trial) => {
			const { commits } = await watch(trial, ["BEGIN; INSERT INTO t (id) VALUES (3), (1), (2); INSERT INTO u VALUES ('x', 1); COMMIT"]);
			expect(commits.map(({ changes }) => changes.map((change) => [change.kind, change.table, change.key]))).toEqual([
				[
					["insert", "t", "1"],
					["insert", "t", "2"],
					["insert", "t", "3"],
					["insert", "u", "1"],
				],
			]);
		},
	},
	{
		id: "E2",
		says: "a rollback, an index and an update that changes nothing are no commits",
		prove: async (trial) => {
			trial.writer.exec("INSERT INTO t VALUES (1, 'a', NULL)");
			const idle = ["BEGIN; DELETE FROM t; ROLLBACK", "CREATE INDEX i ON t (a)", "UPDATE t SET a = 'a'"];
			const { commits } = await watch(trial, [...idle, "UPDATE t SET a = 'A'"]);
			expect(commits.map(({ changes }) => changes.map((change) => [change.before?.a, change.after?.a]))).toEqual([
				[[{ t: "a" }, { t: "A" }]],
			]);
		},
	},
	{
		id: "E3",
		says: "values keep their storage class: NULL, integers beyond 2^53, reals that look like integers, blobs",
		prove: async (trial) => {
			const values = ["NULL", "9007199254740993", "-9223372036854775808", "1", "1.0", "'1'", "x'31'", "0.0", "1e300", "x''", "''"];
			const { commits } = await watch(trial, ["INSERT INTO t (id) VALUES (1)", ...values.map((value) => `UPDATE t SET b = ${value}`)]);
			expect(commits.slice(1).map(({ changes }) => changes[0]?.after?.b)).toEqual([
				{ i: "9007199254740993" },
				{ i: "-9223372036854775808" },
				{ i: "1" },
				{ r: 1 },
				{ t: "1" },
				{ b: "MQ==" },
				{ r: 0 },
				{ r: 1e300 },
				{ b: "" },
				{ t: "" },
			]);
		},
	},
	{
		id: "E4",
		says: "a value of many pages is whole, and ten bytes changed in it are seen",
		prove: async (trial) => {
			const [old, next] = [Buffer.alloc(60_000, 1), Buffer.alloc(60_000, 1).fill(2, 40_000, 40_010)];
			trial.writer.prepare("INSERT INTO t (id, b) VALUES (1, ?)").run(old);
			const { commits } = await watch(trial, [(writer) => writer.prepare("UPDATE t SET b = ?").run(next)]);
			expect(commits).toHaveLength(1);
			expect(commits[0]?.changes[0]?.before?.b).toEqual({ b: old.toString("base64") });
			expect(commits[0]?.changes[0]?.after?.b).toEqual({ b: next.toString("base64") });
		},
	},
	{
		id: "E5",
		says: "text arrives as written: quotes, line ends, accents, signs outside the basic plane, a zero inside",
		prove: async (trial) => {
			const text = 'O\'Brien "q"\r\n\té ß € 🙂 \0 end';
			const { commits } = await watch(trial, [(writer) => writer.prepare("INSERT INTO t (id, a) VALUES (1, ?)").run(text)]);
			expect(commits[0]?.changes[0]?.after?.a).toEqual({ t: text });
		},
	},
	{
		id: "E6",
		says: "a deletion holds the row as it was; a row that gets another key is gone there and new here; REPLACE tells what it pushed out",
		prove: async (trial) => {
			trial.writer.exec("INSERT INTO t VALUES (1, 'a', 2), (2, 'b', 3); INSERT INTO u VALUES ('x', 1)");
			const { commits } = await watch(trial, [
				"DELETE FROM t WHERE id = 1",
				"UPDATE t SET id = 7 WHERE id = 2",
				"INSERT OR REPLACE INTO u (rowid, code, n) VALUES (5, 'x', 2)",
			]);
			expect(commits.map(({ changes }) => changes.map(({ kind, key, before }) => [kind, key, before?.a ?? before?.n]))).toEqual([
				[["delete", "1", { t: "a" }]],
				[
					["delete", "2", { t: "b" }],
					["insert", "7", undefined],
				],
				[
					["delete", "1", { i: "1" }],
					["insert", "5", undefined],
				],
			]);
		},
	},
	{
		id: "E7",
		says: "what was committed before drain is delivered when it resolves; indexes run without gaps; `since` is before `at`, and never before the last `since`",
		prove: async (trial) => {
			const from = Date.now();
			const { commits } = await watch(
				trial,
				Array.from({ length: 25 }, (_, n) => `INSERT INTO t (id) VALUES (${n})`),
			);
			expect(commits.map((commit) => commit.index)).toEqual(Array.from({ length: 25 }, (_, n) => n + 1));
			for (const [place, { since, at }] of commits.entries()) {
				expect(since).toBeLessThanOrEqual(at);
				expect(since).toBeGreaterThanOrEqual(commits[place - 1]?.since ?? 0);
				expect(at).toBeGreaterThanOrEqual(from - 1);
			}
		},
	},
	{
		id: "E8",
		says: "a random history of 120 transactions, rollbacks among them, rebuilds the database row by row",
		prove: async (trial) => {
			const random = createRandom(31);
			trial.writer.exec("INSERT INTO t (id, a) VALUES (1, 'one'), (2, 'two')");
			const tables = readTables(trial.path);
			const history = Array.from({ length: 120 }, () => randomTransaction(random));
			const { commits } = await watch(trial, history);
			expect(commits.length).toBeGreaterThan(40);
			expect(replay(tables, { commits, schema: [] })).toEqual([]);
			expect(differing(tables, readTables(trial.path))).toEqual([]);
		},
	},
	{
		id: "E9",
		says: "commits between two looks are apart, or merged into their net change; which of the two is stated",
		prove: async (trial) => {
			const source = await trial.open();
			const commits: Commit[] = [];
			source.subscribe((commit) => commits.push(commit));
			// In one go: the event loop of this process gets no look in between.
			for (let n = 1; n <= 10; n++) trial.writer.exec(`INSERT INTO t (id, b) VALUES (${n}, 0); UPDATE t SET b = b + 1`);
			await source.drain();
			if (trial.column.unwatched === "named") {
				expect(commits.reduce((sum, { merged = 1 }) => sum + merged, 0)).toBe(20);
				expect(replay(new Map(), { commits, schema: [] })).toEqual([]);
				return;
			}
			const sizes = commits.map(({ changes }) => changes.length);
			expect(sizes).toEqual(
				trial.column.unwatched === "merged" ? [10] : Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? 1 : (n + 1) / 2)),
			);
		},
	},
	{
		id: "E10",
		says: "a new column is followed, or said to end the promise; never passed over",
		prove: async (trial) => {
			trial.writer.exec("INSERT INTO t (id) VALUES (1)");
			const source = await trial.open();
			const commits: Commit[] = [];
			const lost = new Promise<string>((resolve) => source.onLost(resolve));
			source.subscribe((commit) => commits.push(commit));
			trial.writer.exec("ALTER TABLE t ADD COLUMN late; UPDATE t SET late = 5");
			if (trial.column.schema === "lost") {
				await expect(source.drain()).rejects.toMatchObject({ code: "DATABASE_UNSUITABLE" });
				expect(await lost).toContain("columns");
			} else {
				await source.drain();
				expect(commits.at(-1)?.changes[0]?.after?.late).toEqual({ i: "5" });
			}
		},
	},
	{
		id: "E11",
		says: "a file put in the place of the database is told once, and drain fails from then on",
		prove: async (trial) => {
			const source = await trial.open();
			const reasons: string[] = [];
			const lost = new Promise<void>((resolve) => {
				source.onLost((reason) => {
					reasons.push(reason);
					resolve();
				});
			});
			copyFileSync(trial.path, `${trial.path}.new`);
			renameSync(`${trial.path}.new`, trial.path);
			await lost;
			await expect(source.drain()).rejects.toMatchObject({ code: "DATABASE_UNSUITABLE" });
			expect(reasons).toEqual([expect.stringContaining("replaced")]);
		},
	},
	{
		id: "E12",
		says: "a source opened again begins at the present state: nothing from before, nothing twice",
		prove: async (trial) => {
			const first = await trial.open();
			trial.writer.exec("INSERT INTO t (id) VALUES (1)");
			await first.drain();
			expect(first.index).toBe(1);
			await first.stop();
			trial.writer.exec("INSERT INTO t (id) VALUES (2)");
			const { commits } = await watch(trial, ["INSERT INTO t (id) VALUES (3)"]);
			expect(commits.map(({ index, changes }) => [index, changes.map((change) => change.key)])).toEqual([[1, ["3"]]]);
		},
	},
	{
		id: "E13",
		says: "a table without rowid is refused by its name, at the opening and when it comes later",
		prove: async (trial) => {
			trial.writer.exec("CREATE TABLE codes (code TEXT PRIMARY KEY) WITHOUT ROWID");
			await expect(trial.open()).rejects.toMatchObject({ code: "DATABASE_UNSUITABLE", data: { reason: expect.stringContaining("codes") } });
			trial.writer.exec("DROP TABLE codes");
			const source = await trial.open();
			const lost = new Promise<string>((resolve) => source.onLost(resolve));
			trial.writer.exec("CREATE TABLE latecomer (code TEXT PRIMARY KEY) WITHOUT ROWID");
			expect(await lost).toContain("latecomer");
		},
	},
	{
		id: "E14",
		says: "0.0 that becomes -0.0 is a change, or passed over as SQL takes them for equal; which of the two is stated",
		prove: async (trial) => {
			trial.writer.exec("INSERT INTO t VALUES (1, 'a', 0.0)");
			const { commits } = await watch(trial, ["UPDATE t SET b = -0.0", "UPDATE t SET a = 'b'"]);
			expect(commits.map(({ changes }) => changes[0]?.after?.a)).toEqual(
				trial.column.zeros === "apart" ? [{ t: "a" }, { t: "b" }] : [{ t: "b" }],
			);
		},
	},
];

type Step = string | ((writer: DatabaseSync) => unknown);

/** Runs the steps with the source open and drained after each, and gives what it delivered. */
async function watch(trial: Trial, steps: readonly Step[]): Promise<{ commits: Commit[] }> {
	const source = await trial.open();
	const commits: Commit[] = [];
	source.subscribe((commit) => commits.push(commit));
	for (const step of steps) {
		if (typeof step === "string") trial.writer.exec(step);
		else step(trial.writer);
		await source.drain();
	}
	return { commits };
}

function randomTransaction(random: () => number): string {
	const id = () => Math.floor(random() * 12);
	const value = () => ["NULL", "1", "1.0", "'text'", "x'00ff'", "zeroblob(9000)", "-0.5", "'A'", "'a'"][Math.floor(random() * 9)];
	const statements = Array.from({ length: 1 + Math.floor(random() * 4) }, () => {
		const kinds = [
			`INSERT OR REPLACE INTO t VALUES (${id()}, 'row', ${value()})`,
			`UPDATE t SET b = ${value()} WHERE id >= ${id()}`,
			`UPDATE OR IGNORE t SET id = id + 1 WHERE id = ${id()}`,
			`DELETE FROM t WHERE id = ${id()}`,
			`INSERT OR REPLACE INTO u VALUES ('code ${id()}', ${value()})`,
			`DELETE FROM u WHERE n IS ${value()}`,
		];
		return kinds[Math.floor(random() * kinds.length)];
	});
	return `BEGIN; ${statements.join("; ")}; ${random() < 0.15 ? "ROLLBACK" : "COMMIT"}`;
}
