import { expect, test } from "vitest";
import { newMigration, policies, transition } from "../../arbiter/index.ts";
import type { BranchRule, Migration, Policy, RunEvent } from "../../contract/run.ts";
import { dueOf } from "./due.ts";

const asking = (unreached: BranchRule["unreached"]): Policy => {
	const branches: BranchRule = { minClean: 2, maxMismatchRate: 1, waivable: true, unreached, minGenerated: 7 };
	const shadow = { minClean: 2, maxMismatchRate: 1 };
	return { ...policies.demo, shadow, canary: [{ weight: 100, holdMs: 10, minRequests: 0, branches }] };
};
const names = ["reached", "seldom"].map((words, line) => ({ id: `f#${words}`, words, file: "f.py", line: line + 1 }));

function played(policy: Policy, ...events: RunEvent[]): Migration {
	let state = newMigration("f", 0);
	const start: RunEvent[] = [
		{ kind: "start", at: 0 },
		{ kind: "extracted", at: 0, routes: ["GET /f"] },
		{ kind: "generated", at: 0, version: 1 },
		{ kind: "deployed", at: 0, version: 1, branches: names },
	];
	for (const event of [...start, ...events]) [state] = transition(state, event, policy);
	return state;
}
const clean = (at: number): RunEvent => ({ kind: "verdict", at, version: 1, clean: true, failed: false, branches: [0] });
const late: RunEvent = { kind: "tick", at: 1_000 };

test("a round is due once branches without live traffic are all that is missing, and not before", () => {
	const policy = asking("generated");
	expect(dueOf(played(policy, clean(1), late), policy)).toBeNull();
	expect(dueOf(played(policy, clean(1), clean(2)), policy)).toBeNull();
	expect(dueOf(played(policy, clean(1), clean(2), late), policy)).toBe(7);
	expect(dueOf(played(policy, clean(1), clean(2), late, { kind: "pause", at: 1_001 }), policy)).toBeNull();
	const wrong: RunEvent = { kind: "verdict", at: 3, version: 1, clean: false, failed: false, branches: [0] };
	expect(dueOf(played(policy, clean(1), clean(2), wrong, late), policy)).toBeNull();
});

test("none is due where the policy does not ask for generated requests, or once every branch has live traffic", () => {
	for (const unreached of ["ignored", "waiver"] as const) {
		const policy = asking(unreached);
		expect(dueOf(played(policy, clean(1), clean(2), late), policy)).toBeNull();
	}
	const policy = asking("generated");
	const both = (at: number): RunEvent => ({ kind: "verdict", at, version: 1, clean: true, failed: false, branches: [0, 1] });
	expect(dueOf(played(policy, both(1), both(2), late), policy)).toBeNull();
});
