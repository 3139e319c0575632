import type { CauseKind } from "../../contract/cause.ts";
import { type NumberPair, scaleOf } from "./numbers.ts";

/** A reading of a numeric difference. `refutedBy`: the first pair that it cannot explain, by its place; null: it explains all. */
export type Hypothesis = { cause: CauseKind; words: string; refutedBy: number | null };

const powers = [10, 100, 1000, 10_000, 0.1, 0.01, 0.001, 0.0001, 12, 1 / 12];
/** A cut touches every second value: so many in a row do not all meet it by chance. */
const manyCases = 20;
/** The widest interval of factors in which a day-count basis is meant: 365/366 and 1 are as far apart. */
const singledOut = 0.0027;
export const dayCounts = [360 / 365, 365 / 360, 365 / 366, 366 / 365, 360 / 366, 366 / 360];

/** `comparable`: transactions in which the field means something, these among them. From the narrowest to the widest: the first that explains every pair is the cause. */
export function hypothesesOf(pairs: readonly NumberPair[], comparable: number): Hypothesis[] {
	const unit = 10 ** -scaleOf(pairs);
	const refuted = (fits: (pair: NumberPair) => boolean): number | null => pairs.find((pair) => !fits(pair))?.index ?? null;
	const near = (a: number, b: number, slack: number) => Math.abs(a - b) <= slack * (1 + 1e-9) + Math.abs(b) * 1e-12;
	const found: Hypothesis[] = [
		{
			cause: "sign",
			words: "the sign is turned",
			refutedBy: pairs.every(({ legacy }) => legacy === 0) ? (pairs[0]?.index ?? 0) : refuted(({ legacy, modern }) => legacy === -modern),
		},
	];
	const gap = (pairs[0]?.modern ?? 0) - (pairs[0]?.legacy ?? 0);
	// One unit of the last decimal may be a rounding, unless it is added to every value, and those are counts or many.
	const isAdded = pairs.length === comparable && (unit === 1 || pairs.length >= manyCases);
	if (new Set(pairs.map(({ legacy }) => legacy)).size > 1 && (Math.abs(gap) > unit * 1.5 || isAdded))
		found.push({
			cause: "offset",
			words: `the same amount is added: ${shown(gap)}`,
			refutedBy: refuted(({ legacy, modern }) => near(modern - legacy, gap, unit / 100)),
		});
	const largest = Math.max(...pairs.map(({ legacy, modern }) => Math.abs(modern - legacy)));
	if (largest <= unit * 1.5) return found;
	const ratio = commonRatio(pairs, unit);
	// Amounts so small that other factors fit as well do not tell a day-count basis from any other rate.
	for (const factor of ratio.width > singledOut ? [] : dayCounts)
		found.push({
			cause: "day count",
			words: `times ${shown(factor)}, a day-count basis`,
			refutedBy: refuted(({ legacy, modern }) => near(modern, legacy * factor, unit * 1.01)),
		});
	for (const factor of powers)
		found.push({
			cause: "unit",
			words: `times ${shown(factor)}, a unit`,
			refutedBy: refuted(({ legacy, modern }) => near(modern, legacy * factor, Math.max(1, factor) * unit * 0.51)),
		});
	found.push({
		cause: "rate",
		words: ratio.refutedBy === null ? `times ${shown(ratio.factor)}, the same for all` : "one factor for all",
		refutedBy: ratio.refutedBy,
	});
	return found;
}

/**
 * One factor that explains all pairs: each allows the interval from (modern - unit) / legacy to (modern + unit) / legacy, since both were
 * rounded. It must say more than a rounding does, so it needs a pair that differs by more than two units.
 */
function commonRatio(pairs: readonly NumberPair[], unit: number): { factor: number; width: number; refutedBy: number | null } {
	let [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
	const large = pairs.filter(({ legacy, modern }) => Math.abs(modern - legacy) > 2 * unit);
	if (large.length < 2) return { factor: 1, width: 0, refutedBy: pairs[0]?.index ?? 0 };
	for (const { index, legacy, modern } of pairs) {
		if (legacy === 0) return { factor: 1, width: 0, refutedBy: index };
		const ends = [(modern - unit) / legacy, (modern + unit) / legacy];
		low = Math.max(low, Math.min(...ends));
		high = Math.min(high, Math.max(...ends));
		if (low > high) return { factor: 1, width: 0, refutedBy: index };
	}
	return { factor: (low + high) / 2, width: high - low, refutedBy: null };
}

export const shown = (value: number): string => String(Number(value.toPrecision(6)));
