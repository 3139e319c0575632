import { describe, expect, it } from "vitest";
import { type BranchRule, type Migration, type Policy, policyShape, type RunCommand, type RunEvent } from "../contract/run.ts";
import {
	cleanForOneLook,
	cleanNeeded,
	evidenceVerdict,
	newMigration,
	policies,
	policyProblems,
	transition,
	weakestFirst,
} from "./index.ts";
import { requestsUntilCanary, seeded } from "./testing/simulate.ts";

const rule = (minClean: number, maxMismatchRate: number, more: Partial<BranchRule> = {}): BranchRule => ({
	...{ minClean, maxMismatchRate, waivable: false, unreached: "ignored" as const },
	...more,
});
/** 25 clean requests bound the rate by 12.6 %, 60 by 5.6 %. */
const policy: Policy = {
	name: "branches",
	alpha: 0.05,
	shadow: { minClean: 5, maxMismatchRate: 0.9 },
	canary: [
		{ weight: 1, holdMs: 900, minRequests: 0, branches: rule(20, 0.15) },
		{ weight: 50, holdMs: 10, minRequests: 0, branches: rule(50, 0.06) },
		{ weight: 100, holdMs: 10, minRequests: 0, branches: rule(90, 0.05, { waivable: true, unreached: "waiver" }) },
	],
	guards: { maxErrorRate: 0, minRequests: 5, maxLatencyRatio: 2, latencySlackMs: 10 },
	heal: { minFailures: 3, settleMs: 50, maxAttempts: 2, autoAccept: true },
	coolDownMs: 100,
};
const names = ["entry", "yes", "no", "caught"].map((words, line) => ({ id: `f#${words}`, words, file: "f.py", line: line + 1 }));
const [entry, yes, no, caught] = [0, 1, 2, 3];

type Play = { state: Migration; commands: RunCommand[]; at: number };
type Loose = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, "at"> & { at?: number } : never) : never;

function play(events: Loose[], from: Play, by: Policy = policy): Play {
	let { state, at } = from;
	let commands: RunCommand[] = [];
	for (const event of events) {
		at = event.at ?? at + 1;
		[state, commands] = transition(state, { ...event, at } as RunEvent, by);
	}
	return { state, commands, at };
}
const seen = (count: number, branches: number[] | undefined, how: "clean" | "wrong" | "failed" = "clean", version = 1): Loose[] =>
	Array.from({ length: count }, () => ({
		...{ kind: "verdict" as const, version, clean: how === "clean", failed: how === "failed" },
		...(branches === undefined ? {} : { branches }),
	}));
const shadowed = (): Play =>
	play(
		[
			{ kind: "start" },
			{ kind: "extracted", routes: ["GET /f"] },
			{ kind: "generated", version: 1 },
			{ kind: "deployed", version: 1, branches: names },
		],
		{ state: newMigration("f", 0), commands: [], at: 0 },
	);
const gate = (state: Migration, name: string) => state.gates.find((candidate) => candidate.name === name);
const of = (state: Migration, index: number) => state.evidence.branches?.[index];
/** The weight in force has no error and is fast. */
const onward = (at?: number): Loose => ({
	...{ kind: "measured", requests: 9, errors: 0, modernP95: 1, legacyP95: 1, ...(at === undefined ? {} : { at }) },
	tails: [{ quantile: 0.5, limitMs: 30, answered: 9, over: 0 }],
});
/** 50 % in force. */
const atHalf = (): Play => {
	const enough = play([...seen(60, [entry, yes]), ...seen(60, [entry, no]), { kind: "tick", at: 1000 }], shadowed());
	return play([{ kind: "routed", weight: 1 }, onward(2000), { kind: "routed", weight: 50 }], enough);
};

