import { expect } from "vitest";
import { reasonOf } from "../../base/index.ts";
import type { Commit, EffectSource, SqlValue } from "../../contract/effects.ts";
import { createRandom } from "./bank-history.ts";
import { differing, replay } from "./follow.ts";
import type { Act, Engine, Legacy } from "./legacy.ts";

/** A source under test. A new one is one more of these. */
export type Column = {
	name: string;
	/** The database that it follows, and who writes it. */
	engine: Engine;
	open(place: string): Promise<EffectSource>;
	/** Commits that no look lies between: each its own, one for all, or one that names how many it holds. */
	unwatched: "apart" | "merged" | "named";
	/** A new column of a table: the commits go on with it, or the source says that it is lost. */
	schema: "followed" | "lost";
	/** 0.0 that becomes -0.0: a change, or none because SQL takes them for equal. */
	zeros: "apart" | "equal";
	/** A zero inside a text: kept, or no text of this engine has one. */
	zeroInText: "kept" | "no such text";
	/** What `onLost` says of a database that another was put in the place of. */
	replaced: string;
	/** Rules that such a source cannot keep, each with the reason; the table says them. */
	cannot?: Readonly<Record<string, string>>;
};

export type Trial = {
	column: Column;
	legacy: Legacy;
	/** Opens the source; it is stopped at the end of the trial. */
	open(): Promise<EffectSource>;
};

export type Rule = { id: string; says: string; prove(trial: Trial): Promise<void> };

const text = (value: string): SqlValue => ({ t: value });
const integer = (value: number): SqlValue => ({ i: String(value) });

