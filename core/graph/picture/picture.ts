import { type Label, placeLabels } from "../../base/index.ts";
import type { Graph, GraphEdge, GraphNode } from "../../contract/graph.ts";
import type { MapLayout, MapSpot } from "../../contract/layout.ts";
import { bundlesOf } from "../bundles.ts";
import { type Palette, palettes } from "./palette.ts";
import { isolationClass, mix, n, outline, type ShapeName } from "./shapes.ts";

export type PictureOptions = {
	/** Pixels; the height follows the layout. Default 1500. */
	width?: number;
	theme?: "light" | "dark";
	title?: string;
	/** Node ids that are drawn in full with the lines between them; the rest fades. */
	focus?: readonly string[];
	/** Node ids that are left out. */
	hidden?: ReadonlySet<string>;
};

const MARGIN = { side: 24, top: 18, bottom: 46, title: 40 };
const LETTERS = 12;
/** Marks below this radius on the picture are dots: a shape would not be seen. */
const SMALLEST_SHAPE = 2.6;

/** The map as the text of an SVG file, from the same places as on the screen. Pure: the same input gives the same text. */
export function mapPicture(graph: Graph, layout: MapLayout, options: PictureOptions = {}): string {
	const { width = 1500, theme = "light", title, focus = [], hidden = new Set<string>() } = options;
	const ink = palettes[theme];
	const shown = graph.nodes.filter((node) => !hidden.has(node.id) && layout.spots[node.id] !== undefined);
	const rooms = { left: nameRoom(shown, "route", layout), right: nameRoom(shown, "table", layout) };
	const inner = width - 2 * MARGIN.side - rooms.left - rooms.right;
	const { box } = layout;
	const zoom = Math.min(2.4, inner / Math.max(1, box.right - box.left));
	const top = MARGIN.top + 16 + (title === undefined ? 0 : MARGIN.title);
	const height = Math.ceil(top + (box.bottom - box.top) * zoom + MARGIN.bottom);
	const shift = { x: MARGIN.side + rooms.left + (inner - (box.right - box.left) * zoom) / 2 - box.left * zoom, y: top - box.top * zoom };
	const at = (id: string): MapSpot | undefined => {
		const place = layout.spots[id];
		return place === undefined ? undefined : [place[0] * zoom + shift.x, place[1] * zoom + shift.y, place[2] * zoom];
	};
	const near = new Set(focus);
	const faded = near.size > 0;
	const sheet: Sheet = { graph, layout, shown, at, ink, near, zoom };
	const parts = [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Inter, 'Segoe UI', 'Noto Sans', 'Liberation Sans', sans-serif" font-size="${LETTERS}">`,
		`<title>${escaped(title ?? `Map of ${graph.nodes.length} nodes`)}</title>`,
		`<rect width="${width}" height="${height}" fill="${ink.canvas}"/>`,
		title === undefined
			? ""
			: `<text x="${MARGIN.side}" y="34" font-size="18" font-weight="650" fill="${ink.text}">${escaped(title)}</text>`,
		`<g${faded ? ' opacity="0.3"' : ""}>`,
		bundles(sheet),
		hulls(sheet),
		marks(sheet, shown),
		"</g>",
		faded ? neighbourhood(sheet) : "",
		names(sheet, { width, height }),
		legend(ink, width, height, shown),
		"</svg>",
	];
	return parts.filter((part) => part !== "").join("\n");
}

type Sheet = {
	graph: Graph;
	layout: MapLayout;
	shown: readonly GraphNode[];
	at(id: string): MapSpot | undefined;
	ink: Palette;
	near: ReadonlySet<string>;
	zoom: number;
};

function nameRoom(nodes: readonly GraphNode[], kind: "route" | "table", layout: MapLayout): number {
	const names = nodes.filter((node) => node.kind === kind).map((node) => widthOf(node.name, false));
	return names.length === 0 || layout.blocks.some((block) => block.kind === kind) ? 0 : Math.min(170, Math.max(...names) + 8);
}

const homeOf = (sheet: Sheet) => {
	const parents = new Map(sheet.graph.nodes.map((node) => [node.id, node.kind === "module" ? node.id : node.parent]));
	const packages = new Map(sheet.layout.packages.flatMap((one) => one.modules.map((id) => [id, one.id] as const)));
	return (id: string): string | null => {
		const module = parents.get(id) ?? null;
		return module === null || sheet.layout.packages.length === 0 ? module : (packages.get(module) ?? module);
	};
};

