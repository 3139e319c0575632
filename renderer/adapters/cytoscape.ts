import cytoscape, { type Core, type ElementDefinition, type StylesheetJson } from "cytoscape";
import { type Label, placeLabels } from "../../core/base/index.ts";

const LABEL_SIZE = 12;

export type MapNode = {
	id: string;
	kind: "module" | "function" | "route" | "table";
	label: string;
	x: number;
	y: number;
	r: number;
	/** Of a function: decides colour and shape. */
	isolation: "isolated" | "coupled" | "entangled";
	/** Which name wins where not all fit. */
	rank: number;
	/** Id of the module around it. */
	home?: string;
};
export type MapEdge = { id: string; from: string; to: string; kind: "call" | "read" | "write" | "route" };
/** What a running migration adds to a bubble: a ring of this tone, and a word under its name. */
export type MapMark = { tone: "accent" | "good" | "bad" | "warn"; word: string };

export type MapCanvas = {
	fit(): void;
	zoomBy(factor: number): void;
	flyTo(id: string): void;
	/** Draws the neighbourhood and fades the rest; null shows all alike. */
	focus(id: string | null): void;
	setMarks(marks: ReadonlyMap<string, MapMark>): void;
	showAllEdges(shown: boolean): void;
	/** Reads the design tokens again. */
	restyle(): void;
	destroy(): void;
};

type Options = {
	host: HTMLElement;
	nodes: readonly MapNode[];
	edges: readonly MapEdge[];
	box: { left: number; top: number; right: number; bottom: number };
	/** Room at the sides for names that stand outside of the box, in pixels. */
	margin: { left: number; right: number; top: number; bottom: number };
	token(name: string): string;
	onSelect(id: string | null): void;
	onHover(id: string | null): void;
	onReady(): void;
};

/**
 * The map on three layers: all marks (faded by one CSS opacity while something is in focus), the neighbourhood in focus,
 * and the names, which keep their size on the screen at every zoom and never cover each other.
 */
export function createMapCanvas({ host, nodes, edges, box, margin, token, onSelect, onHover, onReady }: Options): MapCanvas {
	const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
	const [baseLayer, focusLayer] = [layer(host, "div"), layer(host, "div")];
	const names = layer(host, "canvas") as HTMLCanvasElement;
	focusLayer.style.pointerEvents = names.style.pointerEvents = "none";
	baseLayer.style.transition = still ? "none" : "opacity 160ms";

	const shared = {
		style: styleOf(token),
		layout: { name: "preset" },
		minZoom: 0.08,
		maxZoom: 4,
		autoungrabify: true,
		boxSelectionEnabled: false,
	} as const;
	const base = cytoscape({ ...shared, container: baseLayer, elements: [...nodes.map(nodeElement), ...edges.map(edgeElement)] });
	const front = cytoscape({
		...shared,
		container: focusLayer,
		elements: [],
		userPanningEnabled: false,
		userZoomingEnabled: false,
		autounselectify: true,
	});
	base.edges().addClass("hidden faint");

	let inFocus: string | null = null;
	let near: ReadonlySet<string> = new Set();
	let marks: ReadonlyMap<string, MapMark> = new Map();
	let frame = 0;

	const draw = () => {
		if (frame === 0) frame = requestAnimationFrame(drawNow);
	};
	const drawNow = () => {
		frame = 0;
		front.viewport({ zoom: base.zoom(), pan: { ...base.pan() } });
		drawNames(names, nodes, base, near, marks, token);
	};
	const move = (to: { x1: number; y1: number; x2: number; y2: number }, maxZoom: number, atOnce = still) => {
		const width = Math.max(200, host.clientWidth - margin.left - margin.right);
		const height = Math.max(160, host.clientHeight - margin.top - margin.bottom);
		const zoom = Math.min(maxZoom, width / (to.x2 - to.x1), height / (to.y2 - to.y1));
		const pan = { x: margin.left + width / 2 - (zoom * (to.x1 + to.x2)) / 2, y: margin.top + height / 2 - (zoom * (to.y1 + to.y2)) / 2 };
		base.stop();
		if (atOnce) base.viewport({ zoom, pan });
		else base.animate({ zoom, pan }, { duration: 300, easing: "ease-in-out-cubic" });
	};
	const fitNow = (atOnce = still) => move({ x1: box.left, y1: box.top, x2: box.right, y2: box.bottom }, 2.2, atOnce);

	base.on("viewport", draw);
	base.on("tap", (event) => onSelect(event.target === base ? null : event.target.isNode() ? event.target.id() : null));
	base.on("mouseover", "node", (event) => {
		host.style.cursor = "pointer";
		if (event.target.data("kind") !== "module") onHover(event.target.id());
	});
	base.on("mouseout", "node", () => {
		host.style.cursor = "";
		onHover(null);
	});
	base.one("render", () => {
		drawNow();
		onReady();
	});
	let width = host.clientWidth;
	const observer = new ResizeObserver(() => {
		base.resize();
		front.resize();
		sizeCanvas(names, host);
		// A window of another width gets a new fit; a scroll bar's worth of difference does not move the picture.
		if (Math.abs(host.clientWidth - width) > 24) fitNow(true);
		width = host.clientWidth;
		draw();
	});
	observer.observe(host);
	sizeCanvas(names, host);
	fitNow(true);

	return {
		fit: () => fitNow(),
		zoomBy(factor) {
			const level = Math.min(4, Math.max(0.08, base.zoom() * factor));
			base.zoom({ level, renderedPosition: { x: host.clientWidth / 2, y: host.clientHeight / 2 } });
		},
		flyTo(id) {
			const target = base.getElementById(id);
			if (target.empty()) return;
			// All that it touches stays in sight, as large as that allows.
			const around = target.closedNeighborhood().nodes().boundingBox({ includeLabels: false });
			move(around, 1.7);
		},
		focus(id) {
			if (id === inFocus) return;
			inFocus = id;
			const target = id === null ? base.collection() : base.getElementById(id);
			const starts =
				target.data("kind") === "module"
					? base
							.nodes()
							.filter((node) => node.data("home") === id)
							.union(target)
					: target;
			const lines = starts.connectedEdges();
			const shown = starts.union(lines.connectedNodes());
			near = new Set(shown.map((node) => node.id()));
			front.batch(() => {
				front.elements().remove();
				front.add([
					...shown.map((node) => copyOf(node.json() as ElementDefinition)),
					...lines.map((line) => copyOf(line.json() as ElementDefinition)),
				]);
				if (id !== null) front.getElementById(id).addClass("chosen");
			});
			applyMarks(front, marks);
			baseLayer.style.opacity = near.size === 0 ? "1" : "0.22";
			draw();
		},
		setMarks(next) {
			marks = next;
			applyMarks(base, marks);
			applyMarks(front, marks);
			draw();
		},
		showAllEdges(shown) {
			base.edges().toggleClass("hidden", !shown);
		},
		restyle() {
			base.style(styleOf(token));
			front.style(styleOf(token));
			draw();
		},
		destroy() {
			cancelAnimationFrame(frame);
			observer.disconnect();
			base.destroy();
			front.destroy();
			host.replaceChildren();
		},
	};
}

