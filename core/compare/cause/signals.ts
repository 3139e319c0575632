import { type NumberPair, scaleOf } from "./numbers.ts";
import { growth } from "./population.ts";

/** What the classifier knows of a group: figures of its numbers, never names. The order is that of `signalsOf`. */
export const signals = [
	"share of the comparable transactions that differ",
	"share to one side",
	"share nearer to zero",
	"largest gap in units of the last decimal (log10)",
	"median gap in units of the last decimal (log10)",
	"smallest gap in units of the last decimal (log10)",
	"largest relative gap (log10)",
	"median relative gap (log10)",
	"smallest relative gap (log10)",
	"spread of the relative gaps (log10, from a quarter to three quarters)",
	"growth of the gaps with the amount (Kendall's tau)",
	"share that is one unit apart",
	"share of gaps that are a multiple of ten units",
	"distinct gaps for each case",
	"share of the new service's values with more decimals than legacy's",
	"share of the new service's values that are multiples of ten units",
	"share of legacy's values that are multiples of ten units",
	"failing amounts above the clean ones (Mann and Whitney)",
	"part of the gaps that a straight line of the amounts explains (R squared)",
	"gaps left by that line, in units (log10)",
	"that line at an amount of zero, in units (log10)",
	"distance of the median factor from a unit (log10)",
	"distance of the median factor from a day-count basis (log10)",
	"share of one-unit gaps in which the new service's last digit is even",
	"number of cases (log10)",
	"largest gap beside the median gap (log10)",
] as const;

const floor = 1e-9;
const log = (value: number): number => Math.log10(Math.max(floor, Math.abs(value)));
const share = <Item>(items: readonly Item[], test: (item: Item) => boolean): number =>
	items.length === 0 ? 0 : items.filter(test).length / items.length;

/** `clean`: legacy's values where both sides agree. Every figure is finite. */
export function signalsOf(pairs: readonly NumberPair[], clean: readonly number[]): number[] {
	const unit = 10 ** -scaleOf(pairs);
	const gaps = pairs.map(({ legacy, modern }) => (modern - legacy) / unit);
	const sizes = gaps.map(Math.abs).sort((a, b) => a - b);
	const relative = pairs.map(({ legacy, modern }) => Math.abs(modern - legacy) / Math.max(Math.abs(legacy), unit)).sort((a, b) => a - b);
	const [largest, median] = [at(sizes, 1), at(sizes, 0.5)];
	const up = share(gaps, (gap) => gap > 0);
	const isTens = (value: number) => Math.abs(value / unit / 10 - Math.round(value / unit / 10)) < 0.01;
	const isOne = (gap: number) => Math.abs(Math.abs(gap) - 1) < 0.01;
	const line = lineOf(pairs, unit);
	const factor = at(
		pairs.map(({ legacy, modern }) => (legacy === 0 ? 1 : Math.abs(modern / legacy))).sort((a, b) => a - b),
		0.5,
	);
	const from = (factors: readonly number[]) => Math.min(...factors.map((one) => Math.abs(log(factor) - Math.log10(one))));
	const ones = pairs.filter((_, index) => isOne(gaps[index] ?? 0));
	return [
		pairs.length / (pairs.length + clean.length),
		Math.max(up, 1 - up),
		share(pairs, ({ legacy, modern }) => Math.abs(modern) < Math.abs(legacy)),
		log(largest),
		log(median),
		log(at(sizes, 0)),
		log(at(relative, 1)),
		log(at(relative, 0.5)),
		log(at(relative, 0)),
		log(at(relative, 0.75)) - log(at(relative, 0.25)),
		growth(pairs),
		share(gaps, isOne),
		share(gaps, (gap) => Math.abs(gap / 10 - Math.round(gap / 10)) < 0.01),
		new Set(gaps.map((gap) => Math.round(gap * 100))).size / pairs.length,
		share(pairs, ({ legacyDecimals, modernDecimals }) => modernDecimals > legacyDecimals),
		share(pairs, ({ modern }) => isTens(modern)),
		share(pairs, ({ legacy }) => isTens(legacy)),
		above(pairs, clean),
		line.explained,
		log(line.left),
		log(line.atZero),
		from([10, 100, 1000, 12, 0.1, 0.01, 0.001, 1 / 12]),
		from([360 / 365, 365 / 360, 365 / 366, 366 / 365]),
		share(ones, ({ modern }) => Math.round(Math.abs(modern) / unit) % 2 === 0),
		Math.log10(pairs.length),
		log(largest) - log(median),
	];
}

/** A quantile of sorted values. */
const at = (sorted: readonly number[], part: number): number => sorted[Math.round((sorted.length - 1) * part)] ?? 0;

/** The gaps as a straight line of legacy's values (least squares); `left`: the median of what it leaves, in units. */
function lineOf(pairs: readonly NumberPair[], unit: number): { explained: number; left: number; atZero: number } {
	const count = pairs.length;
	const mean = (of: (pair: NumberPair) => number) => pairs.reduce((sum, pair) => sum + of(pair), 0) / count;
	const gap = ({ legacy, modern }: NumberPair) => (modern - legacy) / unit;
	const [x, y] = [mean(({ legacy }) => legacy), mean(gap)];
	const [xx, xy] = [mean(({ legacy }) => (legacy - x) ** 2), mean((pair) => (pair.legacy - x) * (gap(pair) - y))];
	const slope = xx === 0 ? 0 : xy / xx;
	const rest = pairs.map((pair) => gap(pair) - y - slope * (pair.legacy - x));
	const [all, left] = [mean((pair) => (gap(pair) - y) ** 2), rest.reduce((sum, one) => sum + one * one, 0) / count];
	return {
		explained: all < floor ? 1 : Math.max(0, 1 - left / all),
		left: at(
			rest.map(Math.abs).sort((a, b) => a - b),
			0.5,
		),
		atZero: y - slope * x,
	};
}

/** The chance that a failing amount is above a clean one: 0.5 where the amounts say nothing. */
function above(pairs: readonly NumberPair[], clean: readonly number[]): number {
	if (clean.length === 0) return 0.5;
	const sorted = clean.map(Math.abs).sort((a, b) => a - b);
	const below = (value: number): number => {
		let [low, high] = [0, sorted.length];
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((sorted[middle] ?? 0) < value) low = middle + 1;
			else high = middle;
		}
		return low;
	};
	return pairs.reduce((sum, { legacy }) => sum + below(Math.abs(legacy)), 0) / (pairs.length * sorted.length);
}
