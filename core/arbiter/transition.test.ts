import { describe, expect, it } from "vitest";
import { type LatencyTail, type Migration, type Policy, policyShape, type RunCommand, type RunEvent } from "../contract/run.ts";
import { newMigration, policies, policyProblems, transition } from "./index.ts";

/** None of the new service's answers is slower than legacy's median allows. */
const fast: LatencyTail[] = [{ quantile: 0.5, limitMs: 30, answered: 9, over: 0 }];

const policy: Policy = {
	name: "test",
	alpha: 0.05,
	shadow: { minClean: 25, maxMismatchRate: 0.15 },
	canary: [
		{ weight: 1, holdMs: 100, minRequests: 0 },
		{ weight: 10, holdMs: 100, minRequests: 2 },
		{ weight: 100, holdMs: 100, minRequests: 2 },
	],
	guards: { maxErrorRate: 0, minRequests: 5, maxLatencyRatio: 2, latencySlackMs: 10 },
	heal: { minFailures: 3, settleMs: 50, maxAttempts: 2, autoAccept: true },
	coolDownMs: 100,
};
const review: Policy = { ...policy, heal: { ...policy.heal, autoAccept: false } };

type Play = { state: Migration; commands: RunCommand[]; at: number };
type Loose = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, "at"> & { at?: number } : never) : never;

function play(events: Loose[], from: Play = { state: newMigration("fees.commission", 0), commands: [], at: 0 }, rules = policy): Play {
	let { state, at } = from;
	let commands: RunCommand[] = [];
	for (const event of events) {
		at = event.at ?? at + 1;
		[state, commands] = transition(state, { ...event, at } as RunEvent, rules);
	}
	return { state, commands, at };
}
const clean = (count: number, version = 1): Loose[] =>
	Array.from({ length: count }, () => ({ kind: "verdict", version, clean: true, failed: false }));
const wrong = (count: number, version = 1): Loose[] =>
	Array.from({ length: count }, () => ({ kind: "verdict", version, clean: false, failed: false }));
const failed = (version = 1): Loose => ({ kind: "verdict", version, clean: false, failed: true });
const prepared: Loose[] = [
	{ kind: "start" },
	{ kind: "extracted", routes: ["GET /fees"] },
	{ kind: "generated", version: 1 },
	{ kind: "deployed", version: 1 },
];
const shadowed = (): Play => play(prepared);
const inCanary = (): Play => play([{ kind: "tick", at: 1000 }], play(clean(30), shadowed()));
const atWeight = (weight: number): Play => {
	let now = inCanary();
	for (const step of policy.canary) {
		now = play([{ kind: "routed", weight: step.weight }], now);
		if (step.weight === weight) return now;
		now = play([{ kind: "measured", at: now.at + 150, requests: 9, errors: 0, modernP95: 3, legacyP95: 4, tails: fast }], now);
	}
	return now;
};
const routes = (commands: RunCommand[]): number[] => commands.flatMap((command) => (command.kind === "route" ? [command.weight] : []));
const gate = (state: Migration, name: string) => state.gates.find((candidate) => candidate.name === name);

describe("policies", () => {
	it.each([policies.demo, policies.default])("$name has its shape and rises to 100", (candidate) => {
		expect(policyShape.parse(candidate)).toEqual(candidate);
		expect(policyProblems(candidate)).toEqual([]);
	});
	it("names what a policy lacks", () => {
		const step = { holdMs: 1, minRequests: 0 };
		expect(
			policyProblems({
				...policy,
				canary: [
					{ ...step, weight: 10 },
					{ ...step, weight: 5 },
				],
			}),
		).toHaveLength(2);
	});
});

