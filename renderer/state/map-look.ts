import type { Details } from "./screen.ts";

/** Classes of marks that the legend can take off the map. */
export const mapClasses = ["isolated", "coupled", "entangled", "route", "table"] as const;
export type MapClass = (typeof mapClasses)[number];

/** How the map is looked at, as the address tells it: filters, depth, groups, a path, a viewport. */
export type MapLook = {
	/** Expressions; empty when unused. */
	find: string;
	hide: string;
	off: readonly MapClass[];
	depth: 1 | 2 | 3;
	/** Only the neighbourhood of the selection is left. */
	only: boolean;
	/** Ends of the path that is asked for; null: none is. */
	path: { from: string | null; to: string | null } | null;
	/** Bubbles stay closed, apart from those opened by hand. */
	grouped: boolean;
	opened: readonly string[];
	/** Ends of the line whose source is shown; an end that is null stands for everything. */
	lines: { from: string | null; to: string | null } | null;
	minimap: boolean;
	/** The bubble of a package that is chosen; packages are no nodes of the graph. */
	bubble: string | null;
	camera: { x: number; y: number; zoom: number } | null;
};

export function readLook(details: Details = {}): MapLook {
	const ends = (text: string | undefined) => {
		if (text === undefined) return null;
		const [from = "", to = ""] = text.split(">", 2);
		return { from: from === "" ? null : from, to: to === "" ? null : to };
	};
	const numbers = (details.at ?? "").split(",").map(Number);
	const [x = 0, y = 0, zoom = 0] = numbers;
	const depth = Number(details.depth);
	const off = (details.off ?? "").split(",");
	return {
		find: details.find ?? "",
		hide: details.hide ?? "",
		off: mapClasses.filter((one) => off.includes(one)),
		depth: depth === 2 || depth === 3 ? depth : 1,
		only: details.only === "yes",
		path: ends(details.path),
		grouped: details.group === "yes",
		opened: details.open === undefined ? [] : details.open.split(","),
		lines: ends(details.lines),
		minimap: details.minimap !== "no",
		bubble: details.bubble ?? null,
		camera: numbers.length === 3 && numbers.every(Number.isFinite) && zoom > 0 ? { x, y, zoom } : null,
	};
}

/** The same as names of the address; null takes one away. Only what is given is written. */
export function writeLook(look: Partial<MapLook>): Record<string, string | null> {
	const details: Record<string, string | null> = {};
	const ends = (value: MapLook["path"]) => (value === null ? null : `${value.from ?? ""}>${value.to ?? ""}`);
	const list = (values: readonly string[]) => (values.length === 0 ? null : values.join(","));
	if (look.find !== undefined) details.find = look.find === "" ? null : look.find;
	if (look.hide !== undefined) details.hide = look.hide === "" ? null : look.hide;
	if (look.off !== undefined) details.off = list(look.off);
	if (look.depth !== undefined) details.depth = look.depth === 1 ? null : String(look.depth);
	if (look.only !== undefined) details.only = look.only ? "yes" : null;
	if (look.path !== undefined) details.path = ends(look.path);
	if (look.grouped !== undefined) details.group = look.grouped ? "yes" : null;
	if (look.opened !== undefined) details.open = list(look.opened);
	if (look.lines !== undefined) details.lines = ends(look.lines);
	if (look.minimap !== undefined) details.minimap = look.minimap ? null : "no";
	if (look.bubble !== undefined) details.bubble = look.bubble;
	if (look.camera !== undefined) {
		const { camera } = look;
		details.at = camera === null ? null : `${Math.round(camera.x)},${Math.round(camera.y)},${Number(camera.zoom.toPrecision(4))}`;
	}
	return details;
}