function bundles(sheet: Sheet): string {
	const { ink } = sheet;
	const lines = bundlesOf(sheet.graph.edges, homeOf(sheet), 320);
	const strongest = Math.max(1, ...lines.map((line) => line.count));
	const paths = lines.flatMap(({ from, to, count }) => {
		const [a, b] = [sheet.at(from), sheet.at(to)];
		if (a === undefined || b === undefined) return [];
		const width = 0.8 + 5 * Math.sqrt(count / strongest);
		return [`<path d="${curve(a, b)}" stroke-width="${n(width)}" opacity="${n(0.14 + 0.26 * (count / strongest))}"/>`];
	});
	return `<g fill="none" stroke="${mix(ink.accent, ink["text-muted"], 0.55)}" stroke-linecap="round">${paths.join("")}</g>`;
}

/** A line that bends to its right, so that both directions are seen. */
export function curve([ax, ay]: MapSpot, [bx, by]: MapSpot, bend = 0.14): string {
	const [mx, my] = [(ax + bx) / 2 - (by - ay) * bend, (ay + by) / 2 + (bx - ax) * bend];
	return `M${n(ax)} ${n(ay)}Q${n(mx)} ${n(my)} ${n(bx)} ${n(by)}`;
}

function hulls({ layout, shown, at, ink }: Sheet): string {
	const rounds = (ids: readonly string[], fill: string, stroke: string) => {
		const all = ids.flatMap((id) => {
			const place = at(id);
			return place === undefined ? [] : [`<circle cx="${n(place[0])}" cy="${n(place[1])}" r="${n(place[2])}"/>`];
		});
		return all.length === 0 ? "" : `<g fill="${fill}" stroke="${stroke}">${all.join("")}</g>`;
	};
	const packages = layout.packages.map((one) => one.id);
	const modules = shown.filter((node) => node.kind === "module").map((node) => node.id);
	const soft = mix(ink.surface, ink.canvas, 0.55);
	return rounds(packages, soft, ink["line-strong"]) + rounds(modules, ink.surface, ink.line);
}

const colourOf: Record<ShapeName, keyof Palette> = {
	isolated: "good-mark",
	coupled: "info-mark",
	entangled: "bad-mark",
	route: "route",
	table: "table",
};

const shapeOf = (node: GraphNode): ShapeName | null =>
	node.kind === "module" ? null : node.kind === "function" ? isolationClass(node.isolation) : node.kind;

function marks({ at, ink }: Sheet, nodes: readonly GraphNode[]): string {
	const shapes = new Map<ShapeName, string[]>();
	const dots = new Map<string, string[]>();
	const put = (map: Map<string, string[]>, key: string, text: string) =>
		map
			.set(key, map.get(key) ?? [])
			.get(key)
			?.push(text);
	for (const node of nodes) {
		const shape = shapeOf(node);
		const place = at(node.id);
		if (shape === null || place === undefined) continue;
		const [x, y, r] = place;
		if (r >= SMALLEST_SHAPE) put(shapes, shape, outline(shape, x, y, r));
		// A dot is a line of no length with a round end: a tenth of the text of a circle.
		else put(dots, `${shape} ${Math.max(0.6, Math.round(r * 2) / 2)}`, `M${n(x)} ${n(y)}h0`);
	}
	const groups = [...shapes].map(([shape, all]) => {
		const colour = ink[colourOf[shape]];
		return `<path d="${all.join("")}" fill="${mix(colour, ink.surface, 0.34)}" stroke="${colour}" stroke-width="1.6" stroke-linejoin="round"/>`;
	});
	const specks = [...dots].map(([key, all]) => {
		const [shape = "coupled", r = "1"] = key.split(" ");
		return `<path d="${all.join("")}" stroke="${ink[colourOf[shape as ShapeName]]}" stroke-width="${2 * Number(r)}" stroke-linecap="round"/>`;
	});
	return [...groups, ...specks].join("");
}

function neighbourhood(sheet: Sheet): string {
	const { graph, near, at, ink, shown } = sheet;
	const lines = graph.edges.filter((edge) => edge.kind !== "import" && near.has(edge.from) && near.has(edge.to));
	const colour: Record<GraphEdge["kind"], string> = {
		call: ink.accent,
		import: ink.accent,
		route: ink.route,
		read: ink.table,
		write: ink.table,
	};
	const paths = lines.flatMap((edge) => {
		const [a, b] = [at(edge.from), at(edge.to)];
		if (a === undefined || b === undefined || edge.from === edge.to) return [];
		const dash = edge.kind === "read" ? ' stroke-dasharray="5 4"' : "";
		return [`<path d="${curve(a, b, 0.09)}" stroke="${colour[edge.kind]}"${dash}/>`];
	});
	const around = shown.filter((node) => near.has(node.id));
	return `<g fill="none" stroke-width="1.6" stroke-linecap="round">${paths.join("")}</g>${marks(sheet, around)}`;
}

