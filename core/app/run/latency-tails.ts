import type { LatencyTail, Policy } from "../../contract/run.ts";

const quantiles = [0.5, 0.95, 0.99];
/** Standard normal quantile of 95 %. */
const z = 1.645;

/**
 * How many of `modern` (ms) took longer than each quantile of `legacy` (ms) allows. The quantile is taken at its upper value, the order
 * statistic of rank q m + z sqrt(m q (1 - q)) (David and Nagaraja, Order Statistics, 7.1); where there is none, there are too few of legacy.
 */
export function latencyTails(modern: readonly number[], legacy: readonly number[], allowed: Policy["guards"]): LatencyTail[] {
	const sorted = [...legacy].sort((a, b) => a - b);
	const m = sorted.length;
	return quantiles.flatMap((quantile) => {
		const upper = sorted[Math.ceil(quantile * m + z * Math.sqrt(m * quantile * (1 - quantile))) - 1];
		if (upper === undefined) return [];
		const limitMs = upper * allowed.maxLatencyRatio + allowed.latencySlackMs;
		return [{ quantile, limitMs, answered: modern.length, over: modern.filter((ms) => ms > limitMs).length }];
	});
}