function layer(host: HTMLElement, tag: "div" | "canvas"): HTMLElement {
	const element = document.createElement(tag);
	Object.assign(element.style, { position: "absolute", inset: "0", width: "100%", height: "100%" });
	host.append(element);
	return element;
}

function nodeElement({ id, kind, x, y, r, isolation, home }: MapNode): ElementDefinition {
	return {
		group: "nodes",
		data: { id, kind, size: 2 * r, home },
		position: { x, y },
		classes: `${kind} ${kind === "function" ? isolation : ""}`,
		selectable: false,
	};
}

function edgeElement({ id, from, to, kind }: MapEdge): ElementDefinition {
	return { group: "edges", data: { id, source: from, target: to, kind }, classes: kind, selectable: false };
}

function copyOf(json: ElementDefinition): ElementDefinition {
	return { group: json.group, data: json.data, position: json.position, classes: String(json.classes ?? "").replace(/hidden|faint/g, "") };
}

function applyMarks(cy: Core, marks: ReadonlyMap<string, MapMark>): void {
	cy.batch(() => {
		for (const tone of ["accent", "good", "bad", "warn"]) cy.nodes(`.${tone}`).removeClass(tone);
		for (const [id, { tone }] of marks) cy.getElementById(id).addClass(tone);
	});
}

function sizeCanvas(canvas: HTMLCanvasElement, host: HTMLElement): void {
	canvas.width = Math.max(1, Math.round(host.clientWidth * devicePixelRatio));
	canvas.height = Math.max(1, Math.round(host.clientHeight * devicePixelRatio));
}

