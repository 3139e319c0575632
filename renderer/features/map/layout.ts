import type { Graph, GraphNode } from "../../../core/contract/graph.ts";
import { type Disc, enclose, type Placed, packDiscs } from "./pack.ts";

export type Spot = { x: number; y: number; r: number };
/** Where everything stands, in model units. The same graph gives the same layout, whatever the window. */
export type Layout = { spots: Map<string, Spot>; box: { left: number; top: number; right: number; bottom: number } };

const FUNCTION_GAP = 15;
const MODULE_GAP = 20;
const MODULE_RIM = 15;
const COLUMN_GAP = 40;
const ROUTE_R = 11;
const TABLE_R = 13;

/** Bubble radius: the area grows with complexity. */
export const radiusOf = (complexity: number) => Math.min(48, 9 + 5 * Math.sqrt(Math.max(1, complexity)));

/**
 * Doors on the left, code in the middle, stores on the right:
 *
 *     route ⟩   (( module ( ƒ ) ( ƒ ) ))   ⟨ table
 *     route ⟩        (( module ))          ⟨ table
 */
export function layOut(graph: Graph): Layout {
	const spots = new Map<string, Spot>();
	const modules = graph.nodes.filter((node) => node.kind === "module");
	const insides = new Map(modules.map((module) => [module.id, packInside(graph.nodes, module.id)]));
	const ties = tiesBetween(graph);
	const discs: Disc[] = modules
		.map((module) => ({ id: module.id, r: Math.max(24, enclose(insides.get(module.id) ?? []).r + MODULE_RIM) }))
		.sort((a, b) => b.r - a.r || a.id.localeCompare(b.id));
	const placed = packDiscs(discs, MODULE_GAP, 0.92, (disc, x, y, others) => 0.12 * meanDistance(ties.get(disc.id), x, y, others));

	for (const module of placed) {
		spots.set(module.id, { x: module.x, y: module.y, r: module.r });
		const inside = insides.get(module.id) ?? [];
		const middle = enclose(inside);
		for (const disc of inside) spots.set(disc.id, { x: module.x + disc.x - middle.x, y: module.y + disc.y - middle.y, r: disc.r });
	}
	// Functions without a module, if a front end has such: a row of their own below.
	const loose = graph.nodes.filter((node) => node.kind === "function" && !spots.has(node.id));
	const below = Math.max(0, ...placed.map((module) => module.y + module.r)) + 60;
	for (const [index, node] of loose.entries())
		spots.set(node.id, { x: (index - loose.length / 2) * 80, y: below, r: radiusOf(node.complexity) });

	const core = boxOf([...spots.values()]);
	column(graph, "route", spots, core.left - COLUMN_GAP, core, ROUTE_R);
	column(graph, "table", spots, core.right + COLUMN_GAP, core, TABLE_R);
	return { spots, box: boxOf([...spots.values()]) };
}

function packInside(nodes: readonly GraphNode[], module: string): Placed[] {
	const discs = nodes
		.filter((node) => node.kind === "function" && node.parent === module)
		.map((node) => ({ id: node.id, r: radiusOf(node.complexity) }))
		.sort((a, b) => b.r - a.r || a.id.localeCompare(b.id));
	return packDiscs(discs, FUNCTION_GAP);
}

/** How often the functions of two modules meet. */
function tiesBetween(graph: Graph): Map<string, Map<string, number>> {
	const home = new Map(graph.nodes.map((node) => [node.id, node.kind === "module" ? node.id : node.parent]));
	const ties = new Map<string, Map<string, number>>();
	const tie = (from: string, to: string) => {
		const row = ties.get(from) ?? new Map<string, number>();
		row.set(to, (row.get(to) ?? 0) + 1);
		ties.set(from, row);
	};
	for (const edge of graph.edges) {
		const from = home.get(edge.from);
		const to = home.get(edge.to);
		if (from == null || to == null || from === to) continue;
		tie(from, to);
		tie(to, from);
	}
	return ties;
}

function meanDistance(ties: Map<string, number> | undefined, x: number, y: number, placed: readonly Placed[]): number {
	let weight = 0;
	let sum = 0;
	for (const other of placed) {
		const strength = ties?.get(other.id) ?? 0;
		weight += strength;
		sum += strength * Math.hypot(other.x - x, other.y - y);
	}
	return weight === 0 ? 0 : sum / weight;
}

/** One column, spread over the height of the core, ordered by the middle of what each one touches. */
function column(graph: Graph, kind: "route" | "table", spots: Map<string, Spot>, x: number, core: Layout["box"], r: number): void {
	const nodes = graph.nodes.filter((node) => node.kind === kind);
	const ordered = nodes
		.map((node) => ({ id: node.id, y: middleOf(graph, node.id, spots) }))
		.sort((a, b) => a.y - b.y || a.id.localeCompare(b.id));
	const height = Math.max(core.bottom - core.top, nodes.length * r * 3);
	const top = (core.top + core.bottom) / 2 - height / 2;
	for (const [index, { id }] of ordered.entries()) spots.set(id, { x, y: top + (height * (index + 0.5)) / ordered.length, r });
}

function middleOf(graph: Graph, id: string, spots: Map<string, Spot>): number {
	const ys: number[] = [];
	for (const edge of graph.edges) {
		const other = edge.from === id ? edge.to : edge.to === id ? edge.from : null;
		const spot = other === null ? undefined : spots.get(other);
		if (spot !== undefined) ys.push(spot.y);
	}
	return ys.length === 0 ? 0 : ys.reduce((sum, y) => sum + y, 0) / ys.length;
}

function boxOf(spots: readonly Spot[]): Layout["box"] {
	if (spots.length === 0) return { left: -100, top: -100, right: 100, bottom: 100 };
	return {
		left: Math.min(...spots.map((spot) => spot.x - spot.r)),
		top: Math.min(...spots.map((spot) => spot.y - spot.r)),
		right: Math.max(...spots.map((spot) => spot.x + spot.r)),
		bottom: Math.max(...spots.map((spot) => spot.y + spot.r)),
	};
}