describe("preparation", () => {
	it("[A10] goes from start to shadow, one command at a time", () => {
		const seen: string[] = [];
		let now = play([]);
		for (const event of prepared) {
			now = play([event], now);
			seen.push(`${now.state.stage}: ${JSON.stringify(now.commands)}`);
		}
		expect(seen).toEqual([
			'extracting: [{"kind":"extract"}]',
			'generating: [{"kind":"generate"}]',
			'deploying: [{"kind":"deploy","version":1}]',
			'shadowing: [{"kind":"route","weight":0}]',
		]);
		expect(now.state).toMatchObject({ version: 1, routes: ["GET /fees"], evidence: { version: 1, clean: 0, bound: 1, needed: 25 } });
	});
	it("[A11] refuses with the reason, and holds on trouble until retried", () => {
		expect(play([{ kind: "start" }, { kind: "refused", reason: "eval at x.py:3" }]).state).toMatchObject({
			stage: "refused",
			reason: "eval at x.py:3",
		});
		const held = play([{ kind: "start" }, { kind: "trouble", reason: "disk full" }]);
		expect(held.state).toMatchObject({ stage: "held", heldIn: "extracting", reason: "disk full" });
		const again = play([{ kind: "retry" }], held);
		expect(again).toMatchObject({ state: { stage: "extracting" }, commands: [{ kind: "extract" }] });
		expect(again.state.heldIn).toBeUndefined();
	});
	it("[A4] leaves final stages alone", () => {
		const refused = play([{ kind: "start" }, { kind: "refused", reason: "x" }]);
		expect(play([{ kind: "start" }, { kind: "retry" }, { kind: "resume" }], refused).state).toBe(refused.state);
	});
});

