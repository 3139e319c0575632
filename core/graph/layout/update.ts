import type { MapBlock, MapBox, MapLayout, MapSpot } from "../../contract/layout.ts";
import { boxOf, roundedBox, spot, union } from "./boxes.ts";
import { type Circle, distanceFor } from "./discs.ts";
import { freePlace } from "./free-place.ts";
import { type Heap, moduleHeap } from "./heap.ts";
import { COLUMN_GAP, FUNCTION_GAP, MODULE_GAP, MODULE_RIM, PACKAGE_GAP, PACKAGE_RIM, ROUTE_R, radiusOf, TABLE_R } from "./sizes.ts";
import { compare, type LaidGraph, type MapTree, type ModuleBranch } from "./tree.ts";

/** Whether a layout is of this code at an earlier time, so that its places still say something. */
export function isKin(graph: LaidGraph, layout: MapLayout): boolean {
	if (graph.nodes.length === 0) return false;
	const known = graph.nodes.filter((node) => layout.spots[node.id] !== undefined).length;
	return known >= graph.nodes.length * 0.2;
}

/**
 * The layout of a changed graph: what was there stays at its very place; new functions take free room in their module, new
 * modules in their package, new packages beside the others. A bubble may grow into free room around it; where there is none,
 * the newcomer is drawn smaller.
 */
export function grow(tree: MapTree, previous: MapLayout): MapLayout {
	const at = new Map<string, MapSpot>();
	const isFlat = previous.packages.length === 0;
	const keep = (id: string) => {
		const known = previous.spots[id];
		if (known !== undefined) at.set(id, known);
		return known !== undefined;
	};
	const modules = tree.packages.flatMap((one) => one.modules);
	if (!isFlat) for (const one of tree.packages) keep(one.id);
	for (const branch of modules) keep(branch.id);
	for (const node of [...tree.loose, ...tree.routes, ...tree.tables]) keep(node.id);
	for (const branch of modules) for (const node of branch.functions) keep(node.id);

	const outermost = () => placesOf(isFlat ? modules : tree.packages, at);
	for (const one of tree.packages) {
		const news = one.modules.filter((branch) => !at.has(branch.id));
		if (!isFlat && !at.has(one.id)) {
			// As large as its modules side by side; they then find their room in it like any newcomer.
			const heaps = news.map(moduleHeap);
			const r = Math.max(48, PACKAGE_RIM + 1.25 * Math.sqrt(heaps.reduce((sum, heap) => sum + (heap.r + MODULE_GAP / 2) ** 2, 0)));
			putOutside(one.id, r, outermost(), PACKAGE_GAP, previous.core, at);
		}
		for (const branch of news) {
			const heap = moduleHeap(branch);
			const siblings = placesOf(one.modules, at);
			if (isFlat) putOutside(heap.id, heap.r, outermost(), MODULE_GAP, previous.core, at);
			else putInside(heap.id, heap.r, one.id, siblings, { gap: MODULE_GAP, rim: PACKAGE_RIM / 2 }, at, outermost());
			unfold(heap, at);
		}
		for (const branch of one.modules) {
			if (!news.includes(branch)) putFunctions(branch, isFlat ? null : one.id, isFlat ? modules : one.modules, at);
		}
	}
	for (const node of tree.loose) {
		if (!at.has(node.id)) putOutside(node.id, radiusOf(node.complexity), outermost(), MODULE_GAP, previous.core, at);
	}
	for (const kind of ["route", "table"] as const) putAside(kind, tree, previous, at);
	return rebuilt(tree, previous, isFlat, at);
}

function putFunctions(branch: ModuleBranch, home: string | null, siblings: readonly { id: string }[], at: Map<string, MapSpot>): void {
	for (const node of branch.functions) {
		if (at.has(node.id)) continue;
		const around = placesOf(
			siblings.filter((one) => one.id !== branch.id),
			at,
		);
		const peers = placesOf(branch.functions, at);
		putInside(node.id, radiusOf(node.complexity), branch.id, peers, { gap: FUNCTION_GAP, rim: MODULE_RIM / 2 }, at, around, home);
	}
}

/** Free room inside of a bubble; else the bubble grows as far as its neighbours let it; else the newcomer is drawn smaller. */
function putInside(
	id: string,
	wanted: number,
	home: string,
	peers: readonly MapSpot[],
	{ gap, rim }: { gap: number; rim: number },
	at: Map<string, MapSpot>,
	around: readonly MapSpot[],
	above: string | null = null,
): void {
	const bubble = circle(at.get(home) ?? [0, 0, wanted + rim]);
	const others = peers.map(circle);
	const roomFor = (r: number, outer: number, air: number) =>
		freePlace(r, {
			others,
			gap: air,
			inside: { ...bubble, r: outer - rim },
			cost: (x, y) => Math.hypot(x - bubble.x, y - bubble.y),
		});
	const widest = Math.max(bubble.r, roomAround(bubble, around, above === null ? null : circle(at.get(above) ?? [0, 0, 0]), gap));
	const tries = [
		{ r: wanted, outer: bubble.r, air: gap },
		{ r: wanted, outer: Math.min(widest, bubble.r + wanted + gap), air: gap },
		{ r: wanted, outer: Math.min(widest, bubble.r + 2 * (wanted + gap)), air: gap / 2 },
	];
	for (let scale = 0.86; scale > 0.001; scale *= 0.86)
		tries.push({ r: wanted * scale, outer: Math.min(widest, bubble.r * 1.2), air: gap * scale });
	for (const { r, outer, air } of tries) {
		const place = roomFor(r, outer, air);
		if (place === null) continue;
		at.set(id, spot(place.x, place.y, r));
		const reach = Math.hypot(place.x - bubble.x, place.y - bubble.y) + r + rim;
		if (reach > bubble.r) at.set(home, spot(bubble.x, bubble.y, Math.min(outer, reach)));
		return;
	}
	at.set(id, spot(bubble.x, bubble.y, 0.01));
}