describe("counting", () => {
	it("[A60] begins at zero, and remembers over versions which branches are live", () => {
		const now = play([...seen(3, [entry, yes])], shadowed());
		expect(of(now.state, yes)).toMatchObject({ clean: 3, live: true });
		expect(of(now.state, no)).toMatchObject({ clean: 0, live: false, bound: 1 });
		const next = play([{ kind: "swapped", version: 2, branches: [...names].reverse() }], now);
		expect(next.state.evidence.branches?.map(({ id, clean, live }) => `${id} ${clean} ${live}`)).toEqual([
			"f#caught 0 false",
			"f#no 0 false",
			"f#yes 0 true",
			"f#entry 0 true",
		]);
		expect(play([{ kind: "swapped", version: 2 }], now).state.evidence.branches?.map(({ live }) => live)).toEqual([
			true,
			true,
			false,
			false,
		]);
	});
	it("[A60] counts nothing per branch in a journal from before", () => {
		const old = play([{ kind: "generated", version: 1 }, { kind: "deployed", version: 1 }, ...seen(3, [0])], {
			...shadowed(),
			state: { ...newMigration("f", 0), stage: "generating" },
		});
		expect(old.state.evidence).toMatchObject({ clean: 3 });
		expect(old.state.evidence.branches).toBeUndefined();
		expect(gate(old.state, "evidence per branch")).toMatchObject({ value: "no branch reached", open: false });
	});
	it("[A61] counts a request in every branch that it took", () => {
		const now = play([...seen(4, [entry, yes]), ...seen(1, [entry, no], "wrong")], shadowed());
		expect([entry, yes, no, caught].map((index) => of(now.state, index)).map((one) => `${one?.clean} ${one?.mismatched}`)).toEqual([
			"4 1",
			"4 0",
			"0 1",
			"0 0",
		]);
	});
	it("[A62] counts against every live branch what failed without saying where, and nothing in favour", () => {
		const now = play([...seen(4, [entry, yes]), ...seen(1, undefined, "failed"), ...seen(7, undefined)], shadowed());
		expect(now.state.evidence).toMatchObject({ clean: 11, failed: 1 });
		expect([entry, yes, no].map((index) => of(now.state, index)).map((one) => `${one?.clean} ${one?.failed}`)).toEqual([
			"4 1",
			"4 1",
			"0 0",
		]);
	});
	it("[A63] says what is needed for the weight that is next, one less with each clean request", () => {
		let now = play(seen(1, [entry, yes]), shadowed());
		const first = of(now.state, yes)?.needed as number;
		expect(first).toBe(Math.max(19, cleanNeeded({ n: 1, k: 0, alpha: 0.05, limit: 0.15 }) as number));
		for (let left = first - 1; left >= 0; left--) {
			now = play(seen(1, [entry, yes]), now);
			expect(of(now.state, yes)?.needed).toBe(left);
		}
		expect(of(now.state, no)?.needed).toBe(cleanNeeded({ n: 0, k: 0, alpha: 0.05, limit: 0.15 }));
		const wrong = play(seen(1, [entry, yes], "wrong"), now);
		expect([of(wrong.state, yes)?.needed, of(wrong.state, no)?.needed]).toEqual([null, of(now.state, no)?.needed]);
		expect(of(atHalf().state, yes)?.needed).toBe(90 - 60);
	});
});

