import type { Graph, GraphEdge } from "../contract/graph.ts";

/** Answers about a graph; node ids in, node ids out. */
export type GraphIndex = {
	callers(id: string): string[];
	callees(id: string): string[];
	/** Tables by name. */
	reads(id: string): string[];
	writes(id: string): string[];
	/** Functions that write a table (by name). */
	writers(table: string): string[];
	/** The function and everything that it may call, directly or not. */
	closure(id: string): Set<string>;
	/** The routes whose handler is the function, or reaches it. */
	routes(id: string): Graph["routes"];
};

export const functionNode = (dotted: string): string => `function:${dotted}`;
export const tableNode = (name: string): string => `table:${name}`;
export const routeNode = (method: string, path: string): string => `route:${method} ${path}`;
export const moduleNode = (dotted: string): string => `module:${dotted}`;
/** The part after the kind. */
export const bareName = (id: string): string => id.slice(id.indexOf(":") + 1);

const known = new WeakMap<Graph["edges"], { routes: Graph["routes"]; index: GraphIndex }>();

/** Made once for the lines and routes of a graph, which do not change after they were found. */
export function indexGraph({ edges, routes }: Pick<Graph, "edges" | "routes">): GraphIndex {
	const kept = known.get(edges);
	if (kept !== undefined && kept.routes === routes) return kept.index;
	const index = makeIndex({ edges, routes });
	known.set(edges, { routes, index });
	return index;
}

function makeIndex(graph: Pick<Graph, "edges" | "routes">): GraphIndex {
	const calls = new Map<string, string[]>();
	const callers = new Map<string, string[]>();
	const reads = new Map<string, string[]>();
	const writes = new Map<string, string[]>();
	const writers = new Map<string, string[]>();
	const add = (map: Map<string, string[]>, key: string, value: string) => {
		const known = map.get(key);
		if (known === undefined) map.set(key, [value]);
		else known.push(value);
	};
	for (const edge of graph.edges) sort(edge);
	function sort(edge: GraphEdge): void {
		if (edge.kind === "call") {
			add(calls, edge.from, edge.to);
			add(callers, edge.to, edge.from);
		} else if (edge.kind === "read") add(reads, edge.from, bareName(edge.to));
		else if (edge.kind === "write") {
			add(writes, edge.from, bareName(edge.to));
			add(writers, bareName(edge.to), edge.from);
		}
	}
	const reach = (start: string, next: Map<string, string[]>): Set<string> => {
		const found = new Set([start]);
		for (const id of found) for (const other of next.get(id) ?? []) found.add(other);
		return found;
	};
	return {
		callers: (id) => callers.get(id) ?? [],
		callees: (id) => calls.get(id) ?? [],
		reads: (id) => reads.get(id) ?? [],
		writes: (id) => writes.get(id) ?? [],
		writers: (table) => writers.get(table) ?? [],
		closure: (id) => reach(id, calls),
		routes(id) {
			const above = reach(id, callers);
			return graph.routes.filter((route) => above.has(functionNode(route.handler)));
		},
	};
}
