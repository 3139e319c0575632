/** One name to write beside its mark. Pixels on the screen; a higher `rank` is placed first. */
export type Label = {
	id: string;
	text: string;
	x: number;
	y: number;
	r: number;
	rank: number;
	side: "around" | "left" | "right" | "above";
	bold: boolean;
};
export type LabelBox = { label: Label; left: number; top: number; width: number };

export const LABEL_SIZE = 12;
const HEIGHT = 15;
const AIR = 3;

/**
 * The names that fit without covering another name or a mark, each with its place. Names are never shrunk: what does not
 * fit now appears when one zooms in or chooses its neighbourhood. `forced` names are placed even over marks.
 */
export function placeLabels(
	labels: readonly Label[],
	measure: (text: string, bold: boolean) => number,
	view: { width: number; height: number },
	forced: ReadonlySet<string> = new Set(),
): LabelBox[] {
	const taken: { left: number; top: number; right: number; bottom: number; id: string }[] = [];
	const boxes: LabelBox[] = [];
	for (const { id, x, y, r, side } of labels)
		if (side !== "above") taken.push({ id, left: x - r, top: y - r, right: x + r, bottom: y + r });
	const marks = taken.length;
	const ordered = [...labels].sort(
		(a, b) => Number(forced.has(b.id)) - Number(forced.has(a.id)) || b.rank - a.rank || a.id.localeCompare(b.id),
	);
	for (const label of ordered) {
		const width = measure(label.text, label.bold);
		const isForced = forced.has(label.id);
		for (const [left, top] of spotsOf(label, width)) {
			const right = left + width;
			const bottom = top + HEIGHT;
			if (right < 0 || bottom < 0 || left > view.width || top > view.height) continue;
			const hits = taken.some(
				(other, index) =>
					!(isForced && index < marks) &&
					other.id !== label.id &&
					left - AIR < other.right &&
					right + AIR > other.left &&
					top < other.bottom &&
					bottom > other.top,
			);
			if (hits) continue;
			taken.push({ id: `label:${label.id}`, left, top, right, bottom });
			boxes.push({ label, left, top, width });
			break;
		}
	}
	return boxes;
}

function spotsOf({ x, y, r, side }: Label, width: number): readonly (readonly [number, number])[] {
	const below = [x - width / 2, y + r + 2] as const;
	const above = [x - width / 2, y - r - HEIGHT - 1] as const;
	const right = [x + r + 5, y - HEIGHT / 2] as const;
	const left = [x - r - 5 - width, y - HEIGHT / 2] as const;
	switch (side) {
		case "around":
			return [below, above, right, left];
		case "left":
			return [left];
		case "right":
			return [right];
		case "above":
			return [above, [x - width / 2, y - r + 3], below];
	}
}
