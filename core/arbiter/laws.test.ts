import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { against } from "../contract/outcome.ts";
import type { LatencyTail, Migration, Policy, RunCommand, RunEvent } from "../contract/run.ts";
import { newMigration, transition, upperBound } from "./index.ts";

/** None of the new service's answers is slower than legacy's median allows. */
const fast: LatencyTail[] = [{ quantile: 0.5, limitMs: 30, answered: 9, over: 0 }];

const weights = [1, 5, 50, 100];
const rule = { minClean: 2, maxMismatchRate: 0.97, waivable: true, unreached: "ignored" as const };
const branches = ["entry", "yes", "no"].map((id, line) => ({ id, words: id, file: "f.py", line: line + 1 }));
const policy: Policy = {
	name: "laws",
	alpha: 0.05,
	shadow: { minClean: 3, maxMismatchRate: 0.8 },
	canary: weights.map((weight) => ({ weight, holdMs: 10, minRequests: 1, branches: rule })),
	guards: { maxErrorRate: 0, minRequests: 1, maxLatencyRatio: 2, latencySlackMs: 1 },
	heal: { minFailures: 2, settleMs: 20, maxAttempts: 3, autoAccept: true },
	coolDownMs: 10,
};

/** `obey`: the world does what the oldest open command asks; everything else comes out of turn. */
type Move = { kind: "obey" } | { kind: "event"; event: RunEvent };
const version = fc.constantFrom(1, 1, 2, 3);
const any = (): fc.Arbitrary<RunEvent> =>
	fc.oneof(
		fc.constantFrom<RunEvent>(
			{ kind: "start", at: 0 },
			{ kind: "pause", at: 0 },
			{ kind: "resume", at: 0 },
			{ kind: "retry", at: 0 },
			{ kind: "cancel", at: 0 },
			{ kind: "panic", at: 0, reason: "pressed" },
			{ kind: "trouble", at: 0, reason: "broke" },
			{ kind: "refused", at: 0, reason: "no" },
			{ kind: "noPatch", at: 0, reason: "none" },
			{ kind: "extracted", at: 0, routes: [] },
		),
		fc
			.tuple(fc.constantFrom("generated" as const, "deployed" as const, "swapped" as const), version)
			.map(([kind, v]): RunEvent => ({ kind, at: 0, version: v })),
		fc
			.tuple(fc.constantFrom("accept" as const, "decline" as const), fc.constantFrom("p1", "p2"))
			.map(([kind, patch]): RunEvent => ({ kind, at: 0, patch })),
		fc.tuple(fc.constantFrom("p1", "p2"), version).map(([patch, v]): RunEvent => ({ kind: "reopen", at: 0, patch, version: v })),
		fc.constantFrom("p1", "p2").map((patch): RunEvent => ({ kind: "revert", at: 0, patch })),
		fc.constantFrom(...weights, 0).map((weight): RunEvent => ({ kind: "routed", at: 0, weight })),
		fc
			.tuple(fc.nat(3), fc.nat(1))
			.map(([requests, errors]): RunEvent => ({ kind: "measured", at: 0, requests, errors, modernP95: 5, legacyP95: 5, tails: fast })),
	);
function probed(of: number, differing: number): RunEvent {
	const branches: [number, number, number][] = [[2, 3, differing]];
	const round = { wanted: 1, reached: 1, tried: 9, unanswered: 0, file: "f", sha256: "0", ms: 1 };
	return { kind: "probed", at: 0, version: of, clean: 3, differing, branches, ...round };
}
const verdict = fc
	.tuple(
		version,
		fc.constantFrom("clean", "clean", "clean", "clean", "clean", "wrong", "failed", "skewed", "accepted"),
		fc.constantFrom<number[] | undefined>([0, 1], [0, 1], [0, 2], undefined),
	)
	.map(([v, how, taken]): RunEvent => {
		const seen = {
			kind: "verdict" as const,
			at: 0,
			version: v,
			clean: how === "clean",
			failed: how === "failed",
			...(how === "skewed" ? { skewed: true as const } : {}),
			...(how === "accepted" ? { accepted: true as const } : {}),
		};
		return taken === undefined ? seen : { ...seen, branches: taken };
	});
