import type { Usage } from "./model.ts";

/** US dollars for a million tokens. */
export type Price = { input: number; output: number; cacheRead: number; cacheWrite: number };

/**
 * List prices as they were published by this day; whoever pays other ones, or uses a model that is not named, says so (`prices`). Models
 * whose price depends on the length of the prompt are left out.
 */
export const pricesAsOf = "2026-10-10";
export const listPrices: Readonly<Record<string, Price>> = {
	"claude-sonnet-5-5": { input: 2, output: 10, cacheRead: 0.1, cacheWrite: 2.5 },
	"claude-sonnet-5": { input: 2, output: 10, cacheRead: 0.2, cacheWrite: 2.5 },
	"claude-opus-5": { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 },
};

export function costOf(usage: Usage, price: Price | undefined): number | null {
	if (price === undefined) return null;
	const { input, output, cacheRead, cacheWrite } = usage;
	return (input * price.input + output * price.output + cacheRead * price.cacheRead + cacheWrite * price.cacheWrite) / 1e6;
}