/** The rules of SPEC.md ("Every source") as trials: the same history for each source. */
export const conformance: readonly Rule[] = [
	{
		id: "E1",
		says: "the rows of one transaction are one commit, sorted by table and key",
		prove: async (trial) => {
			const { commits } = await watch(trial, [
				(legacy) =>
					legacy.commit(...[3, 1, 2].map((key): Act => ({ act: "insert", table: "t", key, row: {} })), {
						act: "insert",
						table: "u",
						key: 1,
						row: { code: "x", n: integer(1) },
					}),
			]);
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
			await trial.legacy.commit({ act: "insert", table: "t", key: 1, row: { a: "a" } });
			const { commits } = await watch(trial, [
				(legacy) => legacy.rollback({ act: "delete", table: "t" }),
				(legacy) => legacy.createIndex(),
				(legacy) => legacy.commit({ act: "update", table: "t", row: { a: "a" } }),
				(legacy) => legacy.commit({ act: "update", table: "t", row: { a: "A" } }),
			]);
			expect(commits.map(({ changes }) => changes.map((change) => [change.before?.a, change.after?.a]))).toEqual([
				[[{ t: "a" }, { t: "A" }]],
			]);
		},
	},
	{
		id: "E3",
		says: "values keep their storage class: NULL, integers beyond 2^53, reals that look like integers, blobs",
		prove: async (trial) => {
			const values: SqlValue[] = [
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
			];
			const { commits } = await watch(trial, [
				(legacy) => legacy.commit({ act: "insert", table: "t", key: 1, row: {} }),
				...[null, ...values].map(
					(b): Step =>
						(legacy) =>
							legacy.commit({ act: "update", table: "t", row: { b } }),
				),
			]);
			expect(commits.map(({ changes }) => changes[0]?.after?.b)).toEqual([null, ...values]);
		},
	},
	{
		id: "E4",
		says: "a value of many pages is whole, and ten bytes changed in it are seen",
		prove: async (trial) => {
			const [old, next] = [Buffer.alloc(60_000, 1), Buffer.alloc(60_000, 1).fill(2, 40_000, 40_010)];
			await trial.legacy.commit({ act: "insert", table: "t", key: 1, row: { b: { b: old.toString("base64") } } });
			const { commits } = await watch(trial, [
				(legacy) => legacy.commit({ act: "update", table: "t", row: { b: { b: next.toString("base64") } } }),
			]);
			expect(commits).toHaveLength(1);
			expect(commits[0]?.changes[0]?.before?.b).toEqual({ b: old.toString("base64") });
			expect(commits[0]?.changes[0]?.after?.b).toEqual({ b: next.toString("base64") });
		},
	},
	{
		id: "E5",
		says: "text arrives as written: quotes, line ends, accents, signs outside the basic plane, a zero inside where the engine knows such texts",
		prove: async (trial) => {
			const written = `O'Brien "q"\r\n\té ß € 🙂 ${trial.column.zeroInText === "kept" ? "\0" : ""} end`;
			const { commits } = await watch(trial, [(legacy) => legacy.commit({ act: "insert", table: "t", key: 1, row: { a: written } })]);
			expect(commits[0]?.changes[0]?.after?.a).toEqual({ t: written });
		},
	},
	{
		id: "E6",
		says: "a deletion holds the row as it was; a row that gets another key is gone there and new here; REPLACE tells what it pushed out",
		prove: async (trial) => {
			await trial.legacy.commit(
				{ act: "insert", table: "t", key: 1, row: { a: "a", b: integer(2) } },
				{ act: "insert", table: "t", key: 2, row: { a: "b", b: integer(3) } },
				{ act: "insert", table: "u", key: 1, row: { code: "x", n: integer(1) } },
			);
			const { commits } = await watch(trial, [
				(legacy) => legacy.commit({ act: "delete", table: "t", key: 1 }),
				(legacy) => legacy.commit({ act: "rekey", key: 2, to: 7 }),
				(legacy) => legacy.commit({ act: "put", table: "u", key: 5, row: { code: "x", n: integer(2) } }),
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
				Array.from(
					{ length: 25 },
					(_, key): Step =>
						(legacy) =>
							legacy.commit({ act: "insert", table: "t", key, row: {} }),
				),
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
			await trial.legacy.commit(
				{ act: "insert", table: "t", key: 1, row: { a: "one" } },
				{ act: "insert", table: "t", key: 2, row: { a: "two" } },
			);
			const tables = await trial.legacy.rows();
			const { commits } = await watch(
				trial,
				Array.from({ length: 120 }, () => randomTransaction(random)),
			);
			expect(commits.length).toBeGreaterThan(40);
			expect(replay(tables, { commits, schema: [] })).toEqual([]);
			expect(differing(tables, await trial.legacy.rows())).toEqual([]);
		},
	},
	{
		id: "E9",
		says: "commits between two looks are apart, or merged into their net change; which of the two is stated",
		prove: async (trial) => {
			const source = await trial.open();
			const commits: Commit[] = [];
			source.subscribe((commit) => commits.push(commit));
			// In one go: a writer in this process gives the source no look in between.
			for (let key = 1; key <= 10; key++) {
				await trial.legacy.commit({ act: "insert", table: "t", key, row: { b: integer(0) } });
				await trial.legacy.commit({ act: "update", table: "t", row: { b: integer(key) } });
			}
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
			await trial.legacy.commit({ act: "insert", table: "t", key: 1, row: {} });
			const source = await trial.open();
			const commits: Commit[] = [];
			const lost = new Promise<string>((resolve) => source.onLost((fault) => resolve(reasonOf(fault))));
			source.subscribe((commit) => commits.push(commit));
			await trial.legacy.addColumn();
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
		says: "another database put in the place of this one is told once, and drain fails from then on",
		prove: async (trial) => {
			const source = await trial.open();
			const reasons: string[] = [];
			const lost = new Promise<void>((resolve) => {
				source.onLost((fault) => {
					reasons.push(reasonOf(fault));
					resolve();
				});
			});
			await trial.legacy.replace();
			await lost;
			await expect(source.drain()).rejects.toMatchObject({ code: "DATABASE_UNSUITABLE" });
			expect(reasons).toEqual([expect.stringContaining(trial.column.replaced)]);
		},
	},
	{
		id: "E12",
		says: "a source opened again begins at the present state: nothing from before, nothing twice",
		prove: async (trial) => {
			const first = await trial.open();
			await trial.legacy.commit({ act: "insert", table: "t", key: 1, row: {} });
			await first.drain();
			expect(first.index).toBe(1);
			await first.stop();
			await trial.legacy.commit({ act: "insert", table: "t", key: 2, row: {} });
			const { commits } = await watch(trial, [(legacy) => legacy.commit({ act: "insert", table: "t", key: 3, row: {} })]);
			expect(commits.map(({ index, changes }) => [index, changes.map((change) => change.key)])).toEqual([[1, ["3"]]]);
		},
	},
	{
		id: "E13",
		says: "a table whose rows cannot be followed (without rowid, without full images) is refused by its name, at the opening and when it comes later",
		prove: async (trial) => {
			await trial.legacy.createUnsuitable("codes");
			await expect(trial.open()).rejects.toMatchObject({ code: "DATABASE_UNSUITABLE", data: { reason: expect.stringContaining("codes") } });
			await trial.legacy.dropTable("codes");
			const source = await trial.open();
			const lost = new Promise<string>((resolve) => source.onLost((fault) => resolve(reasonOf(fault))));
			await trial.legacy.createUnsuitable("latecomer");
			expect(await lost).toContain("latecomer");
		},
	},
	{
		id: "E14",
		says: "0.0 that becomes -0.0 is a change, or passed over as SQL takes them for equal; which of the two is stated",
		prove: async (trial) => {
			await trial.legacy.commit({ act: "insert", table: "t", key: 1, row: { a: "a", b: { r: 0 } } });
			const { commits } = await watch(trial, [
				(legacy) => legacy.commit({ act: "update", table: "t", row: { b: { r: -0 } } }),
				(legacy) => legacy.commit({ act: "update", table: "t", row: { a: "b" } }),
			]);
			expect(commits.map(({ changes }) => changes[0]?.after?.a)).toEqual(
				trial.column.zeros === "apart" ? [{ t: "a" }, { t: "b" }] : [{ t: "b" }],
			);
		},
	},
];

type Step = (legacy: Legacy) => Promise<void>;

/** Runs the steps with the source open and drained after each, and gives what it delivered. */
async function watch(trial: Trial, steps: readonly Step[]): Promise<{ commits: Commit[] }> {
	const source = await trial.open();
	const commits: Commit[] = [];
	source.subscribe((commit) => commits.push(trial.legacy.read(commit)));
	for (const step of steps) {
		await step(trial.legacy);
		await source.drain();
	}
	return { commits };
}

function randomTransaction(random: () => number): Step {
	const key = () => Math.floor(random() * 12);
	const pages = { b: Buffer.alloc(9000).toString("base64") };
	const values: SqlValue[] = [null, integer(1), { r: 1 }, text("text"), { b: "AP8=" }, pages, { r: -0.5 }, text("A"), text("a")];
	const value = () => values[Math.floor(random() * values.length)] as SqlValue;
	const acts = Array.from({ length: 1 + Math.floor(random() * 4) }, (): Act => {
		const kinds: Act[] = [
			{ act: "put", table: "t", key: key(), row: { a: "row", b: value() } },
			{ act: "update", table: "t", from: key(), row: { b: value() } },
			{ act: "delete", table: "t", key: key() },
			{ act: "put", table: "u", key: key(), row: { code: `code ${key()}`, n: value() } },
			{ act: "delete", table: "u", key: key() },
		];
		const from = key();
		kinds.push({ act: "rekey", key: from, to: from + 1 });
		return kinds[Math.floor(random() * kinds.length)] as Act;
	});
	const isUndone = random() < 0.15;
	return (legacy) => (isUndone ? legacy.rollback(...acts) : legacy.commit(...acts));
}
