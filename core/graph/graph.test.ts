import { expect, test } from "vitest";
import type { Graph, GraphEdge } from "../contract/graph.ts";
import { extractFirst, functionNode, indexGraph, inspectFunction, isolationOf, nearNames } from "./index.ts";

const edge = (kind: GraphEdge["kind"], from: string, to: string): GraphEdge => ({ kind, from, to, lines: [1] });
const call = (from: string, to: string) => edge("call", `function:${from}`, `function:${to}`);
const names = ["a.pay", "a.show", "b.post", "b.text", "c.alone"];
const base: GraphEdge[] = [
	call("a.pay", "b.post"),
	call("a.pay", "b.text"),
	call("a.show", "b.text"),
	call("b.text", "b.text"),
	edge("write", "function:b.post", "table:rows"),
	edge("read", "function:a.show", "table:rows"),
];
const routes = [
	{ method: "POST", path: "/pay", handler: "a.pay" },
	{ method: "GET", path: "/show", handler: "a.show" },
];

function graphOf(edges: GraphEdge[], unresolved: Graph["unresolved"] = []): Graph {
	const index = indexGraph({ edges, routes });
	const nodes = names.map((name): Graph["nodes"][number] => {
		const id = functionNode(name);
		const isolation = isolationOf(id, index, new Map(), { unresolved });
		return {
			id,
			kind: "function",
			name: name.slice(2),
			file: `${name[0]}.py`,
			line: 2,
			endLine: 3,
			complexity: 2,
			isolation,
			parent: null,
			loc: 2,
		};
	});
	return { root: "/x", language: "python", nodes, edges, routes, tables: [], unresolved, parseErrors: [], files: [], scanMs: 0 };
}
const isolation = (graph: Graph, name: string) => graph.nodes.find((node) => node.id === functionNode(name))?.isolation ?? -1;

test("a route reaches its handler and everything below it, also through recursion", () => {
	const index = indexGraph({ edges: base, routes });
	expect(index.routes("function:b.text").map((route) => route.path)).toEqual(["/pay", "/show"]);
	expect(index.routes("function:b.post").map((route) => route.path)).toEqual(["/pay"]);
	expect(index.routes("function:c.alone")).toEqual([]);
	expect([...index.closure("function:a.pay")]).toEqual(["function:a.pay", "function:b.post", "function:b.text"]);
});

test("isolation is 1 alone, and falls with every tie: a written table, a foreign writer, a dark call", () => {
	expect(isolation(graphOf(base), "c.alone")).toBe(1);
	const before = isolation(graphOf(base), "a.pay");
	expect(before).toBeLessThan(isolation(graphOf(base), "a.show"));
	expect(isolation(graphOf([...base, edge("write", "function:c.alone", "table:rows")]), "a.pay")).toBeLessThan(before);
	expect(isolation(graphOf(base, [{ from: "function:b.post", text: "x.y", line: 1 }]), "a.pay")).toBeLessThan(before);
	expect(before).toBeGreaterThan(0);
});

test("the inspector counts tables of the whole cut, and gives the source of the function alone", () => {
	const found = inspectFunction(graphOf(base), "a.pay", { "a.py": "one\ntwo\nthree\nfour" });
	expect(found).toMatchObject({
		callees: ["b.post", "b.text"],
		writes: ["rows"],
		reads: [],
		source: { file: "a.py", from: 2, text: "two\nthree" },
	});
	expect(found.reasons).toContainEqual({ good: true, text: "It writes rows, and nobody else does." });
	expect(inspectFunction(graphOf(base), "a.show", {})).toMatchObject({ risk: "low", reads: ["rows"], writes: [] });
	expect(inspectFunction(graphOf(base), "c.alone", {}).reasons[0]).toEqual({
		good: false,
		text: "No HTTP route reaches it, so no traffic could prove a replacement.",
	});
});

test("the ranking holds handlers only, the most isolated first", () => {
	expect(extractFirst(graphOf(base)).map((item) => item.function)).toEqual(["a.show", "a.pay"]);
});

test("near names are found by the whole name or its last part", () => {
	expect(nearNames(graphOf(base), "shwo")[0]).toBe("a.show");
	expect(nearNames(graphOf(base), "function:b.pots")[0]).toBe("b.post");
	expect(nearNames(graphOf(base), "something.else.entirely")).toEqual([]);
});
