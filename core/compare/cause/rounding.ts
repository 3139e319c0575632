import type { CauseKind } from "../../contract/cause.ts";
import { type NumberPair, scaleOf } from "./numbers.ts";

/**
 * Another way of rounding, told by how far the values are apart and to which side; null: they are further apart than rounding explains.
 * `clean`: legacy's values where both sides agree.
 */
export function roundingOf(
	pairs: readonly NumberPair[],
	clean: readonly number[],
): { cause: CauseKind; probability: number; words: string } | null {
	const comparable = pairs.length + clean.length;
	const scale = scaleOf(pairs);
	const unit = 10 ** -scale;
	const gaps = pairs.map(({ legacy, modern }) => modern - legacy);
	const largest = Math.max(...gaps.map(Math.abs));
	const finer = pairs.filter(({ modernDecimals }) => modernDecimals > scale).length;
	if (finer > pairs.length / 2 && largest <= unit) {
		const digits = Math.max(...pairs.map(({ modernDecimals }) => modernDecimals));
		if (digits >= scale + 5)
			return { cause: "number type", probability: 0.9, words: `the new service shows up to ${digits} decimals, as a binary number does` };
		return { cause: "rounding scale", probability: 0.95, words: `the new service rounds to ${digits} decimals, legacy to ${scale}` };
	}
	// Rounded to fewer decimals: every value of the new service is a multiple of a larger unit, which legacy's are not.
	for (const coarser of [10, 100, 1000]) {
		const step = unit * coarser;
		if (largest > step * 1.001 || !pairs.every(({ modern }) => isMultiple(modern, step, unit))) continue;
		if (pairs.every(({ legacy }) => isMultiple(legacy, step, unit))) continue;
		return { cause: "rounding scale", probability: 0.95, words: `the new service rounds to multiples of ${step}` };
	}
	if (largest > unit * 1.001) return null;
	const towardsZero = pairs.filter(({ legacy, modern }) => Math.abs(modern) < Math.abs(legacy)).length;
	const share = pairs.length / comparable;
	const side = towardsZero === pairs.length ? "always nearer to zero" : towardsZero === 0 ? "always further from zero" : "to both sides";
	const words = `one unit of the last decimal apart, ${side}, in ${pairs.length} of ${comparable} comparable`;
	// A factor that is almost 1 moves the large amounts first.
	if ((towardsZero === pairs.length || towardsZero === 0) && areLarger(pairs, clean))
		return { cause: "rate", probability: 0.7, words: `${words}, and those are the large ones` };
	// Cutting differs from rounding in half of all values, one rounding mode from another only in ties.
	if (towardsZero === pairs.length && share > 0.25) return { cause: "truncation", probability: 0.9, words };
	return { cause: "rounding mode", probability: towardsZero === pairs.length || towardsZero === 0 ? 0.85 : 0.6, words };
}

/** What needs no second opinion: how often and to which side speak for one reading alone. */
export const isSure = ({ probability }: { probability: number }): boolean => probability >= 0.85;

const isMultiple = (value: number, step: number, unit: number): boolean =>
	Math.abs(value / step - Math.round(value / step)) * step < unit / 10;

/** Mann and Whitney's U of the failing amounts above the clean ones, in its normal form, at 1 % (one-sided; Mann and Whitney 1947). */
function areLarger(pairs: readonly NumberPair[], clean: readonly number[]): boolean {
	const [n, m] = [pairs.length, clean.length];
	if (n < 3 || m < 3) return false;
	let u = 0;
	for (const { legacy } of pairs)
		for (const other of clean) u += Math.abs(legacy) > Math.abs(other) ? 1 : Math.abs(legacy) === Math.abs(other) ? 0.5 : 0;
	return (u - (n * m) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12) > 2.33;
}