/** How large a bubble may become without touching its neighbours or the bubble around it. */
function roomAround(bubble: Circle, around: readonly MapSpot[], above: Circle | null, gap: number): number {
	let room = above === null ? Number.POSITIVE_INFINITY : above.r - Math.hypot(above.x - bubble.x, above.y - bubble.y) - gap / 2;
	for (const [x, y, r] of around) {
		if (x === bubble.x && y === bubble.y) continue;
		room = Math.min(room, Math.hypot(x - bubble.x, y - bubble.y) - r - gap);
	}
	return room;
}

/** Free room beside the outermost bubbles, between the columns. */
function putOutside(id: string, r: number, outermost: readonly MapSpot[], gap: number, core: MapBox, at: Map<string, MapSpot>): void {
	const others = outermost.map(circle);
	const middle = { x: (core.left + core.right) / 2, y: (core.top + core.bottom) / 2 };
	const [width, height] = [core.right - core.left, core.bottom - core.top];
	const far = distanceFor(width / Math.max(1, height));
	const isOut = (x: number) => x - r < core.left - 1 || x + r > core.right + 1;
	const cost = (x: number, y: number) => (isOut(x) && 2 * r <= width ? Number.POSITIVE_INFINITY : far(x - middle.x, y - middle.y));
	const lowest = Math.max(core.bottom, ...others.map((other) => other.y + other.r));
	const place = freePlace(r, { others, gap, cost }) ?? { x: middle.x, y: lowest + gap + r };
	at.set(id, spot(place.x, place.y, r));
}

/** What stands in a new module, drawn smaller with it where it had to become smaller. */
function unfold(heap: Heap, at: Map<string, MapSpot>): void {
	const [x, y, r] = at.get(heap.id) ?? [0, 0, heap.r];
	const scale = r / heap.r;
	for (const disc of heap.inner) at.set(disc.id, spot(x + disc.x * scale, y + disc.y * scale, disc.r * scale));
}

/** A new door or store stands in the columns of its kind, at the free height that is nearest to what it touches. */
function putAside(kind: "route" | "table", tree: MapTree, previous: MapLayout, at: Map<string, MapSpot>): void {
	const nodes = kind === "route" ? tree.routes : tree.tables;
	const known = Object.entries(previous.spots).filter(([id]) => id.startsWith(`${kind}:`));
	const r = known[0]?.[1][2] ?? (kind === "route" ? ROUTE_R : TABLE_R);
	const edge = kind === "route" ? previous.core.left - COLUMN_GAP - r : previous.core.right + COLUMN_GAP + r;
	const columns = [...new Set(known.map(([, [x]]) => x))].sort((a, b) => Math.abs(a - edge) - Math.abs(b - edge));
	const taken = placesOf(nodes, at);
	for (const node of nodes) {
		if (at.has(node.id)) continue;
		const ys = tree.edges.flatMap((one) => {
			const other = one.from === node.id ? one.to : one.to === node.id ? one.from : null;
			return other === null ? [] : (at.get(other)?.[1] ?? []);
		});
		const wanted = ys.length === 0 ? 0 : ys.reduce((sum, y) => sum + y, 0) / ys.length;
		const place = nearestGap(columns.length === 0 ? [edge] : columns, wanted, r, taken);
		at.set(node.id, place);
		taken.push(place);
	}
}

function nearestGap(columns: readonly number[], wanted: number, r: number, taken: readonly MapSpot[]): MapSpot {
	for (let step = 0; ; step++) {
		const y = wanted + (step % 2 === 0 ? 1 : -1) * Math.ceil(step / 2) * r * 0.5;
		for (const x of columns) {
			if (taken.every((other) => Math.abs(other[0] - x) > 2.5 * r || Math.abs(other[1] - y) >= 2.4 * r)) return spot(x, y, r);
		}
	}
}

function rebuilt(tree: MapTree, previous: MapLayout, isFlat: boolean, at: Map<string, MapSpot>): MapLayout {
	const ids = new Set([...tree.routes, ...tree.tables].map((node) => node.id));
	const blocks = previous.blocks.flatMap((block): MapBlock[] => {
		const members = block.members.filter((id) => ids.has(id));
		return members.length === 0 ? [] : [{ ...block, members }];
	});
	const homes = placesOf(tree.packages, at);
	const spots = [...at.entries()];
	const code = isFlat ? spots.filter(([id]) => /^(module|function):/.test(id)).map(([, one]) => one) : homes;
	const everything = blocks.reduce((box, block) => union(box, block.box), boxOf(at.values()));
	return {
		version: 1,
		depth: tree.depth,
		spots: Object.fromEntries(spots),
		packages: isFlat
			? []
			: tree.packages
					.map(({ id, name, modules }) => ({ id, name, modules: modules.map((one) => one.id) }))
					.sort((a, b) => compare(a.id, b.id)),
		blocks,
		core: roundedBox(union(previous.core, boxOf(code))),
		box: roundedBox(union(previous.box, everything)),
	};
}

function placesOf(branches: readonly { id: string }[], at: ReadonlyMap<string, MapSpot>): MapSpot[] {
	return branches.map((one) => at.get(one.id)).filter((one) => one !== undefined);
}

const circle = ([x, y, r]: MapSpot): Circle => ({ x, y, r });