describe("evidence and healing", () => {
	it("[A20] counts only verdicts of the version that runs", () => {
		const now = play([...clean(3), ...wrong(2, 7), ...clean(2, 0)], shadowed());
		expect(now.state).toMatchObject({ evidence: { clean: 3, mismatched: 0 }, openFailures: 0, totals: { compared: 3 } });
	});
	it("[A22] keeps mismatches open, and lets failed verdicts weaken the bound only", () => {
		const now = play([...clean(20), failed()], shadowed());
		expect(now.state).toMatchObject({ openFailures: 0, evidence: { clean: 20, failed: 1 } });
		expect(now.state.evidence.bound).toBeGreaterThan(play(clean(21), shadowed()).state.evidence.bound);
		expect(play(wrong(1), now).state).toMatchObject({ openFailures: 1, firstFailureAt: now.at + 1 });
	});
	it("[A69] counts a skewed verdict by its name: never clean, nothing to search, and against in every bound", () => {
		const skewed: Loose = { kind: "verdict", version: 1, clean: false, failed: false, skewed: true };
		const now = play([...clean(20), skewed], shadowed());
		expect(now.state).toMatchObject({ stage: "shadowing", openFailures: 0, evidence: { clean: 20, mismatched: 0, failed: 0, skewed: 1 } });
		expect(now.state.totals).toMatchObject({ compared: 21, mismatched: 0, skewed: 1 });
		expect(now.state.evidence.bound).toBe(play([...clean(20), failed()], shadowed()).state.evidence.bound);
		expect(now.commands).toEqual([]);
	});
	it("[A23] says how many clean requests are needed, or null while mismatches are open", () => {
		expect(play(clean(20), shadowed()).state.evidence.needed).toBe(5);
		expect(play([...clean(20), ...wrong(1)], shadowed()).state.evidence.needed).toBeNull();
	});
	it("[A24] heals after enough failures, or when the first has settled", () => {
		const two = play(wrong(2), shadowed());
		expect(two.state.stage).toBe("shadowing");
		expect(play(wrong(1), two)).toMatchObject({ state: { stage: "healing", healAttempts: 1 }, commands: [{ kind: "heal" }] });
		expect(play([{ kind: "tick", at: two.at + 40 }], two).commands).toEqual([]);
		expect(play([{ kind: "tick", at: two.at + 60 }], two).commands).toEqual([{ kind: "heal" }]);
	});
	it("[A20] counts verdicts while healing without starting a second search", () => {
		const healing = play(wrong(3), shadowed());
		const more = play([...wrong(4), ...clean(2), { kind: "tick", at: 9000 }], healing);
		expect(more).toMatchObject({ state: { stage: "healing", openFailures: 7, evidence: { clean: 2, mismatched: 7 } }, commands: [] });
	});
	it("[A25] [A27] swaps by itself when the policy says so, and begins the evidence again", () => {
		const patched = play([{ kind: "patch", patch: "p1", explained: 3, total: 3 }], play(wrong(3), shadowed()));
		expect(patched).toMatchObject({ state: { stage: "healing", patch: "p1" }, commands: [{ kind: "swap", patch: "p1" }] });
		const swapped = play([{ kind: "swapped", version: 2 }], patched);
		expect(swapped.state).toMatchObject({
			stage: "shadowing",
			version: 2,
			openFailures: 0,
			patch: null,
			evidence: { version: 2, clean: 0, mismatched: 0, bound: 1 },
			totals: { mismatched: 3 },
		});
		expect(play(wrong(1, 1), swapped).state.openFailures).toBe(0);
		const counted = play(clean(4, 2), swapped);
		expect(play([{ kind: "swapped", version: 2 }], counted).state.evidence.clean).toBe(4);
	});
	it("[A26] waits for the architect, who accepts or refuses this patch", () => {
		const asked = play([{ kind: "patch", patch: "p1", explained: 3, total: 3 }], play(wrong(3), shadowed(), review), review);
		expect(asked).toMatchObject({ state: { stage: "reviewing" }, commands: [{ kind: "askReview", patch: "p1" }] });
		expect(play([{ kind: "accept", patch: "other" }], asked, review).state.stage).toBe("reviewing");
		expect(play([{ kind: "accept", patch: "p1" }], asked, review).commands).toEqual([{ kind: "swap", patch: "p1" }]);
		expect(play([{ kind: "decline", patch: "p1" }], asked, review).state).toMatchObject({ stage: "held", patch: null });
	});
	it("[A28] collects further failures when nothing explains the first, then holds", () => {
		const none = play(
			[
				{ kind: "noPatch", reason: "no site explains them" },
				{ kind: "tick", at: 5000 },
			],
			play(wrong(3), shadowed()),
		);
		expect(none).toMatchObject({ state: { stage: "shadowing", openFailures: 3 }, commands: [] });
		const again = play(wrong(3), none);
		expect(again).toMatchObject({ state: { stage: "healing", healAttempts: 2 }, commands: [{ kind: "heal" }] });
		expect(play([{ kind: "noPatch", reason: "nothing again" }], again).state).toMatchObject({ stage: "held", reason: "nothing again" });
	});
	it("[A24] holds after the last attempt", () => {
		let now = shadowed();
		for (const version of [1, 2])
			now = play(
				[...wrong(3, version), { kind: "patch", patch: "p", explained: 1, total: 3 }, { kind: "swapped", version: version + 1 }],
				now,
			);
		expect(play(wrong(3, 3), now).state).toMatchObject({ stage: "held", reason: "3 mismatches are open after 2 attempts to heal" });
	});
});

