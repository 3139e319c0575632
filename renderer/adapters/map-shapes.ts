import type { SceneShape } from "./map-scene.ts";

/** Adds the outline of a mark to a path. Its last line is drawn, not closed: closing costs more the longer the path is. */
export function trace(pen: CanvasPath, shape: SceneShape, x: number, y: number, r: number): void {
	switch (shape) {
		case "isolated":
			pen.moveTo(x - r, y);
			pen.lineTo(x - r / 2, y - 0.866 * r);
			pen.lineTo(x + r / 2, y - 0.866 * r);
			pen.lineTo(x + r, y);
			pen.lineTo(x + r / 2, y + 0.866 * r);
			pen.lineTo(x - r / 2, y + 0.866 * r);
			pen.lineTo(x - r, y);
			return;
		case "entangled":
			pen.moveTo(x - r, y);
			pen.lineTo(x, y - r);
			pen.lineTo(x + r, y);
			pen.lineTo(x, y + r);
			pen.lineTo(x - r, y);
			return;
		case "route":
			pen.moveTo(x - r, y - 0.7 * r);
			pen.lineTo(x + 0.35 * r, y - 0.7 * r);
			pen.lineTo(x + r, y);
			pen.lineTo(x + 0.35 * r, y + 0.7 * r);
			pen.lineTo(x - r, y + 0.7 * r);
			pen.lineTo(x - r, y - 0.7 * r);
			return;
		case "table": {
			const [w, h, lid] = [0.76 * r, 0.9 * r, 0.26 * r];
			pen.moveTo(x - w, y - h + lid);
			pen.quadraticCurveTo(x, y - h - lid, x + w, y - h + lid);
			pen.lineTo(x + w, y + h - lid);
			pen.quadraticCurveTo(x, y + h + lid, x - w, y + h - lid);
			pen.lineTo(x - w, y - h + lid);
			return;
		}
		case "coupled":
		case "bubble":
			pen.moveTo(x + r, y);
			pen.arc(x, y, r, 0, 2 * Math.PI);
	}
}

/** The design token that colours each shape. */
export const inkOf: Record<SceneShape, string> = {
	isolated: "good-mark",
	coupled: "info-mark",
	entangled: "bad-mark",
	route: "route",
	table: "table",
	bubble: "text-muted",
};

/** `share` of the first colour over the second; both `#rrggbb`. */
export function mix(over: string, under: string, share: number): string {
	const part = (text: string, at: number) => Number.parseInt(text.slice(at, at + 2), 16);
	const blend = (at: number) => Math.round(part(over, at) * share + part(under, at) * (1 - share));
	return `rgb(${blend(1)}, ${blend(3)}, ${blend(5)})`;
}
