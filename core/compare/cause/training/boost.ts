import { type CauseModel, scoresOf, sharesOf } from "../classifier.ts";
import type { Sample } from "./groups.ts";

const bins = 24;
const rate = 0.15;
const ridge = 3;

type Stump = { signal: number; threshold: number; low: number; high: number };

/**
 * Boosted stumps for several classes (Friedman 2001, softmax loss, Newton steps with a ridge): each round adds the one step to each cause
 * that lessens the loss most. Steps at the same place are added up; numbers are kept to five digits.
 */
export function boost(
	samples: readonly Sample[],
	causes: readonly string[],
	rounds: number,
): Pick<CauseModel, "causes" | "bias" | "stumps"> {
	const thresholds = thresholdsOf(samples);
	const binned = thresholds.map((limits, signal) =>
		samples.map(({ signals }) => limits.filter((limit) => (signals[signal] ?? 0) >= limit).length),
	);
	const counts = causes.map((cause) => samples.filter((one) => one.cause === cause).length);
	const bias = counts.map((count) => Math.log((count + 1) / (samples.length + causes.length)));
	const scores = samples.map(() => [...bias]);
	const stumps: Stump[][] = causes.map(() => []);
	for (let round = 0; round < rounds; round++) {
		const shares = scores.map(sharesOf);
		for (const [index, cause] of causes.entries()) {
			const slopes = samples.map((one, row) => (one.cause === cause ? 1 : 0) - (shares[row]?.[index] ?? 0));
			const weights = shares.map((one) => Math.max((one[index] ?? 0) * (1 - (one[index] ?? 0)), 1e-6));
			const step = bestStep(thresholds, binned, slopes, weights);
			if (step === null) continue;
			stumps[index]?.push(step);
			for (const [row, { signals }] of samples.entries()) {
				const own = scores[row];
				if (own !== undefined) own[index] = (own[index] ?? 0) + ((signals[step.signal] ?? 0) < step.threshold ? step.low : step.high);
			}
		}
	}
	return { causes: [...causes], bias: bias.map(short), stumps: stumps.map(merged) };
}

/** Quantiles of each signal; none where it never varies. */
function thresholdsOf(samples: readonly Sample[]): number[][] {
	return (samples[0]?.signals ?? []).map((_, signal) => {
		const sorted = samples.map(({ signals }) => signals[signal] ?? 0).sort((a, b) => a - b);
		const limits = Array.from({ length: bins - 1 }, (_, index) => short(sorted[Math.floor(((index + 1) * sorted.length) / bins)] ?? 0));
		return [...new Set(limits)].filter((limit) => limit > (sorted[0] ?? 0));
	});
}

function bestStep(
	thresholds: readonly (readonly number[])[],
	binned: readonly (readonly number[])[],
	slopes: readonly number[],
	weights: readonly number[],
): Stump | null {
	let best: Stump | null = null;
	let most = 1e-9;
	for (const [signal, limits] of thresholds.entries()) {
		const [slope, weight] = [new Float64Array(limits.length + 1), new Float64Array(limits.length + 1)];
		for (const [row, bin] of (binned[signal] ?? []).entries()) {
			slope[bin] = (slope[bin] ?? 0) + (slopes[row] ?? 0);
			weight[bin] = (weight[bin] ?? 0) + (weights[row] ?? 0);
		}
		const [allSlope, allWeight] = [slope.reduce((a, b) => a + b, 0), weight.reduce((a, b) => a + b, 0)];
		let [lowSlope, lowWeight] = [0, 0];
		for (const [bin, threshold] of limits.entries()) {
			lowSlope += slope[bin] ?? 0;
			lowWeight += weight[bin] ?? 0;
			const [highSlope, highWeight] = [allSlope - lowSlope, allWeight - lowWeight];
			const gain = lowSlope ** 2 / (lowWeight + ridge) + highSlope ** 2 / (highWeight + ridge) - allSlope ** 2 / (allWeight + ridge);
			if (gain <= most) continue;
			most = gain;
			best = { signal, threshold, low: (rate * lowSlope) / (lowWeight + ridge), high: (rate * highSlope) / (highWeight + ridge) };
		}
	}
	return best;
}

function merged(stumps: readonly Stump[]): number[][] {
	const places = new Map<string, Stump>();
	for (const { signal, threshold, low, high } of stumps) {
		const place = places.get(`${signal} ${threshold}`) ?? { signal, threshold, low: 0, high: 0 };
		places.set(`${signal} ${threshold}`, { signal, threshold, low: place.low + low, high: place.high + high });
	}
	return [...places.values()]
		.sort((a, b) => a.signal - b.signal || a.threshold - b.threshold)
		.map(({ signal, threshold, low, high }) => [signal, threshold, short(low), short(high)]);
}

const short = (value: number): number => Number(value.toPrecision(5));

/** The likeliest cause of a sample and its share. */
export function pick(model: Pick<CauseModel, "causes" | "bias" | "stumps">, { signals }: Sample): { cause: string; share: number } {
	const shares = sharesOf(scoresOf({ ...model, calibration: [] }, signals));
	const share = Math.max(...shares);
	return { cause: model.causes[shares.indexOf(share)] ?? "", share };
}
