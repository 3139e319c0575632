import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Graph } from "../../contract/graph.ts";
import { mapPicture } from "../../graph/index.ts";
import { openProject } from "../project.ts";
import { sampleSource } from "../sample/bank.ts";
import { edgeEvidence, packagesOf } from "./evidence-lines.ts";
import { createLayouts } from "./layouts.ts";
import { createScans } from "./scans.ts";
import { createViews } from "./views.ts";

let dir: string;
beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), "phoenix-map-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Two packages of one module each, the second calling the first. */
function writeProject(): string {
	const root = join(dir, "code");
	for (const name of ["cards", "loans"]) {
		mkdirSync(join(root, name), { recursive: true });
		writeFileSync(join(root, name, "__init__.py"), "");
	}
	writeFileSync(
		join(root, "cards", "limits.py"),
		"def limit(value):\n    return value * 2\n\n\ndef floor(value):\n    return limit(value) - 1\n",
	);
	writeFileSync(join(root, "loans", "grant.py"), "from cards.limits import limit\n\n\ndef grant(value):\n    return limit(value)\n");
	return root;
}
const graphOf = async (root: string): Promise<Graph> => (await openProject(root)).graph;

describe("the layout of an open project", () => {
	it("is the same for the same code, in every state directory and after every start", async () => {
		const graph = await graphOf(writeProject());
		const first = await createLayouts({ dir: join(dir, "a") }).layoutOf(graph);
		const elsewhere = await createLayouts({ dir: join(dir, "b") }).layoutOf(await graphOf(graph.root));
		const restarted = await createLayouts({ dir: join(dir, "a") }).layoutOf(await graphOf(graph.root));
		expect(elsewhere).toEqual(first);
		expect(restarted.spots).toEqual(first.spots);
		expect(first.packages.map((one) => one.name)).toEqual(["cards", "loans"]);
	});

	it("leaves what is still there in its place when the code has grown", async () => {
		const root = writeProject();
		const state = join(dir, "state");
		const before = await createLayouts({ dir: state }).layoutOf(await graphOf(root));
		appendFileSync(
			join(root, "cards", "limits.py"),
			"\n\ndef raised(value):\n    if value > 3:\n        return floor(value)\n    return 0\n",
		);
		const after = await createLayouts({ dir: state }).layoutOf(await graphOf(root));
		expect(after.spots["function:cards.limits.raised"]).toBeDefined();
		for (const [id, [x, y]] of Object.entries(before.spots)) expect(after.spots[id]?.slice(0, 2), id).toEqual([x, y]);
	});

	it("is waited for at the end: afterwards nothing is computed or written", async () => {
		const graph = await graphOf(writeProject());
		const state = join(dir, "ended");
		const layouts = createLayouts({ dir: state });
		const halfWay = layouts.layoutOf(graph).then(
			() => "written",
			() => "ended",
		);
		await layouts.close();
		expect(await Promise.race([halfWay, "still running"])).not.toBe("still running");
		rmSync(state, { recursive: true, force: true });
		await expect(layouts.layoutOf(await graphOf(graph.root))).rejects.toThrow();
		expect(existsSync(state)).toBe(false);
	});

	it("is made anew from a file that was damaged, and on request", async () => {
		const graph = await graphOf(writeProject());
		const layouts = createLayouts({ dir });
		const first = await layouts.layoutOf(graph);
		const file = readdirSync(join(dir, "maps")).find((name) => name.endsWith(".json")) ?? "";
		writeFileSync(join(dir, "maps", file), '{"version":1,"spots":{"x":["left"]}}');
		expect(await createLayouts({ dir }).layoutOf(await graphOf(graph.root))).toEqual(first);
		expect(await layouts.arrange(graph)).toEqual(first);
		expect(JSON.parse(readFileSync(join(dir, "maps", file), "utf8"))).toEqual(JSON.parse(JSON.stringify(first)));
	});
});

describe("the lines behind a connection", () => {
	it("are those of the source, for functions, modules and packages", async () => {
		const graph = await graphOf(writeProject());
		const packages = packagesOf(await createLayouts({ dir: null }).layoutOf(graph));
		const call = { from: "function:loans.grant.grant", to: "function:cards.limits.limit", kind: "call", file: "loans/grant.py" };
		const line = { line: 5, text: "return limit(value)" };
		const between = await edgeEvidence(graph, { from: call.from, to: call.to }, packages);
		expect(between).toEqual({ total: 1, edges: [{ ...call, lines: [line] }] });
		const bubbles = await edgeEvidence(graph, { from: "package:loans", to: "package:cards" }, packages);
		expect(bubbles.edges.map((edge) => edge.kind)).toEqual(["call", "import"]);
		expect(bubbles.edges[1]?.lines).toEqual([{ line: 1, text: "from cards.limits import limit" }]);
		const into = await edgeEvidence(graph, { from: null, to: "package:cards" }, packages);
		// What one function of a package calls in another of the same does not lead into it.
		expect(into.edges.every((edge) => !edge.from.includes("cards"))).toBe(true);
		expect(into.total).toBe(2);
	});
});

it("views keep their names and details by code base", async () => {
	const views = createViews({ dir });
	const view = { name: "For the board", details: { find: "entangled", at: "1,2,0.5" } };
	await views.keep("/srv/bank", [view]);
	expect(await views.list("/srv/bank")).toEqual([view]);
	expect(await views.list("/srv/other")).toEqual([]);
});

it("a scan tells its modules while it runs, each of them once, and that it ended", async () => {
	const scans = createScans();
	const over = new AbortController();
	const parts: { modules: string[]; done: number; ended: boolean }[] = [];
	const watching = (async () => {
		for await (const { modules, done, ended } of scans.watch(over.signal)) {
			parts.push({ modules: modules.map((one) => one.id), done, ended });
			if (ended) break;
		}
	})();
	scans.begin();
	await openProject(writeProject(), { onModule: scans.add }).finally(scans.end);
	await watching;
	over.abort();
	expect(parts.flatMap((part) => part.modules).sort()).toEqual([
		"module:cards",
		"module:cards.limits",
		"module:loans",
		"module:loans.grant",
	]);
	expect(parts.at(-1)).toMatchObject({ done: 4, ended: true });
});

it("the picture shows every function of the sample bank once, and its text is the same each time", async () => {
	const graph = await graphOf(sampleSource);
	const layout = await createLayouts({ dir: null }).layoutOf(graph);
	const picture = mapPicture(graph, layout, { title: "A & B <bank>" });
	expect(mapPicture(graph, layout, { title: "A & B <bank>" })).toBe(picture);
	expect(picture).toContain("A &amp; B &lt;bank&gt;");
	const shapes = (colour: string) =>
		(picture.match(new RegExp(`<path d="([^"]*)"[^>]*stroke="${colour}" stroke-width="1.6"`))?.[1] ?? "").split("M").length - 1;
	const functions = graph.nodes.filter((node) => node.kind === "function").length;
	expect(shapes("#2b9a63") + shapes("#3b7fdc") + shapes("#d23f4a")).toBe(functions);
	for (const route of graph.routes) expect(picture).toContain(`>${route.method} ${route.path}</text>`);
	const hidden = mapPicture(graph, layout, { hidden: new Set(graph.nodes.filter((node) => node.kind === "table").map((node) => node.id)) });
	expect(hidden).not.toContain(">movements</text>");
});
