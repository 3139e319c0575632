import { createStore } from "zustand/vanilla";
import type { FaultData } from "../../core/base/index.ts";
import type { CommandId } from "../../core/contract/commands.ts";
import type { EvidenceHandle, ExampleHandle, MapHandle, OutputHandle } from "./handles.ts";
import type { ReviewDraft } from "./review.ts";

export const places = ["map", "run", "patches", "runtime", "evidence", "settings"] as const;
export type Place = (typeof places)[number];

export type Dialog =
	| { kind: "palette"; start: string }
	/** `hint`: the name of a folder whose path the window may not know. */
	| { kind: "open-folder"; hint: string | null }
	| { kind: "isolate"; functions: readonly string[] }
	| { kind: "workbench"; function: string; at: { file: string; line: number } | null }
	| { kind: "cancel"; function: string | null }
	| { kind: "waive"; function: string; branch: string }
	| { kind: "allow"; function: string; site: string }
	| { kind: "seal" }
	| { kind: "switch-log" }
	| { kind: "comparisons" }
	| { kind: "record" }
	| { kind: "replay" }
	| { kind: "import-recording" }
	| { kind: "export-recording" }
	| { kind: "keys" }
	| { kind: "history" }
	| { kind: "problems" };

/** What one looks at within a place, by name; it stands in the address: `#/evidence?question=dropped`. */
export type Details = Readonly<Record<string, string>>;

/** A line of a context menu: a command, with its argument and words of its own where the title does not say enough. */
export type MenuItem = CommandId | { id: CommandId; argument?: string; title?: string } | "separator";
/** A context menu that is open at these pixels of the window. `label` names what it is about. */
export type Menu = { x: number; y: number; label: string; items: readonly MenuItem[]; argument?: string };

/** Said for a moment. `undo` is the entry of the undo stack that its button takes back. */
export type Toast = { id: number; text: string; undo: number | null };

/** Everything that only this screen knows: where one is, what is chosen, what is open. */
export type ScreenState = {
	place: Place;
	/** Node id on the map; `#/map?select=function:scoring.credit_score`. */
	selected: string | null;
	/** `#/patches?patch=...`. */
	patch: string | null;
	/** Of the other places; each names its own. */
	details: Readonly<Partial<Record<Place, Details>>>;
	mapView: "bubbles" | "table";
	allEdges: boolean;
	dialog: Dialog | null;
	menu: Menu | null;
	/** A long call that is under way, in words. */
	busy: string | null;
	errors: readonly { id: number; fault: FaultData }[];
	toasts: readonly Toast[];
	/** There while the map is on the screen. */
	map: MapHandle | null;
	/** There while the output is on the screen. */
	output: OutputHandle | null;
	/** There while an example of a mismatch is on the screen. */
	example: ExampleHandle | null;
	/** There while the evidence is on the screen. */
	evidence: EvidenceHandle | null;
	/** What is marked on patches that are not decided yet, by patch. */
	reviews: Readonly<Record<string, ReviewDraft>>;
	/** The stage covers the screen; beneath it everything stays as it is. */
	stage: boolean;
	/** The chapter that the presenter chose; null: the stage shows the one that tells what goes on. */
	stageChapter: number | null;
	go(place: Place): void;
	select(id: string | null): void;
	set(
		part: Partial<
			Pick<
				ScreenState,
				| "patch"
				| "mapView"
				| "allEdges"
				| "dialog"
				| "menu"
				| "busy"
				| "map"
				| "output"
				| "example"
				| "evidence"
				| "stage"
				| "stageChapter"
				| "reviews"
			>
		>,
	): void;
	/** Notes in the address what is looked at within a place; null takes a name away. */
	detail(place: Place, part: Readonly<Record<string, string | null>>): void;
	raise(fault: FaultData): void;
	dismiss(id: number): void;
	say(text: string, undo?: number | null): void;
	hush(id: number): void;
};

const MAX_ERRORS = 3;
export const MAX_TOASTS = 2;

export function createScreenStore(initial: Partial<Pick<ScreenState, "place" | "selected" | "patch" | "details" | "mapView">> = {}) {
	let lastId = 0;
	return createStore<ScreenState>((set, get) => ({
		place: "map",
		selected: null,
		patch: null,
		details: {},
		mapView: "bubbles",
		allEdges: false,
		dialog: null,
		menu: null,
		busy: null,
		errors: [],
		toasts: [],
		map: null,
		output: null,
		reviews: {},
		example: null,
		evidence: null,
		stage: false,
		stageChapter: null,
		...initial,
		go: (place) => set({ place }),
		select: (selected) => set({ selected }),
		set: (part) => set(part),
		detail(place, part) {
			const merged = { ...get().details[place], ...part };
			const kept = Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== null);
			set({ details: { ...get().details, [place]: Object.fromEntries(kept) } });
		},
		raise(fault) {
			const others = get().errors.filter((error) => error.fault.what !== fault.what);
			set({ errors: [...others, { id: ++lastId, fault }].slice(-MAX_ERRORS) });
		},
		dismiss: (id) => set({ errors: get().errors.filter((error) => error.id !== id) }),
		say(text, undo = null) {
			const others = get().toasts.filter((toast) => toast.text !== text);
			set({ toasts: [...others, { id: ++lastId, text, undo }].slice(-MAX_TOASTS) });
		},
		hush: (id) => set({ toasts: get().toasts.filter((toast) => toast.id !== id) }),
	}));
}

export type ScreenStore = ReturnType<typeof createScreenStore>;
