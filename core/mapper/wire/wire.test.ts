import fc from "fast-check";
import { expect, it } from "vitest";
import { createPythonReader } from "../languages/python/index.ts";
import { decode } from "./decode.ts";
import { encode } from "./encode.ts";

const span = fc.record({
	file: fc.constantFrom("a.py", "b.py"),
	line: fc.nat(),
	column: fc.nat(),
	endLine: fc.nat(),
	endColumn: fc.nat(),
});
const { tree } = fc.letrec((tie) => ({
	tree: fc.oneof(
		{ depthSize: "medium" },
		fc.string({ unit: "binary" }),
		fc.integer(),
		fc.integer({ min: 1 - 2 ** 51, max: 2 ** 51 - 1 }),
		fc.boolean(),
		fc.constant(null),
		span,
		fc.array(tie("tree")),
		fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie("tree"), { noNullPrototype: true }),
	),
}));

it("gives back any tree", () => {
	fc.assert(
		fc.property(tree, (value) => {
			expect(decode(encode(value, "a.py"))).toEqual(value);
		}),
		{ numRuns: 500 },
	);
});

it("keeps a declaration one object in its module, its class and its statement", async () => {
	const read = await createPythonReader();
	const before = read("bank.py", "class Account:\n\tdef pay(self, amount=1):\n\t\treturn amount\n");
	const after = decode(encode(before, "bank.py")) as typeof before;
	expect(after).toEqual(before);
	const [method] = after.module.functions;
	expect(after.module.classes[0]?.methods[0]).toBe(method);
	const [stmt] = after.module.classes[0]?.body ?? [];
	expect(stmt?.kind === "function" && stmt.decl).toBe(method);
});

it("refuses what is no tree, and bytes that end too early", () => {
	expect(() => encode({ at: 1.5 }, "a.py")).toThrow(TypeError);
	expect(() => encode({ at: 2 ** 52 }, "a.py")).toThrow(TypeError);
	expect(() => encode({ at: undefined }, "a.py")).toThrow(TypeError);
	const bytes = encode(["one", { two: 2 ** 40 }], "a.py");
	expect(() => decode(bytes.subarray(0, bytes.length - 1))).toThrow();
});
