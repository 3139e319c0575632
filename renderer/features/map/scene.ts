import type { Graph, GraphNode } from "../../../core/contract/graph.ts";
import type { MapLayout } from "../../../core/contract/layout.ts";
import type { Scene, SceneBundle, SceneEdge, SceneNode } from "../../adapters/map-scene.ts";
import { SMALL_SCENE } from "../../adapters/map-scene.ts";
import { shortName } from "../../ui/index.ts";
import { isolationOf } from "./isolation.ts";

type Draft = Omit<SceneNode, "mix" | "functions"> & { functions: number; mix: [number, number, number] };

/** Graph and layout as the map draws them. Nodes of the graph keep their index; packages follow them. */
export function sceneOf(graph: Graph, layout: MapLayout): Scene {
	const at = new Map<string, number>();
	const nodes: Draft[] = [];
	const add = (id: string, draft: Omit<Draft, "id" | "x" | "y" | "r" | "functions" | "mix">) => {
		const [x, y, r] = layout.spots[id] ?? [0, 0, 0.01];
		at.set(id, nodes.length);
		nodes.push({ id, x, y, r, functions: 0, mix: [0, 0, 0], ...draft });
	};
	for (const node of graph.nodes)
		add(node.id, { kind: node.kind, label: labelOf(node), shape: shapeOf(node), home: -1, rank: rankOf(node) });
	for (const one of layout.packages)
		add(one.id, { kind: "package", label: one.name, shape: "bubble", home: -1, rank: 5000 + one.modules.length });

	for (const one of layout.packages) {
		for (const module of one.modules) {
			const node = nodes[at.get(module) ?? -1];
			if (node !== undefined) node.home = at.get(one.id) ?? -1;
		}
	}
	for (const node of graph.nodes) {
		if (node.kind !== "function" || node.parent === null) continue;
		const own = nodes[at.get(node.id) ?? -1];
		if (own === undefined) continue;
		own.home = at.get(node.parent) ?? -1;
		for (let bubble = own.home; bubble !== -1; bubble = nodes[bubble]?.home ?? -1) {
			const around = nodes[bubble];
			if (around === undefined) break;
			around.functions++;
			around.mix[classIndex[isolationOf(node.isolation)]]++;
		}
	}

	const out: number[][] = nodes.map(() => []);
	const into: number[][] = nodes.map(() => []);
	const edges: SceneEdge[] = [];
	for (const { from, to, kind } of graph.edges) {
		const [a, b] = [at.get(from), at.get(to)];
		if (kind === "import" || a === undefined || b === undefined) continue;
		out[a]?.push(edges.length);
		into[b]?.push(edges.length);
		edges.push({ from: a, to: b, kind });
	}
	const moduleOf = (index: number) =>
		nodes[index]?.kind === "module" ? index : nodes[index]?.kind === "function" ? (nodes[index]?.home ?? -1) : -1;
	const packageOf = (index: number) => nodes[moduleOf(index)]?.home ?? -1;
	return {
		nodes,
		at,
		edges,
		out,
		into,
		packageBundles: layout.packages.length === 0 ? [] : bundlesOf(edges, packageOf),
		moduleBundles: bundlesOf(edges, moduleOf),
		blocks: layout.blocks.map(({ name, box, kind }) => ({ name, box, kind })),
		box: layout.box,
		isSmall: nodes.length <= SMALL_SCENE,
	};
}

const classIndex = { isolated: 0, coupled: 1, entangled: 2 } as const;

const labelOf = (node: GraphNode) => (node.kind === "module" ? shortName(node.name) : node.name);

function shapeOf(node: GraphNode): SceneNode["shape"] {
	if (node.kind === "module") return "bubble";
	return node.kind === "function" ? isolationOf(node.isolation) : node.kind;
}

function rankOf(node: GraphNode): number {
	if (node.kind === "module") return 500 + Math.min(400, node.complexity);
	return node.kind === "function" ? Math.min(400, node.complexity) : 450;
}

function bundlesOf(edges: readonly SceneEdge[], home: (index: number) => number): SceneBundle[] {
	const found = new Map<number, { from: number; to: number; count: number }>();
	for (const edge of edges) {
		const [from, to] = [home(edge.from), home(edge.to)];
		if (from === -1 || to === -1 || from === to) continue;
		const key = from * 1e6 + to;
		const bundle = found.get(key);
		if (bundle === undefined) found.set(key, { from, to, count: 1 });
		else bundle.count++;
	}
	return [...found.values()].sort((a, b) => b.count - a.count || a.from - b.from || a.to - b.to);
}
