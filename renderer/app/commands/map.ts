import { type MapLook, readLook, writeLook } from "../../state/index.ts";
import type { Action, Context, Seen } from "./command.ts";
import { onMap, withProject } from "./seen.ts";

/** The picture is on the screen, not its table. */
const onCanvas = (seen: Seen) => onMap(seen) && seen.screen.mapView === "bubbles";
const lookOf = ({ screen }: Seen) => readLook(screen.details.map);
const note = ({ screen }: Context, look: Partial<MapLook>) => screen.getState().detail("map", writeLook(look));
const now = ({ screen }: Context) => readLook(screen.getState().details.map);
const withSelection = (seen: Seen) => onCanvas(seen) && seen.screen.selected !== null;
const nothingSelected = () => "Nothing is selected on the map.";
const atMap = (seen: Seen) => onCanvas(seen) && seen.screen.map?.hasFocus() === true;
const isFiltered = (look: MapLook) => look.find !== "" || look.hide !== "" || look.off.length > 0 || look.only || look.path !== null;
/** A bubble, as opposed to a mark: these can be opened. */
const isBubble = (id: string | null) => id !== null && /^(package|module):/.test(id);

const step = (direction: "left" | "right" | "up" | "down"): Action => ({
	when: atMap,
	why: (seen) => (onCanvas(seen) ? "The map does not have the keyboard; press Tab until it does." : null),
	run: (context) => {
		const { selected, map } = context.screen.getState();
		const { bubble } = now(context);
		const next = map?.neighbour(bubble ?? selected, direction) ?? null;
		if (next !== null) choose(context, next);
	},
});

/** Packages are no nodes of the graph, so they are chosen by the map alone. */
function choose(context: Context, id: string | null): void {
	const isPackage = id?.startsWith("package:") === true;
	note(context, { bubble: isPackage ? id : null, lines: null });
	context.screen.getState().select(isPackage ? null : id);
}

