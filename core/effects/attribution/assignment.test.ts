import fc from "fast-check";
import { expect, test } from "vitest";
import { assign, type Choice, type Row } from "./assignment.ts";

const rows = fc.array(
	fc.record({
		none: fc.integer({ min: -4, max: 4 }),
		options: fc.uniqueArray(fc.record({ to: fc.integer({ min: 0, max: 6 }), score: fc.integer({ min: -6, max: 30 }) }), {
			selector: (option) => option.to,
			maxLength: 5,
		}),
	}),
	{ minLength: 1, maxLength: 6 },
);

/** By trying everything: the highest total, and the highest in which row `without` does not take `to`. */
function best(all: readonly Row[], without = -1, to: number | null = -1, at = 0, taken: readonly number[] = []): number {
	const row = all[at];
	if (row === undefined) return 0;
	let most = at === without && to === null ? Number.NEGATIVE_INFINITY : row.none + best(all, without, to, at + 1, taken);
	for (const option of row.options) {
		if (taken.includes(option.to) || (at === without && option.to === to)) continue;
		most = Math.max(most, option.score + best(all, without, to, at + 1, [...taken, option.to]));
	}
	return most;
}

function totalOf(all: readonly Row[], choices: readonly Choice[]): number {
	return all.reduce((sum, row, index) => sum + (row.options.find((option) => option.to === choices[index]?.to)?.score ?? row.none), 0);
}

test("[A5] the assignment is one to one and the best of all", () => {
	fc.assert(
		fc.property(rows, (all) => {
			const choices = assign(all);
			const taken = choices.flatMap((choice) => choice.to ?? []);
			expect(new Set(taken).size).toBe(taken.length);
			expect(totalOf(all, choices)).toBe(best(all));
		}),
		{ numRuns: 1000 },
	);
});

test("[A6] the regret is never more than what the best assignment would lose, except that 10 bits count as certain", () => {
	fc.assert(
		fc.property(rows, (all) => {
			const total = best(all);
			for (const [index, { to, regret }] of assign(all).entries()) {
				const loss = total - best(all, index, to);
				expect(regret).toBeGreaterThanOrEqual(0);
				if (Number.isFinite(loss)) expect(Math.min(regret, 10)).toBeLessThanOrEqual(loss + 1e-6);
			}
		}),
		{ numRuns: 1000 },
	);
});

test("[A6] beyond sixteen rows that compete the assignment is greedy and says so", () => {
	const all = Array.from({ length: 40 }, (_, index) => ({
		none: 0,
		options: [0, 1, 2].map((step) => ({ to: (index + step) % 40, score: 8 + step / 2 })),
	}));
	const choices = assign(all);
	expect(new Set(choices.map((choice) => choice.to)).size).toBe(40);
	expect(choices.some((choice) => choice.isExact)).toBe(false);
});
