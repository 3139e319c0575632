import type { Usage } from "./model.ts";

/** US dollars for a million tokens. */
export type Price = { input: number; output: number; cacheRead: number; cacheWrite: number };

/** List prices as they were known on this day; whoever pays other ones says so (`prices`). A model that is not named has no known price. */
export const pricesAsOf = "2025-11-24";
export const listPrices: Readonly<Record<string, Price>> = {
	"claude-haiku-4-5": { input: 1, output: 5, cacheRead: 0.1, cacheWrite: 1.25 },
	"claude-sonnet-4-5": { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
	"claude-opus-4-5": { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 },
};

export function costOf(usage: Usage, price: Price | undefined): number | null {
	if (price === undefined) return null;
	const { input, output, cacheRead, cacheWrite } = usage;
	return (input * price.input + output * price.output + cacheRead * price.cacheRead + cacheWrite * price.cacheWrite) / 1e6;
}
