/** Outlines as SVG paths around (x, y). Colour is never alone: each class has a shape of its own. */
export type ShapeName = "isolated" | "coupled" | "entangled" | "route" | "table";

/** The three classes of the screen, by the number of the graph. */
export function isolationClass(isolation: number): "isolated" | "coupled" | "entangled" {
	if (isolation >= 0.66) return "isolated";
	return isolation >= 0.33 ? "coupled" : "entangled";
}

export function outline(shape: ShapeName, x: number, y: number, r: number): string {
	switch (shape) {
		case "isolated":
			return polygon(x, y, [
				[-r, 0],
				[-r / 2, -0.87 * r],
				[r / 2, -0.87 * r],
				[r, 0],
				[r / 2, 0.87 * r],
				[-r / 2, 0.87 * r],
			]);
		case "coupled":
			return `M${n(x - r)} ${n(y)}a${n(r)} ${n(r)} 0 1 1 ${n(2 * r)} 0a${n(r)} ${n(r)} 0 1 1 ${n(-2 * r)} 0Z`;
		case "entangled":
			return polygon(x, y, [
				[-r, 0],
				[0, -r],
				[r, 0],
				[0, r],
			]);
		case "route":
			return polygon(x, y, [
				[-r, -0.7 * r],
				[0.35 * r, -0.7 * r],
				[r, 0],
				[0.35 * r, 0.7 * r],
				[-r, 0.7 * r],
			]);
		case "table": {
			const [w, h, lid] = [0.74 * r, 0.9 * r, 0.28 * r];
			return `M${n(x - w)} ${n(y - h + lid)}q${n(w)} ${n(-2 * lid)} ${n(2 * w)} 0v${n(2 * (h - lid))}q${n(-w)} ${n(2 * lid)} ${n(-2 * w)} 0Z`;
		}
	}
}

function polygon(x: number, y: number, corners: readonly (readonly [number, number])[]): string {
	return `M${corners.map(([dx, dy]) => `${n(x + dx)} ${n(y + dy)}`).join("L")}Z`;
}

/** A tenth of a pixel is enough for a picture. */
export const n = (value: number): number => Math.round(value * 10) / 10;

/** `share` of the first colour over the second; both `#rrggbb`. */
export function mix(over: string, under: string, share: number): string {
	const blend = (at: number) => {
		const [a, b] = [over, under].map((text) => Number.parseInt(text.slice(at, at + 2), 16)) as [number, number];
		return Math.round(a * share + b * (1 - share))
			.toString(16)
			.padStart(2, "0");
	};
	return `#${blend(1)}${blend(3)}${blend(5)}`;
}
