import { Fault } from "../../core/base/index.ts";
import type { EngineState, EngineStore, ProjectState, ProjectStore, ScreenState, ScreenStore } from "../state/index.ts";
import type { Client } from "./client.ts";
import { faultFrom } from "./trouble.ts";

/** What a command may read and use. */
export type Context = {
	client(): Client | null;
	retry(): void;
	engine: EngineStore;
	project: ProjectStore;
	screen: ScreenStore;
};

type Seen = { engine: EngineState; project: ProjectState; screen: ScreenState };

/** One thing the user can do. Buttons, the palette and the keyboard all read this list; nothing else acts. */
export type Command = {
	id: string;
	title: string;
	section: "Go to" | "Project" | "Map" | "Run" | "Patches" | "Evidence" | "Window";
	/** As written on the screen: `Ctrl+K`, `/`, `Shift+E`. */
	keys?: string;
	/** Not offered in the palette, for what only makes sense where its button is. */
	hidden?: boolean;
	when(seen: Seen): boolean;
	run(context: Context, argument?: string): void | Promise<void>;
};

const always = () => true;
const withProject = ({ engine }: Seen) => engine.snapshot?.project != null;
const onMap = ({ screen }: Seen) => screen.place === "map" && screen.map !== null;
const running = ({ engine }: Seen) => engine.snapshot?.run?.state === "running";
const active = ({ engine }: Seen) => ["running", "paused"].includes(engine.snapshot?.run?.state ?? "");
const demoOn = ({ engine }: Seen) => engine.snapshot?.demo?.state === "running";
const selectedFunction = (screen: ScreenState) =>
	screen.selected?.startsWith("function:") ? screen.selected.slice("function:".length) : null;

const proposed = ({ engine, screen }: Seen) => {
	const patches = engine.snapshot?.patches ?? [];
	return patches.some((patch) => patch.state === "proposed" && (screen.patch === null || patch.id === screen.patch));
};

