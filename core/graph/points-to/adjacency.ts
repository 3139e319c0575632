import type { PointsTo } from "./analyse.ts";

/**
 * The call graph as adjacency lists by dotted name, the form that call-graph benchmarks and tools exchange: every scope is a key, also one
 * that calls nothing; keys and lists are in order.
 */
export function adjacencyOf(graph: Pick<PointsTo, "scopes" | "calls">): Record<string, string[]> {
	const lists = new Map<string, Set<string>>();
	const of = (name: string) => {
		const list = lists.get(name) ?? new Set();
		lists.set(name, list);
		return list;
	};
	for (const scope of graph.scopes) of(scope);
	for (const { from, to } of graph.calls) {
		of(from).add(to);
		of(to);
	}
	return Object.fromEntries([...lists].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, list]) => [name, [...list].sort()]));
}
