import { createStore } from "zustand/vanilla";

/** One step that can be taken back. */
export type UndoStep = {
	/** What was done, as a short imperative: `Refuse patch 3`. Menu and status bar say `Undo: Refuse patch 3`. */
	name: string;
	/** What the toast says, as a finished fact: `Patch refused`. Absent: no toast. */
	said?: string;
	undo(): void | Promise<void>;
	/** Absent: what was taken back cannot be done again from here. */
	redo?(): void | Promise<void>;
	/** Why it cannot be taken back any more, as a sentence; null while it can. Asked whenever it is shown. */
	blocked?(): string | null;
};

export type UndoEntry = UndoStep & { id: number; at: number };

/** The one stack of the window. Newest last. */
export type UndoState = {
	past: readonly UndoEntry[];
	future: readonly UndoEntry[];
	/** One step at a time: while it is under way nothing else is taken back. */
	busy: boolean;
	push(step: UndoStep): UndoEntry;
	/** Takes back this entry, or the newest that can be. Rejects with what went wrong; the entry is then gone. */
	undo(id?: number): Promise<UndoEntry | null>;
	redo(): Promise<UndoEntry | null>;
	clear(): void;
};

export const UNDO_LIMIT = 50;

export function createUndoStore(now: () => number = Date.now) {
	let lastId = 0;
	return createStore<UndoState>((set, get) => {
		async function exclusive<T>(work: () => Promise<T>): Promise<T | null> {
			if (get().busy) return null;
			set({ busy: true });
			try {
				return await work();
			} finally {
				set({ busy: false });
			}
		}
		return {
			past: [],
			future: [],
			busy: false,
			push(step) {
				const entry = { ...step, id: ++lastId, at: now() };
				set({ past: [...get().past, entry].slice(-UNDO_LIMIT), future: [] });
				return entry;
			},
			undo: (id) =>
				exclusive(async () => {
					const entry = id === undefined ? undoable(get()) : get().past.find((one) => one.id === id && isOpen(one));
					if (entry === undefined) return null;
					set({ past: get().past.filter((one) => one !== entry) });
					await entry.undo();
					if (entry.redo !== undefined) set({ future: [...get().future, entry] });
					return entry;
				}),
			redo: () =>
				exclusive(async () => {
					const entry = get().future.at(-1);
					if (entry === undefined) return null;
					set({ future: get().future.slice(0, -1) });
					await entry.redo?.();
					set({ past: [...get().past, entry] });
					return entry;
				}),
			clear: () => set({ past: [], future: [] }),
		};
	});
}

const isOpen = (entry: UndoEntry) => (entry.blocked?.() ?? null) === null;

/** What Ctrl+Z would take back now: the newest entry that still can be. */
export function undoable(state: UndoState): UndoEntry | undefined {
	return state.past.findLast(isOpen);
}

export type UndoStore = ReturnType<typeof createUndoStore>;
