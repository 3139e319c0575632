import type { Difference } from "./verdict.ts";

/** What legacy itself answered to one request, asked twice. `window`: from the start of the first to the end of the second, ms. */
export type Repeat = { differences: readonly Difference[]; window: { from: number; to: number } };

/**
 * A field of legacy's answers that varies by itself.
 * - `random`, `clock`, `order`: a check keeps its form honest; a rule may let it pass.
 * - `number`: it varies by amounts. No check can tell that from a bug of the same size: never proposed.
 * - `unexplained`: it varies in no way that is known here: never proposed.
 * - `too few`: it varied, but too seldom to say how.
 */
export type NoiseKind = "random" | "clock" | "order" | "number" | "unexplained" | "too few";

export type NoisyField = {
	field: string;
	kind: NoiseKind;
	/** Repeats in which it varied, of all. */
	varied: number;
	repeats: number;
	/** What every one of them kept. */
	kept: string;
	/** The largest bug that letting it pass would hide. */
	hides: string;
};
