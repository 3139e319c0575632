import { type Disc, enclose, type Placed, packDiscs } from "./discs.ts";
import { FUNCTION_GAP, MODULE_GAP, MODULE_RIM, PACKAGE_RIM, radiusOf } from "./sizes.ts";
import { compare, type ModuleBranch, type Ties } from "./tree.ts";

/** A bubble with what stands inside of it; inner places are measured from its middle. */
export type Heap = Disc & { inner: Placed[]; heaps: Map<string, Heap> };

/** Between -1 (doors lie before it: to the left) and 1 (stores lie behind it: to the right). */
export type Lean = (id: string) => number;

export const largestFirst = (a: Disc, b: Disc) => b.r - a.r || compare(a.id, b.id);

/** The functions of a module as a heap of bubbles with a rim around. */
export function moduleHeap(branch: ModuleBranch): Heap {
	const discs = branch.functions.map((node) => ({ id: node.id, r: radiusOf(node.complexity) })).sort(largestFirst);
	return heapOf(branch.id, packDiscs(discs, { gap: FUNCTION_GAP }), new Map(), MODULE_RIM, 24);
}

/** The modules of a package as a heap of heaps. */
export function packageHeap(id: string, modules: readonly ModuleBranch[], ties: Ties, lean: Lean): Heap {
	const heaps = new Map(modules.map((branch) => [branch.id, moduleHeap(branch)]));
	const discs = [...heaps.values()].map(({ id, r }) => ({ id, r })).sort(largestFirst);
	const placed = swapCloser(packDiscs(discs, { gap: MODULE_GAP, pull: tiePull(ties, lean) }), ties, MODULE_GAP);
	return heapOf(id, placed, heaps, PACKAGE_RIM, 48);
}

function heapOf(id: string, placed: readonly Placed[], heaps: Map<string, Heap>, edge: number, least: number): Heap {
	const around = enclose(placed);
	const inner = placed.map((disc) => ({ ...disc, x: disc.x - around.x, y: disc.y - around.y }));
	return { id, r: Math.max(least, around.r + edge), inner, heaps };
}

/** Draws what belongs together near to each other, what doors lead into to the left, what touches stores to the right. */
export function tiePull(ties: Ties, lean: Lean) {
	return (disc: Disc, x: number, y: number, placed: readonly Placed[]): number => {
		const row = ties.get(disc.id);
		let weight = 0;
		let sum = 0;
		if (row !== undefined) {
			for (const other of placed) {
				const strength = row.get(other.id) ?? 0;
				weight += strength;
				sum += strength * Math.hypot(other.x - x, other.y - y);
			}
		}
		const near = weight === 0 ? 0 : (0.11 * sum) / weight;
		const side = lean(disc.id);
		return near + 0.15 * Math.abs(side) * Math.max(0, 600 - Math.sign(side) * x);
	};
}

/** Swaps discs of nearly one size where that shortens the lines between them. */
export function swapCloser(placed: Placed[], ties: Ties, gap: number): Placed[] {
	if (placed.length > 400) return placed;
	const result = placed.map((disc) => ({ ...disc }));
	const at = new Map(result.map((disc) => [disc.id, disc]));
	const pullOf = (disc: Placed, x: number, y: number, except: Placed) => {
		let sum = 0;
		for (const [id, strength] of ties.get(disc.id) ?? []) {
			const other = at.get(id);
			if (other !== undefined && other !== except) sum += strength * Math.hypot(other.x - x, other.y - y);
		}
		return sum;
	};
	for (let round = 0; round < 8; round++) {
		let moved = false;
		for (const [index, a] of result.entries()) {
			for (const b of result.slice(index + 1)) {
				if (Math.abs(a.r - b.r) > gap * 0.35) continue;
				const now = pullOf(a, a.x, a.y, b) + pullOf(b, b.x, b.y, a);
				const then = pullOf(a, b.x, b.y, b) + pullOf(b, a.x, a.y, a);
				if (then > now - 1) continue;
				[a.x, a.y, b.x, b.y] = [b.x, b.y, a.x, a.y];
				if (result.some((other) => other !== a && other !== b && (touches(a, other, gap) || touches(b, other, gap)))) {
					[a.x, a.y, b.x, b.y] = [b.x, b.y, a.x, a.y];
				} else moved = true;
			}
		}
		if (!moved) break;
	}
	return result;
}

/** Swapped discs may stand a little closer than packed ones, never as close as half of the gap. */
const touches = (a: Placed, b: Placed, gap: number) => Math.hypot(a.x - b.x, a.y - b.y) < a.r + b.r + gap * 0.5;
