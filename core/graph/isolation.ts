import type { Graph } from "../contract/graph.ts";
import type { EntanglementTerm } from "../contract/plan.ts";
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
	const entanglement = entanglementOf(id, index, changedState, graph).reduce((sum, term) => sum + term.sum, 0);
	return Math.round(1000 / (1 + entanglement)) / 1000;
}

/** The summands of the formula above, those that are 0 included. */
export function entanglementOf(
	id: string,
	index: GraphIndex,
	changedState: ReadonlyMap<string, number>,
	graph: Pick<Graph, "unresolved">,
): EntanglementTerm[] {
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
	const foreignReads = [...reads].filter((table) => !writes.has(table) && foreignWriters(table) > 0).length;
	const rivals = [...writes].reduce((sum, table) => sum + foreignWriters(table), 0);
	const unresolved = graph.unresolved.filter((item) => closure.has(item.from)).length;
	const term = (what: string, count: number, weight: number) => ({ what, count, weight, sum: count * weight });
	return [
		term("functions that it calls, directly or not", closure.size - 1, 0.02),
		term("callers beyond the first", Math.max(0, index.callers(id).length - 1), 0.04),
		term("tables that it reads and others write", foreignReads, 0.06),
		term("tables that it writes", writes.size, 0.12),
		term("other functions that write those tables", rivals, 0.1),
		term("names of module state that it changes", state, 0.25),
		term("calls that could not be resolved", unresolved, 0.25),
	];
}
