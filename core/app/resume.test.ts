import { expect, test } from "vitest";
import { newMigration, policies } from "../arbiter/index.ts";
import type { JournalEntry, JournalRecord } from "../contract/journal.ts";
import type { Patch } from "../contract/run.ts";
import { foldJournal } from "./resume.ts";

function entries(...records: JournalRecord[]): JournalEntry[] {
	return records.map((record, index) => ({ seq: index + 1, at: index, prev: "", hash: "", ...record }) as JournalEntry);
}

const shadowing = (name: string) => ({
	...newMigration(name, 0),
	stage: "shadowing" as const,
	version: 1,
	evidence: { ...newMigration(name, 0).evidence, version: 1 },
});
const compared = (name: string, verdict: "identical" | "mismatch"): JournalRecord => ({
	kind: "compared",
	data: { function: name, version: 1, seq: 1, verdict, rows: 0, ms: 1 },
});

test("a migration is its last state moved on by the comparisons after it", () => {
	const found = foldJournal(
		entries(
			{ kind: "run.started", data: { run: "run-1", functions: ["a.f"], policy: policies.demo } },
			{ kind: "run.state", data: { function: "a.f", migration: shadowing("a.f") } },
			compared("a.f", "identical"),
			compared("a.f", "identical"),
			compared("a.f", "mismatch"),
		),
	);
	expect(found.compared).toBe(3);
	expect(found.migrations[0]?.migration).toMatchObject({ stage: "shadowing", evidence: { clean: 2, mismatched: 1 }, openFailures: 1 });
});

test("the evidence of each branch goes on from its last state, and a journal from before they were counted is read as it was", () => {
	const names = ["reached", "yes"].map((words, line) => ({ id: `a.f#${words}`, words, file: "a.py", line: line + 1 }));
	const fresh = names.map((name) => ({ ...name, clean: 0, mismatched: 0, failed: 0, bound: 1, needed: 0, live: false }));
	const state = shadowing("a.f");
	const signed = { branch: "a.f#yes", by: "A. Roe", why: "once a year", at: 0, version: 1 };
	const migration = { ...state, evidence: { ...state.evidence, branches: fresh }, waivers: [signed] };
	const took = (...branches: number[]): JournalRecord => ({
		kind: "compared",
		data: { function: "a.f", version: 1, seq: 1, verdict: "identical", rows: 0, ms: 1, branches },
	});
	const started: JournalRecord = { kind: "run.started", data: { run: "run-1", functions: ["a.f"], policy: policies.demo } };
	const found = foldJournal(entries(started, { kind: "run.state", data: { function: "a.f", migration } }, took(0), took(0, 1), took()));
	const folded = found.migrations[0]?.migration;
	expect(folded?.evidence.branches?.map(({ id, clean, live }) => [id, clean, live])).toEqual([
		["a.f#reached", 2, true],
		["a.f#yes", 1, true],
	]);
	expect(folded).toMatchObject({ evidence: { clean: 3 }, waivers: [signed] });
	const older = foldJournal(
		entries(started, { kind: "run.state", data: { function: "a.f", migration: state } }, compared("a.f", "identical")),
	);
	expect(older.migrations[0]?.migration.evidence).toMatchObject({ clean: 1 });
	expect(older.migrations[0]?.migration.evidence.branches).toBeUndefined();
});

test("each migration keeps the policy and the target of the run that started it", () => {
	const found = foldJournal(
		entries(
			{ kind: "run.started", data: { run: "run-1", functions: ["a.f"], policy: policies.demo } },
			{ kind: "run.state", data: { function: "a.f", migration: shadowing("a.f") } },
			{ kind: "run.started", data: { run: "run-2", functions: ["b.g"], policy: policies.default, target: "spring-boot" } },
			{ kind: "run.state", data: { function: "b.g", migration: shadowing("b.g") } },
		),
	);
	expect(found.migrations.map(({ migration, policy, target }) => [migration.function, policy.name, target])).toEqual([
		["a.f", "demo", "typescript"],
		["b.g", "default", "spring-boot"],
	]);
});