describe("a decision taken back", () => {
	const asked = (): Play => play([{ kind: "patch", patch: "p1", explained: 3, total: 3 }], play(wrong(3), shadowed(), review), review);
	const swapped = (): Play =>
		play(
			[
				{ kind: "accept", patch: "p1" },
				{ kind: "swapped", version: 2 },
			],
			asked(),
			review,
		);
	it("[A29] puts a refused patch up again, for its own version only and while nothing else is under way", () => {
		const refused = play([{ kind: "decline", patch: "p1" }], asked(), review);
		const again = play([{ kind: "reopen", patch: "p1", version: 1 }], refused, review);
		expect(again).toMatchObject({ state: { stage: "reviewing", patch: "p1" }, commands: [{ kind: "askReview", patch: "p1" }] });
		expect(play([{ kind: "accept", patch: "p1" }], again, review).commands).toEqual([{ kind: "swap", patch: "p1" }]);
		expect(play([{ kind: "reopen", patch: "p1", version: 2 }], refused, review).state.stage).toBe("held");
		const searching = play([{ kind: "retry" }, ...wrong(3)], refused, review);
		expect(searching.state.stage).toBe("healing");
		expect(play([{ kind: "reopen", patch: "p1", version: 1 }], searching, review)).toMatchObject({
			state: { stage: "healing" },
			commands: [],
		});
	});
	it("[A26] an accepted patch lets the attempts count from zero", () => {
		expect(asked().state.healAttempts).toBe(1);
		expect(swapped().state).toMatchObject({ healAttempts: 0, version: 2 });
	});
	it("[A54] reverts in shadow: the former choices as a new version, evidence from zero", () => {
		const reverting = play([{ kind: "revert", patch: "p1" }], play(clean(5, 2), swapped(), review), review);
		expect(reverting).toMatchObject({ state: { stage: "healing", patch: "p1", version: 2 }, commands: [{ kind: "revert", patch: "p1" }] });
		expect(reverting.state.reason).toContain("evidence starts again at zero");
		const back = play([{ kind: "swapped", version: 3 }], reverting, review);
		expect(back.state).toMatchObject({
			stage: "shadowing",
			version: 3,
			patch: null,
			openFailures: 0,
			evidence: { version: 3, clean: 0, bound: 1 },
		});
	});
	it("[A54] takes the weight to 0 before it reverts in canary", () => {
		const reverting = play([{ kind: "revert", patch: "p1" }], atWeight(10));
		expect(reverting.commands.map((command) => command.kind)).toEqual(["route", "note", "revert"]);
		expect(routes(reverting.commands)).toEqual([0]);
		expect(reverting.state).toMatchObject({ stage: "healing", canary: null, patch: "p1" });
		expect(play([...clean(500), { kind: "tick", at: 1e7 }], reverting).commands).toEqual([]);
	});
	it("[A54] does nothing while a patch is put in place, before a deployment and after promotion", () => {
		const placing = play([{ kind: "accept", patch: "p1" }], asked(), review);
		const promoted = play([{ kind: "measured", at: 1e6, requests: 9, errors: 0, modernP95: 3, legacyP95: 4, tails: fast }], atWeight(100));
		expect(promoted.state.stage).toBe("promoted");
		for (const now of [placing, promoted, play([{ kind: "start" }])]) {
			const after = play([{ kind: "revert", patch: "p1" }], now);
			expect(after).toMatchObject({ state: { stage: now.state.stage }, commands: [] });
		}
	});
	it("[A54] lets no policy put the next patch in place before the architect accepted one", () => {
		const back = play(
			[
				{ kind: "patch", patch: "p1", explained: 3, total: 3 },
				{ kind: "swapped", version: 2 },
				{ kind: "revert", patch: "p1" },
				{ kind: "swapped", version: 3 },
			],
			play(wrong(3), shadowed()),
		);
		const found = play([...wrong(3, 3), { kind: "patch", patch: "p2", explained: 3, total: 3 }], back);
		expect(found).toMatchObject({ state: { stage: "reviewing" }, commands: [{ kind: "askReview", patch: "p2" }] });
		expect(play([{ kind: "pause" }, { kind: "resume" }], found).state.stage).toBe("reviewing");
		const accepted = play(
			[
				{ kind: "accept", patch: "p2" },
				{ kind: "swapped", version: 4 },
			],
			found,
		);
		const next = play([...wrong(3, 4), { kind: "patch", patch: "p3", explained: 3, total: 3 }], accepted);
		expect(next.commands).toEqual([{ kind: "swap", patch: "p3" }]);
	});
	it("[A54] gives up when the former version cannot be started, and goes on as it was", () => {
		const broken = play(
			[
				{ kind: "revert", patch: "p1" },
				{ kind: "trouble", reason: "port taken" },
			],
			swapped(),
			review,
		);
		expect(broken.state).toMatchObject({ stage: "shadowing", version: 2, patch: null, reason: "port taken" });
	});
});

