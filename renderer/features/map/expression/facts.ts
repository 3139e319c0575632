import type { Graph, GraphNode } from "../../../../core/contract/graph.ts";
import type { MapLayout } from "../../../../core/contract/layout.ts";
import { isolationOf } from "../isolation.ts";
import type { ClassName, NumberField } from "./parse.ts";

/** What expressions and the table say of each node of a graph; by index of `graph.nodes`. Made once per graph. */
export type Facts = {
	graph: Graph;
	at: ReadonlyMap<string, number>;
	/** Name, dotted name, module, package, file; lower case. */
	names: readonly { name: string; dotted: string; module: string; package: string; file: string }[];
	callers: readonly (readonly number[])[];
	callees: readonly (readonly number[])[];
	reads: readonly (readonly number[])[];
	writes: readonly (readonly number[])[];
	/** Routes that lead directly to it. */
	routes: readonly (readonly number[])[];
};

export function factsOf(graph: Graph, layout: MapLayout | null): Facts {
	const at = new Map(graph.nodes.map((node, index) => [node.id, index]));
	const lists = () => graph.nodes.map((): number[] => []);
	const [callers, callees, reads, writes, routes] = [lists(), lists(), lists(), lists(), lists()];
	for (const edge of graph.edges) {
		const [from, to] = [at.get(edge.from), at.get(edge.to)];
		if (from === undefined || to === undefined) continue;
		if (edge.kind === "call") {
			callees[from]?.push(to);
			callers[to]?.push(from);
		} else if (edge.kind === "read") reads[from]?.push(to);
		else if (edge.kind === "write") writes[from]?.push(to);
		else if (edge.kind === "route") routes[to]?.push(from);
	}
	const packages = new Map((layout?.packages ?? []).flatMap((one) => one.modules.map((id) => [id, one.name.toLowerCase()] as const)));
	const names = graph.nodes.map((node) => {
		const module = node.kind === "module" ? node.id : node.parent;
		const bare = (id: string) => id.slice(id.indexOf(":") + 1).toLowerCase();
		return {
			name: node.name.toLowerCase(),
			dotted: bare(node.id),
			module: module === null ? "" : bare(module),
			package: packages.get(module ?? "") ?? "",
			file: node.file.toLowerCase(),
		};
	});
	return { graph, at, names, callers, callees, reads, writes, routes };
}

export function numberOf(facts: Facts, index: number, field: NumberField): number {
	const node = facts.graph.nodes[index] as GraphNode;
	switch (field) {
		case "complexity":
			return node.complexity;
		case "isolation":
			return node.isolation;
		case "lines":
			return node.loc;
		case "callers":
			return facts.callers[index]?.length ?? 0;
		case "callees":
			return facts.callees[index]?.length ?? 0;
		case "routes":
			return facts.routes[index]?.length ?? 0;
		case "tables":
			return new Set([...(facts.reads[index] ?? []), ...(facts.writes[index] ?? [])]).size;
	}
}

export const classOf = (node: GraphNode): ClassName | null => (node.kind === "function" ? isolationOf(node.isolation) : null);