test("drops are counted by reason and choices follow the newest version", () => {
	const found = foldJournal(
		entries(
			{ kind: "dropped", data: { function: "", count: 2, reason: "no-core" } },
			{ kind: "dropped", data: { function: "a.f", count: 1, reason: "no-core" } },
			{ kind: "service.generated", data: { function: "a.f", version: 1, files: {}, exact: [] } },
			{ kind: "service.generated", data: { function: "a.f", version: 2, files: {}, exact: ["a.f#3"] } },
		),
	);
	expect(found.dropped).toEqual({ "no-core": 3 });
	expect(found.choices.get("a.f")).toEqual({ "a.f#3": "exact" });
});

test("on a fresh sample bank nothing of the runs before is present, only the number of the plan goes on", () => {
	const found = foldJournal(
		entries(
			{ kind: "project.opened", data: { dir: "/bank", functions: 1, routes: 1, tables: 1, scanMs: 1 } },
			{ kind: "run.started", data: { run: "run-1", functions: ["a.f"], policy: policies.demo } },
			{ kind: "run.state", data: { function: "a.f", migration: shadowing("a.f") } },
			compared("a.f", "identical"),
			{ kind: "dropped", data: { function: "", count: 2, reason: "no-core" } },
			{ kind: "plan.set", data: { version: 7, legacy: null, idempotencyHeader: "k", routes: [], reason: "legacy retired" } },
			{ kind: "legacy.retired", data: { pid: 1, quietMs: 1 } },
			{ kind: "sample.renewed", data: { home: "/state/sample-2" } },
			compared("a.f", "identical"),
		),
	);
	expect(found).toMatchObject({
		project: null,
		run: null,
		migrations: [],
		patches: [],
		groups: [],
		compared: 1,
		dropped: {},
		retired: false,
		planVersion: 7,
	});
});

test("groups of mismatches come back with their state and with the members counted since", () => {
	const group = (id: string, count: number, state: "open" | "healed"): JournalRecord => ({
		kind: "mismatch.group",
		data: {
			id,
			function: "a.f",
			cause: "rounding",
			field: "answer/FEE",
			where: null,
			count,
			firstAt: 1,
			example: {
				seq: 7,
				request: { method: "POST", target: "/fees", headers: [], body: "" },
				legacy: { status: 200, body: "0.12", rows: [] },
				modern: { status: 200, body: "0.13", rows: [] },
				differences: [],
			},
			rowsOnly: false,
			state,
		},
	});
	const member = (id: string): JournalRecord => ({
		kind: "compared",
		data: { function: "a.f", version: 1, seq: 1, verdict: "mismatch", rows: 0, ms: 1, group: id },
	});
	const found = foldJournal(
		entries(
			group("g1", 0, "open"),
			member("g1"),
			member("g1"),
			group("g2", 0, "open"),
			member("g2"),
			group("g1", 2, "healed"),
			group("g2", 0, "open"),
			group("g3", 1, "open"),
			member("g3"),
		),
	);
	expect(found.groups.map(({ id, count, state }) => [id, count, state])).toEqual([
		["g1", 2, "healed"],
		["g3", 2, "open"],
	]);
});

