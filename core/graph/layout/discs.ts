export type Disc = { id: string; r: number };
export type Placed = Disc & { x: number; y: number };
export type Circle = { x: number; y: number; r: number };
/** What a place costs beyond its distance from the middle; never negative. */
export type Pull = (disc: Disc, x: number, y: number, placed: readonly Placed[]) => number;

type Packing = {
	gap: number;
	/** Width by height of the area to fill; 1 heaps the discs into a round. */
	aspect?: number;
	pull?: Pull;
};

/**
 * Discs side by side without overlap, as near to the origin as they get: each one, in the given order, takes the free
 * place that touches two earlier ones and costs least. No chance is involved, so the same input gives the same picture.
 */
export function packDiscs(discs: readonly Disc[], { gap, aspect, pull = () => 0 }: Packing): Placed[] {
	const placed: Placed[] = [];
	const far = distanceFor(aspect);
	let pairs: (readonly [Placed, Placed])[] = [];
	for (const disc of discs) {
		let best: Placed = { ...disc, x: 0, y: 0 };
		let bestCost = Number.POSITIVE_INFINITY;
		const offer = (x: number, y: number) => {
			const plain = far(x, y);
			if (plain >= bestCost) return;
			const cost = plain + pull(disc, x, y, placed);
			// A hair of tolerance, so that rounding decides nothing between two equal places: the first one stays.
			if (cost >= bestCost - 1e-6 || !isFree(disc.r, x, y, placed, gap)) return;
			best = { ...disc, x, y };
			bestCost = cost;
		};
		if (placed.length < 2) for (const [x, y] of firstPlaces(disc, placed, gap)) offer(x, y);
		pairs = pairs.filter(([a, b]) => Math.hypot(a.x - b.x, a.y - b.y) <= a.r + b.r + 2 * (disc.r + gap));
		for (const [a, b] of pairs) for (const [x, y] of touchingBoth(a, b, disc.r, gap)) offer(x, y);
		for (const other of placed) pairs.push([other, best]);
		placed.push(best);
	}
	return placed;
}

/** How far a place is from the middle: round, or as the frame of a picture of this aspect. */
export function distanceFor(aspect?: number): (x: number, y: number) => number {
	if (aspect === undefined) return (x, y) => Math.hypot(x, y);
	const [a, b] = [Math.sqrt(aspect), 1 / Math.sqrt(aspect)];
	return (x, y) => ((x / a) ** 6 + (y / b) ** 6) ** (1 / 6);
}

function* firstPlaces(disc: Disc, [first]: readonly Placed[], gap: number): Generator<readonly [number, number]> {
	if (first === undefined) return yield [0, 0];
	const reach = first.r + disc.r + gap;
	yield [first.x + reach, first.y];
	yield [first.x, first.y + reach];
}

/** The two places where a disc touches both others; none when they are too far apart. */
export function touchingBoth(a: Circle, b: Circle, r: number, gap: number): (readonly [number, number])[] {
	const [toA, toB] = [a.r + r + gap, b.r + r + gap];
	const [dx, dy] = [b.x - a.x, b.y - a.y];
	const apart = Math.hypot(dx, dy);
	if (apart > toA + toB || apart < Math.abs(toA - toB) || apart === 0) return [];
	const along = (toA * toA - toB * toB + apart * apart) / (2 * apart);
	const aside = Math.sqrt(Math.max(0, toA * toA - along * along));
	const x = a.x + (along * dx) / apart;
	const y = a.y + (along * dy) / apart;
	return [
		[x - (aside * dy) / apart, y + (aside * dx) / apart],
		[x + (aside * dy) / apart, y - (aside * dx) / apart],
	];
}

export function isFree(r: number, x: number, y: number, others: readonly Circle[], gap: number): boolean {
	for (const other of others) {
		const [dx, dy, reach] = [other.x - x, other.y - y, other.r + r + gap - 1e-6];
		if (dx * dx + dy * dy < reach * reach) return false;
	}
	return true;
}

/** A small circle around all of them: the middle moves towards the farthest rim in ever shorter steps. */
export function enclose(discs: readonly Circle[]): Circle {
	if (discs.length === 0) return { x: 0, y: 0, r: 0 };
	let x = discs.reduce((sum, disc) => sum + disc.x, 0) / discs.length;
	let y = discs.reduce((sum, disc) => sum + disc.y, 0) / discs.length;
	const farthest = () => discs.reduce((most, disc) => (rim(disc, x, y) > rim(most, x, y) ? disc : most));
	for (let step = 1; step > 1e-3; step *= 0.94) {
		const disc = farthest();
		const apart = Math.hypot(disc.x - x, disc.y - y);
		if (apart < 1e-9) break;
		const move = (step * Math.min(apart, disc.r + apart)) / 2 / apart;
		x += (disc.x - x) * move;
		y += (disc.y - y) * move;
	}
	return { x, y, r: rim(farthest(), x, y) };
}

const rim = (disc: Circle, x: number, y: number) => Math.hypot(disc.x - x, disc.y - y) + disc.r;
