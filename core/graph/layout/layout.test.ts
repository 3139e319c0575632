import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Graph } from "../../contract/graph.ts";
import type { MapLayout } from "../../contract/layout.ts";
import { layOutGraph } from "../index.ts";
import { enclose, packDiscs } from "./discs.ts";
import type { LaidEdge, LaidGraph, LaidNode } from "./tree.ts";

const bank = JSON.parse(readFileSync(join(import.meta.dirname, "../../../renderer/fixtures/bank-graph.json"), "utf8")) as Graph;

const discs = fc
	.array(fc.double({ min: 1, max: 50, noNaN: true }), { maxLength: 24 })
	.map((radii) => radii.map((r, index) => ({ id: String(index), r })));

/** Code bases of some packages of modules of functions, with routes, tables and calls. */
const graphs: fc.Arbitrary<LaidGraph> = fc
	.record({
		packages: fc.array(fc.array(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 9 }), { minLength: 1, maxLength: 6 }), {
			minLength: 1,
			maxLength: 6,
		}),
		routes: fc.integer({ min: 0, max: 70 }),
		tables: fc.integer({ min: 0, max: 60 }),
		calls: fc.array(fc.tuple(fc.nat(400), fc.nat(400)), { maxLength: 60 }),
	})
	.map(({ packages, routes, tables, calls }) => {
		const node = (id: string, kind: LaidNode["kind"], parent: string | null = null, complexity = 0) => ({ id, kind, parent, complexity });
		const nodes: LaidNode[] = [];
		for (const [p, modules] of packages.entries()) {
			for (const [m, functions] of modules.entries()) {
				const module = `module:p${p}.m${m}`;
				nodes.push(node(module, "module"));
				for (const [f, complexity] of functions.entries()) nodes.push(node(`function:p${p}.m${m}.f${f}`, "function", module, complexity));
			}
		}
		const code = nodes.filter(({ kind }) => kind === "function");
		for (let route = 0; route < routes; route++) nodes.push(node(`route:GET /r${route}`, "route"));
		for (let table = 0; table < tables; table++) nodes.push(node(`table:t${table}`, "table"));
		const some = (at: number) => code[at % Math.max(1, code.length)]?.id ?? "function:none";
		const edges: LaidEdge[] = calls.map(([a, b]) => ({ from: some(a), to: some(b), kind: "call" }));
		for (let route = 0; route < routes; route++) edges.push({ from: `route:GET /r${route}`, to: some(route * 7), kind: "route" });
		for (let table = 0; table < tables; table++) edges.push({ from: some(table * 5), to: `table:t${table}`, kind: "read" });
		return { nodes, edges };
	});

/** Takes some nodes of every kind away, with their lines. */
function without(graph: LaidGraph, every: number): LaidGraph {
	const nodes = graph.nodes.filter((node, index) => node.kind === "module" || index % every !== 0);
	const ids = new Set(nodes.map((node) => node.id));
	return { nodes, edges: graph.edges.filter((edge) => ids.has(edge.from) && ids.has(edge.to)) };
}

/** A twentieth of a unit: places are kept in hundredths. */
const HAIR = 0.05;

function expectSound(graph: LaidGraph, { spots, packages }: MapLayout): void {
	const at = (id: string) => spots[id] ?? expect.fail(`${id} has no place`);
	const homes = new Map(packages.flatMap((one) => one.modules.map((id) => [id, one.id] as const)));
	const siblings = new Map<string, string[]>();
	for (const node of graph.nodes) {
		const [x, y, r] = at(node.id);
		expect(Number.isFinite(x + y) && r > 0, node.id).toBe(true);
		const home = node.kind === "module" ? homes.get(node.id) : node.kind === "function" ? node.parent : undefined;
		if (home != null) {
			const [hx, hy, hr] = at(home);
			expect(Math.hypot(x - hx, y - hy) + r, `${node.id} in ${home}`).toBeLessThanOrEqual(hr + HAIR);
		}
		const group = node.kind === "route" || node.kind === "table" ? node.kind : (home ?? "top");
		siblings.set(group, [...(siblings.get(group) ?? []), node.id]);
	}
	siblings.set(
		"packages",
		packages.map((one) => one.id),
	);
	for (const [group, ids] of siblings) {
		for (const [index, a] of ids.entries()) {
			for (const b of ids.slice(index + 1)) {
				const [[ax, ay, ar], [bx, by, br]] = [at(a), at(b)];
				expect(Math.hypot(ax - bx, ay - by), `${a} and ${b} in ${group}`).toBeGreaterThanOrEqual(ar + br - HAIR);
			}
		}
	}
}

const sorted = (layout: MapLayout) => Object.entries(layout.spots).sort(([a], [b]) => (a < b ? -1 : 1));