describe("the shadow gate", () => {
	it("[A30] opens at the count, the bound and the rest, and says what is missing until then", () => {
		const early = play([...clean(24), { kind: "tick", at: 500 }], shadowed());
		expect(early.state.stage).toBe("shadowing");
		expect(gate(early.state, "clean requests")).toEqual({ name: "clean requests", value: "24", limit: "≥ 25", open: false });
		const now = play(clean(1), early);
		expect(now).toMatchObject({ state: { stage: "canary", canary: { step: 0, weight: 0 } }, commands: [{ kind: "route", weight: 1 }] });
		expect(gate(play(clean(30), shadowed()).state, "time in shadow")?.open).toBe(false);
	});
	it("[A30] stays shut while a mismatch is open, however many clean requests follow", () => {
		const now = play([...wrong(3), { kind: "noPatch", reason: "x" }, ...clean(500), { kind: "tick", at: 1e6 }], shadowed());
		expect(now.state).toMatchObject({ stage: "shadowing", openFailures: 3 });
		expect(gate(now.state, "open mismatches")?.open).toBe(false);
	});
	it("[A30] stays shut while the bound is too high, though the count suffices", () => {
		const now = play([failed(), failed(), ...clean(30), { kind: "tick", at: 1000 }], shadowed());
		expect(gate(now.state, "clean requests")?.open).toBe(true);
		expect(gate(now.state, "mismatch rate, upper bound")?.open).toBe(false);
		expect(now.state.stage).toBe("shadowing");
	});
});

