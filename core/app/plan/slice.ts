import type { Blueprint } from "../../contract/blueprint.ts";
import type { Graph, GraphNode } from "../../contract/graph.ts";
import type { CallPlace, PlannedFunction } from "../../contract/plan.ts";
import { bareName, functionNode, type GraphIndex, moduleNode, routeNode } from "../../graph/index.ts";

/** `dispatch.serve@GET /x`: a dispatcher made for one route; its source is that of `dispatch.serve`. */
export const sourceName = (id: string): string => id.split("@", 1)[0] as string;

/** A caller as people write it: a dotted function, or `module x` for what runs when the module is loaded. */
export const callerName = (node: string): string => (node.startsWith("module:") ? `module ${bareName(node)}` : bareName(node));

export type Division = {
	/** Node ids of the slice's functions. */
	slice: ReadonlySet<string>;
	/** Node ids of what legacy goes on using once the routes have moved. */
	alive: ReadonlySet<string>;
	/** Calls of legacy that no longer happen: from the dispatch to the handlers of the moved routes. */
	isCut(from: string, to: string): boolean;
	nodes: ReadonlyMap<string, GraphNode>;
	index: GraphIndex;
	graph: Graph;
};

/**
 * Divides legacy at the cut. What is reached from outside of the slice, without the calls that lead to the moved routes, stays alive:
 *
 *     server.answer -> dispatch.serve --x--> scoring.credit_score -> scoring.turnover     moves
 *                            |                          |
 *                            +-----> fees.fees ---------+--------> money.cents           is copied
 */
export function divide(graph: Graph, index: GraphIndex, blueprint: Blueprint): Division {
	const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
	const slice = new Set(blueprint.functions.map((fn) => functionNode(sourceName(fn.id))));
	const handlers = new Set(blueprint.interface.routes.map((route) => functionNode(route.handler)));
	const dispatchers = new Set(blueprint.functions.filter((fn) => fn.id.includes("@")).map((fn) => functionNode(sourceName(fn.id))));
	// The table of routes is code of its module: that it names the handler is no use of it.
	for (const route of blueprint.interface.routes) {
		const file = nodes.get(routeNode(route.method, route.path))?.file;
		for (const node of graph.nodes) if (node.kind === "module" && node.file === file) dispatchers.add(node.id);
	}
	const isCut = (from: string, to: string) => dispatchers.has(from) && handlers.has(to) && from !== to;
	const roots = [...graph.nodes.map((node) => node.id), ...graph.edges.map((edge) => edge.from)].filter(
		(id) => (id.startsWith("function:") || id.startsWith("module:")) && !slice.has(id),
	);
	const alive = new Set(roots);
	for (const id of alive) for (const next of index.callees(id)) if (!isCut(id, next)) alive.add(next);
	return { slice, alive, isCut, nodes, index, graph };
}

/** The calls of a function, from the side that is asked for. A dispatcher that moves for one route is on both. */
export function callsInto(division: Division, id: string, from: "slice" | "staying"): CallPlace[] {
	const { graph, slice, alive, nodes, isCut } = division;
	return graph.edges
		.filter((edge) => edge.kind === "call" && edge.to === id)
		.filter((edge) => (from === "slice" ? slice.has(edge.from) : alive.has(edge.from) && !isCut(edge.from, id)))
		.flatMap((edge) => {
			const file = nodes.get(edge.from)?.file ?? "";
			return edge.lines.map((line) => ({ caller: callerName(edge.from), file, line }));
		});
}

/** The functions of the slice in the order of the calls from its entries. */
export function plannedFunctions(division: Division, blueprint: Blueprint): PlannedFunction[] {
	const { slice, nodes, index } = division;
	const order = new Set(blueprint.interface.routes.map((route) => functionNode(sourceName(route.entry))));
	for (const id of order) for (const next of index.callees(id)) if (slice.has(next)) order.add(next);
	for (const id of slice) order.add(id);
	return [...order].flatMap((id) => {
		const node = nodes.get(id);
		if (node === undefined) return [];
		const { file, line, endLine, loc, complexity } = node;
		const usedBy = division.alive.has(id) ? callsInto(division, id, "staying") : [];
		return [{ function: bareName(id), file, line, endLine, loc, complexity, calledBy: callsInto(division, id, "slice"), usedBy }];
	});
}

/** Code that stays and calls into the slice, by its caller. */
export function stayingCallers(division: Division, copies: readonly PlannedFunction[]) {
	const { slice, nodes } = division;
	const found = new Map<string, { caller: string; file: string; calls: { function: string; line: number }[] }>();
	for (const copy of copies) {
		for (const { caller, file, line } of copy.usedBy) {
			const id = caller.startsWith("module ") ? moduleNode(caller.slice("module ".length)) : functionNode(caller);
			if (slice.has(id)) continue;
			const known = found.get(caller) ?? { caller, file: nodes.get(id)?.file ?? file, calls: [] };
			known.calls.push({ function: copy.function, line });
			found.set(caller, known);
		}
	}
	return [...found.values()].sort((a, b) => b.calls.length - a.calls.length || (a.caller < b.caller ? -1 : 1));
}
