import type { Action } from "./command.ts";
import { always } from "./seen.ts";

export const windowActions = {
	"palette.open": {
		when: always,
		run: ({ screen }) => screen.getState().set({ dialog: { kind: "palette", start: "" } }),
	},
	"window.theme": {
		when: always,
		run({ screen }) {
			const shown = document.documentElement.dataset.theme;
			screen.getState().set({ theme: shown === "dark" ? "light" : "dark" });
		},
	},
	"window.keys": {
		when: always,
		run: ({ screen }) => screen.getState().set({ dialog: { kind: "keys" } }),
	},
	"window.retry": {
		when: ({ engine }) => engine.connection === "lost" || engine.connection === "refused",
		run: ({ retry }) => retry(),
	},
} satisfies Record<string, Action>;
