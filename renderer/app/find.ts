import type { Graph, GraphNode } from "../../core/contract/graph.ts";

/** Nodes whose name or file contains every word of the query; the shortest and earliest match first. At most `limit`. */
export function findNodes(graph: Graph | null, query: string, limit = 12): GraphNode[] {
	const words = query.toLowerCase().split(/\s+/).filter(Boolean);
	if (graph === null || words.length === 0) return [];
	const scored: { node: GraphNode; score: number }[] = [];
	for (const node of graph.nodes) {
		const name = node.name.toLowerCase();
		const text = `${node.id} ${node.file}`.toLowerCase();
		if (!words.every((word) => text.includes(word))) continue;
		const at = name.indexOf(words[0] ?? "");
		const kind = node.kind === "function" ? 0 : 20;
		scored.push({ node, score: kind + (at === 0 ? 0 : at > 0 ? 10 : 40) + name.length / 100 });
	}
	return scored
		.sort((a, b) => a.score - b.score || a.node.id.localeCompare(b.node.id))
		.slice(0, limit)
		.map(({ node }) => node);
}