export const commands: readonly Command[] = [
	{ id: "go.map", title: "Map", section: "Go to", keys: "1", when: withProject, run: ({ screen }) => screen.getState().go("map") },
	{ id: "go.run", title: "Run", section: "Go to", keys: "2", when: withProject, run: ({ screen }) => screen.getState().go("run") },
	{
		id: "go.patches",
		title: "Patches",
		section: "Go to",
		keys: "3",
		when: withProject,
		run: ({ screen }) => screen.getState().go("patches"),
	},
	{
		id: "go.evidence",
		title: "Evidence",
		section: "Go to",
		keys: "4",
		when: withProject,
		run: ({ screen }) => screen.getState().go("evidence"),
	},

	{
		id: "project.openSample",
		title: "Open the sample bank",
		section: "Project",
		when: always,
		run: (context) =>
			busy(context, "Reading the sample bank", async (client) => {
				context.project.getState().setGraph(await client.project.openSample({}));
				opened(context);
			}),
	},
	{
		id: "project.chooseFolder",
		title: "Open a folder…",
		section: "Project",
		keys: "Ctrl+O",
		when: always,
		run: ({ screen }) => screen.getState().set({ dialog: { kind: "open-folder" } }),
	},
	{
		id: "project.open",
		title: "Open this folder",
		section: "Project",
		hidden: true,
		when: always,
		run: (context, dir = "") =>
			busy(context, `Reading ${dir}`, async (client) => {
				context.project.getState().setGraph(await client.project.open({ dir }));
				opened(context);
			}),
	},

	{ id: "map.fit", title: "Fit the map", section: "Map", keys: "0", when: onMap, run: ({ screen }) => screen.getState().map?.fit() },
	{ id: "map.zoomIn", title: "Zoom in", section: "Map", keys: "+", when: onMap, run: ({ screen }) => screen.getState().map?.zoomBy(1.35) },
	{
		id: "map.zoomOut",
		title: "Zoom out",
		section: "Map",
		keys: "-",
		when: onMap,
		run: ({ screen }) => screen.getState().map?.zoomBy(1 / 1.35),
	},
	{
		id: "map.edges",
		title: "Show or hide all lines",
		section: "Map",
		keys: "L",
		when: onMap,
		run: ({ screen }) => screen.getState().set({ allEdges: !screen.getState().allEdges }),
	},
	{
		id: "map.twin",
		title: "Switch between bubbles and table",
		section: "Map",
		keys: "T",
		when: ({ screen, engine }) => screen.place === "map" && engine.snapshot?.project != null,
		run: ({ screen }) => screen.getState().set({ mapView: screen.getState().mapView === "table" ? "bubbles" : "table" }),
	},
	{
		id: "map.find",
		title: "Find a function…",
		section: "Map",
		keys: "/",
		when: withProject,
		run: ({ screen }) => screen.getState().set({ dialog: { kind: "palette", start: "" } }),
	},
	{
		id: "map.show",
		title: "Show on the map",
		section: "Map",
		hidden: true,
		when: withProject,
		run({ screen }, id = "") {
			screen.getState().go("map");
			screen.getState().select(id);
			screen.getState().map?.flyTo(id);
		},
	},
	{
		id: "map.deselect",
		title: "Clear the selection",
		section: "Map",
		keys: "Escape",
		when: ({ screen }) => screen.place === "map" && screen.selected !== null && screen.dialog === null,
		run: ({ screen }) => screen.getState().select(null),
	},

	{
		id: "function.isolate",
		title: "Isolate and modernize the selected function…",
		section: "Run",
		keys: "I",
		when: ({ screen }) => screen.place === "map" && selectedFunction(screen) !== null,
		run({ screen }) {
			const name = selectedFunction(screen.getState());
			if (name !== null) screen.getState().set({ dialog: { kind: "isolate", function: name } });
		},
	},
	{
		id: "run.pause",
		title: "Pause the run",
		section: "Run",
		when: running,
		run: (context, name) => ask(context, (client) => client.run.pause({ function: name })),
	},
	{
		id: "run.resume",
		title: "Resume the run",
		section: "Run",
		when: active,
		run: (context, name) => ask(context, (client) => client.run.resume({ function: name })),
	},
	{
		id: "run.cancel",
		title: "Cancel the run…",
		section: "Run",
		when: active,
		run: ({ screen }, name) => screen.getState().set({ dialog: { kind: "cancel", function: name ?? null } }),
	},
	{
		id: "run.seal",
		title: "Stop legacy and write the time capsule…",
		section: "Run",
		when: ({ engine }) => engine.snapshot?.migrations.some((migration) => migration.stage === "promoted") ?? false,
		run: ({ screen }) => screen.getState().set({ dialog: { kind: "seal" } }),
	},
	{
		id: "demo.start",
		title: "Run the demo",
		section: "Run",
		when: (seen) => !demoOn(seen),
		async run(context) {
			await ask(context, (client) => client.demo.start({}));
			context.screen.getState().go("run");
		},
	},
	{
		id: "demo.cancel",
		title: "Stop the demo",
		section: "Run",
		when: demoOn,
		run: (context) => ask(context, (client) => client.demo.cancel({})),
	},
	{
		id: "system.panic",
		title: "All to legacy",
		section: "Run",
		keys: "Ctrl+Alt+L",
		when: always,
		run: (context) =>
			ask(context, async (client) => {
				const { ms } = await client.system.panic({ reason: "Pressed on the screen" });
				context.engine.getState().setPanicMs(ms);
			}),
	},
	{
		id: "system.clearPanic",
		title: "Clear the kill switch",
		section: "Run",
		when: ({ engine }) => engine.snapshot?.system?.gateway.stats.panic != null,
		run: (context) =>
			ask(context, async (client) => {
				await client.system.clearPanic({});
				context.engine.getState().setPanicMs(null);
			}),
	},

	{
		id: "patch.accept",
		title: "Accept the patch",
		section: "Patches",
		keys: "A",
		when: (seen) => seen.screen.place === "patches" && proposed(seen),
		run: (context) => decide(context, "accept"),
	},
	{
		id: "patch.refuse",
		title: "Refuse the patch",
		section: "Patches",
		keys: "R",
		when: (seen) => seen.screen.place === "patches" && proposed(seen),
		run: (context) => decide(context, "refuse"),
	},

	{
		id: "palette.open",
		title: "Commands and functions",
		section: "Window",
		keys: "Ctrl+K",
		hidden: true,
		when: always,
		run: ({ screen }) => screen.getState().set({ dialog: { kind: "palette", start: "" } }),
	},
	{
		id: "window.theme",
		title: "Switch between light and dark",
		section: "Window",
		keys: "Shift+T",
		when: always,
		run({ screen }) {
			const shown = document.documentElement.dataset.theme;
			screen.getState().set({ theme: shown === "dark" ? "light" : "dark" });
		},
	},
	{
		id: "window.keys",
		title: "Keyboard shortcuts",
		section: "Window",
		keys: "?",
		when: always,
		run: ({ screen }) => screen.getState().set({ dialog: { kind: "keys" } }),
	},
	{
		id: "window.retry",
		title: "Connect to the core again",
		section: "Window",
		when: ({ engine }) => engine.connection === "lost" || engine.connection === "refused",
		run: ({ retry }) => retry(),
	},
];

export function commandOf(id: string): Command {
	const command = commands.find((candidate) => candidate.id === id);
	if (command === undefined) throw new Error(`No command is called ${id}`);
	return command;
}

export function seenBy(context: Context): Seen {
	return { engine: context.engine.getState(), project: context.project.getState(), screen: context.screen.getState() };
}

/** Runs the command if it is possible now. Whatever fails is shown as a card. */
export async function perform(context: Context, id: string, argument?: string): Promise<void> {
	const command = commandOf(id);
	if (!command.when(seenBy(context))) return;
	await command.run(context, argument);
}

function opened({ screen }: Context): void {
	screen.getState().set({ dialog: null, patch: null });
	screen.getState().select(null);
	screen.getState().go("map");
}

function decide(context: Context, decision: "accept" | "refuse"): Promise<void> {
	const { engine, screen } = seenBy(context);
	const patch = engine.snapshot?.patches.find((one) => one.state === "proposed" && (screen.patch === null || one.id === screen.patch));
	if (patch === undefined) return Promise.resolve();
	return ask(context, (client) => client.patch[decision]({ patch: patch.id }));
}

/** Calls the core. A failure becomes an error card. */
export async function ask(context: Context, call: (client: Client) => Promise<unknown>): Promise<void> {
	const client = context.client();
	try {
		if (client === null) throw new Fault("CORE_ABSENT", { address: location.host });
		await call(client);
	} catch (error) {
		context.screen.getState().raise(faultFrom(error));
	}
}

async function busy(context: Context, words: string, call: (client: Client) => Promise<unknown>): Promise<void> {
	context.screen.getState().set({ busy: words });
	try {
		await ask(context, call);
	} finally {
		context.screen.getState().set({ busy: null });
	}
}
