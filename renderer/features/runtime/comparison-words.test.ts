import { expect, test } from "vitest";
import { comparisonsAt } from "../../fixtures/memory-comparisons.ts";
import { leadOf, sumsOf, visible } from "./comparison-words.ts";

test("every exchange stands in exactly one sum, and what waits in none", () => {
	const { routes } = comparisonsAt(100_000);
	const { matched, mismatched, others } = sumsOf(routes);
	const [seen, waiting] = [routes.reduce((all, one) => all + one.seen, 0), routes.reduce((all, one) => all + one.waiting, 0)];
	expect({ matched, mismatched, others }).toEqual({ matched: 1_180, mismatched: 20, others: 3 });
	expect(matched + mismatched + others + waiting).toBe(seen);
});

test("what was lost is told with its reason, and bytes that no font shows by their number", () => {
	const report = comparisonsAt(100_000);
	expect(leadOf(report)).toContain("dropped: 4 shadow-busy");
	expect(leadOf({ ...report, copies: null, strayAnswers: 2, ungrouped: 1 })).toMatch(/2 answers came without.*1 mismatch found no place/);
	expect(visible("a\u0000b\nc\u001b[31m")).toBe("a\\x00b\nc\\x1b[31m");
});