const signing = fc.constantFrom<RunEvent>(
	{ kind: "allow", at: 0, site: "f#1", place: "f.py:1", digits: 2, by: "a", why: "b" },
	{ kind: "disallow", at: 0, site: "f#1", by: "a" },
	{ kind: "waive", at: 0, branch: "yes", version: 1, by: "a", why: "b" },
	{ kind: "waive", at: 0, branch: "no", version: 1, by: "a", why: "b" },
	{ kind: "unwaive", at: 0, branch: "no", version: 1, by: "a" },
);
const event = (arbitrary: fc.Arbitrary<RunEvent>): fc.Arbitrary<Move> => arbitrary.map((e) => ({ kind: "event", event: e }));
const clean = fc.constant<RunEvent>({ kind: "verdict", at: 0, version: 1, clean: true, failed: false, branches: [0, 1] });
const measured = fc.constant<RunEvent>({ kind: "measured", at: 0, requests: 5, errors: 0, modernP95: 5, legacyP95: 5, tails: fast });
const move: fc.Arbitrary<Move> = fc.oneof(
	{ weight: 12, arbitrary: fc.constant<Move>({ kind: "obey" }) },
	{ weight: 10, arbitrary: event(clean) },
	{ weight: 3, arbitrary: event(verdict) },
	{ weight: 10, arbitrary: event(measured) },
	{ weight: 2, arbitrary: event(any()) },
	{ weight: 1, arbitrary: event(signing) },
	{ weight: 1, arbitrary: event(fc.tuple(version, fc.constantFrom(0, 0, 2)).map(([v, differing]) => probed(v, differing))) },
);
const history = fc.array(fc.record({ move, wait: fc.nat(12) }, { noNullPrototype: true }), { minLength: 20, maxLength: 120 });

function answerTo(command: RunCommand, state: Migration): RunEvent | null {
	switch (command.kind) {
		case "extract":
			return { kind: "extracted", at: 0, routes: ["GET /x"] };
		case "generate":
			return { kind: "generated", at: 0, version: state.version + 1 };
		case "deploy":
			return { kind: "deployed", at: 0, version: command.version, branches };
		case "heal":
			return { kind: "patch", at: 0, patch: "p1", explained: 1, total: 1 };
		case "askReview":
			return { kind: "accept", at: 0, patch: command.patch };
		case "swap":
		case "revert":
		case "renew":
			return { kind: "swapped", at: 0, version: state.version + 1 };
		case "route":
			return { kind: "routed", at: 0, weight: command.weight };
		case "stopService":
		case "note":
			return null;
	}
}

type Taken = { before: Migration; event: RunEvent; after: Migration; commands: RunCommand[] };

function run(moves: { move: Move; wait: number }[]): Taken[] {
	let state = Object.freeze(newMigration("f", 0));
	let at = 0;
	const open: RunCommand[] = [];
	const taken: Taken[] = [];
	for (const next of [{ move: { kind: "event", event: { kind: "start", at: 0 } } as Move, wait: 0 }, ...moves]) {
		at += next.wait;
		const command = next.move.kind === "obey" ? open.shift() : undefined;
		const bare = next.move.kind === "event" ? next.move.event : command ? answerTo(command, state) : ({ kind: "tick", at } as const);
		if (bare === null) continue;
		const given = { ...bare, at } as RunEvent;
		const before = deepFreeze(state);
		const [after, commands] = transition(before, deepFreeze(given), policy);
		open.push(...commands);
		taken.push({ before, event: given, after, commands });
		state = after;
	}
	return taken;
}

function deepFreeze<T>(value: T): T {
	if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
		Object.freeze(value);
		for (const item of Object.values(value)) deepFreeze(item);
	}
	return value;
}

const routesOf = (commands: RunCommand[]): number[] => commands.flatMap((command) => (command.kind === "route" ? [command.weight] : []));
const law = (check: (taken: Taken[]) => void, numRuns = 1500): void =>
	fc.assert(
		fc.property(history, (moves) => check(run(moves))),
		{ numRuns, seed: 20261122 },
	);

