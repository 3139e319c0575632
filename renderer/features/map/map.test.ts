import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bendOf, DRAWN_LIMIT, distanceToCurve, isBare, noSieve, openBubbles } from "../../adapters/map-scene.ts";
import { bank, bankLayout } from "../../fixtures/memory-core.ts";
import { neighbourhood, pathFocus, shortestPath } from "./focus.ts";
import { menuOf } from "./menus.ts";
import { sceneOf } from "./scene.ts";
import { wordsOf } from "./words.ts";

const scene = sceneOf(bank, bankLayout());
const idOf = (index: number) => scene.nodes[index]?.id ?? "";
const at = (id: string) => scene.at.get(id) ?? -1;

describe("the scene of the sample bank", () => {
	it("has every node of the graph under its own index, and every line but imports", () => {
		expect(scene.nodes.slice(0, bank.nodes.length).map((node) => node.id)).toEqual(bank.nodes.map((node) => node.id));
		expect(scene.edges).toHaveLength(bank.edges.filter((edge) => edge.kind !== "import").length);
	});

	it("counts what is in each bubble by class", () => {
		for (const node of scene.nodes.filter((one) => one.kind === "module")) {
			expect(node.mix[0] + node.mix[1] + node.mix[2]).toBe(node.functions);
			expect(node.functions).toBe(bank.nodes.filter((one) => one.parent === node.id).length);
		}
	});

	it("bundles all lines between two modules, the strongest first", () => {
		const counts = scene.moduleBundles.map((one) => one.count);
		expect(counts).toEqual([...counts].sort((a, b) => b - a));
		const crossing = scene.edges.filter((edge) => edge.kind === "call" && bank.nodes[edge.from]?.parent !== bank.nodes[edge.to]?.parent);
		const fromFunctions = crossing.filter((edge) => bank.nodes[edge.from]?.kind === "function");
		expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(fromFunctions.length);
	});
});

/** The bank's modules in two packages, so that there are bubbles in bubbles. */
const layered = (() => {
	const modules = bank.nodes.filter((node) => node.kind === "module").map((node) => node.id);
	const layout = bankLayout();
	const packages = [0, 1].map((part) => ({
		id: `package:p${part}`,
		name: `p${part}`,
		modules: modules.filter((_, index) => index % 2 === part),
	}));
	return sceneOf(bank, { ...layout, packages, spots: { ...layout.spots, "package:p0": [0, 0, 400], "package:p1": [0, 0, 400] } });
})();

describe("semantic zoom", () => {
	it("goes from packages to modules to functions", () => {
		const shown = (zoom: number) => {
			const open = openBubbles(layered, zoom, noSieve);
			return new Set(layered.nodes.flatMap((node, index) => (isBare(layered, open, index) && open[index] === 0 ? [node.kind] : [])));
		};
		expect(shown(0.1)).toEqual(new Set(["package", "route", "table"]));
		expect(shown(0.27).has("module")).toBe(true);
		expect(shown(0.27).has("package")).toBe(false);
		expect(shown(1)).toEqual(new Set(["function", "route", "table"]));
	});

	it("opens bubbles as they grow, and never one inside of a closed one", () => {
		fc.assert(
			fc.property(
				fc.double({ min: 0.01, max: 4, noNaN: true }),
				fc.boolean(),
				fc.array(fc.nat(scene.nodes.length - 1)),
				(zoom, isGrouped, some) => {
					const open = openBubbles(scene, zoom, { ...noSieve, isGrouped, opened: new Set(some) });
					const wider = openBubbles(scene, zoom * 1.5, { ...noSieve, isGrouped, opened: new Set(some) });
					for (const [index, node] of scene.nodes.entries()) {
						if (open[index] === 1) expect(wider[index]).toBe(1);
						if (open[index] === 1 && node.home !== -1) expect(open[node.home]).toBe(1);
					}
				},
			),
		);
	});

	it("keeps grouped bubbles closed at every zoom, apart from those opened by hand", () => {
		const byHand = at("module:scoring");
		const open = openBubbles(scene, 3, { ...noSieve, isGrouped: true, opened: new Set([byHand]) });
		expect([...open.keys()].filter((index) => open[index] === 1)).toEqual([byHand]);
		expect(isBare(scene, open, at("function:scoring.credit_score"))).toBe(true);
		expect(isBare(scene, open, at("function:loans.loan"))).toBe(false);
	});
});

