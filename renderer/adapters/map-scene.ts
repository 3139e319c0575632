/** What a map shows, as plain data: places in model units, lines between them. Made once per graph and layout. */
export type SceneKind = "package" | "module" | "function" | "route" | "table";
export type SceneShape = "isolated" | "coupled" | "entangled" | "route" | "table" | "bubble";

export type SceneNode = {
	id: string;
	kind: SceneKind;
	label: string;
	x: number;
	y: number;
	r: number;
	shape: SceneShape;
	/** Index of the bubble around it; -1 for what stands free. */
	home: number;
	/** Which name wins where not all fit. */
	rank: number;
	/** Of a bubble: functions in it, and how many are isolated, coupled, entangled. */
	functions: number;
	mix: readonly [number, number, number];
};

export type SceneEdgeKind = "call" | "read" | "write" | "route";
/** `from` and `to` are indices of nodes. */
export type SceneEdge = { from: number; to: number; kind: SceneEdgeKind };
/** All lines from one bubble to another as one; strongest first in their list. */
export type SceneBundle = { from: number; to: number; count: number };
export type SceneBox = { left: number; top: number; right: number; bottom: number };

export type Scene = {
	nodes: readonly SceneNode[];
	/** Index by id. */
	at: ReadonlyMap<string, number>;
	edges: readonly SceneEdge[];
	/** Indices of the edges that leave, and that reach, each node. */
	out: readonly (readonly number[])[];
	into: readonly (readonly number[])[];
	/** Between packages, and between modules. */
	packageBundles: readonly SceneBundle[];
	moduleBundles: readonly SceneBundle[];
	/** Headings of grouped columns of routes and tables. */
	blocks: readonly { name: string; box: SceneBox; kind: "route" | "table" }[];
	box: SceneBox;
	/** Few enough for Cytoscape to hold every mark. */
	isSmall: boolean;
};

/** What Cytoscape may draw, nodes and lines together; more is the sky's. */
export const DRAWN_LIMIT = 1500;
/** Marks that one Cytoscape layer holds for as long as the map is open. */
export const SMALL_SCENE = 600;

/** What is left out or marked at present; ids. */
export type Sieve = {
	/** Indices of nodes that are hidden by the legend or the Hide box. */
	hidden: ReadonlySet<number>;
	/** Indices that the Find box names; null while it is empty. */
	found: ReadonlySet<number> | null;
	/** Bubbles stay closed at every zoom, apart from those opened by hand. */
	isGrouped: boolean;
	opened: ReadonlySet<number>;
};

export const noSieve: Sieve = { hidden: new Set(), found: null, isGrouped: false, opened: new Set() };

/** What stands out: a selection with its neighbourhood, or a path. Indices of nodes and edges. */
export type Focus = {
	chosen: number;
	nodes: ReadonlySet<number>;
	/** Lines towards the selection (who calls it), lines away from it (what it calls). */
	into: readonly number[];
	out: readonly number[];
};

export type Camera = { x: number; y: number; zoom: number };

/** Radius on the screen from which a bubble shows what is in it. */
const OPEN_PACKAGE = 105;
const OPEN_MODULE = 14;

let last: { scene: Scene; zoom: number; sieve: Sieve; open: Uint8Array } | null = null;

/** For each bubble whether it shows its content at this zoom. A bubble in a closed one is closed. Asked again and again between two movements. */
export function openBubbles(scene: Scene, zoom: number, sieve: Sieve): Uint8Array {
	if (last === null || last.scene !== scene || last.zoom !== zoom || last.sieve !== sieve)
		last = { scene, zoom, sieve, open: decideOpen(scene, zoom, sieve) };
	return last.open;
}

function decideOpen(scene: Scene, zoom: number, { isGrouped, opened }: Sieve): Uint8Array {
	const open = new Uint8Array(scene.nodes.length);
	let hasPackages = false;
	for (const [index, node] of scene.nodes.entries()) {
		if (node.kind !== "package") continue;
		hasPackages = true;
		open[index] = Number(opened.has(index) || (!isGrouped && node.r * zoom >= OPEN_PACKAGE));
	}
	for (const [index, node] of scene.nodes.entries()) {
		if (node.kind !== "module") continue;
		const fits = !hasPackages && isGrouped ? false : node.r * zoom >= OPEN_MODULE;
		open[index] = Number((fits || opened.has(index)) && (node.home === -1 || open[node.home] === 1));
	}
	return open;
}

/** Whether a node is drawn as itself: all bubbles around it are open. */
export function isBare(scene: Scene, open: Uint8Array, index: number): boolean {
	const home = scene.nodes[index]?.home ?? -1;
	return home === -1 || open[home] === 1;
}

/** A gentle bend to the right of the way, so that both directions are seen: the middle point of a quadratic curve. */
export function bendOf(ax: number, ay: number, bx: number, by: number, bend: number): { x: number; y: number } {
	return { x: (ax + bx) / 2 - (by - ay) * bend, y: (ay + by) / 2 + (bx - ax) * bend };
}

/** How far a point is from a quadratic curve, by 24 straight pieces. */
export function distanceToCurve(
	px: number,
	py: number,
	[ax, ay, cx, cy, bx, by]: readonly [number, number, number, number, number, number],
): number {
	let best = Number.POSITIVE_INFINITY;
	let [lastX, lastY] = [ax, ay];
	for (let step = 1; step <= 24; step++) {
		const t = step / 24;
		const x = (1 - t) ** 2 * ax + 2 * t * (1 - t) * cx + t * t * bx;
		const y = (1 - t) ** 2 * ay + 2 * t * (1 - t) * cy + t * t * by;
		const [dx, dy] = [x - lastX, y - lastY];
		const along = Math.max(0, Math.min(1, ((px - lastX) * dx + (py - lastY) * dy) / (dx * dx + dy * dy || 1)));
		best = Math.min(best, Math.hypot(px - lastX - along * dx, py - lastY - along * dy));
		[lastX, lastY] = [x, y];
	}
	return best;
}