describe("the weakest branch decides", () => {
	it("[A64] the canary waits for every live branch, and names the one that needs most", () => {
		const short = play(
			[...seen(60, [entry, yes]), ...seen(4, [entry, no]), ...seen(9, [entry, caught]), { kind: "tick", at: 1000 }],
			shadowed(),
		);
		expect(short.state.stage).toBe("shadowing");
		const needed = of(short.state, no)?.needed;
		expect(gate(short.state, "evidence per branch")).toEqual({
			name: "evidence per branch",
			value: "2 of 4 live branches",
			limit: "each ≥ 20 clean, bound ≤ 15 %",
			open: false,
			opens: `${needed} more clean requests of branch no (f.py:3). 1 other branch also falls short.`,
		});
		expect(weakestFirst(short.state.evidence.branches ?? []).map(({ words }) => words)).toEqual(["no", "caught", "yes", "entry"]);
		const enough = play([...seen(needed as number, [entry, no]), ...seen(60, [entry, caught])], short);
		expect(enough.state.stage).toBe("canary");
	});
	it("[A64] asks more of each branch before a larger weight", () => {
		const now = play([...seen(30, [entry, yes]), ...seen(30, [entry, no]), { kind: "tick", at: 1000 }], shadowed());
		const atOne = play([{ kind: "routed", weight: 1 }, onward(2000)], now);
		expect(atOne).toMatchObject({ state: { stage: "canary", canary: { weight: 1 } }, commands: [] });
		expect(gate(atOne.state, "evidence per branch")).toMatchObject({ open: false, value: "1 of 3 live branches" });
		const more = play([...seen(30, [entry, yes]), ...seen(30, [entry, no]), onward(3000)], atOne);
		expect(more.commands).toEqual([{ kind: "route", weight: 50 }]);
	});
	it("[A64] closes without any live branch", () => {
		const blind = play([...seen(500, undefined), { kind: "tick", at: 1000 }], shadowed());
		expect(blind.state.stage).toBe("shadowing");
	});
	it("[A67] a failed request takes the clients back when its branch no longer meets the weight in force", () => {
		const half = atHalf();
		expect(half.state.canary?.weight).toBe(50);
		expect(play(seen(1, [entry, caught], "failed"), half).state).toMatchObject({ stage: "shadowing", canary: null });
		const borne = play([...seen(400, [entry, yes]), ...seen(1, [entry, yes], "failed")], half);
		expect(borne.state.stage).toBe("canary");
	});
	it("[A67] a branch that is new in canary holds the next step and takes nobody back", () => {
		const now = play([...seen(200, [entry, yes]), ...seen(200, [entry, no]), ...seen(1, [entry, caught]), onward(9000)], atHalf());
		expect(now).toMatchObject({ state: { stage: "canary", canary: { weight: 50 } }, commands: [] });
		expect(gate(now.state, "evidence per branch")?.opens).toMatch(/of branch caught \(f\.py:4\)/);
	});
});

describe("waivers", () => {
	const sign = (branch: string, version = 1): Loose => ({ kind: "waive", branch, version, by: "A. Roe", why: "runs once a year" });
	const ready = (): Play => play([...seen(200, [entry, yes]), ...seen(200, [entry, no]), onward(9000)], atHalf());
	it("[A65] 100 % waits for a waiver of what no live request took, [A66] and goes on when it is signed", () => {
		const waits = ready();
		expect(gate(waits.state, "branches without live evidence")).toMatchObject({
			value: "1",
			open: false,
			opens: "A live request or a signed waiver: caught (f.py:4).",
		});
		const signed = play([sign("f#caught")], waits);
		expect(signed.commands).toEqual([]);
		expect(play([onward()], signed).commands).toEqual([{ kind: "route", weight: 100 }]);
		expect(signed.state.waivers).toEqual([{ branch: "f#caught", by: "A. Roe", why: "runs once a year", at: signed.at, version: 1 }]);
	});
	it("[A66] stands for missing evidence where the rule allows it, never against a failed request", () => {
		const few = play([...seen(60, [entry, yes]), ...seen(4, [entry, no]), sign("f#no"), { kind: "tick", at: 1000 }], shadowed());
		expect(few.state.stage).toBe("shadowing");
		const once = play([...seen(1, [entry, caught]), sign("f#caught"), onward()], ready());
		expect(once.commands).toEqual([{ kind: "route", weight: 100 }]);
		// Borne at 50 %, where 6 % are allowed, and too much for 100 %, where 5 % are.
		const clean = (cleanNeeded({ n: 1, k: 1, alpha: 0.05, limit: 0.06 }) as number) + 1;
		const doubtful = play([...seen(clean, [entry, caught]), ...seen(1, [entry, caught], "failed"), sign("f#caught"), onward()], ready());
		expect(doubtful).toMatchObject({ state: { stage: "canary", canary: { weight: 50 } }, commands: [] });
	});
	it("[A66] is of one version, can be taken back, and anything else changes nothing", () => {
		const signed = play([sign("f#caught"), sign("f#nothing"), sign("f#no", 2)], shadowed());
		expect(signed.state.waivers).toHaveLength(1);
		expect(play([{ kind: "unwaive", branch: "f#caught", version: 1, by: "A. Roe" }], signed).state.waivers).toEqual([]);
		expect(play([{ kind: "swapped", version: 2 }], signed).state.waivers).toEqual([]);
	});
});

