import type { Graph } from "../contract/graph.ts";
import type { GraphIndex } from "./reach.ts";

/**
 * How easily a function can be cut out: 1 (isolated) ... 0 (entangled).
 *
 *   isolation = 1 / (1 + entanglement)
 *   entanglement = 0.02 * functions in its closure
 *                + 0.04 * callers beyond the first
 *                + 0.06 * tables in its closure that it reads and others outside the closure write
 *                + 0.12 * tables in its closure that it writes
 *                + 0.10 * other functions outside the closure that write one of those tables
 *                + 0.25 * names of module state that its closure changes
 *                + 0.25 * calls in its closure that could not be resolved
 */
export function isolationOf(
	id: string,
	index: GraphIndex,
	changedState: ReadonlyMap<string, number>,
	graph: Pick<Graph, "unresolved">,
): number {
	const closure = index.closure(id);
	const reads = new Set<string>();
	const writes = new Set<string>();
	let state = 0;
	for (const member of closure) {
		for (const table of index.reads(member)) reads.add(table);
		for (const table of index.writes(member)) writes.add(table);
		state += changedState.get(member) ?? 0;
	}
	const foreignWriters = (table: string) => index.writers(table).filter((writer) => !closure.has(writer)).length;
	const unresolved = graph.unresolved.filter((item) => closure.has(item.from)).length;
	const entanglement =
		0.02 * (closure.size - 1) +
		0.04 * Math.max(0, index.callers(id).length - 1) +
		0.06 * [...reads].filter((table) => !writes.has(table) && foreignWriters(table) > 0).length +
		0.12 * writes.size +
		0.1 * [...writes].reduce((sum, table) => sum + foreignWriters(table), 0) +
		0.25 * state +
		0.25 * unresolved;
	return Math.round(1000 / (1 + entanglement)) / 1000;
}
