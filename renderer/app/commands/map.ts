import type { Action } from "./command.ts";
import { onMap, withProject } from "./seen.ts";

export const mapActions = {
	"map.fit": { when: onMap, run: ({ screen }) => screen.getState().map?.fit() },
	"map.zoomIn": { when: onMap, run: ({ screen }) => screen.getState().map?.zoomBy(1.35) },
	"map.zoomOut": {
		when: onMap,
		run: ({ screen }) => screen.getState().map?.zoomBy(1 / 1.35),
	},
	"map.edges": {
		when: onMap,
		run: ({ screen }) => screen.getState().set({ allEdges: !screen.getState().allEdges }),
	},
	"map.twin": {
		when: ({ screen, engine }) => screen.place === "map" && engine.snapshot?.project != null,
		run: ({ screen }) => screen.getState().set({ mapView: screen.getState().mapView === "table" ? "bubbles" : "table" }),
	},
	"map.find": {
		when: withProject,
		run: ({ screen }) => screen.getState().set({ dialog: { kind: "palette", start: "" } }),
	},
	"map.show": {
		when: withProject,
		run({ screen }, id = "") {
			screen.getState().go("map");
			screen.getState().select(id);
			screen.getState().map?.flyTo(id);
		},
	},
	"map.deselect": {
		when: ({ screen }) => screen.place === "map" && screen.selected !== null && screen.dialog === null,
		run: ({ screen }) => screen.getState().select(null),
	},
} satisfies Record<string, Action>;
