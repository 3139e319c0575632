/** One name to write beside its mark. Pixels on the picture; a higher `rank` is placed first. */
export type Label = {
	id: string;
	text: string;
	x: number;
	y: number;
	r: number;
	rank: number;
	side: "around" | "left" | "right" | "above" | "inside";
	bold: boolean;
	/** The bubble it lies in: a name that finds room there does not hang over its rim. */
	home?: { x: number; y: number; r: number };
};
export type LabelBox = { label: Label; left: number; top: number; width: number };

type Placing = {
	measure(text: string, bold: boolean): number;
	view: { width: number; height: number };
	/** Of the letters, in pixels. */
	size: number;
	/** Placed even over marks, before all others. */
	forced?: ReadonlySet<string>;
	/** Once so many names stand, the rest is left out. */
	most?: number;
};

type Box = { id: string; left: number; top: number; right: number; bottom: number; isMark: boolean };

export const lineHeight = (size: number) => Math.round(size * 1.25);

/**
 * The names that fit without covering another name or a mark, each with its place. Names are never shrunk: what does not
 * fit now appears when one zooms in or chooses its neighbourhood.
 */
export function placeLabels(labels: readonly Label[], { measure, view, size, forced = new Set(), most = 400 }: Placing): LabelBox[] {
	const height = lineHeight(size);
	const air = Math.round(size / 4);
	const taken = createGrid(view);
	const boxes: LabelBox[] = [];
	for (const { id, x, y, r, side } of labels)
		if (side !== "above" && side !== "inside") taken.add({ id, left: x - r, top: y - r, right: x + r, bottom: y + r, isMark: true });
	const ordered = [...labels].sort(
		(a, b) => Number(forced.has(b.id)) - Number(forced.has(a.id)) || b.rank - a.rank || (a.id < b.id ? -1 : 1),
	);
	for (const label of ordered) {
		if (boxes.length >= most) break;
		const isForced = forced.has(label.id);
		const width = measure(label.text, label.bold);
		for (const [left, top] of inwardFirst(label, spotsOf(label, width, height), width, height)) {
			const box = { id: label.id, left, top, right: left + width, bottom: top + height, isMark: false };
			if (box.right < 0 || box.bottom < 0 || box.left > view.width || box.top > view.height) continue;
			if (taken.hits(box, air, isForced)) continue;
			taken.add({ ...box, id: `label:${label.id}` });
			boxes.push({ label, left, top, width });
			break;
		}
	}
	return boxes;
}

function spotsOf({ x, y, r, side }: Label, width: number, height: number): readonly (readonly [number, number])[] {
	const below = [x - width / 2, y + r + 2] as const;
	const above = [x - width / 2, y - r - height - 1] as const;
	const right = [x + r + 5, y - height / 2] as const;
	const left = [x - r - 5 - width, y - height / 2] as const;
	switch (side) {
		case "around":
			return [below, above, right, left];
		case "left":
			return [left];
		case "right":
			return [right];
		case "above":
			return [above, [x - width / 2, y - r + 3], below];
		case "inside":
			return [[x - width / 2, y - height / 2]];
	}
}

function inwardFirst(
	{ home }: Label,
	spots: readonly (readonly [number, number])[],
	width: number,
	height: number,
): readonly (readonly [number, number])[] {
	if (home === undefined || spots.length === 1) return spots;
	const overhang = ([left, top]: readonly [number, number]) =>
		Math.max(0, ...[left, left + width].flatMap((x) => [top, top + height].map((y) => Math.hypot(x - home.x, y - home.y) - home.r)));
	return [...spots]
		.map((spot, order) => ({ spot, cost: Math.round(overhang(spot)) + order * 0.1 }))
		.sort((a, b) => a.cost - b.cost)
		.map(({ spot }) => spot);
}

const CELL = 64;

/** Boxes by the cells that they touch, so that a name is compared with its surroundings only. */
function createGrid(view: { width: number; height: number }) {
	const columns = Math.ceil(view.width / CELL) + 3;
	const rows = Math.ceil(view.height / CELL) + 3;
	const cells = new Map<number, Box[]>();
	const clamp = (value: number, most: number) => Math.max(0, Math.min(most - 1, Math.floor(value / CELL) + 1));
	function* keys(box: Box, air: number): Generator<number> {
		const [first, last] = [clamp(box.left - air, columns), clamp(box.right + air, columns)];
		const [upper, lower] = [clamp(box.top, rows), clamp(box.bottom, rows)];
		for (let column = first; column <= last; column++) for (let row = upper; row <= lower; row++) yield row * columns + column;
	}
	return {
		add(box: Box): void {
			if (box.right < -CELL || box.bottom < -CELL || box.left > view.width + CELL || box.top > view.height + CELL) return;
			for (const key of keys(box, 0)) {
				const list = cells.get(key);
				if (list === undefined) cells.set(key, [box]);
				else list.push(box);
			}
		},
		hits(box: Box, air: number, isForced: boolean): boolean {
			for (const key of keys(box, air)) {
				for (const other of cells.get(key) ?? []) {
					if ((isForced && other.isMark) || other.id === box.id) continue;
					if (box.left - air < other.right && box.right + air > other.left && box.top < other.bottom && box.bottom > other.top) return true;
				}
			}
			return false;
		},
	};
}
