import type { CanaryStep, Gate, LatencyTail, Policy } from "../contract/run.ts";
import { isExceeded } from "./confidence.ts";

/**
 * Whether the new service is slower than it may be: a test of its distribution, not of a mean. `limitMs` is what legacy's quantile q allows
 * (policy.guards), so no more than 1 - q of the answers may be over it. Slow is what is beyond that with error probability alpha over all
 * quantiles and all looks (the martingale of confidence.ts; Ville 1939). Closed: all clients go back to legacy.
 */
export function latencyGuard({ tails = [] }: CanaryStep, { alpha }: Policy): Gate {
	const slow = tails.find(({ quantile, answered, over }) =>
		isExceeded({ n: answered, k: over, alpha: alpha / tails.length, limit: 1 - quantile }),
	);
	return gate("latency", slow ?? worst(tails), slow === undefined);
}

/** As seen so far, proved or not: more slow answers than legacy's own hold the step back until there are enough to tell. */
export function latencyGate({ tails = [] }: CanaryStep): Gate {
	const slow = tails.find(({ quantile, answered, over }) => over > (1 - quantile) * answered);
	return gate("latency so far", slow ?? worst(tails), slow === undefined && tails.length > 0);
}

/** The one nearest to its limit. */
function worst(tails: readonly LatencyTail[]): LatencyTail | undefined {
	const nearness = ({ quantile, answered, over }: LatencyTail) => over / Math.max(1, answered) / (1 - quantile);
	return [...tails].sort((a, b) => nearness(b) - nearness(a))[0];
}

function gate(name: string, tail: LatencyTail | undefined, open: boolean): Gate {
	if (tail === undefined) return { name, value: "legacy has answered too few to compare", limit: "its own quantiles", open };
	const { quantile, limitMs, answered, over } = tail;
	const share = (100 * over) / Math.max(1, answered);
	return {
		name,
		value: `${share.toFixed(1)} % of ${answered} over ${limitMs.toFixed(1)} ms`,
		limit: `≤ ${Number((100 * (1 - quantile)).toFixed(1))} % (p${100 * quantile})`,
		open,
	};
}