describe("canary", () => {
	it("[A40] believes a weight only when it is in force", () => {
		const asked = inCanary();
		expect(
			play(
				[
					{ kind: "tick", at: 99_999 },
					{ kind: "routed", weight: 10 },
				],
				asked,
			).state.canary,
		).toMatchObject({ step: 0, weight: 0 });
		expect(play([{ kind: "routed", weight: 1 }], asked).state.canary).toMatchObject({ step: 0, weight: 1, since: asked.at + 1 });
	});
	it("[A41] takes one step after time and requests, [A44] and promotes after 100", () => {
		const seen: (number | string)[] = [];
		let now = play([{ kind: "routed", weight: 1 }], inCanary());
		for (let index = 0; index < 60 && now.state.stage === "canary"; index++) {
			now = play([{ kind: "measured", at: now.at + 40, requests: index % 4, errors: 0, modernP95: 1, legacyP95: 1, tails: fast }], now);
			const [weight] = routes(now.commands);
			if (weight === undefined) continue;
			seen.push(weight);
			now = play([{ kind: "routed", weight }], now);
		}
		expect([...seen, now.state.stage]).toEqual([10, 100, "promoted"]);
		expect(now.state.reason).toMatch(/30 clean requests of version 1, mismatch rate at most 10\.7 %/);
	});
	it("[A41] shows that a weight is not in force yet", () => {
		const asked = play([{ kind: "tick", at: 99_999 }], inCanary());
		expect(gate(asked.state, "weight in force")).toEqual({ name: "weight in force", value: "0 %", limit: "1 %", open: false });
	});
	it("[A44] never promotes under a policy that ends below 100", () => {
		const short: Policy = { ...policy, canary: [{ weight: 50, holdMs: 10, minRequests: 0 }] };
		const asked = play([{ kind: "tick", at: 1000 }], play(clean(30), shadowed(), short), short);
		const now = play(
			[
				{ kind: "routed", weight: 50 },
				{ kind: "tick", at: 5000 },
				{ kind: "tick", at: 9000 },
			],
			asked,
			short,
		);
		expect(now.state).toMatchObject({ stage: "canary", canary: { weight: 50 } });
	});
	it("[A42] goes back to legacy and holds on one error, [A53] and on again by retry with its evidence", () => {
		const broken = play([{ kind: "measured", at: 1e5, requests: 3, errors: 1, modernP95: 1, legacyP95: 1, tails: fast }], atWeight(10));
		expect(broken.state).toMatchObject({ stage: "held", heldIn: "canary", canary: null, reason: "error rate 33.4 %, allowed ≤ 0 %" });
		expect(routes(broken.commands)).toEqual([0]);
		expect(play([{ kind: "retry" }], broken)).toMatchObject({
			state: { stage: "shadowing", evidence: { clean: 30 } },
			commands: [{ kind: "route", weight: 0 }],
		});
	});
	it("[A46] goes back to legacy once it is proved that the new service is slower than legacy's quantiles allow", () => {
		const slow = (over: number, answered: number): Loose => ({
			...{ kind: "measured", at: 1e5, requests: answered, errors: 0, modernP95: 50, legacyP95: 10 },
			tails: [{ quantile: 0.95, limitMs: 30, answered, over }, ...fast],
		});
		// As seen 10 % instead of 5: not proved, yet no step forward.
		const seen = play([slow(4, 40)], atWeight(10)).state;
		expect(seen.stage).toBe("canary");
		expect(seen.gates.find(({ name }) => name === "latency")).toMatchObject({ open: true });
		expect(seen.gates.find(({ name }) => name === "latency so far")).toMatchObject({
			...{ value: "10.0 % of 40 over 30.0 ms", limit: "≤ 5 % (p95)", open: false },
		});
		expect(play([slow(40, 400)], atWeight(10)).state).toMatchObject({
			...{ stage: "held", heldIn: "canary", reason: "latency 10.0 % of 400 over 30.0 ms, allowed ≤ 5 % (p95)" },
		});
	});
	it("[A46] takes no step forward while legacy has answered too few", () => {
		const alone: Loose = { kind: "measured", at: 1e5, requests: 900, errors: 0, modernP95: 1, legacyP95: 0, tails: [] };
		const { state, commands } = play([alone], atWeight(10));
		expect(state).toMatchObject({ stage: "canary", canary: { weight: 10, step: atWeight(10).state.canary?.step } });
		expect(routes(commands)).toEqual([]);
	});
	it("[A47] where legacy fails too its own share is allowed on top; more is waited for, and proved before clients are taken back", () => {
		const measured = (requests: number, errors: number, legacyErrors: number): Loose => ({
			...{ kind: "measured", requests, errors, legacyRequests: 1_000, legacyErrors, modernP95: 3, legacyP95: 4, tails: fast },
		});
		const now = atWeight(10);
		expect(play([measured(100, 1, 0)], now).state).toMatchObject({ stage: "held", reason: "error rate 1 %, allowed ≤ 0 %" });
		// Legacy answers 5 % of the same requests with an error: that is what they are.
		const alike = play([measured(100, 5, 50)], now);
		expect(alike.state.stage).toBe("canary");
		expect(gate(alike.state, "errors so far")).toMatchObject({ value: "5 %", open: true });
		const more = play([measured(100, 10, 50)], now);
		expect(more.state.stage).toBe("canary");
		expect(gate(more.state, "errors so far")).toMatchObject({ open: false });
		expect(play([measured(300, 60, 50)], now).state).toMatchObject({ stage: "held", heldIn: "canary" });
	});
	it("[A42] ignores figures from before the present weight", () => {
		const now = atWeight(10);
		expect(
			play(
				[{ kind: "measured", at: (now.state.canary?.since ?? 0) - 1, requests: 3, errors: 3, modernP95: 1, legacyP95: 1, tails: fast }],
				now,
			).state.stage,
		).toBe("canary");
	});
	it.each([1, 10, 100])("[A43] goes back to legacy on a mismatch at %d %%", (weight) => {
		const drifted = play(wrong(1), atWeight(weight));
		expect(drifted.state).toMatchObject({ stage: "shadowing", canary: null, openFailures: 1 });
		expect(routes(drifted.commands)).toEqual([0]);
		expect(play([{ kind: "tick", at: drifted.at + 60 }], drifted).commands).toEqual([{ kind: "heal" }]);
	});
	it("[A43] goes back when failed verdicts spoil the evidence, and on a late mismatch after promotion", () => {
		expect(play([failed()], atWeight(10)).state).toMatchObject({ stage: "shadowing", openFailures: 0 });
		let now = atWeight(100);
		now = play([{ kind: "measured", at: now.at + 150, requests: 9, errors: 0, modernP95: 3, legacyP95: 4, tails: fast }], now);
		expect(now.state.stage).toBe("promoted");
		expect(play(clean(1), now).state.stage).toBe("promoted");
		expect(routes(play(wrong(1), now).commands)).toEqual([0]);
	});
	it("[A45] goes back to shadow on trouble and rests before it begins again", () => {
		const troubled = play([{ kind: "trouble", reason: "the service died" }], atWeight(10));
		expect(troubled.state).toMatchObject({ stage: "shadowing", reason: "the service died", canary: null });
		expect(routes(troubled.commands)).toEqual([0]);
		expect(play(clean(1), troubled).commands).toEqual([]);
		expect(play([{ kind: "tick", at: troubled.at + 200 }], troubled).commands).toEqual([{ kind: "route", weight: 1 }]);
	});
	it("[A45] gives up a search on trouble and tries again after settling", () => {
		const troubled = play([{ kind: "trouble", reason: "lost" }], play(wrong(2), play(wrong(1), shadowed())));
		expect(troubled.state.stage).toBe("shadowing");
		expect(play([{ kind: "tick", at: troubled.at + 60 }], troubled).commands).toEqual([{ kind: "heal" }]);
	});
});

