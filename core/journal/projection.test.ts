import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Fault } from "../base/index.ts";
import type { JournalEntry, JournalRecord } from "../contract/journal.ts";
import { openProjection } from "./index.ts";

const records: JournalRecord[] = [
	{ kind: "core.started", data: { pid: 7, resumed: false, version: "0.1.0" } },
	{ kind: "compared", data: { function: "fees.commission", version: 1, seq: 41, verdict: "identical", rows: 2, ms: 0.4 } },
	{
		kind: "compared",
		data: { function: "fees.commission", version: 1, seq: 42, verdict: "mismatch", rows: 2, ms: 0.6, differences: [], group: "g1" },
	},
	{
		kind: "mismatch.group",
		data: {
			id: "g1",
			function: "fees.commission",
			cause: "rounding",
			field: "answer/FEE",
			where: "fees.py:12",
			count: 1,
			firstAt: 1_002,
			example: {
				seq: 42,
				request: { method: "POST", target: "/fees", headers: [], body: "" },
				legacy: { status: 200, body: "", rows: [] },
				modern: { status: 200, body: "", rows: [] },
				differences: [],
			},
			rowsOnly: true,
			state: "open",
		},
	},
	{
		kind: "patch.proposed",
		data: {
			id: "p1",
			function: "fees.commission",
			from: 1,
			to: 2,
			cause: "rounding",
			sites: [],
			hunks: [],
			files: [],
			gate: { failing: { passed: 1, total: 1 }, clean: { passed: 9, total: 9 } },
			candidates: 4,
			ms: 812,
			state: "proposed",
			explanation: "half to even",
			provenance: { method: "search", at: 0, failing: [], explained: [], blueprint: "", code: { before: "", after: "" } },
			decision: null,
		},
	},
	{ kind: "patch.decided", data: { patch: "p1", function: "fees.commission", decision: "accepted", by: "policy" } },
	{ kind: "dropped", data: { function: "fees.commission", count: 3, reason: "too-large" } },
	{ kind: "panic", data: { reason: "drill", by: "architect", ms: 12 } },
	{ kind: "function.promoted", data: { function: "fees.commission", version: 2, clean: 962, bound: 0.0041 } },
];
const entries = records.map((record, index) => ({ seq: index + 1, at: 1_000 + index, prev: "", hash: "", ...record }) as JournalEntry);