describe("packing", () => {
	it("never lets two discs overlap, in a round or in a frame", () => {
		fc.assert(
			fc.property(discs, fc.double({ min: 0, max: 20, noNaN: true }), fc.constantFrom(undefined, 1.5), (input, gap, aspect) => {
				const placed = packDiscs(
					[...input].sort((a, b) => b.r - a.r),
					{ gap, ...(aspect === undefined ? {} : { aspect }) },
				);
				for (const [i, a] of placed.entries()) {
					for (const b of placed.slice(i + 1)) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThanOrEqual(a.r + b.r + gap - 1e-3);
				}
			}),
			{ numRuns: 60 },
		);
	});

	it("is enclosed by the circle around it", () => {
		fc.assert(
			fc.property(discs, (input) => {
				const placed = packDiscs(
					[...input].sort((a, b) => b.r - a.r),
					{ gap: 4 },
				);
				const { x, y, r } = enclose(placed);
				for (const disc of placed) expect(Math.hypot(disc.x - x, disc.y - y) + disc.r).toBeLessThanOrEqual(r + 1e-6);
			}),
			{ numRuns: 60 },
		);
	});
});

describe("a layout", () => {
	it("gives every node a place of its own inside of the bubble that it belongs to", () => {
		fc.assert(
			fc.property(graphs, (graph) => expectSound(graph, layOutGraph(graph))),
			{ numRuns: 40 },
		);
	});

	it("is the same for the same code, in whatever order its nodes and lines come", () => {
		fc.assert(
			fc.property(graphs, (graph) => {
				const turned = { nodes: [...graph.nodes].reverse(), edges: [...graph.edges].reverse() };
				expect(sorted(layOutGraph(turned))).toEqual(sorted(layOutGraph(graph)));
			}),
			{ numRuns: 25 },
		);
	});

	it("of a changed code base leaves what is still there at its very place and finds sound places for what is new", () => {
		fc.assert(
			fc.property(graphs, fc.integer({ min: 2, max: 6 }), (graph, every) => {
				const earlier = layOutGraph(without(graph, every));
				const later = layOutGraph(graph, earlier);
				expectSound(graph, later);
				for (const [id, [x, y]] of Object.entries(earlier.spots)) {
					const [nx, ny] = later.spots[id] ?? [Number.NaN, Number.NaN];
					expect(Math.hypot(nx - x, ny - y), id).toBeLessThanOrEqual(5);
				}
			}),
			{ numRuns: 40 },
		);
	});

	it("keeps its place also through growth by whole modules and packages", () => {
		fc.assert(
			fc.property(graphs, graphs, (graph, addition) => {
				const earlier = layOutGraph(graph);
				const rename = (id: string) => id.replace(/:(?=[pGt])/, ":new_");
				const nodes = addition.nodes.map((node) => ({ ...node, id: rename(node.id), parent: node.parent && rename(node.parent) }));
				// Some new modules go into packages that exist.
				const moved = nodes.map((node) => ({
					...node,
					id: node.id.replace("new_p0", "p0.x"),
					parent: node.parent?.replace("new_p0", "p0.x") ?? null,
				}));
				const grown = { nodes: [...graph.nodes, ...moved], edges: graph.edges };
				if (graph.nodes.length < grown.nodes.length * 0.25) return;
				const later = layOutGraph(grown, earlier);
				expectSound(grown, later);
				for (const node of graph.nodes) {
					const [[x, y], [nx, ny]] = [earlier.spots[node.id] ?? [0, 0], later.spots[node.id] ?? [Number.NaN, 0]];
					expect(Math.hypot(nx - x, ny - y), node.id).toBeLessThanOrEqual(5);
				}
			}),
			{ numRuns: 40 },
		);
	});

	it("that nothing changed is not changed", () => {
		const layout = layOutGraph(bank);
		expect(sorted(layOutGraph(bank, layout))).toEqual(sorted(layout));
	});
});

describe("the layout of the sample bank", () => {
	const layout = layOutGraph(bank);
	const at = (id: string) => layout.spots[id] ?? ([Number.NaN, Number.NaN, 0] as const);

	it("puts routes to the left and tables to the right of all code", () => {
		for (const node of bank.nodes) {
			const [x, , r] = at(node.id);
			if (node.kind === "route") expect(x + r).toBeLessThan(layout.core.left);
			if (node.kind === "table") expect(x - r).toBeGreaterThan(layout.core.right);
		}
	});

	it("fills a landscape picture, once the names at its sides have their room", () => {
		const [width, height] = [layout.box.right - layout.box.left + 192, layout.box.bottom - layout.box.top];
		expect(width / height).toBeGreaterThan(1.3);
		expect(width / height).toBeLessThan(1.7);
		const modules = bank.nodes.filter((node) => node.kind === "module").reduce((sum, node) => sum + Math.PI * at(node.id)[2] ** 2, 0);
		const { core } = layout;
		expect(modules / ((core.right - core.left) * (core.bottom - core.top))).toBeGreaterThan(0.5);
	});
});