test("a version that was written and never ran is not the present, and its patch falls away", () => {
	const patch = (id: string, from: number): Patch => ({
		id,
		function: "a.f",
		from,
		to: from + 1,
		cause: "rounding",
		sites: [],
		hunks: [],
		files: [],
		gate: { failing: { passed: 1, total: 1 }, clean: { passed: 2, total: 2 } },
		candidates: 1,
		ms: 1,
		state: "proposed",
		explanation: "",
		provenance: { method: "search", at: 0, failing: [7], explained: [7], blueprint: "", code: { before: "", after: "" } },
		decision: null,
	});
	const accepted = (id: string): JournalRecord => ({
		kind: "patch.decided",
		data: { patch: id, function: "a.f", decision: "accepted", by: "policy" },
	});
	const written = (version: number, exact: string[]): JournalRecord => ({
		kind: "service.generated",
		data: { function: "a.f", version, files: {}, exact },
	});
	const at = (version: number, part: Partial<ReturnType<typeof shadowing>> = {}): JournalRecord => ({
		kind: "run.state",
		data: { function: "a.f", migration: { ...shadowing("a.f"), version, ...part } },
	});
	const started: JournalRecord = { kind: "run.started", data: { run: "run-1", functions: ["a.f"], policy: policies.demo } };
	const story = [
		started,
		written(1, []),
		at(1),
		{ kind: "patch.proposed", data: patch("p2", 1) } as JournalRecord,
		accepted("p2"),
		written(2, ["a.f#1"]),
		at(2),
		{ kind: "patch.proposed", data: patch("p3", 2) } as JournalRecord,
		accepted("p3"),
		written(3, ["a.f#1", "a.f#2"]),
	];
	const killed = foldJournal(entries(...story));
	expect(killed.choices.get("a.f")).toEqual({ "a.f#1": "exact" });
	expect(killed.patches.map((one) => one.state)).toEqual(["applied", "withdrawn"]);
	// Decided by a person and just being put in place: that goes on after the restart.
	const placing = foldJournal(entries(...story, at(2, { stage: "healing" as never, patch: "p3" as never })));
	expect(placing.patches.map((one) => one.state)).toEqual(["applied", "applied"]);
});

test("a patch from a journal that knew no hunks is read all the same", () => {
	const { hunks, provenance, decision, ...old } = {
		...({ id: "p2", function: "a.f", from: 1, to: 2, cause: "x", sites: [], files: [], candidates: 1, ms: 1, explanation: "" } as const),
		gate: { failing: { passed: 1, total: 1 }, clean: { passed: 2, total: 2 } },
		state: "proposed" as const,
		hunks: null,
		provenance: null,
		decision: null,
	};
	const found = foldJournal(entries({ kind: "patch.proposed", data: old } as unknown as JournalRecord));
	expect(found.patches[0]).toMatchObject({ id: "p2", hunks: [], decision: null, provenance: { method: "search", failing: [] } });
	expect([hunks, provenance, decision]).toEqual([null, null, null]);
});

test("after a renewed sample nothing of the former one is carried over, and plan versions go on rising", () => {
	const before: JournalRecord[] = [
		{ kind: "project.opened", data: { dir: "/before", functions: 1, routes: 1, tables: 1, scanMs: 1 } },
		{ kind: "run.started", data: { run: "run-1", functions: ["a.f"], policy: policies.demo } },
		{ kind: "run.state", data: { function: "a.f", migration: shadowing("a.f") } },
		{ kind: "plan.set", data: { version: 7, legacy: null, idempotencyHeader: "idempotency-key", routes: [], reason: "a test" } },
		compared("a.f", "mismatch"),
		{ kind: "dropped", data: { function: "a.f", count: 2, reason: "no-core" } },
		{ kind: "service.generated", data: { function: "a.f", version: 1, files: {}, exact: ["a.f#3"] } },
	];
	const renewed: JournalRecord = { kind: "sample.renewed", data: { home: "/after" } };
	const fresh = foldJournal([]);
	expect(foldJournal(entries(...before)).migrations).toHaveLength(1);
	expect(foldJournal(entries(...before, renewed))).toEqual({ ...fresh, planVersion: 7 });
	const after = foldJournal(
		entries(
			...before,
			renewed,
			{ kind: "run.started", data: { run: "run-2", functions: ["b.g"], policy: policies.default } },
			{ kind: "run.state", data: { function: "b.g", migration: shadowing("b.g") } },
			compared("b.g", "identical"),
		),
	);
	expect(after.run?.id).toBe("run-2");
	expect(after.migrations.map(({ migration }) => migration.function)).toEqual(["b.g"]);
	expect(after).toMatchObject({ compared: 1, dropped: {}, planVersion: 7 });
});
