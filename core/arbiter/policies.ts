import type { BranchRule, Policy } from "../contract/run.ts";

const minutes = (count: number): number => count * 60_000;

/**
 * Before a weight, of every live branch. `minClean` is what the exact test for one look asks for at this limit and alpha 0.05
 * (`cleanForOneLook`); the bound that holds at every look asks for more, and both must be met:
 *
 *     weight    limit     one look    at every look (`cleanNeeded`)
 *     1 %       1 %            299        362
 *     50 %      0.1 %        2,995      3,870
 *     100 %     0.01 %      29,956     41,078   or a signed waiver
 */
const toFew: BranchRule = { minClean: 299, maxMismatchRate: 0.01, waivable: false, unreached: "ignored" };
const toHalf: BranchRule = { minClean: 2995, maxMismatchRate: 0.001, waivable: false, unreached: "ignored" };
const toAll: BranchRule = { minClean: 29_956, maxMismatchRate: 0.0001, waivable: true, unreached: "generated", minGenerated: 20 };

/** Counted and shown, and nothing asked: some live branches of the sample come once in several minutes. */
const countedOnly: BranchRule = { minClean: 0, maxMismatchRate: 1, waivable: true, unreached: "ignored" };

/**
 * `default`: for systems that matter. 1,000 clean requests bound the mismatch rate below 0.5 % (0.37 % shown) before the first client,
 * and each live branch for itself as above. A branch that no live request takes needs 20 clean generated requests or a signed waiver before
 * 100 %.
 * `demo`: the same rules in about two minutes; 25 clean requests bound the rate below 15 % (12.6 % shown), and the screen says so. Of
 * single branches it asks nothing; they are counted and shown.
 */
export const policies: { demo: Policy; default: Policy } = {
	default: {
		name: "default",
		alpha: 0.05,
		shadow: { minClean: 1000, maxMismatchRate: 0.005 },
		canary: [
			{ weight: 1, holdMs: minutes(5), minRequests: 10, branches: toFew },
			{ weight: 5, holdMs: minutes(5), minRequests: 50, branches: toFew },
			{ weight: 10, holdMs: minutes(10), minRequests: 100, branches: toFew },
			{ weight: 50, holdMs: minutes(15), minRequests: 500, branches: toHalf },
			{ weight: 100, holdMs: minutes(30), minRequests: 1000, branches: toAll },
		],
		guards: { maxErrorRate: 0, minRequests: 50, maxLatencyRatio: 1.5, latencySlackMs: 20 },
		heal: { minFailures: 20, settleMs: 30_000, maxAttempts: 5, autoAccept: false },
		coolDownMs: minutes(10),
	},
	demo: {
		name: "demo",
		alpha: 0.05,
		shadow: { minClean: 25, maxMismatchRate: 0.15 },
		canary: [
			{ weight: 1, holdMs: 2000, minRequests: 0, branches: countedOnly },
			{ weight: 5, holdMs: 2000, minRequests: 0, branches: countedOnly },
			{ weight: 10, holdMs: 2000, minRequests: 0, branches: countedOnly },
			{ weight: 50, holdMs: 2500, minRequests: 1, branches: countedOnly },
			{ weight: 100, holdMs: 2500, minRequests: 1, branches: countedOnly },
		],
		guards: { maxErrorRate: 0, minRequests: 20, maxLatencyRatio: 5, latencySlackMs: 250 },
		heal: { minFailures: 6, settleMs: 2500, maxAttempts: 6, autoAccept: true },
		coolDownMs: 2000,
	},
};

/** What a policy must keep besides its shape, as sentences; empty: it is sound. */
export function policyProblems(policy: Policy): string[] {
	const problems: string[] = [];
	const weights = policy.canary.map((step) => step.weight);
	if (weights.some((weight, index) => index > 0 && weight <= (weights[index - 1] as number)))
		problems.push("the canary weights must rise from step to step");
	if (weights.at(-1) !== 100) problems.push("the last canary weight must be 100");
	const rules = policy.canary.map((step) => step.branches);
	if (rules.some((rule, index) => index > 0 && isLooser(rule, rules[index - 1])))
		problems.push("what a canary weight asks of each branch must not be less than what the weight before it asked");
	return problems;
}

function isLooser(rule: BranchRule | undefined, before: BranchRule | undefined): boolean {
	if (before === undefined) return false;
	return rule === undefined || rule.minClean < before.minClean || rule.maxMismatchRate > before.maxMismatchRate;
}
