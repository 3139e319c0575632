import { type Circle, isFree, touchingBoth } from "./discs.ts";

type Room = {
	others: readonly Circle[];
	gap: number;
	/** The whole disc stays inside of this circle. */
	inside?: Circle;
	cost(x: number, y: number): number;
};

/** The cheapest place where a new disc fits beside what already stands, or null. Nothing else moves. */
export function freePlace(r: number, { others, gap, inside, cost }: Room): { x: number; y: number } | null {
	let best: { x: number; y: number } | null = null;
	let bestCost = Number.POSITIVE_INFINITY;
	const offer = (x: number, y: number) => {
		const price = cost(x, y);
		if (price >= bestCost - 1e-6) return;
		if (inside !== undefined && Math.hypot(x - inside.x, y - inside.y) + r > inside.r + 1e-6) return;
		if (!isFree(r, x, y, others, gap)) return;
		best = { x, y };
		bestCost = price;
	};
	// A circle around everything, seen from within, is touched like a disc of negative radius.
	const walls: Circle[] = inside === undefined ? [] : [{ x: inside.x, y: inside.y, r: inside.r - 2 * r - gap }];
	if (inside !== undefined) offer(inside.x, inside.y);
	if (others.length === 0) offer(inside?.x ?? 0, inside?.y ?? 0);
	for (const [index, a] of others.entries()) {
		for (let turn = 0; turn < 12; turn++) {
			const angle = (turn * Math.PI) / 6;
			const reach = a.r + r + gap;
			offer(a.x + reach * Math.cos(angle), a.y + reach * Math.sin(angle));
		}
		for (const b of others.slice(index + 1)) {
			if (Math.hypot(a.x - b.x, a.y - b.y) > a.r + b.r + 2 * (r + gap)) continue;
			for (const [x, y] of touchingBoth(a, b, r, gap)) offer(x, y);
		}
		for (const wall of walls) if (wall.r + r + gap > 0) for (const [x, y] of touchingBoth(a, wall, r, gap)) offer(x, y);
	}
	return best;
}
