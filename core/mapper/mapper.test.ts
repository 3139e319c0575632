import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Fault } from "../base/index.ts";
import type { Graph } from "../contract/graph.ts";
import { mapProject } from "./index.ts";

const fixture = (name: string) => join(import.meta.dirname, "fixtures", name);
const sample = join(import.meta.dirname, "../../sample-monolith/banca");
const edges = (graph: Graph, kind: string, from: string) =>
	graph.edges.filter((edge) => edge.kind === kind && edge.from === from).map((edge) => edge.to);
const code = async (work: Promise<unknown>) => {
	const error = await work.then(
		() => null,
		(reason: unknown) => reason,
	);
	return error instanceof Fault ? error.code : error;
};

test("functions, methods and nested functions are found, with McCabe's number and their module", async () => {
	const { graph } = await mapProject(fixture("mixed"));
	const functions = graph.nodes.filter((node) => node.kind === "function");
	expect(functions.map((node) => [node.id, node.complexity, node.parent])).toEqual([
		["function:core.rates.Base.run", 1, "module:core.rates"],
		["function:core.rates.Base.step", 1, "module:core.rates"],
		["function:core.rates.Child.step", 1, "module:core.rates"],
		["function:core.rates.rate", 10, "module:core.rates"],
		["function:core.rates.remember", 1, "module:core.rates"],
		["function:core.rates.guess", 1, "module:core.rates"],
		["function:core.store.load", 1, "module:core.store"],
		["function:core.store.load.inner", 1, "module:core.store"],
		["function:core.store.save", 1, "module:core.store"],
		["function:core.store.con", 1, "module:core.store"],
		["function:old.show", 2, "module:old"],
		["function:web.Web.do_GET", 4, "module:web"],
	]);
});

test("calls are followed through aliases, relative imports, self, super and objects made in the same function", async () => {
	const { graph } = await mapProject(fixture("mixed"));
	expect(edges(graph, "call", "function:core.rates.rate")).toEqual(["function:core.store.load"]);
	// Only a Child is ever made.
	expect(edges(graph, "call", "function:core.rates.Base.run")).toEqual(["function:core.rates.Child.step"]);
	expect(edges(graph, "call", "function:core.rates.Child.step")).toEqual(["function:core.rates.Base.step"]);
	expect(edges(graph, "call", "function:core.rates.remember")).toEqual(["function:core.rates.Base.run"]);
	expect(edges(graph, "call", "function:core.store.load")).toEqual(["function:core.store.con", "function:core.store.load.inner"]);
	expect(edges(graph, "call", "function:old.show")).toEqual(["function:core.rates.rate"]);
	expect(edges(graph, "import", "module:core.rates")).toEqual(["module:core.store"]);
});

test("a call that cannot be resolved is listed with its place, not dropped", async () => {
	const { graph } = await mapProject(fixture("mixed"));
	expect(graph.unresolved).toContainEqual({ from: "function:core.rates.guess", text: "thing.anything", line: 44 });
});

test("tables are read and written through constants, formats, concatenations and subqueries", async () => {
	const { graph } = await mapProject(fixture("mixed"));
	expect(edges(graph, "read", "function:core.store.load")).toEqual(["table:things"]);
	expect(edges(graph, "write", "function:core.store.save").sort()).toEqual(["table:logs", "table:things"]);
	expect(edges(graph, "read", "function:core.store.save")).toEqual(["table:others"]);
	expect(graph.tables.find((table) => table.name === "things")?.ddl).toMatch(/^CREATE TABLE things/);
	expect(graph.tables.map((table) => table.name)).toEqual(["logs", "others", "things"]);
});

test("routes are found in comparisons with the path, for every method of the handler", async () => {
	const { graph } = await mapProject(fixture("mixed"));
	expect(graph.routes).toEqual([
		{ method: "GET", path: "/rate", handler: "core.rates.rate" },
		{ method: "GET", path: "/remember", handler: "core.rates.remember" },
	]);
});

test("a file that does not parse is shown with its frame, and the rest of it is still mapped", async () => {
	const { graph } = await mapProject(fixture("broken"));
	expect(graph.parseErrors).toHaveLength(1);
	const [error] = graph.parseErrors;
	expect(error).toMatchObject({ file: "bad.py", line: 5 });
	expect(error?.frame.split("\n").at(-2)).toBe("> 5 | value = = 2");
	expect(error?.frame.split("\n").at(-1)).toMatch(/^ +\| +\^$/);
	expect(edges(graph, "call", "function:bad.after")).toEqual(["function:bad.before"]);
	expect(graph.nodes.map((node) => node.id)).toContain("function:good.fine");
});

test("a folder that is absent, or has no source, is refused with SOURCE_MISSING", async () => {
	expect(await code(mapProject(fixture("absent")))).toBe("SOURCE_MISSING");
	expect(await code(mapProject(fixture("none")))).toBe("SOURCE_MISSING");
});

test("a cancelled map stops with CANCELLED and tells its progress until then", async () => {
	const stop = new AbortController();
	const seen: number[] = [];
	const run = mapProject(fixture("mixed"), {
		signal: stop.signal,
		onProgress(done) {
			seen.push(done);
			if (done === 2) stop.abort();
		},
	});
	expect(await code(run)).toBe("CANCELLED");
	expect(seen).toEqual([1, 2]);
});

test("text in Latin-1 is read, and the graph survives JSON", async () => {
	const dir = mkdtempSync(join(tmpdir(), "phoenix-map-"));
	try {
		writeFileSync(join(dir, "old.py"), Buffer.from("# caff\xe8\ndef caffe():\n    return 'caff\xe8'\n", "latin1"));
		const { graph, program } = await mapProject(dir);
		expect(program.modules[0]?.functions[0]?.comment).toBe("caffè");
		expect(JSON.parse(JSON.stringify(graph))).toEqual(graph);
	} finally {
		rmSync(dir, { recursive: true });
	}
});

test("the sample bank has its ten routes, its thirteen tables and nothing that does not parse", async () => {
	const { graph } = await mapProject(sample);
	expect(graph.parseErrors).toEqual([]);
	expect(graph.routes.map((route) => `${route.method} ${route.path}`)).toHaveLength(10);
	expect(graph.tables).toHaveLength(13);
	expect(graph.tables.every((table) => table.ddl.startsWith("CREATE TABLE"))).toBe(true);
	expect(graph.tables.find((table) => table.name === "postings")).toMatchObject({ readers: [], writers: ["interests.post_interest"] });
	const isolation = (id: string) => graph.nodes.find((node) => node.id === `function:${id}`)?.isolation ?? 0;
	expect(isolation("scoring.credit_score")).toBeGreaterThan(isolation("transfers.transfer"));
});
