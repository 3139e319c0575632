import type { Settings } from "../../state/index.ts";
import { done } from "./asking.ts";
import type { Action, Context } from "./command.ts";
import { always } from "./seen.ts";

export const windowActions = {
	"palette.open": {
		when: always,
		run: ({ screen }) => screen.getState().set({ dialog: { kind: "palette", start: "" } }),
	},
	"window.theme": {
		when: always,
		run: (context) => wear(context, document.documentElement.dataset.theme === "dark" ? "light" : "dark"),
	},
	"window.contrast": {
		when: always,
		run: (context) => wear(context, document.documentElement.dataset.theme === "contrast" ? "system" : "contrast"),
	},
	"window.keys": {
		when: always,
		run: ({ screen }) => screen.getState().set({ dialog: { kind: "keys" } }),
	},
	"window.problems": {
		when: always,
		run: ({ screen }) => screen.getState().set({ dialog: { kind: "problems" } }),
	},
	"window.retry": {
		when: ({ engine }) => engine.connection === "lost" || engine.connection === "refused",
		why: () => "The core answers.",
		run: ({ retry }) => retry(),
	},
} satisfies Record<string, Action>;

function wear(context: Context, theme: Settings["theme"]): void {
	const { theme: before, change } = context.settings.getState();
	change({ theme });
	done(context, { name: "Change the theme", undo: () => change({ theme: before }), redo: () => change({ theme }) });
}
