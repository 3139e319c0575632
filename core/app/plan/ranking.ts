import type { Graph } from "../../contract/graph.ts";
import type { RankedCut } from "../../contract/plan.ts";
import { bareName, extractFirst, functionNode, type GraphIndex } from "../../graph/index.ts";
import { termsOf } from "./cut-plan.ts";

/** Handlers in the order in which to cut them, each with every number behind its place. `within`: a module, a package, or all. */
export function rankCuts(graph: Graph, index: GraphIndex, options: { within?: string; limit: number }): RankedCut[] {
	const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
	const addresses = new Map<string, string[]>();
	for (const { method, path, handler } of graph.routes) addresses.set(handler, [...(addresses.get(handler) ?? []), `${method} ${path}`]);
	const inside = (id: string) => options.within === undefined || isWithin(nodes.get(id)?.parent ?? null, options.within);
	return extractFirst(graph)
		.filter((cut) => inside(functionNode(cut.function)))
		.slice(0, options.limit)
		.flatMap(({ function: name, score }) => {
			const node = nodes.get(functionNode(name));
			if (node === undefined) return [];
			const { file, line, isolation, complexity } = node;
			return [
				{ function: name, file, line, routes: addresses.get(name) ?? [], score, isolation, complexity, terms: termsOf(graph, index, name) },
			];
		});
}

/** `module:a.b.c` stands in itself and in the packages `package:a.b` and `package:a`. */
function isWithin(module: string | null, within: string): boolean {
	if (module === null) return false;
	const name = bareName(module);
	const wanted = bareName(within);
	return module === within || (within.startsWith("package:") && (name === wanted || name.startsWith(`${wanted}.`)));
}
