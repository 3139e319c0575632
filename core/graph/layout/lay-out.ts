import type { MapLayout, MapSpot } from "../../contract/layout.ts";
import { boxOf, spot, union } from "./boxes.ts";
import { column } from "./columns.ts";
import { type Placed, packDiscs } from "./discs.ts";
import { type Heap, type Lean, largestFirst, moduleHeap, packageHeap, swapCloser, tiePull } from "./heap.ts";
import { COLUMN_GAP, MANY_SHARE, MODULE_GAP, NAME_ROOM, ONE_COLUMN, PACKAGE_GAP, PICTURE_ASPECT, radiusOf } from "./sizes.ts";
import { type LaidGraph, type MapTree, type Ties, tiesBetween, treeOf } from "./tree.ts";
import { reachesOf, turnTowards } from "./turn.ts";
import { grow, isKin } from "./update.ts";

/**
 * Doors on the left, code in the middle, stores on the right; packages as bubbles of modules of functions:
 *
 *     route ⟩   (( package ( module ƒ ƒ ) ( module ƒ ) ))   ⟨ table
 *     route ⟩        (( package ( module ƒ ƒ ƒ ) ))         ⟨ table
 *
 * The same graph gives the same layout, in whatever order its nodes come. With the layout of an earlier scan, what is
 * still there stays exactly where it was and new nodes take free room; nothing is packed anew.
 */
export function layOutGraph(graph: LaidGraph, previous: MapLayout | null = null): MapLayout {
	if (previous !== null && isKin(graph, previous)) return grow(treeOf(graph, previous.depth), previous);
	const tree = treeOf(graph);
	const at = new Map<string, MapSpot>();
	const isFlat = tree.packages.length < 2;
	placeHeaps(tree, isFlat, at);
	const core = boxOf([...at.values()]);
	const blocks = [
		...column({ kind: "route", nodes: tree.routes, at, core, tree }),
		...column({ kind: "table", nodes: tree.tables, at, core, tree }),
	];
	return {
		version: 1,
		depth: tree.depth,
		spots: Object.fromEntries(at),
		packages: isFlat ? [] : tree.packages.map(({ id, name, modules }) => ({ id, name, modules: modules.map((one) => one.id) })),
		blocks,
		core,
		box: blocks.reduce((box, block) => union(box, block.box), boxOf([...at.values()])),
	};
}

function placeHeaps(tree: MapTree, isFlat: boolean, at: Map<string, MapSpot>): void {
	const moduleOf = (id: string) => (id.startsWith("module:") ? id : (tree.parents.get(id) ?? null));
	const moduleTies = tiesBetween(tree.edges, moduleOf);
	const lean = leanOf(tree, moduleOf);
	const heaps: Heap[] = isFlat
		? (tree.packages[0]?.modules ?? []).map(moduleHeap)
		: tree.packages.map((one) => packageHeap(one.id, one.modules, moduleTies, lean));
	const topOf = (id: string) => {
		const module = moduleOf(id);
		return module === null || isFlat ? module : (tree.parents.get(module) ?? null);
	};
	const ties = isFlat ? moduleTies : tiesBetween(tree.edges, topOf);
	const loose = tree.loose.map((node) => ({ id: node.id, r: radiusOf(node.complexity) }));
	const discs = [...heaps.map(({ id, r }) => ({ id, r })), ...loose].sort(largestFirst);
	const gap = isFlat ? MODULE_GAP : PACKAGE_GAP;
	const placed = packTop(discs, gap, ties, isFlat ? lean : leanOf(tree, topOf), tree);
	const top = new Map(placed.map((disc) => [disc.id, disc]));
	for (const disc of placed) at.set(disc.id, spot(disc.x, disc.y, disc.r));
	const modules = isFlat ? heaps : heaps.flatMap((heap) => [...heap.heaps.values()]);
	if (!isFlat) settle(heaps, tree, at, topOf, moduleOf);
	settle(modules, tree, at, moduleOf, (id) => (id.startsWith("function:") ? id : null));
	if (isFlat) for (const heap of heaps) at.set(heap.id, spot(top.get(heap.id)?.x ?? 0, top.get(heap.id)?.y ?? 0, heap.r));
}

/** Places what stands inside of each bubble, turned towards what it is connected with. */
function settle(
	heaps: readonly Heap[],
	tree: MapTree,
	at: Map<string, MapSpot>,
	home: (id: string) => string | null,
	inside: (id: string) => string | null,
): void {
	const known = (id: string | null) => {
		const place = id === null ? undefined : at.get(id);
		return place === undefined ? undefined : { x: place[0], y: place[1] };
	};
	const reaches = reachesOf(tree.edges, home, inside, (id) => known(home(id)));
	for (const heap of heaps) {
		const middle = known(heap.id) ?? { x: 0, y: 0 };
		for (const disc of turnTowards(heap.inner, middle, reaches.get(heap.id) ?? new Map()))
			at.set(disc.id, spot(middle.x + disc.x, middle.y + disc.y, disc.r));
	}
}

/** The outermost bubbles fill what the columns leave of a landscape picture. */
function packTop(discs: { id: string; r: number }[], gap: number, ties: Ties, lean: Lean, tree: MapTree): Placed[] {
	const area = discs.reduce((sum, disc) => sum + (2 * disc.r + gap) ** 2, 0);
	const sides = [tree.routes, tree.tables].reduce((sum, nodes) => sum + (nodes.length === 0 ? 0 : COLUMN_GAP + NAME_ROOM), 0);
	const many = [tree.routes, tree.tables].filter((nodes) => nodes.length > ONE_COLUMN).length * MANY_SHARE;
	// height * (aspect * height * (1 - many) - sides) = area
	const wide = PICTURE_ASPECT * (1 - many);
	const height = (sides + Math.sqrt(sides * sides + 4 * wide * area)) / (2 * wide);
	const aspect = Math.max(0.7, area / height / height);
	return swapCloser(packDiscs(discs, { gap, aspect, pull: tiePull(ties, lean) }), ties, gap);
}

function leanOf(tree: MapTree, home: (id: string) => string | null): Lean {
	const sums = new Map<string, { lean: number; all: number }>();
	const add = (id: string, by: number) => {
		const key = home(id);
		if (key === null) return;
		const sum = sums.get(key) ?? { lean: 0, all: 0 };
		sums.set(key, { lean: sum.lean + by, all: sum.all + 1 });
	};
	for (const edge of tree.edges) {
		if (edge.kind === "route") add(edge.to, -1);
		else if (edge.kind === "call") add(edge.from, 0);
		else add(edge.from, 1);
	}
	return (id) => {
		const sum = sums.get(id);
		return sum === undefined || sum.all === 0 ? 0 : sum.lean / sum.all;
	};
}
