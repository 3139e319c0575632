import { describe, expect, it } from "vitest";
import { recordVectors } from "./vectors.ts";

describe("vectors of a source function", () => {
	it("hold the result, what was raised, the arguments afterwards and what was printed", () => {
		const source = "def add(items, item, at=0):\n    print(item)\n    items.insert(at, item)\n    return items[1] / item\n";
		const calls = [
			{ args: [{ list: [{ int: "1" }] }, { float: "0.5" }] },
			{ args: [{ list: [{ int: "1" }] }, { int: "0" }], keywords: { at: { int: "5" } } },
		];
		expect(recordVectors([{ source, function: "add", calls }])).toEqual([
			[
				{ ...calls[0], result: { float: "2.0" }, after: [{ list: [{ float: "0.5" }, { int: "1" }] }, { float: "0.5" }], output: "0.5\n" },
				{
					...calls[1],
					raises: { type: "ZeroDivisionError", message: "division by zero" },
					after: [{ list: [{ int: "1" }, { int: "0" }] }, { int: "0" }],
					output: "0\n",
				},
			],
		]);
	});

	it("come from the calls that a driver makes from outside, and iterators are told by what they give", () => {
		const source = "def down(n):\n    yield n\n    if n:\n        yield from down(n - 1)\n";
		const [vectors] = recordVectors([{ source, function: "down", driver: "assert list(down(2)) == [2, 1, 0]\ndown('x')" }]);
		expect(vectors?.[1]).toMatchObject({ args: ["x"], raises: { type: "TypeError" } });
		expect(vectors?.slice(0, 1)).toEqual([
			{ args: [{ int: "2" }], result: { iterator: [{ int: "2" }, { int: "1" }, { int: "0" }] }, after: [{ int: "2" }] },
		]);
	});
});
