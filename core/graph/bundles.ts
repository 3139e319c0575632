import type { GraphEdge } from "../contract/graph.ts";

/** All lines from one bubble to another, drawn as one. */
export type Bundle = { from: string; to: string; count: number };

/** The strongest bundles first, at most `most`. `home` gives the bubble of a node, null for what has none. */
export function bundlesOf(edges: readonly GraphEdge[], home: (id: string) => string | null, most: number): Bundle[] {
	const found = new Map<string, Bundle>();
	for (const edge of edges) {
		if (edge.kind === "import") continue;
		const [from, to] = [home(edge.from), home(edge.to)];
		if (from === null || to === null || from === to) continue;
		const key = `${from} ${to}`;
		const bundle = found.get(key);
		if (bundle === undefined) found.set(key, { from, to, count: 1 });
		else bundle.count++;
	}
	return [...found.values()].sort((a, b) => b.count - a.count || (a.from + a.to < b.from + b.to ? -1 : 1)).slice(0, most);
}
