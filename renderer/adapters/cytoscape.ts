import cytoscape, { type Core, type ElementDefinition } from "cytoscape";
import { styleOf } from "./cytoscape-style.ts";
import { type Camera, DRAWN_LIMIT, type Focus, isBare, openBubbles, type Scene, type SceneNode, type Sieve } from "./map-scene.ts";

/** What a running migration adds to a mark: a ring of this tone, and a word under its name. */
export type MapMark = { tone: "accent" | "good" | "bad" | "warn"; word: string };

/**
 * The detail of the map: every mark of a small scene, and above it whatever is in focus with its lines. It draws; what is under
 * the pointer is asked of the scene, so that dots of the sky and marks of this layer behave alike.
 */
export type Detail = {
	/** Both layers at this camera; a mark in focus is never too small to be seen. */
	look(camera: Camera): void;
	sift(sieve: Sieve): void;
	focus(focus: Focus | null): void;
	setMarks(marks: ReadonlyMap<string, MapMark>): void;
	restyle(): void;
	resize(): void;
	/** Nodes and lines that Cytoscape holds now. */
	size(): number;
	destroy(): void;
};

const SMALLEST = 4.5;

export function createDetail(base: HTMLElement, front: HTMLElement, scene: Scene, token: (name: string) => string): Detail {
	const shared = {
		style: styleOf(token),
		layout: { name: "preset" },
		minZoom: 0.005,
		maxZoom: 8,
		userPanningEnabled: false,
		userZoomingEnabled: false,
		autoungrabify: true,
		autounselectify: true,
		boxSelectionEnabled: false,
	} as const;
	const elements = scene.isSmall ? scene.nodes.flatMap((node) => (node.shape === "bubble" ? [] : [elementOf(node)])) : [];
	const [low, high] = [cytoscape({ ...shared, container: base, elements }), cytoscape({ ...shared, container: front, elements: [] })];
	let marks: ReadonlyMap<string, MapMark> = new Map();
	let camera: Camera = { x: 0, y: 0, zoom: 1 };

	/** Sizes in model units that keep their pixels: small marks grow, lines and heads stay as they are. */
	const fitFront = () => {
		const { zoom } = camera;
		high.batch(() => {
			for (const node of high.nodes()) {
				const r = Math.max(Number(node.data("r")), SMALLEST / zoom);
				node.data({ size: 2 * r, low: 1.732 * r });
			}
			for (const edge of high.edges()) edge.data({ width: 1.7 / zoom, arrow: Math.min(1.2, 0.9 / zoom) });
		});
	};
	return {
		look(next) {
			const isZoomed = next.zoom !== camera.zoom;
			camera = next;
			if (isZoomed) fitFront();
			// An empty layer would still be cleared and composed.
			for (const cy of [low, high]) if (cy.elements().nonempty()) cy.viewport({ zoom: camera.zoom, pan: { x: camera.x, y: camera.y } });
		},
		sift(sieve) {
			if (!scene.isSmall) return;
			const open = openBubbles(scene, camera.zoom, sieve);
			low.batch(() => {
				for (const [index, node] of scene.nodes.entries()) {
					if (node.shape === "bubble") continue;
					low.getElementById(node.id).toggleClass("gone", sieve.hidden.has(index) || !isBare(scene, open, index));
				}
			});
		},
		focus(focus) {
			high.batch(() => {
				high.elements().remove();
				if (focus === null) return;
				const room = Math.max(0, DRAWN_LIMIT - focus.nodes.size);
				const nodes = [...focus.nodes].slice(0, DRAWN_LIMIT).flatMap((index) => scene.nodes[index] ?? []);
				const shown = new Set(nodes.map((node) => node.id));
				const lines = [
					...focus.into.map((index) => lineOf(scene, index, "into")),
					...focus.out.map((index) => lineOf(scene, index, "out")),
				];
				high.add(nodes.map(elementOf));
				high.add(lines.filter((line) => shown.has(String(line.data.source)) && shown.has(String(line.data.target))).slice(0, room));
				high.getElementById(scene.nodes[focus.chosen]?.id ?? "").addClass("chosen");
			});
			applyMarks(high, marks);
			fitFront();
			high.viewport({ zoom: camera.zoom, pan: { x: camera.x, y: camera.y } });
		},
		setMarks(next) {
			marks = next;
			applyMarks(low, marks);
			applyMarks(high, marks);
		},
		restyle() {
			low.style(styleOf(token));
			high.style(styleOf(token));
		},
		resize() {
			low.resize();
			high.resize();
		},
		size: () => low.elements().length + high.elements().length,
		destroy() {
			low.destroy();
			high.destroy();
		},
	};
}

function elementOf({ id, shape, x, y, r }: SceneNode): ElementDefinition {
	// A hexagon of Cytoscape fills its box; a regular one is 0.87 times as high as wide.
	return { group: "nodes", data: { id, r, size: 2 * r, low: 1.732 * r }, position: { x, y }, classes: shape };
}

function lineOf(scene: Scene, index: number, way: "into" | "out"): ElementDefinition {
	const edge = scene.edges[index];
	const [a, b] = [scene.nodes[edge?.from ?? -1], scene.nodes[edge?.to ?? -1]];
	const length = a === undefined || b === undefined ? 0 : Math.hypot(a.x - b.x, a.y - b.y);
	return {
		group: "edges",
		data: { id: `e${index}`, source: a?.id ?? "", target: b?.id ?? "", bend: BEND * length, width: 1.7, arrow: 0.9 },
		classes: `${way} edge-${edge?.kind ?? "call"}`,
	};
}

/** Of a line in focus, as part of its length. */
export const BEND = 0.08;

function applyMarks(cy: Core, marks: ReadonlyMap<string, MapMark>): void {
	cy.batch(() => {
		for (const tone of ["accent", "good", "bad", "warn"]) cy.nodes(`.${tone}`).removeClass(tone);
		for (const [id, { tone }] of marks) cy.getElementById(id).addClass(tone);
	});
}
