import type { Policy } from "../contract/run.ts";

const minutes = (count: number): number => count * 60_000;

/**
 * `default`: for systems that matter. 1,000 clean requests bound the mismatch rate below 0.5 % (0.37 % shown) before the first client.
 * `demo`: the same rules in about two minutes; 25 clean requests bound the rate below 15 % (12.6 % shown), and the screen says so.
 */
export const policies: { demo: Policy; default: Policy } = {
	default: {
		name: "default",
		alpha: 0.05,
		shadow: { minClean: 1000, maxMismatchRate: 0.005 },
		canary: [
			{ weight: 1, holdMs: minutes(5), minRequests: 10 },
			{ weight: 5, holdMs: minutes(5), minRequests: 50 },
			{ weight: 10, holdMs: minutes(10), minRequests: 100 },
			{ weight: 50, holdMs: minutes(15), minRequests: 500 },
			{ weight: 100, holdMs: minutes(30), minRequests: 1000 },
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
			{ weight: 1, holdMs: 2000, minRequests: 0 },
			{ weight: 5, holdMs: 2000, minRequests: 0 },
			{ weight: 10, holdMs: 2000, minRequests: 0 },
			{ weight: 50, holdMs: 2500, minRequests: 1 },
			{ weight: 100, holdMs: 2500, minRequests: 1 },
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
	return problems;
}
