import type { CauseCase, CauseKind } from "../../contract/cause.ts";
import { numberOf } from "../suspicion.ts";
import { featuresOf } from "./features.ts";
import { dayCounts, shown } from "./hypotheses.ts";
import { type NumberPair, scaleOf } from "./numbers.ts";

const fewest = 5;

/**
 * A share of another number of the transaction that is too much, or too little, in every case: a rate that only a part of the field is
 * calculated with. Each case allows the factors from (gap - unit) / number to (gap + unit) / number, since both sides were rounded; all
 * must have one in common. It must say more than a rounding does: at least five different numbers whose gaps are more than two units, and
 * a common interval that is a tenth of the factor at most. A share
 * that is a day-count basis away from 1 is named so. null: there is none.
 */
export function shareOf(pairs: readonly NumberPair[], failing: readonly CauseCase[]): { cause: CauseKind; words: string } | null {
	const unit = 10 ** -scaleOf(pairs);
	if (pairs.filter(({ legacy, modern }) => Math.abs(modern - legacy) > 2 * unit).length < fewest) return null;
	const given = pairs.map(({ index }) => (failing[index] === undefined ? new Map<string, string>() : featuresOf(failing[index])));
	for (const name of given[0]?.keys() ?? []) {
		const numbers = given.map((one) => numberOf(one.get(name) ?? ""));
		const found = commonFactor(pairs, numbers, unit);
		if (found === null) continue;
		const [low, high] = found;
		const share = `${shown(50 * (low + high))} % of ${name} is added, in all ${pairs.length} cases`;
		const basis = dayCounts.find((one) => [one - 1, 1 - one].some((by) => by >= low && by <= high));
		return basis === undefined
			? { cause: "rate", words: share }
			: { cause: "day count", words: `${share}: a day-count basis, ${shown(basis)}` };
	}
	return null;
}

function commonFactor(pairs: readonly NumberPair[], numbers: readonly (number | null)[], unit: number): [number, number] | null {
	let [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
	const telling = new Set<number>();
	for (const [place, { legacy, modern }] of pairs.entries()) {
		const number = numbers[place] ?? 0;
		if (number === 0) return null;
		const gap = modern - legacy;
		if (Math.abs(gap) > 2 * unit) telling.add(number);
		const ends = [(gap - unit) / number, (gap + unit) / number];
		low = Math.max(low, Math.min(...ends));
		high = Math.min(high, Math.max(...ends));
		if (low > high) return null;
	}
	return telling.size >= fewest && low * high > 0 && high - low <= Math.abs(low + high) / 20 ? [low, high] : null;
}
