import fc from "fast-check";
import { expect, it } from "vitest";
import type { GraphEdge } from "../contract/graph.ts";
import { createWeigher, indexGraph, isolationOf } from "./index.ts";

const functions = Array.from({ length: 9 }, (_, index) => `function:f${index}`);
const tables = ["table:a", "table:b", "table:c"];
const edges: fc.Arbitrary<GraphEdge[]> = fc
	.uniqueArray(
		fc.oneof(
			fc.record({ from: fc.constantFrom(...functions), to: fc.constantFrom(...functions), kind: fc.constant("call" as const) }),
			fc.record({
				from: fc.constantFrom(...functions),
				to: fc.constantFrom(...tables),
				kind: fc.constantFrom("read" as const, "write" as const),
			}),
		),
		{ maxLength: 40, selector: ({ from, to, kind }) => `${kind} ${from} ${to}` },
	)
	.map((list) => list.map((edge) => ({ ...edge, lines: [1] })));

it("weighs every function as isolationOf does", () => {
	const state = fc.dictionary(fc.constantFrom(...functions), fc.integer({ min: 1, max: 3 }));
	const open = fc.array(fc.constantFrom(...functions), { maxLength: 4 });
	fc.assert(
		fc.property(edges, state, open, (list, changed, calls) => {
			const changedState = new Map(Object.entries(changed));
			const unresolved = calls.map((from) => ({ from, text: "x", line: 1 }));
			const index = indexGraph({ edges: list, routes: [] });
			const weigh = createWeigher(list, changedState, unresolved);
			for (const id of functions) expect(weigh(id)).toBeCloseTo(isolationOf(id, index, changedState, { unresolved }), 3);
		}),
		{ numRuns: 300 },
	);
});