function drawNames(
	canvas: HTMLCanvasElement,
	nodes: readonly MapNode[],
	cy: Core,
	near: ReadonlySet<string>,
	marks: ReadonlyMap<string, MapMark>,
	token: (name: string) => string,
): void {
	const pen = canvas.getContext("2d");
	if (pen === null) return;
	const zoom = cy.zoom();
	const pan = cy.pan();
	const [width, height] = [canvas.width / devicePixelRatio, canvas.height / devicePixelRatio];
	const font = (bold: boolean) => `${bold ? 600 : 450} ${LABEL_SIZE}px ${token("font")}`;
	const measure = (text: string, bold: boolean) => {
		pen.font = font(bold);
		return pen.measureText(text).width;
	};
	const labels: Label[] = nodes.map((node) => ({
		id: node.id,
		text: marks.has(node.id) ? `${node.label} · ${marks.get(node.id)?.word}` : node.label,
		x: node.x * zoom + pan.x,
		y: node.y * zoom + pan.y,
		r: node.r * zoom,
		rank: node.rank + (marks.has(node.id) ? 1000 : 0),
		side: node.kind === "module" ? "above" : node.kind === "route" ? "left" : node.kind === "table" ? "right" : "around",
		bold: node.kind === "module" || marks.has(node.id),
	}));
	const colours = { module: token("text-muted"), function: token("text"), route: token("route"), table: token("table") };
	const kinds = new Map(nodes.map((node) => [node.id, node.kind]));
	pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
	pen.clearRect(0, 0, width, height);
	pen.textBaseline = "top";
	pen.lineJoin = "round";
	pen.lineWidth = 3.5;
	pen.strokeStyle = token("canvas");
	for (const { label, left, top } of placeLabels(labels, { measure, view: { width, height }, size: LABEL_SIZE, forced: near })) {
		pen.globalAlpha = near.size === 0 || near.has(label.id) ? 1 : 0.28;
		pen.font = font(label.bold);
		pen.strokeText(label.text, left, top + 1);
		pen.fillStyle = colours[kinds.get(label.id) ?? "function"];
		pen.fillText(label.text, left, top + 1);
	}
	pen.globalAlpha = 1;
}

function styleOf(token: (name: string) => string): StylesheetJson {
	const soft = (colour: string, share: number) => mix(token(colour), token("canvas"), share);
	const isolation = (name: string, shape: string, colour: string) => ({
		selector: `.${name}`,
		style: { shape, "background-color": soft(colour, 0.36), "border-color": token(colour) },
	});
	return [
		{
			selector: "node",
			style: {
				width: "data(size)",
				height: "data(size)",
				"border-width": 2,
				"overlay-opacity": 0,
				"z-index": 10,
				"z-index-compare": "manual",
			},
		},
		{
			selector: ".module",
			style: { shape: "ellipse", "background-color": token("surface"), "border-color": token("line"), "border-width": 1, "z-index": 1 },
		},
		isolation("isolated", "hexagon", "good-mark"),
		isolation("coupled", "ellipse", "info-mark"),
		isolation("entangled", "diamond", "bad-mark"),
		{
			selector: ".route",
			style: { shape: "round-tag", width: 22, height: 16, "background-color": soft("route", 0.36), "border-color": token("route") },
		},
		{
			selector: ".table",
			style: { shape: "barrel", width: 20, height: 24, "background-color": soft("table", 0.36), "border-color": token("table") },
		},
		...["accent", "good", "bad", "warn"].map((tone) => ({
			selector: `.${tone}`,
			style: { "outline-width": 3, "outline-offset": 4, "outline-color": token(tone === "accent" ? "accent" : `${tone}-mark`) },
		})),
		{ selector: ".chosen", style: { "border-width": 4, "border-color": token("accent") } },
		{ selector: ".module.chosen", style: { "border-width": 2 } },
		{
			selector: "edge",
			style: {
				width: 1.6,
				"curve-style": "straight",
				"line-color": token("text-muted"),
				"target-arrow-color": token("text-muted"),
				"target-arrow-shape": "triangle",
				"arrow-scale": 0.9,
				"overlay-opacity": 0,
				"z-index": 5,
				"z-index-compare": "manual",
			},
		},
		{ selector: "edge.route", style: { "line-color": token("route"), "target-arrow-color": token("route") } },
		{ selector: "edge.read", style: { "line-color": token("table"), "target-arrow-color": token("table"), "line-style": "dashed" } },
		{ selector: "edge.write", style: { width: 2.4, "line-color": token("table"), "target-arrow-color": token("table") } },
		{ selector: ".faint", style: { opacity: 0.34, width: 1.2, "arrow-scale": 0.7 } },
		{ selector: ".hidden", style: { display: "none" } },
	] as StylesheetJson;
}

/** `share` of the first colour over the second; both `#rrggbb`. */
function mix(over: string, under: string, share: number): string {
	const part = (text: string, at: number) => Number.parseInt(text.slice(at, at + 2), 16);
	const blend = (at: number) => Math.round(part(over, at) * share + part(under, at) * (1 - share));
	return `rgb(${blend(1)}, ${blend(3)}, ${blend(5)})`;
}
