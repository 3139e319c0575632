import { undoable } from "../../state/index.ts";
import { faultFrom } from "../trouble.ts";
import type { Action, Context } from "./command.ts";
import { always } from "./seen.ts";

export const editActions = {
	/** Of the entry with this id, or of the newest that can be taken back. */
	"edit.undo": {
		when: ({ undo }, id) => !undo.busy && (id === undefined ? undoable(undo) : entryOf(undo.past, id)) !== undefined,
		why: ({ undo }) =>
			undo.busy ? "A step is being taken back." : (undo.past.at(-1)?.blocked?.() ?? "Nothing was done that could be undone."),
		words: ({ undo }) => nameOf("Undo", undoable(undo)),
		run: (context, id) => step(context, "Undone", () => context.undo.getState().undo(id === undefined ? undefined : Number(id))),
	},
	"edit.redo": {
		when: ({ undo }) => !undo.busy && undo.future.length > 0,
		why: () => "Nothing was undone that could be done again.",
		words: ({ undo }) => nameOf("Redo", undo.future.at(-1)),
		run: (context) => step(context, "Done again", () => context.undo.getState().redo()),
	},
	"edit.history": { when: always, run: ({ screen }) => screen.getState().set({ dialog: { kind: "history" } }) },
} satisfies Record<string, Action>;

type Named = { id: number; name: string; blocked?(): string | null };

function entryOf(past: readonly Named[], id: string): Named | undefined {
	return past.find((entry) => entry.id === Number(id) && (entry.blocked?.() ?? null) === null);
}

const nameOf = (verb: string, entry: Named | undefined) => (entry === undefined ? verb : `${verb}: ${entry.name}`);

async function step({ screen }: Context, word: string, take: () => Promise<{ id: number; name: string } | null>): Promise<void> {
	try {
		const entry = await take();
		if (entry !== null) screen.getState().say(`${word}: ${entry.name}`);
	} catch (error) {
		screen.getState().raise(faultFrom(error));
	}
}