describe("the projection", () => {
	test("holds every entry with the function it belongs to", async () => {
		const projection = await openProjection(entries);
		expect(projection.query("SELECT count(*), count(function), min(seq), max(at) FROM entries")).toEqual({
			columns: ["count(*)", "count(function)", "min(seq)", "max(at)"],
			rows: [[9, 7, 1, 1_008]],
			truncated: false,
		});
		projection.close();
	});

	test("says of a patch the last word, however often it was taken back", async () => {
		const decided = (decision: "accepted" | "refused"): JournalRecord => ({
			kind: "patch.decided",
			data: { patch: "p1", function: "fees.commission", decision, by: "architect" },
		});
		const takenBack = (state: "proposed" | "reverted"): JournalRecord => ({
			kind: "patch.taken-back",
			data: { patch: "p1", function: "fees.commission", state, by: "architect" },
		});
		const proposed = records.find((record) => record.kind === "patch.proposed") as JournalRecord;
		const story = [proposed, decided("refused"), takenBack("proposed"), decided("accepted"), takenBack("reverted")];
		const projection = await openProjection(
			story.map((record, index) => ({ seq: index + 1, at: index, prev: "", hash: "", ...record }) as JournalEntry),
		);
		expect(projection.query("SELECT patch, decision, decided_by, decided_at FROM patches").rows).toEqual([
			["p1", "reverted", "architect", 4],
		]);
		expect(projection.query("SELECT decision FROM decisions ORDER BY seq").rows.flat()).toEqual([
			"refused",
			"proposed",
			"accepted",
			"reverted",
		]);
		projection.close();
	});

	test.each([
		[
			"verdicts",
			"SELECT request, verdict, rows, mismatch FROM verdicts",
			[
				[41, "identical", 2, null],
				[42, "mismatch", 2, "g1"],
			],
		],
		["mismatches", "SELECT id, cause, field, place, rows_only FROM mismatches", [["g1", "rounding", "answer/FEE", "fees.py:12", 1]]],
		[
			"patches",
			"SELECT patch, from_version, to_version, candidates, decision, decided_by FROM patches",
			[["p1", 1, 2, 4, "accepted", "policy"]],
		],
		["drops", "SELECT function, count, reason FROM drops", [["fees.commission", 3, "too-large"]]],
		[
			"decisions",
			"SELECT kind, decision FROM decisions ORDER BY seq",
			[
				["patch.decided", "accepted"],
				["panic", "drill"],
				["function.promoted", "version 2 after 962 clean requests"],
			],
		],
		["stages", "SELECT count(*) FROM stages", [[0]]],
		["plans", "SELECT count(*) FROM plans", [[0]]],
	])("answers from the view %s", async (_, sql, rows) => {
		const projection = await openProjection(entries);
		expect(projection.query(sql).rows).toEqual(rows);
		projection.close();
	});

	test("follows the journal entry by entry, and is the same as one made at once", async () => {
		const atOnce = await openProjection(entries);
		const followed = await openProjection();
		for (const entry of entries) followed.add(entry);
		const all = "SELECT * FROM entries ORDER BY seq";
		expect(followed.query(all)).toEqual(atOnce.query(all));
		atOnce.close();
		followed.close();
	});

	test("takes parameters, and says when there are more rows than asked for", async () => {
		const projection = await openProjection(entries);
		expect(projection.query("SELECT seq FROM entries WHERE kind = ? AND seq > ?", ["compared", 2]).rows).toEqual([[3]]);
		expect(projection.query("SELECT seq FROM entries ORDER BY seq", [], 4)).toEqual({
			columns: ["seq"],
			rows: [[1], [2], [3], [4]],
			truncated: true,
		});
		projection.close();
	});

	test.each([
		["DELETE FROM entries"],
		["WITH doomed AS (SELECT 1) DELETE FROM entries"],
		["WITH n AS (SELECT 1) INSERT INTO entries SELECT 99, 0, 'note', NULL, '{}'"],
		["SELECT 1; DELETE FROM entries"],
		["/* SELECT */ DROP TABLE entries"],
		["-- SELECT\nUPDATE entries SET data = '{}'"],
		["PRAGMA query_only = OFF"],
		["ATTACH 'x.db' AS other"],
		["VACUUM"],
		["SELECT nothing FROM nowhere"],
		["SELECT"],
		[""],
		[";"],
	])("[J11] refuses %j with a coded fault and stays as it was", async (sql) => {
		const projection = await openProjection(entries);
		const count = () => projection.query("SELECT count(*), sum(length(data)) FROM entries").rows;
		const before = count();
		expect(() => projection.query(sql)).toThrow(Fault);
		expect(() => projection.query(sql)).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
		expect(count()).toEqual(before);
		projection.add({ ...(entries[0] as JournalEntry), seq: 100 });
		expect(projection.query("SELECT count(*) FROM entries").rows).toEqual([[10]]);
		projection.close();
	});

	test("[J11] no text of a query changes the projection or fails without a code", async () => {
		const projection = await openProjection(entries);
		const words = fc.constantFrom(
			"SELECT",
			"WITH",
			"x",
			"AS",
			"(",
			")",
			"DELETE",
			"FROM",
			"entries",
			";",
			"--",
			"\n",
			"*",
			"1",
			",",
			"INSERT INTO",
			"VALUES",
			"EXPLAIN",
			"'",
		);
		fc.assert(
			fc.property(fc.array(words, { maxLength: 12 }), (picked) => {
				try {
					projection.query(picked.join(" "));
				} catch (error) {
					expect(error).toMatchObject({ code: "INPUT_INVALID" });
				}
			}),
			{ numRuns: 2_000 },
		);
		expect(projection.query("SELECT count(*) FROM entries").rows).toEqual([[9]]);
		projection.close();
	});
});
