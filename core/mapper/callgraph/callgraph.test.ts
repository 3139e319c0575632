import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scoreSuite, totalOf } from "./score.ts";

const cases = await scoreSuite(join(import.meta.dirname, "../fixtures/callgraph"));

describe("the call graph of a specimen", () => {
	it.each(cases)("$name", ({ extra, missing, found }) => {
		expect({ extra, missing }).toEqual({ extra: [], missing: [] });
		expect(found).toBeGreaterThan(0);
	});
});

it("is scored over edges: what is beyond the truth and what is missing count apart", () => {
	const score = totalOf([
		{ name: "a", found: 4, true: 4, extra: ["x -> y"], missing: ["x -> z"] },
		{ name: "b", found: 0, true: 1, extra: [], missing: ["p -> q"] },
	]);
	expect(score).toEqual({ cases: 2, exact: 0, complete: 1, sound: 0, precision: 0.75, recall: 0.6 });
});
