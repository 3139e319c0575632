import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { EdgeEvidence } from "../../contract/evidence.ts";
import type { Graph, GraphEdge } from "../../contract/graph.ts";
import type { MapLayout } from "../../contract/layout.ts";

/** More than this nobody reads; the count says how many there are. */
const MOST_EDGES = 120;

/** Which package a module belongs to. */
type PackageOf = (module: string) => string | null;

/**
 * The source lines that cause what leads from one end to the other. An end is any node, or a bubble: all that lies in it.
 * `from` or `to` null: everything that leads out of, or into, the other end.
 */
export async function edgeEvidence(
	graph: Graph,
	ends: { from: string | null; to: string | null },
	packageOf: PackageOf,
): Promise<EdgeEvidence> {
	const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
	const inside = (id: string, end: string | null, other: string | null): boolean => {
		// What lies inside of both ends leads from neither to the other.
		if (end === null) return other === null || !isIn(id, other);
		return isIn(id, end);
	};
	const isIn = (id: string, end: string): boolean => {
		if (id === end) return true;
		const module = id.startsWith("module:") ? id : (nodes.get(id)?.parent ?? null);
		return module !== null && (module === end || packageOf(module) === end);
	};
	const all = graph.edges.filter((edge) => inside(edge.from, ends.from, ends.to) && inside(edge.to, ends.to, ends.from));
	const ordered = all.sort((a, b) => rank(a) - rank(b) || (a.from + a.to < b.from + b.to ? -1 : 1)).slice(0, MOST_EDGES);
	const texts = new Map<string, Promise<string[]>>();
	const linesOf = (file: string) => {
		const known =
			texts.get(file) ??
			readFile(join(graph.root, file), "utf8").then(
				(text) => text.split(/\r?\n/),
				() => [],
			);
		texts.set(file, known);
		return known;
	};
	const edges = await Promise.all(
		ordered.map(async ({ from, to, kind, lines }) => {
			const file = nodes.get(from)?.file ?? "";
			const text = await linesOf(file);
			return { from, to, kind, file, lines: lines.map((line) => ({ line, text: (text[line - 1] ?? "").trim().slice(0, 240) })) };
		}),
	);
	return { total: all.length, edges };
}

const order: GraphEdge["kind"][] = ["route", "call", "write", "read", "import"];
const rank = (edge: GraphEdge) => order.indexOf(edge.kind);

/** Which package the layout draws a module in. */
export function packagesOf(layout: MapLayout): PackageOf {
	const homes = new Map(layout.packages.flatMap((one) => one.modules.map((id) => [id, one.id] as const)));
	return (module) => homes.get(module) ?? null;
}
