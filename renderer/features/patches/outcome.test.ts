import { describe, expect, it } from "vitest";
import type { Migration, PatchInfo } from "../../../core/contract/run.ts";
import { recordedInfo } from "../../fixtures/moments.ts";
import type { ReviewDraft } from "../../state/index.ts";
import { outcomeOf, untried } from "./outcome.ts";

const patch = recordedInfo();
const ids = patch.hunks.map((hunk) => hunk.id);
const draft = (marks: ReviewDraft["marks"], trial: ReviewDraft["trial"] = null): ReviewDraft => ({ current: null, marks, trial, said: "" });
const marked = (...marks: ("accepted" | "refused")[]) =>
	Object.fromEntries(marks.map((mark, index) => [ids[index] ?? "", mark])) as ReviewDraft["marks"];
const migration = (part: Partial<Migration>) =>
	({ function: patch.function, stage: "shadowing", version: 2, patch: null, canary: null, ...part }) as Migration;
const textOf = (one: PatchInfo, marks: ReviewDraft["marks"] = {}, trial: ReviewDraft["trial"] = null, state?: Migration) => {
	const { text, then } = outcomeOf(one, draft(marks, trial), state, [one]);
	return `${text} ${then}`;
};

describe("what will happen", () => {
	it("is the whole patch while nothing is marked, and when all is accepted", () => {
		const whole =
			"Version 2 with all 4 places exact: explains 72 of 72 failing cases, 32 clean cases stay clean. It runs in shadow first; its evidence begins at zero.";
		expect(textOf(patch)).toBe(whole);
		expect(textOf(patch, marked("accepted", "accepted", "accepted", "accepted"))).toBe(whole);
		expect(untried(patch, draft({}))).toBeNull();
	});
	it("says nothing of a part before it was tried", () => {
		const marks = marked("accepted", "refused");
		expect(untried(patch, draft(marks))).toEqual([ids[0]]);
		expect(textOf(patch, marks)).toBe("Version 2 with 1 of 4 places exact. It is tried on every case in a moment.");
		const trial = { hunks: [ids[0] ?? ""], done: 51, total: 104, gate: null };
		expect(textOf(patch, marks, trial)).toBe("Version 2 with 1 of 4 places exact: 51 of 104 cases run.");
		expect(untried(patch, draft(marks, trial))).toBeNull();
	});
	it("gives the numbers of the trial, and what stays open", () => {
		const gate = {
			at: 1,
			hunks: [ids[0] ?? ""],
			failing: { passed: 71, total: 72 },
			clean: { passed: 1209, total: 1209 },
			rows: { passed: 9, total: 10 },
			open: [7],
			broken: null,
			passed: true,
			ms: 400,
		};
		const marks = marked("accepted", "refused");
		const trial = { hunks: gate.hunks, done: 0, total: 0, gate };
		expect(textOf(patch, marks, trial)).toBe(
			"Version 2 with 1 of 4 places exact: explains 71 of 72 failing cases, 1,209 clean cases stay clean. 1 case stays different and goes on being collected. It runs in shadow first; its evidence begins at zero.",
		);
		const worse = { ...trial, gate: { ...gate, clean: { passed: 1207, total: 1209 }, passed: false } };
		expect(outcomeOf(patch, draft(marks, worse), undefined, [patch])).toMatchObject({
			tone: "bad",
			text: "Version 2 with 1 of 4 places exact: explains 71 of 72 failing cases, 2 of 1,209 clean cases would differ.",
		});
	});
	it("tells a refusal from an unfinished review", () => {
		expect(textOf(patch, marked("refused"))).toBe("1 of 4 hunks refused, none accepted yet. Accept one, or refuse all of them.");
		expect(textOf(patch, marked("refused", "refused", "refused", "refused"))).toContain("The patch is refused");
	});
	it("says what a revert would do, or why there is none", () => {
		const applied: PatchInfo = {
			...patch,
			state: "applied",
			decision: { by: "architect", at: 1, accepted: true, hunks: ids.slice(0, 3), gate: null },
		};
		expect(textOf(applied, {}, null, migration({}))).toBe(
			"Applied as version 2 with 3 of 4 places exact. Reverting puts version 3 with the choices of version 1 in its place; evidence starts again at zero.",
		);
		const canary = { step: 1, weight: 5, since: 0, requests: 0, errors: 0, modernP95: 0, legacyP95: 0 };
		expect(textOf(applied, {}, null, migration({ stage: "canary", canary }))).toContain("takes all clients back to legacy first (now 5 %");
		expect(textOf(applied, {}, null, migration({ stage: "promoted" }))).toContain(
			"It cannot be reverted now: transfers.transfer is promoted.",
		);
		expect(textOf(applied, {}, null, migration({ version: 3 }))).toContain("version 3 was made by a later patch");
	});
});