describe("generated requests", () => {
	const round = { wanted: 1, reached: 1, tried: 99, unanswered: 0, file: "f.jsonl", sha256: "00", ms: 5 };
	const probed = (clean: number, differing = 0, version = 1): Loose => ({
		...{
			kind: "probed",
			version,
			clean,
			differing,
			branches: [
				[entry, clean, differing],
				[caught, clean, differing],
			],
		},
		...round,
	});
	const generated: Policy = {
		...policy,
		canary: policy.canary.map((step) => ({
			...step,
			branches: { ...(step.branches as BranchRule), ...(step.weight === 100 ? { unreached: "generated", minGenerated: 8 } : {}) },
		})),
	};
	const under = (events: Loose[], from: Play): Play => play(events, from, generated);
	const ready = (): Play => play([...seen(200, [entry, yes]), ...seen(200, [entry, no]), onward(9000)], atHalf());

	it("[A70] are counted by themselves, and enter no bound", () => {
		const before = play(seen(3, [entry, yes]), shadowed());
		const after = play([probed(12)], before);
		expect(after.state.evidence).toMatchObject({ clean: 3, generated: { clean: 12, differing: 0 } });
		expect(after.state.evidence.bound).toBe(before.state.evidence.bound);
		expect(of(after.state, entry)).toEqual({ ...of(before.state, entry), generated: { clean: 12, differing: 0 } });
		expect(of(after.state, caught)).toMatchObject({ live: false, clean: 0, bound: 1, generated: { clean: 12, differing: 0 } });
		expect(play([probed(12, 0, 2)], before).state.evidence.generated).toBeUndefined();
		expect(play([probed(4)], after).state.evidence.generated).toEqual({ clean: 4, differing: 0 });
		expect(play([{ kind: "swapped", version: 2 }], after).state.evidence.generated).toBeUndefined();
	});
	it("[A71] enough clean ones stand for a branch that no live request took, where the policy says so", () => {
		const few = under([probed(7), onward()], ready());
		expect(gate(few.state, "branches without live evidence")).toMatchObject({
			open: false,
			limit: "0, or each with 8 clean generated requests or a waiver",
			opens: "A live request, 8 clean generated requests or a signed waiver: caught (f.py:4).",
		});
		expect(under([probed(8), onward()], ready()).commands).toEqual([{ kind: "route", weight: 100 }]);
		// Another policy asks for a word all the same.
		expect(play([probed(500), onward()], ready()).commands).toEqual([]);
	});
	it("[A72] one that differs takes the clients back, is healed like a mismatch, and no waiver stands for it", () => {
		const now = under([probed(40, 1)], ready());
		expect(now.state).toMatchObject({ stage: "shadowing", openFailures: 1 });
		expect(now.commands).toContainEqual({ kind: "route", weight: 0 });
		expect(gate(now.state, "generated requests")).toMatchObject({ value: "1 of 41 differ", open: false });
		expect(under([{ kind: "tick", at: now.at + 60 }], now).commands).toEqual([{ kind: "heal" }]);
		const signed = under([{ kind: "waive", branch: "f#caught", version: 1, by: "A. Roe", why: "no" }], now);
		expect(gate(signed.state, "branches without live evidence")?.open ?? false).toBe(false);
	});
	it("[A72] after the architect lets it go on, a further round decides", () => {
		const held = under([probed(40, 1), { kind: "tick", at: 20_000 }, { kind: "noPatch", reason: "none" }], ready());
		const again = under([{ kind: "tick", at: 30_000 }, { kind: "noPatch", reason: "none" }, { kind: "retry" }], held);
		expect(gate(again.state, "generated requests")?.open).toBe(false);
		expect(gate(under([probed(41)], again).state, "generated requests")?.open).toBe(true);
	});
});

