import { describe, expect, it } from "vitest";
import { bank } from "../../../fixtures/memory-core.ts";
import { factsOf } from "./facts.ts";
import { parseExpression } from "./parse.ts";
import { selectNodes } from "./select.ts";

const facts = factsOf(bank, null);
const named = (text: string) => {
	const { expression, mistake } = parseExpression(text);
	if (expression === null) throw new Error(mistake?.message ?? "empty");
	return [...selectNodes(facts, expression)].map((index) => bank.nodes[index]?.id ?? "").sort();
};
const functions = bank.nodes.filter((node) => node.kind === "function");
const ids = (nodes: readonly { id: string }[]) => nodes.map((node) => node.id).sort();

describe("an expression", () => {
	it("compares the numbers of functions", () => {
		expect(named("complexity > 5")).toEqual(ids(functions.filter((node) => node.complexity > 5)));
		expect(named("complexity >= 5 and complexity <= 5")).toEqual(named("complexity = 5"));
		expect(named("complexity < 1000")).toEqual(ids(functions));
	});

	it("names classes as the legend does", () => {
		expect(named("entangled")).toEqual(ids(functions.filter((node) => node.isolation < 0.33)));
		expect([...named("entangled"), ...named("coupled"), ...named("isolated")].sort()).toEqual(ids(functions));
	});

	it("follows calls, tables and routes", () => {
		const direct = (kind: string, to: string) =>
			[...new Set(bank.edges.filter((edge) => edge.kind === kind && edge.to === to).map((edge) => edge.from))].sort();
		expect(named("calls:credit_score")).toEqual(direct("call", "function:scoring.credit_score"));
		expect(named("writes:accounts")).toEqual(direct("write", "table:accounts"));
		expect(named("route:/credit-score")).toContain("function:scoring.score_answer");
		expect(named("route: and kind:function").length).toBeGreaterThan(bank.routes.length);
		expect(named("reaches:accounts")).toEqual(expect.arrayContaining(named("touches:accounts")));
	});

	it("is put together with and, or, not and brackets; side by side means and", () => {
		expect(named("module:scoring complexity > 3")).toEqual(named("module:scoring and complexity > 3"));
		expect(named("not (isolated or coupled) kind:function")).toEqual(named("entangled"));
		expect(named("isolated or coupled and complexity > 5")).toEqual(named("isolated or (coupled and complexity > 5)"));
		expect(named("NOT Isolated kind:function")).toEqual(named("not isolated and kind:function"));
	});

	it("finds names by part, by star and in quotation marks", () => {
		expect(named("credit_")).toEqual(["function:scoring.credit_score"]);
		expect(named("read_*").every((id) => /\.read_[^.]*$/.test(id))).toBe(true);
		expect(named('"GET /balance"')).toEqual(["route:GET /balance"]);
	});

	it("of nothing is no expression and no mistake", () => {
		expect(parseExpression("  ")).toEqual({ expression: null, mistake: null });
	});
});

describe("a mistake", () => {
	it.each([
		["complexty > 10", "“complexty” is no number of a function. Did you mean “complexity”?", 0, 9],
		["complexity:10", "“complexity” is a number: write complexity > 10.", 0, 10],
		["modul:tests", "There is no “modul:”. Did you mean “module”?", 0, 5],
		["complexity >", "Write a number after “complexity >”.", 11, 1],
		["complexity > many", "Write a number after “complexity >”.", 13, 4],
		["isolated and", "Something is missing after “and”.", 9, 3],
		["or isolated", "Something is missing before “or”.", 0, 2],
		["(isolated", "This bracket is not closed.", 0, 1],
		["isolated)", "This closing bracket has no opening one.", 8, 1],
		['name:"a', "This text has no closing quotation mark.", 5, 2],
		["module: tests", "Write what to look for after “module:”, without a space.", 0, 6],
		["!isolated", "Write “not” in front of what is not wanted.", 0, 1],
	])("in %s is said in words, with its place", (text, message, at, length) => {
		expect(parseExpression(text)).toEqual({ expression: null, mistake: { message, at, length } });
	});
});
