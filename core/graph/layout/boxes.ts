import type { MapBox, MapSpot } from "../../contract/layout.ts";
import { rounded } from "./sizes.ts";

export const spot = (x: number, y: number, r: number): MapSpot => [rounded(x), rounded(y), rounded(r)];

export function boxOf(spots: Iterable<MapSpot>): MapBox {
	const box = {
		left: Number.POSITIVE_INFINITY,
		top: Number.POSITIVE_INFINITY,
		right: Number.NEGATIVE_INFINITY,
		bottom: Number.NEGATIVE_INFINITY,
	};
	for (const [x, y, r] of spots) {
		box.left = Math.min(box.left, x - r);
		box.top = Math.min(box.top, y - r);
		box.right = Math.max(box.right, x + r);
		box.bottom = Math.max(box.bottom, y + r);
	}
	return Number.isFinite(box.left) ? roundedBox(box) : { left: -100, top: -100, right: 100, bottom: 100 };
}

export function roundedBox({ left, top, right, bottom }: MapBox): MapBox {
	return { left: rounded(left), top: rounded(top), right: rounded(right), bottom: rounded(bottom) };
}

export function union(a: MapBox, b: MapBox): MapBox {
	return {
		left: Math.min(a.left, b.left),
		top: Math.min(a.top, b.top),
		right: Math.max(a.right, b.right),
		bottom: Math.max(a.bottom, b.bottom),
	};
}
