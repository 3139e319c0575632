import { expect, test } from "vitest";
import { newMigration, policies } from "../arbiter/index.ts";
import type { JournalEntry, JournalRecord } from "../contract/journal.ts";
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

test("each migration keeps the policy of the run that started it", () => {
	const found = foldJournal(
		entries(
			{ kind: "run.started", data: { run: "run-1", functions: ["a.f"], policy: policies.demo } },
			{ kind: "run.state", data: { function: "a.f", migration: shadowing("a.f") } },
			{ kind: "run.started", data: { run: "run-2", functions: ["b.g"], policy: policies.default } },
			{ kind: "run.state", data: { function: "b.g", migration: shadowing("b.g") } },
		),
	);
	expect(found.migrations.map(({ migration, policy }) => [migration.function, policy.name])).toEqual([
		["a.f", "demo"],
		["b.g", "default"],
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