describe("[A68] the verdict on the evidence", () => {
	it("is not enough evidence with what is missing, then contradicted, then enough", () => {
		const few = play([...seen(60, [entry, yes]), ...seen(4, [entry, no])], shadowed());
		expect(evidenceVerdict(few.state, policy)).toEqual({
			kind: "not enough evidence",
			words: `Not enough evidence for 1 %: ${of(few.state, no)?.needed} more clean requests of branch no (f.py:3).`,
		});
		expect(evidenceVerdict(play(seen(1, [entry, no], "wrong"), few).state, policy)).toEqual({
			kind: "contradicted",
			words: "1 mismatch of version 1 stands open.",
		});
		expect(evidenceVerdict(play(seen(60, [entry, no]), few).state, policy).kind).toBe("enough");
		expect(evidenceVerdict(newMigration("f", 0), policy).kind).toBe("not enough evidence");
	});
});

describe("the default policy", () => {
	it("asks of each branch what the exact test for one look asks, and the bound at every look asks for more", () => {
		expect(policies.default.canary.map(({ branches }) => branches?.minClean)).toEqual([299, 299, 299, 2995, 29_956]);
		for (const { branches } of policies.default.canary) {
			const { minClean, maxMismatchRate: limit } = branches as BranchRule;
			expect(cleanForOneLook({ alpha: policies.default.alpha, limit })).toBe(minClean);
			expect(cleanNeeded({ n: 0, k: 0, alpha: policies.default.alpha, limit })).toBeGreaterThan(minClean);
		}
		expect([0.01, 0.001, 0.0001].map((limit) => cleanNeeded({ n: 0, k: 0, alpha: 0.05, limit }))).toEqual([362, 3870, 41_078]);
		expect(cleanNeeded({ n: 0, k: 0, alpha: 0.05 / 12, limit: 0.01 })).toBe(615);
	});
	it("is waivable at 100 % only, and no policy may ask less of a branch before a larger weight", () => {
		expect(policies.default.canary.map(({ branches }) => branches?.waivable)).toEqual([false, false, false, false, true]);
		const [first, ...rest] = policy.canary;
		const looser = { ...policy, canary: [{ ...first, branches: rule(99, 0.01) }, ...rest] } as Policy;
		expect(policyShape.parse(looser)).toEqual(looser);
		expect(policyProblems(looser)).toEqual([
			"what a canary weight asks of each branch must not be less than what the weight before it asked",
		]);
	});
});

describe("[A64] looking after every request", () => {
	it("sends clients to a service with one branch just above the limit in at most 5 % of the runs, by two standard errors", () => {
		const random = seeded(1);
		const runs = 400;
		const [shares, limit] = [[0.34, 0.33, 0.33], 0.15];
		const hasty = { ...policy, heal: { ...policy.heal, minFailures: 1, maxAttempts: 1 } };
		let wrong = 0;
		for (let run = 0; run < runs; run++) {
			const rates = shares.map((_, index) => (index === run % 3 ? limit * 1.001 : 0));
			if (requestsUntilCanary({ policy: hasty, shares, rates, fault: run % 2 ? "mismatched" : "failed", horizon: 300 }, random) !== null)
				wrong++;
		}
		expect(wrong / runs).toBeLessThanOrEqual(0.05 + 2 * Math.sqrt((0.05 * 0.95) / runs));
		expect(wrong).toBeGreaterThan(0);
	});
});
