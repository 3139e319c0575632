import type { CauseKind } from "../../../contract/cause.ts";

/** What a change of a calculation can be about, and the kinds of places that it fits. */
export const siteKinds = ["round", "constant", "amount", "days", "order", "store"] as const;
export type SiteKind = (typeof siteKinds)[number];

/** One change of a calculation, at the nth place of its kind. `value`: the other factor, amount, number of decimals or basis. */
export type Mutation = { cause: CauseKind; kind: SiteKind; site: number; how: string; value: number };

/**
 * The steps in which a calculation of a training family is written, so that one of them can be another one in the mutated run. Each counts
 * the places of its kind. Values are binary64; a tie is told within 1e-7 of a unit, as legacy's decimals would have it.
 */
export type Steps = {
	round(value: number, decimals: number): number;
	/** A rate, a share, a price for each: whatever is multiplied by. */
	constant(value: number): number;
	/** A fixed amount that is added. */
	amount(value: number): number;
	/** The part of a year. */
	days(count: number, basis: number): number;
	/** Two spellings of one result that only differ in what is calculated, and rounded, first. */
	order(written: () => number, otherwise: () => number): number;
	/** A variable that may be of a narrower type. */
	store(value: number): number;
	readonly counts: Record<SiteKind, number>;
};

const tie = 1e-7;

/** `how`: half-up, half-even, half-down, up (away from zero), down (towards zero). */
export function roundAs(value: number, decimals: number, how: string): number {
	const scale = 10 ** decimals;
	const scaled = Math.abs(value) * scale;
	const whole = Math.floor(scaled + tie);
	const rest = scaled - whole;
	const isTie = Math.abs(rest - 0.5) < tie;
	const goesUp = {
		"half-even": isTie ? whole % 2 === 1 : rest > 0.5,
		"half-down": !isTie && rest > 0.5,
		up: rest > tie,
		down: false,
	}[how];
	return (Math.sign(value) * (whole + ((goesUp ?? (isTie || rest > 0.5)) ? 1 : 0))) / scale;
}

/** `mutation` null: the calculation as it is written. `mode`: how it rounds everywhere. */
export function createSteps(mode: string, mutation: Mutation | null): Steps {
	const counts: Record<SiteKind, number> = { round: 0, constant: 0, amount: 0, days: 0, order: 0, store: 0 };
	const isAt = (kind: SiteKind): boolean => counts[kind]++ === mutation?.site && mutation.kind === kind;
	const other = mutation?.value ?? 0;
	return {
		counts,
		round(value, decimals) {
			if (!isAt("round")) return roundAs(value, decimals, mode);
			if (mutation?.how === "scale") return roundAs(value, Math.max(0, decimals + other), mode);
			return roundAs(value, decimals, mutation?.how ?? mode);
		},
		constant: (value) => (isAt("constant") ? value * other : value),
		amount: (value) => (isAt("amount") ? value + other : value),
		days: (count, basis) => (isAt("days") ? count / (basis === 360 ? other : 360) : count / basis),
		order: (written, otherwise) => (isAt("order") ? otherwise() : written()),
		store: (value) => (isAt("store") ? Math.fround(value) : value),
	};
}
