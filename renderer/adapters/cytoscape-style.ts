import type { StylesheetJson } from "cytoscape";
import { mix } from "./map-shapes.ts";

/** How Cytoscape draws marks and lines, from the design tokens. */
export function styleOf(token: (name: string) => string): StylesheetJson {
	const soft = (colour: string) => mix(token(colour), token("surface"), 0.3);
	const mark = (selector: string, shape: string, colour: string, more: object = {}) => ({
		selector,
		style: { shape, "background-color": soft(colour), "border-color": token(colour), ...more },
	});
	const line = (selector: string, colour: string, more: object = {}) => ({
		selector,
		style: { "line-color": token(colour), "target-arrow-color": token(colour), ...more },
	});
	const tagPoints = "-1 -0.7 0.35 -0.7 1 0 0.35 0.7 -1 0.7";
	return [
		{
			selector: "node",
			style: {
				width: "data(size)",
				height: "data(size)",
				"border-width": 1.8,
				"overlay-opacity": 0,
				"z-index": 10,
				"z-index-compare": "manual",
			},
		},
		mark(".isolated", "hexagon", "good-mark", { height: "data(low)" }),
		mark(".coupled", "ellipse", "info-mark"),
		mark(".entangled", "diamond", "bad-mark"),
		mark(".route", "polygon", "route", { "shape-polygon-points": tagPoints }),
		mark(".table", "barrel", "table", { width: "data(low)" }),
		{
			selector: ".bubble",
			style: { shape: "ellipse", "background-opacity": 0, "border-color": token("text-muted"), "border-width": 1.5, "z-index": 1 },
		},
		...["accent", "good", "bad", "warn"].map((tone) => ({
			selector: `.${tone}`,
			style: { "outline-width": 3, "outline-offset": 4, "outline-color": token(tone === "accent" ? "accent" : `${tone}-mark`) },
		})),
		{
			selector: ".chosen",
			style: {
				"border-width": 3.5,
				"border-color": token("accent"),
				"outline-width": 5,
				"outline-offset": 3,
				"outline-color": token("accent"),
				"outline-opacity": 0.25,
			},
		},
		{ selector: ".bubble.chosen", style: { "border-width": 2.5, "outline-width": 0 } },
		{
			selector: "edge",
			style: {
				width: "data(width)",
				"curve-style": "unbundled-bezier",
				"control-point-distances": "data(bend)",
				"control-point-weights": 0.5,
				"edge-distances": "node-position",
				"target-arrow-shape": "triangle",
				"arrow-scale": "data(arrow)",
				"overlay-opacity": 0,
				"z-index": 5,
				"z-index-compare": "manual",
			},
		},
		// Towards the selection in amber with a hollow head, away from it in the accent with a full one.
		line(".out", "accent"),
		line(".into", "warn-mark", { "target-arrow-shape": "vee" }),
		line(".edge-route", "route"),
		line(".edge-read", "table", { "line-style": "dashed", "line-dash-pattern": [6, 4] }),
		line(".edge-write", "table"),
		{ selector: ".gone", style: { display: "none" } },
	] as unknown as StylesheetJson;
}
