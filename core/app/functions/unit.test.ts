import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeFunctionUnit } from "../../blueprint/index.ts";
import type { FExpr, FFunction, FStmt, FunctionUnit } from "../../contract/function-ir.ts";
import { readProgram } from "../../mapper/index.ts";

let root = "";
let count = 0;
beforeAll(() => {
	root = mkdtempSync(join(tmpdir(), "phoenix-units-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function unitOf(name: string, ...files: [string, string][]): Promise<FunctionUnit> {
	const dir = join(root, String(count++));
	for (const [path, text] of files) {
		mkdirSync(dirname(join(dir, path)), { recursive: true });
		writeFileSync(join(dir, path), text);
	}
	const { program, entry } = await readProgram(join(dir, files[0]?.[0] ?? ""));
	return makeFunctionUnit(program, entry.name, name);
}
const one = (text: string, name = "f") => unitOf(name, ["m.py", text]);

const functionIn = (body: readonly FStmt[], name: string): FFunction => {
	for (const stmt of body) if (stmt.kind === "function" && stmt.fn.name === name) return stmt.fn;
	throw new Error(`${name} is not in the unit`);
};

/** All nodes of a kind, in order. */
function nodes<K extends FExpr["kind"]>(value: unknown, kind: K): Extract<FExpr, { kind: K }>[] {
	if (Array.isArray(value)) return value.flatMap((item) => nodes(item, kind));
	if (typeof value !== "object" || value === null) return [];
	const own = "kind" in value && value.kind === kind && "type" in value ? [value as Extract<FExpr, { kind: K }>] : [];
	return [...own, ...Object.values(value).flatMap((item) => nodes(item, kind))];
}
const reads = (fn: FFunction, name: string) => nodes(fn.body, "name").filter((node) => node.name === name);

describe("the names of a unit", () => {
	it("gives a comprehension's variable a name of its own where the function has the same", async () => {
		const unit = await one("def f(xs):\n    i = 1\n    return [i for i in xs] + [i]\n");
		const [comprehension] = nodes(unit.body, "comprehension");
		expect(comprehension?.clauses[0]?.names).toEqual([{ name: "i_2", type: "any", cell: false }]);
		expect(comprehension?.element).toMatchObject({ kind: "name", name: "i_2" });
	});

	it("marks as cells what inner functions reach, comprehension variables too", async () => {
		const unit = await one(
			"def f(n):\n    k = 2\n    def g():\n        nonlocal k\n        k += n\n    g()\n    return [lambda: x for x in range(k)]\n",
		);
		expect(functionIn(unit.body, "f").locals.filter((local) => local.cell)).toMatchObject([{ name: "n" }, { name: "k" }]);
		expect(nodes(unit.body, "comprehension")[0]?.clauses[0]?.names).toMatchObject([{ name: "x", cell: true }]);
	});

	it("follows the language's own rules for what is local", async () => {
		const unit = await one("x = 1\ndef f():\n    def g():\n        return x\n    x = 2\n    return g()\n");
		expect(reads(functionIn(functionIn(unit.body, "f").body, "g"), "x")).toMatchObject([{ scope: "captured" }]);
		const other = await one("x = 1\ndef f():\n    global x\n    x = x + 1\n    return x\n");
		expect(reads(functionIn(other.body, "f"), "x").map((node) => node.scope)).toEqual(["module", "module"]);
	});

	it("resolves imports to the vocabulary by whichever name they come", async () => {
		const unit = await one(
			"import math as m\nfrom itertools import chain\nfrom collections import *\ndef f(x):\n    import heapq\n    return m.pi, chain.from_iterable(x), Counter(x), heapq.nlargest(1, x)\n",
		);
		expect(unit.unsupported).toEqual([]);
		expect(nodes(unit.body, "libraryValue").map((node) => node.name)).toEqual(["math.pi"]);
		expect(nodes(unit.body, "library").map((node) => node.name)).toEqual([
			"itertools.chain.from_iterable",
			"collections.Counter",
			"heapq.nlargest",
		]);
	});

	it("lets the source hide a builtin", async () => {
		const unit = await one("def sum(a, b):\n    return a - b\ndef f(a):\n    return sum(a, len(a))\n");
		expect(nodes(unit.body, "builtin").map((node) => node.name)).toEqual(["len"]);
	});
});

describe("what a unit holds", () => {
	it("is the function, what it reaches, and what fills its values while the module is loaded", async () => {
		const text = [
			"LIMIT = 10",
			"UNUSED = 1",
			"cache = {}",
			"for n in range(3):",
			"    cache[n] = n * LIMIT",
			"def helper(n):",
			"    return cache[n]",
			"def f(n):",
			"    return helper(n)",
			"def other():",
			"    pass",
			"print('loaded')",
			"if __name__ == '__main__':",
			"    cache[7] = 1",
		].join("\n");
		const { body } = await one(text);
		expect(body.map((stmt) => stmt.span.line)).toEqual([1, 3, 4, 6, 8]);
	});

	it("takes functions of imported modules along, under names that hide nothing", async () => {
		const unit = await unitOf(
			"f",
			["m.py", "from money import rates\nimport money.tax\ndef f(x):\n    return rates.of(x) + money.tax.of(x)\n"],
			["money/rates.py", "BASE = 3\ndef of(x):\n    return x * BASE\n"],
			["money/tax.py", "def of(x):\n    return x\n"],
			["money/__init__.py", ""],
		);
		expect(unit.unsupported).toEqual([]);
		expect(unit.body.flatMap((stmt) => (stmt.kind === "function" ? [stmt.fn.name] : []))).toEqual(["rates_of", "tax_of", "f"]);
	});
});

describe("what is proven", () => {
	const localsOf = async (text: string) =>
		Object.fromEntries(functionIn((await one(text)).body, "f").locals.map((local) => [local.name, local.type]));

	it("is the type that all assignments of a variable have", async () => {
		const text =
			"def f(xs):\n    n = 0\n    t = 0.0\n    s = ''\n    m = 1\n    for i, x in enumerate(xs):\n        n += i\n        t = t + n\n        s += str(x)\n        m = m / 2 if i else m\n    return n\n";
		expect(await localsOf(text)).toEqual({ xs: "any", n: "int", t: "float", s: "str", m: "any", i: "int", x: "any" });
	});

	it("follows the results of functions, recursive ones too, and stops where a name may be bound to another", async () => {
		const text =
			"def size(n):\n    if n <= 0:\n        return 0\n    return 1 + size(n - 1)\ndef other():\n    return 1\nother = len\ndef f(x):\n    a = size(x)\n    b = other(x)\n    return a, b\n";
		expect(await localsOf(text)).toEqual({ x: "any", a: "int", b: "any" });
	});

	it("takes a variable of the module for the module's, whatever an inner function calls so", async () => {
		const text = "def f():\n    x = 'text'\n    def g():\n        global x\n        x = 2\n    g()\n    return x\n";
		expect((await localsOf(text)).x).toBe("str");
	});
});

describe("reads of variables that may have no value", () => {
	const unbound = async (text: string, name: string) => reads(functionIn((await one(text)).body, "f"), name).map((node) => node.unbound);

	it("are marked, and only those", async () => {
		expect(await unbound("def f(a):\n    if a:\n        x = 1\n    return x\n", "x")).toEqual([true]);
		expect(await unbound("def f(a):\n    if a:\n        x = 1\n    else:\n        x = 2\n    return x\n", "x")).toEqual([false]);
		expect(await unbound("def f(a):\n    for x in a:\n        pass\n    return x\n", "x")).toEqual([true]);
		expect(await unbound("def f(a):\n    while True:\n        x = a\n        if x:\n            break\n    return x\n", "x")).toEqual([
			false,
			false,
		]);
		expect(await unbound("def f(a):\n    try:\n        x = int(a)\n    except ValueError:\n        return 0\n    return x\n", "x")).toEqual(
			[false],
		);
		expect(await unbound("def f(a):\n    x = 1\n    del x\n    return x\n", "x")).toEqual([true]);
		expect(await unbound("def f(a):\n    try:\n        pass\n    except ValueError as e:\n        pass\n    return e\n", "e")).toEqual([
			true,
		]);
	});
});

describe("what has no exact meaning", () => {
	it("is refused by its name and place, never dropped", async () => {
		const constructs = async (line: string) =>
			(await one(`import random, requests\ndef f(x):\n    ${line}\n`)).unsupported.map((item) => `${item.construct} @${item.span.line}`);
		expect(await constructs("return random.random()")).toEqual(["random.random @3"]);
		expect(await constructs("return requests.get(x).text")).toEqual(["requests.get @3"]);
		expect(await constructs("return eval(x)")).toEqual(["the name eval @3"]);
		expect(await constructs("with x: pass")).toEqual(["with @3"]);
		expect(await constructs("return x.frobnicate()")).toEqual(["the method frobnicate @3"]);
		expect(await constructs("return x @ x")).toEqual(["the operator @ @3"]);
	});
});
