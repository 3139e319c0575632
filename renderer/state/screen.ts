import { createStore } from "zustand/vanilla";
import type { FaultData } from "../../core/base/index.ts";

export const places = ["map", "run", "patches", "evidence"] as const;
export type Place = (typeof places)[number];

export type Dialog =
	| { kind: "palette"; start: string }
	| { kind: "open-folder" }
	| { kind: "isolate"; function: string }
	| { kind: "cancel"; function: string | null }
	| { kind: "seal" }
	| { kind: "keys" };

/** What the map lets others do with it; there while the map is on the screen. */
export type MapHandle = { fit(): void; zoomBy(factor: number): void; flyTo(id: string): void };

/** Everything that only this screen knows: where one is, what is chosen, what is open. */
export type ScreenState = {
	place: Place;
	/** Node id on the map. */
	selected: string | null;
	patch: string | null;
	theme: "system" | "light" | "dark";
	mapView: "bubbles" | "table";
	allEdges: boolean;
	dialog: Dialog | null;
	/** A long call that is under way, in words. */
	busy: string | null;
	errors: { id: number; fault: FaultData }[];
	/** Spoken and shown for a moment. */
	notice: string | null;
	map: MapHandle | null;
	go(place: Place): void;
	select(id: string | null): void;
	set(part: Partial<Pick<ScreenState, "patch" | "theme" | "mapView" | "allEdges" | "dialog" | "busy" | "notice" | "map">>): void;
	raise(fault: FaultData): void;
	dismiss(id: number): void;
};

const MAX_ERRORS = 3;

export function createScreenStore(initial: Partial<Pick<ScreenState, "place" | "theme">> = {}) {
	let errorId = 0;
	return createStore<ScreenState>((set, get) => ({
		place: "map",
		selected: null,
		patch: null,
		theme: "system",
		mapView: "bubbles",
		allEdges: false,
		dialog: null,
		busy: null,
		errors: [],
		notice: null,
		map: null,
		...initial,
		go: (place) => set({ place }),
		select: (selected) => set({ selected }),
		set: (part) => set(part),
		raise(fault) {
			const others = get().errors.filter((error) => error.fault.what !== fault.what);
			set({ errors: [...others, { id: ++errorId, fault }].slice(-MAX_ERRORS) });
		},
		dismiss: (id) => set({ errors: get().errors.filter((error) => error.id !== id) }),
	}));
}

export type ScreenStore = ReturnType<typeof createScreenStore>;