function names(sheet: Sheet, view: { width: number; height: number }): string {
	const { layout, shown, at, ink, near } = sheet;
	const labels: Label[] = [];
	const add = (id: string, text: string, side: Label["side"], rank: number, bold: boolean, home: string | null = null) => {
		const place = at(id);
		const [hx, hy, hr] = (home === null ? undefined : at(home)) ?? [];
		const inside = hx === undefined || hy === undefined || hr === undefined ? {} : { home: { x: hx, y: hy, r: hr } };
		if (place !== undefined) labels.push({ id, text, x: place[0], y: place[1], r: place[2], rank, side, bold, ...inside });
	};
	const inBlocks = layout.blocks.length > 0;
	for (const one of layout.packages) add(one.id, one.name, "above", 2000 + one.modules.length, true);
	for (const node of shown) {
		const r = at(node.id)?.[2] ?? 0;
		if (node.kind === "module") {
			if (r > 14) add(node.id, shortName(node.name), "above", 500, true);
		} else if (node.kind === "function") {
			if (r > 4 || near.has(node.id)) add(node.id, node.name, "around", node.complexity, false, node.parent);
		} else if (r > 5 || !inBlocks || near.has(node.id)) add(node.id, node.name, node.kind === "route" ? "left" : "right", 300, false);
	}
	const colours = new Map<string, string>(shown.map((node) => [node.id, node.kind === "function" ? ink.text : colourOfName(node, ink)]));
	const written = placeLabels(labels, { measure: widthOf, view, size: LETTERS, forced: near, most: 1200 }).map(({ label, left, top }) => {
		const fade = near.size > 0 && !near.has(label.id) ? ' opacity="0.4"' : "";
		const weight = label.bold ? ' font-weight="600"' : "";
		const fill = colours.get(label.id) ?? ink["text-muted"];
		return `<text x="${n(left)}" y="${n(top + LETTERS)}" fill="${fill}"${weight}${fade}>${escaped(label.text)}</text>`;
	});
	return `<g paint-order="stroke" stroke="${ink.canvas}" stroke-width="3.5" stroke-linejoin="round">${written.join("")}</g>`;
}

const colourOfName = (node: GraphNode, ink: Palette) =>
	node.kind === "route" ? ink.route : node.kind === "table" ? ink.table : ink["text-muted"];
const shortName = (name: string) => name.slice(name.lastIndexOf(".") + 1);

function legend(ink: Palette, width: number, height: number, shown: readonly GraphNode[]): string {
	const entries: [ShapeName, string][] = [
		["isolated", "Isolated"],
		["coupled", "Coupled"],
		["entangled", "Entangled"],
		["route", "Route"],
		["table", "Table"],
	];
	let x = MARGIN.side;
	const y = height - 20;
	const parts = entries.map(([shape, text]) => {
		const colour = ink[colourOf[shape]];
		const part = `<path d="${outline(shape, x + 7, y - 4, 6)}" fill="${mix(colour, ink.canvas, 0.34)}" stroke="${colour}" stroke-width="1.4"/><text x="${n(x + 20)}" y="${y}" fill="${ink.text}">${text}</text>`;
		x += 40 + widthOf(text, false);
		return part;
	});
	const functions = shown.filter((node) => node.kind === "function").length;
	const words = `${functions.toLocaleString("en")} functions; size is complexity`;
	return `<g>${parts.join("")}<text x="${width - MARGIN.side}" y="${y}" text-anchor="end" fill="${ink["text-muted"]}">${words}</text></g>`;
}

/** Width of a text in a sans-serif face of this size, from the mean widths of its kinds of letters; a little too much on purpose. */
export function widthOf(text: string, bold: boolean): number {
	let width = 0;
	for (const letter of text) {
		if (/[ijlt.,:;|!'()[\]]/.test(letter)) width += 0.34;
		else if (/[mwMW@%]/.test(letter)) width += 0.9;
		else if (/[A-Z0-9_]/.test(letter)) width += 0.66;
		else width += 0.57;
	}
	return width * LETTERS * (bold ? 1.07 : 1);
}

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
// Letters that XML 1.0 does not allow are left out.
const escaped = (text: string) =>
	// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it is about
	text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "").replace(/[&<>"]/g, (letter) => escapes[letter] ?? letter);