describe("laws of every history", () => {
	it("[A30] no traffic moves without an open shadow gate of the version that runs", () => {
		law((taken) => {
			for (const { before, after, commands } of taken) {
				if (before.stage === "canary" || !routesOf(commands).some((weight) => weight > 0)) continue;
				const { clean: good, version: of } = after.evidence;
				const k = against(after.evidence);
				expect(before.stage === "shadowing" && !after.paused && after.openFailures === 0 && of === after.version).toBe(true);
				expect(good).toBeGreaterThanOrEqual(policy.shadow.minClean);
				expect(upperBound({ n: good + k, k, alpha: policy.alpha })).toBeLessThanOrEqual(policy.shadow.maxMismatchRate + 1e-9);
				expect(routesOf(commands)).toEqual([weights[0]]);
			}
		});
	});
	it("[A64] no weight is set while a live branch of the running version lacks its evidence, or a waiver in its place", () => {
		let waived = 0;
		law((taken) => {
			for (const { after, commands } of taken) {
				if (!routesOf(commands).some((weight) => weight > 0)) continue;
				const live = after.evidence.branches?.filter((branch) => branch.live) ?? [];
				expect(live.length).toBeGreaterThan(0);
				for (const branch of live) {
					const { id, clean: good } = branch;
					const k = against(branch);
					const counts = { n: good + k, k, alpha: policy.alpha };
					const isMet = good >= rule.minClean && upperBound(counts) <= rule.maxMismatchRate + 1e-9;
					const isWaived = k === 0 && after.waivers?.some((waiver) => waiver.branch === id) === true;
					expect(isMet || isWaived).toBe(true);
					if (!isMet) waived++;
				}
			}
		});
		expect(waived).toBeGreaterThan(3);
	});
	it("[A72] no weight is set, and none stays, while a generated request of the running version differs", () => {
		let met = 0;
		law((taken) => {
			for (const { before, event: given, after, commands } of taken) {
				if ((after.evidence.generated?.differing ?? 0) === 0) continue;
				met++;
				expect(routesOf(commands).every((weight) => weight === 0)).toBe(true);
				if (given.kind === "probed" && before.stage === "canary") expect(after.stage).not.toBe("canary");
			}
		});
		expect(met).toBeGreaterThan(20);
	});
	it("[A81] [A82] an accepted request changes nothing but its count, and what is accepted is compared from zero", () => {
		let met = 0;
		law((taken) => {
			for (const { before, event: given, after, commands } of taken) {
				if (given.kind === "verdict" && given.accepted && after !== before && before.evidence.version === given.version) {
					const told = ({ openFailures, evidence }: Migration) => [openFailures, evidence.bound, evidence.clean, evidence.mismatched];
					expect(told(after)).toEqual(told(before));
					met++;
				}
				if (commands.some((command) => command.kind === "renew")) expect(after.canary).toBeNull();
				if (before.acceptances === after.acceptances) continue;
				expect(commands.at(-1)).toEqual({ kind: "renew" });
				expect(after.renewing).toBe(true);
			}
		});
		expect(met).toBeGreaterThan(20);
	});
	it("[A41] [A40] no canary step is skipped, and none is taken before the last is in force", () => {
		law((taken) => {
			for (const { before, after, commands } of taken) {
				const ahead = routesOf(commands).filter((weight) => weight > 0);
				if (before.stage === "canary" && ahead.length > 0) {
					expect(ahead).toEqual([weights[weights.indexOf(before.canary?.weight ?? -1) + 1]]);
					expect(after.canary?.weight).toBe(before.canary?.weight);
				}
				if (after.stage === "promoted" && before.stage !== "promoted") expect(before.canary?.weight).toBe(100);
			}
		});
	});
	it("[A51] [A52] after panic nothing goes to the new service until resume, after cancel never", () => {
		law((taken) => {
			let stopped: "no" | "panic" | "cancel" = "no";
			for (const { before, event: given, after, commands } of taken) {
				if (given.kind === "resume" && stopped === "panic") stopped = "no";
				if (given.kind === "panic" && stopped === "no" && before.stage !== "refused") stopped = "panic";
				if (after.stage === "cancelled") stopped = "cancel";
				if (stopped === "no") continue;
				expect(routesOf(commands).every((weight) => weight === 0)).toBe(true);
				expect(after.stage === "canary" || after.stage === "promoted").toBe(false);
			}
		});
	});
	it("[A43] a mismatch of the running version takes all clients back at once", () => {
		law((taken) => {
			for (const { before, event: given, after, commands } of taken) {
				if (given.kind !== "verdict" || given.clean || given.failed || given.skewed || given.accepted || given.version !== before.version)
					continue;
				if (before.stage !== "canary" && before.stage !== "promoted") continue;
				expect(commands[0]).toEqual({ kind: "route", weight: 0 });
				expect(after.canary).toBeNull();
			}
		});
	});
	it("[A27] evidence belongs to one version", () => {
		law((taken) => {
			for (const { before, after } of taken) {
				if (after.version === before.version) continue;
				expect(after.evidence.clean + against(after.evidence)).toBe(after.evidence.version === after.version ? 0 : before.evidence.clean);
				expect(after.canary).toBeNull();
			}
		});
	});
	it("[A2] replaying the events gives the same state, also through JSON", () => {
		law((taken) => {
			let state: Migration = newMigration("f", 0);
			for (const { event: given, after } of taken) {
				[state] = transition(JSON.parse(JSON.stringify(state)) as Migration, JSON.parse(JSON.stringify(given)) as RunEvent, policy);
				expect(state).toEqual(after);
			}
		}, 300);
	});
	it("the histories reach what the laws speak of", () => {
		const seen = new Map<string, number>();
		law((taken) => {
			for (const stage of new Set(taken.map(({ after }) => after.stage))) seen.set(stage, (seen.get(stage) ?? 0) + 1);
		});
		for (const stage of ["canary", "promoted", "healing", "held", "cancelled", "refused"])
			expect(seen.get(stage) ?? 0, stage).toBeGreaterThan(10);
	});
});
