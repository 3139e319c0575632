export type Disc = { id: string; r: number };
export type Placed = Disc & { x: number; y: number };

type Pull = (disc: Disc, x: number, y: number, placed: readonly Placed[]) => number;

/**
 * Discs side by side without overlap, as near to the origin as they get: each one, in the given order, takes the free
 * place that touches two earlier ones and costs least. No chance is involved, so the same input gives the same picture.
 * `stretch` above 1 lets the heap grow wider than high; `pull` adds to the cost of a place.
 */
export function packDiscs(discs: readonly Disc[], gap: number, stretch = 1, pull: Pull = () => 0): Placed[] {
	const placed: Placed[] = [];
	for (const disc of discs) {
		let best: Placed | null = null;
		let bestCost = Number.POSITIVE_INFINITY;
		for (const [x, y] of places(disc, placed, gap)) {
			const cost = Math.hypot(x / stretch, y) + pull(disc, x, y, placed);
			// A hair of tolerance, so that rounding decides nothing between two equal places: the first one stays.
			if (cost < bestCost - 1e-6 && isFree(disc, x, y, placed, gap)) {
				best = { ...disc, x, y };
				bestCost = cost;
			}
		}
		placed.push(best ?? { ...disc, x: 0, y: 0 });
	}
	return placed;
}

function* places(disc: Disc, placed: readonly Placed[], gap: number): Generator<readonly [number, number]> {
	const [first, second] = placed;
	if (first === undefined) return yield [0, 0];
	if (second === undefined) {
		const reach = first.r + disc.r + gap;
		yield [first.x + reach, first.y];
		return yield [first.x, first.y + reach];
	}
	for (let i = 0; i < placed.length; i++) {
		for (let j = i + 1; j < placed.length; j++) {
			const a = placed[i] as Placed;
			const b = placed[j] as Placed;
			const toA = a.r + disc.r + gap;
			const toB = b.r + disc.r + gap;
			const dx = b.x - a.x;
			const dy = b.y - a.y;
			const apart = Math.hypot(dx, dy);
			if (apart > toA + toB || apart === 0) continue;
			const along = (toA * toA - toB * toB + apart * apart) / (2 * apart);
			const aside = Math.sqrt(Math.max(0, toA * toA - along * along));
			const x = a.x + (along * dx) / apart;
			const y = a.y + (along * dy) / apart;
			yield [x - (aside * dy) / apart, y + (aside * dx) / apart];
			yield [x + (aside * dy) / apart, y - (aside * dx) / apart];
		}
	}
}

function isFree(disc: Disc, x: number, y: number, placed: readonly Placed[], gap: number): boolean {
	return placed.every((other) => Math.hypot(other.x - x, other.y - y) >= other.r + disc.r + gap - 1e-6);
}

/** A circle around all of them: centre of their box, radius to the farthest rim. */
export function enclose(placed: readonly Placed[]): { x: number; y: number; r: number } {
	if (placed.length === 0) return { x: 0, y: 0, r: 0 };
	const left = Math.min(...placed.map((disc) => disc.x - disc.r));
	const right = Math.max(...placed.map((disc) => disc.x + disc.r));
	const top = Math.min(...placed.map((disc) => disc.y - disc.r));
	const bottom = Math.max(...placed.map((disc) => disc.y + disc.r));
	const x = (left + right) / 2;
	const y = (top + bottom) / 2;
	return { x, y, r: Math.max(...placed.map((disc) => Math.hypot(disc.x - x, disc.y - y) + disc.r)) };
}