describe("a neighbourhood", () => {
	const id = "function:scoring.credit_score";
	it("holds who calls and what is called, and grows with each step", () => {
		const touching = bank.edges.filter((edge) => edge.kind !== "import" && (edge.from === id || edge.to === id));
		const one = neighbourhood(scene, id, 1);
		expect([...(one?.nodes ?? [])].map(idOf).sort()).toEqual(
			[...new Set([id, ...touching.flatMap((edge) => [edge.from, edge.to])])].sort(),
		);
		expect((one?.into.length ?? 0) + (one?.out.length ?? 0)).toBe(touching.length);
		const two = neighbourhood(scene, id, 2);
		const three = neighbourhood(scene, id, 3);
		for (const index of one?.nodes ?? []) expect(two?.nodes.has(index)).toBe(true);
		for (const index of two?.nodes ?? []) expect(three?.nodes.has(index)).toBe(true);
		expect(three?.nodes.size).toBeGreaterThan(one?.nodes.size ?? 0);
	});

	it("never brings more than Cytoscape may draw, and says when something is left out", () => {
		const crowd = Array.from({ length: 4000 }, (_, index) => ({
			...bank.nodes[1],
			id: `function:crowd.f${index}`,
			kind: "function" as const,
			parent: null,
		}));
		const star = {
			...bank,
			nodes: crowd as typeof bank.nodes,
			edges: crowd.slice(1).map((node) => ({ from: node.id, to: "function:crowd.f0", kind: "call" as const, lines: [1] })),
		};
		const focus = neighbourhood(sceneOf(star, { ...bankLayout(), packages: [] }), "function:crowd.f0", 3);
		expect((focus?.nodes.size ?? 0) + (focus?.into.length ?? 0) + (focus?.out.length ?? 0)).toBeLessThanOrEqual(DRAWN_LIMIT);
		expect(focus?.nodes.size).toBeLessThan(4000);
		expect(focus?.whole).toBe(4000);
		const small = neighbourhood(scene, "function:scoring.credit_score", 2);
		expect(small?.whole).toBe(small?.nodes.size);
	});
});

describe("a path", () => {
	it("is the shortest way along calls, or none", () => {
		const path = shortestPath(scene, "route:GET /credit-score", "table:customers") ?? [];
		expect(path.length).toBeGreaterThan(1);
		for (const [index, line] of path.slice(1).entries()) expect(scene.edges[line]?.from).toBe(scene.edges[path[index] ?? -1]?.to);
		expect(scene.edges[path.at(-1) ?? -1]?.to).toBe(at("table:customers"));
		expect(shortestPath(scene, "table:customers", "route:GET /credit-score")).toBeNull();
		expect(shortestPath(scene, "table:customers", "table:customers")).toEqual([]);
		expect(pathFocus(scene, path, "route:GET /credit-score").nodes.size).toBe(path.length + 1);
	});
});

it("the distance to a line is that to its curve", () => {
	const middle = bendOf(0, 0, 100, 0, 0.2);
	expect(middle).toEqual({ x: 50, y: 20 });
	expect(distanceToCurve(50, 10, [0, 0, middle.x, middle.y, 100, 0])).toBeLessThan(0.1);
	expect(distanceToCurve(50, 0, [0, 0, middle.x, middle.y, 100, 0])).toBeGreaterThan(9);
	expect(distanceToCurve(-30, 0, [0, 0, middle.x, middle.y, 100, 0])).toBeCloseTo(30, 5);
});

it("a node is said in one sentence, and has a menu of commands about it", () => {
	expect(wordsOf(scene, "function:scoring.credit_score")).toMatch(/^credit_score, coupled function in scoring, called by \d+, calls \d+$/);
	expect(wordsOf(scene, "module:errors")).toBe("errors, module of 1 function: 0 isolated, 1 coupled, 0 entangled");
	expect(wordsOf(scene, null)).toBe("");
	expect(menuOf(scene, { node: "function:loans.loan", line: null }).items).toContain("function.isolate");
	expect(menuOf(scene, { node: "table:loans", line: null }).items).not.toContain("function.isolate");
	expect(menuOf(scene, { node: null, line: ["module:loans", "module:db"] }).label).toBe("loans to db");
});
