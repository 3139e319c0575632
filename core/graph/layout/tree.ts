import type { GraphEdge, GraphNode } from "../../contract/graph.ts";

/** What a layout needs of a graph, and no more: it travels to a thread of its own. */
export type LaidNode = Pick<GraphNode, "id" | "kind" | "parent" | "complexity">;
export type LaidEdge = Pick<GraphEdge, "from" | "to" | "kind">;
export type LaidGraph = { nodes: readonly LaidNode[]; edges: readonly LaidEdge[] };

export type ModuleBranch = { id: string; functions: LaidNode[] };
export type PackageBranch = { id: string; name: string; modules: ModuleBranch[] };

/** The graph as it is drawn: packages of modules of functions, doors and stores apart. Everything in the order of its id. */
export type MapTree = {
	depth: number;
	/** One without a name when all modules share one folder. */
	packages: PackageBranch[];
	/** Functions of no module, if a front end has such. */
	loose: LaidNode[];
	routes: LaidNode[];
	tables: LaidNode[];
	/** Without imports and without what points nowhere. */
	edges: LaidEdge[];
	/** Package id of each module, module id of each function. */
	parents: Map<string, string>;
};

/** More packages than this do not help the eye: then a shorter part of the dotted name makes the package. */
const MOST_PACKAGES = 120;

export function treeOf(graph: LaidGraph, knownDepth?: number): MapTree {
	const nodes = [...graph.nodes].sort(byId);
	const modules = nodes.filter((node) => node.kind === "module");
	const names = modules.map((node) => dotted(node.id));
	const depth = knownDepth ?? depthFor(names);
	const folders = new Set(names.map((name) => prefixOf(name, depth)));
	const ids = new Set(nodes.map((node) => node.id));
	const parents = new Map<string, string>();
	const packages = new Map<string, PackageBranch>();
	const branches = new Map<string, ModuleBranch>();
	for (const node of modules) {
		// A folder's own module (`__init__`) carries the folder's name.
		const name = dotted(node.id);
		const prefix = name.split(".").length <= depth && folders.has(name) ? name : prefixOf(name, depth);
		const id = `package:${prefix}`;
		const home = packages.get(id) ?? { id, name: prefix === "" ? "(root)" : prefix, modules: [] };
		const branch = { id: node.id, functions: [] };
		home.modules.push(branch);
		packages.set(id, home);
		branches.set(node.id, branch);
		parents.set(node.id, id);
	}
	const loose: LaidNode[] = [];
	for (const node of nodes) {
		if (node.kind !== "function") continue;
		const home = node.parent === null ? undefined : branches.get(node.parent);
		if (home === undefined) loose.push(node);
		else {
			home.functions.push(node);
			parents.set(node.id, home.id);
		}
	}
	const edges = graph.edges
		.filter((edge) => edge.kind !== "import" && ids.has(edge.from) && ids.has(edge.to))
		.sort((a, b) => compare(a.from, b.from) || compare(a.to, b.to) || compare(a.kind, b.kind));
	return {
		depth,
		packages: [...packages.values()].sort(byId),
		loose,
		routes: nodes.filter((node) => node.kind === "route"),
		tables: nodes.filter((node) => node.kind === "table"),
		edges,
		parents,
	};
}

/** By code unit: the same everywhere, whatever the language of the machine. */
export const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const byId = (a: { id: string }, b: { id: string }) => compare(a.id, b.id);
const dotted = (id: string) => id.slice(id.indexOf(":") + 1);
const prefixOf = (name: string, depth: number) => name.split(".").slice(0, -1).slice(0, depth).join(".");

function depthFor(names: readonly string[]): number {
	const deepest = Math.max(1, ...names.map((name) => name.split(".").length - 1));
	for (let depth = deepest; depth > 1; depth--) if (new Set(names.map((name) => prefixOf(name, depth))).size <= MOST_PACKAGES) return depth;
	return 1;
}

export type Ties = Map<string, Map<string, number>>;

/** How often members of two branches call each other; `home` gives the branch of a node, null for what does not count. */
export function tiesBetween(edges: readonly LaidEdge[], home: (id: string) => string | null): Ties {
	const ties: Ties = new Map();
	const tie = (from: string, to: string) => {
		const row = ties.get(from) ?? new Map<string, number>();
		row.set(to, (row.get(to) ?? 0) + 1);
		ties.set(from, row);
	};
	for (const edge of edges) {
		const [from, to] = [home(edge.from), home(edge.to)];
		if (from === null || to === null || from === to) continue;
		tie(from, to);
		tie(to, from);
	}
	return ties;
}
