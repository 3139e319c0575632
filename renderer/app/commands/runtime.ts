import { recordingSort, replaySort } from "../../../core/contract/progress.ts";
import { ask } from "./asking.ts";
import type { Action, Seen } from "./command.ts";

const shown = ({ screen }: Seen) => screen.output !== null;
const searched = ({ screen }: Seen) => (screen.output?.found ?? 0) > 0;
const notShown = () => "The output is shown in the place Runtime.";

const underWay = (sort: string) => (seen: Seen) => seen.engine.snapshot?.progress.some((work) => work.sort === sort) ?? false;
const recording = underWay(recordingSort);
const replaying = underWay(replaySort);
const connected = ({ engine }: Seen) => engine.connection === "open";
const notConnected = () => "The core is not connected.";
const attached = ({ engine }: Seen) => engine.snapshot?.system != null;

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
	"comparisons.show": {
		when: connected,
		why: notConnected,
		run: ({ screen }) => screen.getState().set({ dialog: { kind: "comparisons" } }),
	},
	"recording.start": {
		when: (seen) => attached(seen) && !recording(seen),
		why: (seen) => (attached(seen) ? "A recording is under way." : "No legacy system is attached."),
		run: ({ screen }) => screen.getState().set({ dialog: { kind: "record" } }),
	},
	"recording.stop": {
		when: recording,
		why: () => "No recording is under way.",
		run: async (context) => void (await ask(context, (client) => client.recording.stop({}))),
	},
	"replay.start": {
		when: (seen) => connected(seen) && !replaying(seen),
		why: (seen) => (replaying(seen) ? "A replay is under way." : notConnected()),
		run: ({ screen }) => screen.getState().set({ dialog: { kind: "replay" } }),
	},
	"replay.stop": {
		when: replaying,
		why: () => "No replay is under way.",
		run: async (context) => void (await ask(context, (client) => client.replay.stop({}))),
	},
	"recording.import": {
		when: connected,
		why: notConnected,
		run: ({ screen }) => screen.getState().set({ dialog: { kind: "import-recording" } }),
	},
	"recording.export": {
		when: connected,
		why: notConnected,
		run: ({ screen }) => screen.getState().set({ dialog: { kind: "export-recording" } }),
	},
} satisfies Record<string, Action>;
