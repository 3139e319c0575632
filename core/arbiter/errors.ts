import type { CanaryStep, Gate, Policy } from "../contract/run.ts";
import { isExceeded, upperBound } from "./confidence.ts";
import { percent } from "./words.ts";

/**
 * [A47] Whether the new service fails more often than it may. Without errors of legacy at the same time the policy's share is the limit,
 * and 0 means that one suffices. Where legacy fails too (a SOAP fault is a 500, a full disk fails both), its own share is allowed on top,
 * by its upper value at alpha; then a share beyond the limit breaks the guard once it is proved by the martingale of confidence.ts.
 */
export function errorGuard(canary: CanaryStep, policy: Policy): Gate {
	const { maxErrorRate, minRequests } = policy.guards;
	const { requests: n, errors: k } = canary;
	const baseline = legacyShare(canary, policy);
	const limit = Math.min(1, maxErrorRate + baseline);
	const isUnproved = baseline > 0 ? !isExceeded({ n, k, alpha: policy.alpha, limit }) : maxErrorRate > 0 && n < minRequests;
	return gate("error rate", canary, policy, shareOf(canary) <= limit || isUnproved);
}

/** As seen so far: more than the limit holds the step back, proved or not. */
export function errorGate(canary: CanaryStep, policy: Policy): Gate {
	const limit = Math.min(1, policy.guards.maxErrorRate + legacyShare(canary, policy));
	return gate("errors so far", canary, policy, shareOf(canary) <= limit);
}

const shareOf = ({ requests, errors }: CanaryStep): number => errors / Math.max(1, requests);

function legacyShare({ legacyRequests = 0, legacyErrors = 0 }: CanaryStep, { alpha }: Policy): number {
	return legacyErrors === 0 ? 0 : upperBound({ n: legacyRequests, k: legacyErrors, alpha });
}

function gate(name: string, canary: CanaryStep, policy: Policy, open: boolean): Gate {
	const { legacyRequests = 0, legacyErrors = 0 } = canary;
	const own = `≤ ${percent(policy.guards.maxErrorRate)}`;
	const beside = `${own} and legacy's own (${legacyErrors} of ${legacyRequests}, at most ${percent(legacyShare(canary, policy))})`;
	return { name, value: percent(shareOf(canary)), limit: legacyErrors === 0 ? own : beside, open };
}