describe("people", () => {
	it("[A50] pause stops the next step but not the guards", () => {
		const measured: Loose = { kind: "measured", at: 9e5, requests: 9, errors: 0, modernP95: 3, legacyP95: 4, tails: fast };
		const paused = play([{ kind: "pause" }, measured], atWeight(1));
		expect(play([{ kind: "tick", at: 1e6 }], paused).commands).toEqual([]);
		expect(routes(play(wrong(1), paused).commands)).toEqual([0]);
		const resumed = play([{ kind: "tick", at: 1e6 }, { kind: "resume" }], paused);
		expect(resumed.commands).toEqual([{ kind: "route", weight: 10 }]);
	});
	it("[A50] keeps a patch for review during a pause and takes it up on resume", () => {
		const asked = play([...wrong(3), { kind: "pause" }, { kind: "patch", patch: "p", explained: 3, total: 3 }], shadowed());
		expect(asked.state.stage).toBe("reviewing");
		expect(play([{ kind: "resume" }], asked).commands).toEqual([{ kind: "swap", patch: "p" }]);
	});
	it("[A51] panic takes everything back until resume", () => {
		const stopped = play([{ kind: "panic", reason: "pressed" }], atWeight(10));
		expect(stopped.state).toMatchObject({ stage: "shadowing", paused: true, canary: null, reason: "kill switch: pressed" });
		expect(routes(stopped.commands)).toEqual([0]);
		expect(play([...clean(50), { kind: "tick", at: 1e6 }, { kind: "routed", weight: 10 }], stopped).state.stage).toBe("shadowing");
		expect(play([{ kind: "tick", at: 1e6 }, { kind: "resume" }], stopped).commands).toEqual([{ kind: "route", weight: 1 }]);
	});
	it("[A52] cancel routes to legacy and stops the service", () => {
		expect(play([{ kind: "cancel" }], atWeight(100))).toMatchObject({
			state: { stage: "cancelled", canary: null },
			commands: [{ kind: "route", weight: 0 }, { kind: "stopService" }],
		});
	});
	it("[A53] retry clears open mismatches but not the counts", () => {
		const held = play(
			[{ kind: "decline", patch: "p" }],
			play([{ kind: "patch", patch: "p", explained: 3, total: 3 }], play(wrong(3), shadowed(), review), review),
			review,
		);
		const again = play([{ kind: "retry" }], held);
		expect(again.state).toMatchObject({ stage: "shadowing", openFailures: 0, healAttempts: 0, evidence: { mismatched: 3 } });
		expect(again.state.evidence.needed).toBe(76);
	});
});
