import { expect, test } from "vitest";
import { newMigration, policies, transition } from "../../arbiter/index.ts";
import type { LatencyTail, Migration, RunEvent } from "../../contract/run.ts";
import { canaryRecord } from "./canary-record.ts";

/** None of the new service's answers is slower than legacy's median allows. */
const fast: LatencyTail[] = [{ quantile: 0.5, limitMs: 30, answered: 9, over: 0 }];

const policy = policies.demo;
const at10: Migration = {
	...newMigration("a.f", 0),
	stage: "canary",
	version: 1,
	evidence: { version: 1, clean: 200, mismatched: 0, failed: 0, bound: 0.01, needed: 0 },
	canary: { step: 2, weight: 10, since: 1_000, requests: 40, errors: 0, modernP95: 4, legacyP95: 30 },
};

function after(event: RunEvent, before = at10) {
	const [next] = transition(before, event, policy);
	return canaryRecord(before, event, next, policy);
}

test("a broken guard leaves its numbers, those of the event that broke it", () => {
	const record = after({ kind: "measured", at: 2_000, requests: 41, errors: 1, modernP95: 5, legacyP95: 30, tails: fast });
	expect(record).toMatchObject({
		weight: 10,
		requests: 41,
		errors: 1,
		outcome: "rolled back",
		reason: expect.stringContaining("error rate"),
	});
	expect(record?.guards.find((guard) => guard.name === "error rate")?.open).toBe(false);
});

test("drift in the shadowed rest leaves its story too", () => {
	const record = after({ kind: "verdict", at: 2_000, version: 1, clean: false, failed: false });
	expect(record).toMatchObject({ outcome: "rolled back", requests: 40 });
	expect(record?.guards.find((guard) => guard.name === "drift")).toMatchObject({ value: "1 mismatch", open: false });
});

test("a weight that goes on leaves nothing, the next one in force closes it", () => {
	expect(after({ kind: "measured", at: 1_500, requests: 41, errors: 0, modernP95: 4, legacyP95: 30, tails: fast })).toBeNull();
	const stepping: Migration = { ...at10, canary: at10.canary && { ...at10.canary, step: 3 } };
	expect(after({ kind: "routed", at: 9_000, weight: 50 }, stepping)).toMatchObject({ weight: 10, outcome: "advanced", requests: 40 });
});

test("the architect's end of it is no guard's", () => {
	expect(after({ kind: "cancel", at: 2_000 })).toMatchObject({ outcome: "ended" });
	expect(after({ kind: "panic", at: 2_000, reason: "drill" })).toMatchObject({ outcome: "ended" });
});