export const mapActions = {
	"map.fit": { when: onCanvas, run: ({ screen }) => screen.getState().map?.fit() },
	"map.zoomIn": { when: onCanvas, run: ({ screen }) => screen.getState().map?.zoomBy(1.35) },
	"map.zoomOut": {
		when: onCanvas,
		run: ({ screen }) => screen.getState().map?.zoomBy(1 / 1.35),
	},
	"map.edges": {
		when: onCanvas,
		run: ({ screen }) => screen.getState().set({ allEdges: !screen.getState().allEdges }),
	},
	"map.twin": {
		when: ({ screen, engine }) => screen.place === "map" && engine.snapshot?.project != null,
		run: ({ screen }) => screen.getState().set({ mapView: screen.getState().mapView === "table" ? "bubbles" : "table" }),
	},
	"map.focus": {
		when: (seen) => onCanvas(seen) && (seen.screen.selected !== null || lookOf(seen).only),
		why: nothingSelected,
		run(context) {
			note(context, { only: !now(context).only });
			const { selected, map } = context.screen.getState();
			if (selected !== null) map?.flyTo(selected);
		},
	},
	"map.deeper": {
		when: (seen) => withSelection(seen) && lookOf(seen).depth < 3,
		why: (seen) => (withSelection(seen) ? "Three steps are the most." : nothingSelected()),
		run: (context) => note(context, { depth: now(context).depth === 1 ? 2 : 3 }),
	},
	"map.nearer": {
		when: (seen) => withSelection(seen) && lookOf(seen).depth > 1,
		why: (seen) => (withSelection(seen) ? "One step is the least." : nothingSelected()),
		run: (context) => note(context, { depth: now(context).depth === 3 ? 2 : 1 }),
	},
	"map.depth": {
		when: onCanvas,
		run: (context, depth) => note(context, { depth: depth === "3" ? 3 : depth === "2" ? 2 : 1 }),
	},
	"map.path": {
		when: onCanvas,
		run(context, to) {
			const { selected, map } = context.screen.getState();
			const isOn = now(context).path !== null && to === undefined;
			note(context, { path: isOn ? null : { from: selected === to ? null : selected, to: to ?? null } });
			if (!isOn) requestAnimationFrame(() => map?.ask("path"));
		},
	},
	"map.group": {
		when: onCanvas,
		run: (context) => note(context, { grouped: !now(context).grouped, opened: [] }),
	},
	"map.enter": {
		when: (seen, id) => (id !== undefined ? onCanvas(seen) : atMap(seen)) && isBubble(id ?? lookOf(seen).bubble ?? seen.screen.selected),
		why: () => "No bubble is selected on the map.",
		run(context, given) {
			const { selected, map } = context.screen.getState();
			const { bubble, grouped, opened } = now(context);
			const id = given ?? bubble ?? selected;
			if (id === null || map === null) return;
			const isOpen = map.isOpen(id);
			if (grouped) note(context, { opened: isOpen ? opened.filter((one) => one !== id) : [...opened, id] });
			if (isOpen) map.fit();
			else map.flyInto(id);
		},
	},
	"map.lines": {
		when: (seen, ends) =>
			onCanvas(seen) &&
			(ends !== undefined || seen.screen.selected !== null || lookOf(seen).bubble !== null || lookOf(seen).lines !== null),
		why: nothingSelected,
		/** `from>to`; either may be open. Without ends: all that leads out of the selection, a second time what leads into it. */
		run(context, ends) {
			const { selected } = context.screen.getState();
			const { lines, bubble } = now(context);
			const id = bubble ?? selected;
			if (ends !== undefined) context.screen.getState().detail("map", { lines: ends });
			else if (lines !== null && lines.from === null) note(context, { lines: null });
			else if (lines !== null && lines.to === null) note(context, { lines: { from: null, to: id } });
			else note(context, { lines: lines === null && id !== null ? { from: id, to: null } : null });
		},
	},
	"map.filter": { when: onMap, run: ({ screen }) => screen.getState().map?.ask("find") },
	"map.clear": {
		when: (seen) => onMap(seen) && isFiltered(lookOf(seen)),
		why: () => "Nothing is filtered.",
		run: (context) => note(context, { find: "", hide: "", off: [], only: false, path: null }),
	},
	"map.minimap": { when: onCanvas, run: (context) => note(context, { minimap: !now(context).minimap }) },
	"map.left": step("left"),
	"map.right": step("right"),
	"map.up": step("up"),
	"map.down": step("down"),
	"map.view": { when: onMap, run: ({ screen }) => screen.getState().map?.ask("view") },
	"map.png": { when: onCanvas, run: ({ screen }) => screen.getState().map?.save("png") },
	"map.svg": { when: onCanvas, run: ({ screen }) => screen.getState().map?.save("svg") },
	"map.arrange": { when: onCanvas, run: ({ screen }) => screen.getState().map?.arrange() },
	"map.find": {
		when: withProject,
		run: ({ screen }) => screen.getState().set({ dialog: { kind: "palette", start: "" } }),
	},
	"map.show": {
		when: withProject,
		run(context, id = "") {
			context.screen.getState().go("map");
			choose(context, id);
			context.screen.getState().map?.flyTo(id);
		},
	},
	"map.deselect": {
		when: ({ screen }) =>
			screen.place === "map" &&
			screen.dialog === null &&
			(screen.selected !== null ||
				readLook(screen.details.map).bubble !== null ||
				readLook(screen.details.map).lines !== null ||
				readLook(screen.details.map).path !== null),
		why: nothingSelected,
		/** One step back at a time: the card of lines, the path, then the selection. */
		run(context) {
			const { lines, path } = now(context);
			if (lines !== null) note(context, { lines: null });
			else if (path !== null) note(context, { path: null });
			else {
				note(context, { only: false });
				choose(context, null);
			}
		},
	},
} satisfies Record<string, Action>;
