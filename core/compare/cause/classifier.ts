import type { CauseKind } from "../../contract/cause.ts";
import trained from "./model.json" with { type: "json" };
import type { NumberPair } from "./numbers.ts";
import { signals, signalsOf } from "./signals.ts";

/**
 * A sum of one-step functions for each cause (boosted stumps; Friedman 2001), made into shares by softmax. `stumps`: signal, threshold,
 * and what is added at most at it and above it. `calibration`: from which share on which probability was right (isotonic).
 */
export type CauseModel = {
	causes: string[];
	bias: number[];
	stumps: number[][][];
	calibration: number[][];
};

export type Classified = { cause: CauseKind; probability: number; reasons: string[] };

export const causeModel: CauseModel = trained;

/** Below it the finding is `unknown`. */
export const leastProbability = 0.4;

/** Sums of the stumps, one for each cause. */
export function scoresOf(model: CauseModel, values: readonly number[]): number[] {
	return model.causes.map((_, index) => (model.bias[index] ?? 0) + sumOf(model.stumps[index] ?? [], values));
}

export function sharesOf(scores: readonly number[]): number[] {
	const top = Math.max(...scores);
	const raised = scores.map((score) => Math.exp(score - top));
	const all = raised.reduce((sum, one) => sum + one, 0);
	return raised.map((one) => one / all);
}

/** The probability that was right for this share among the calibration families. */
export function calibrated(model: Pick<CauseModel, "calibration">, share: number): number {
	return model.calibration.findLast(([from = 0]) => share >= from)?.[1] ?? model.calibration[0]?.[1] ?? 0;
}

/** The likeliest cause of the values, with the signals that spoke for it more than for the other causes, strongest first. */
export function classify(pairs: readonly NumberPair[], clean: readonly number[], model: CauseModel = causeModel): Classified {
	const values = signalsOf(pairs, clean);
	const shares = sharesOf(scoresOf(model, values));
	const winner = shares.indexOf(Math.max(...shares));
	const spoke = signals.map((words, signal) => {
		const sums = model.stumps.map((stumps) =>
			sumOf(
				stumps.filter(([of]) => of === signal),
				values,
			),
		);
		return { words, value: values[signal] ?? 0, by: (sums[winner] ?? 0) - sums.reduce((sum, one) => sum + one, 0) / sums.length };
	});
	return {
		cause: model.causes[winner] as CauseKind,
		probability: calibrated(model, shares[winner] ?? 0),
		reasons: spoke
			.filter(({ by }) => by > 0)
			.sort((a, b) => b.by - a.by)
			.slice(0, 3)
			.map(({ words, value }) => `${words}: ${Number(value.toPrecision(3))}`),
	};
}

function sumOf(stumps: readonly (readonly number[])[], values: readonly number[]): number {
	let sum = 0;
	for (const [signal = 0, threshold = 0, low = 0, high = 0] of stumps) sum += (values[signal] ?? 0) < threshold ? low : high;
	return sum;
}
