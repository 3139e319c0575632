import type { Action, Seen } from "./command.ts";

const shown = ({ screen }: Seen) => screen.output !== null;
const searched = ({ screen }: Seen) => (screen.output?.found ?? 0) > 0;
const notShown = () => "The output is shown in the place Runtime.";

export const runtimeActions = {
	"runtime.find": { when: shown, why: notShown, run: ({ screen }) => screen.getState().output?.find() },
	"runtime.next": { when: searched, why: () => "No line holds the searched text.", run: ({ screen }) => screen.getState().output?.step(1) },
	"runtime.previous": {
		when: searched,
		why: () => "No line holds the searched text.",
		run: ({ screen }) => screen.getState().output?.step(-1),
	},
	"runtime.follow": {
		when: ({ screen }) => screen.output?.following === false,
		why: (seen) => (shown(seen) ? "The newest lines are followed already." : notShown()),
		run: ({ screen }) => screen.getState().output?.follow(),
	},
	"runtime.copy": {
		when: ({ screen }) => screen.output?.chosen != null,
		why: () => "No line is chosen.",
		run: ({ screen }) => screen.getState().output?.copy(),
	},
	"runtime.older": { when: shown, why: notShown, run: ({ screen }) => screen.getState().output?.older() },
	"runtime.terminal": {
		when: ({ screen }) => screen.place === "runtime",
		why: () => "Legacy's screen is in the place Runtime.",
		run: ({ screen }) =>
			screen.getState().detail("runtime", { terminal: screen.getState().details.runtime?.terminal === "off" ? null : "off" }),
	},
} satisfies Record<string, Action>;
