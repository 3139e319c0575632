import type { Graph } from "../../../core/contract/graph.ts";
import type { Migration } from "../../../core/contract/run.ts";
import type { UndoStep } from "../../state/index.ts";
import { saveFile } from "../save-file.ts";
import { ask, busy, done, reach } from "./asking.ts";
import { type Action, type Context, type Seen, seenBy } from "./command.ts";
import { mapActions } from "./map.ts";
import { active, always, demoOn, running, withProject } from "./seen.ts";

const isPanic = ({ engine }: Seen) => engine.snapshot?.system?.gateway.stats.panic != null;
const hasMigrations = ({ engine }: Seen) => (engine.snapshot?.migrations.length ?? 0) > 0;
const isShadowed = (migration: Migration | undefined) =>
	migration !== undefined && migration.version > 0 && ["shadowing", "reviewing", "held", "canary"].includes(migration.stage);
const noRun = () => "No run was started.";
const noFunction = () => "Choose a function of the run that is not at its end.";

export const runActions = {
	"run.pause": { when: running, why: () => "No run is moving.", run: (context) => steerAll(context, "pause") },
	"run.resume": {
		// Also of a run that the engine itself halted, such as on a full disk.
		when: active,
		why: () => "No run is moving.",
		run: (context) => steerAll(context, "resume"),
	},
	"run.cancel": {
		when: active,
		why: () => "No run is moving.",
		run: ({ screen }, name) => screen.getState().set({ dialog: { kind: "cancel", function: name ?? null } }),
	},
	"run.retry": {
		when: ({ engine }) => engine.snapshot?.migrations.some((migration) => migration.stage === "held") ?? false,
		why: () => "No function is held.",
		run: (context) => ask(context, (client) => client.run.retry({})),
	},
	"function.pause": {
		when: (seen, name) => moves(shownMigration(seen, name)) && shownMigration(seen, name)?.paused === false,
		why: noFunction,
		run: (context, name) => steer(context, "pause", name),
	},
	"function.resume": {
		when: (seen, name) => moves(shownMigration(seen, name)) && shownMigration(seen, name)?.paused === true,
		why: () => "It is not paused.",
		run: (context, name) => steer(context, "resume", name),
	},
	"function.cancel": {
		when: (seen, name) => moves(shownMigration(seen, name)),
		why: noFunction,
		run(context, name) {
			const found = shownMigration(seenBy(context), name);
			if (found) context.screen.getState().set({ dialog: { kind: "cancel", function: found.function } });
		},
	},
	"function.retry": {
		when: (seen, name) => shownMigration(seen, name)?.stage === "held",
		why: () => "It is not held.",
		run: (context, name) => steer(context, "retry", name),
	},
	"function.probe": {
		when: (seen, name) => seen.engine.snapshot?.system?.replica === true && isShadowed(shownMigration(seen, name)),
		why: ({ engine }) =>
			engine.snapshot?.system?.replica === true
				? "Choose a function that runs in shadow."
				: "How legacy is started a second time is not known: `phoenix serve --replica` says it.",
		async run(context, name) {
			const found = shownMigration(seenBy(context), name);
			if (found) await ask(context, (client) => client.run.probe({ function: found.function }));
		},
	},
	"branch.waive": {
		when: (seen, argument) => moves(shownMigration(seen, splitBranch(argument).function)),
		why: () => "The function is at its end.",
		run(context, argument) {
			context.screen.getState().set({ dialog: { kind: "waive", ...splitBranch(argument) } });
		},
	},
	"rounding.allow": {
		when: (seen, argument) => moves(shownMigration(seen, splitBranch(argument).function)),
		why: () => "The function is at its end.",
		run(context, argument) {
			const { function: name, branch: site } = splitBranch(argument);
			context.screen.getState().set({ dialog: { kind: "allow", function: name, site } });
		},
	},
	"run.show": {
		when: withProject,
		run({ screen }, name = "") {
			screen.getState().go("run");
			screen.getState().detail("run", { function: name === "" ? null : name, group: null, example: null });
		},
	},
	"run.next": { when: hasMigrations, why: noRun, run: (context) => step(context, 1) },
	"run.previous": { when: hasMigrations, why: noRun, run: (context) => step(context, -1) },
	"run.overview": view(null),
	"run.mismatches": view("mismatches"),
	"run.confidence": {
		...view("confidence"),
		// The whole run is as sure as its weakest function.
		run(context) {
			const seen = seenBy(context);
			const shown = shownMigration(seen) ?? weakest(seen.engine.snapshot?.migrations ?? []);
			seen.screen.detail("run", { function: shown?.function ?? null, view: "confidence" });
		},
	},
	"run.history": view("history"),
	"run.events": view("events"),
	"mismatch.next": {
		when: ({ screen }) => (screen.example?.count ?? 0) > 1,
		why: ({ screen }) => (screen.example === null ? "No mismatch is shown." : "The engine keeps no other example of it."),
		run: ({ screen }) => screen.getState().example?.next(),
	},
	"mismatch.curl": {
		when: ({ screen }) => screen.example !== null,
		why: () => "No mismatch is shown.",
		run: ({ screen }) => screen.getState().example?.copyCurl(),
	},
	"mismatch.source": {
		when: ({ project }, where = "") => nodeAt(project.graph, where) !== null,
		why: () => "The place in the source is not known yet.",
		run(context, where = "") {
			const node = nodeAt(context.project.getState().graph, where);
			if (node !== null) void mapActions["map.show"].run(context, node);
		},
	},
	"mismatch.patch": {
		when: ({ engine }, id) => engine.snapshot?.patches.some((patch) => patch.id === id) ?? false,
		why: () => "No patch heals it yet.",
		run({ screen }, id = "") {
			screen.getState().set({ patch: id });
			screen.getState().go("patches");
		},
	},
	"report.html": { when: hasMigrations, why: noRun, run: (context, name) => report(context, "html", name) },
	"report.pdf": { when: hasMigrations, why: noRun, run: (context, name) => report(context, "pdf", name) },
	"run.seal": {
		when: ({ engine }) => engine.snapshot?.migrations.some((migration) => migration.stage === "promoted") ?? false,
		why: () => "Nothing was promoted yet.",
		run: ({ screen }) => screen.getState().set({ dialog: { kind: "seal" } }),
	},
	"system.switchLog": {
		when: ({ engine }) => engine.snapshot?.system != null,
		why: () => "No legacy system is attached.",
		run: ({ screen }) => screen.getState().set({ dialog: { kind: "switch-log" } }),
	},
	"demo.start": {
		when: (seen) => !demoOn(seen),
		why: () => "The demo is under way.",
		async run(context) {
			await ask(context, (client) => client.demo.start({}));
			context.screen.getState().go("run");
		},
	},
	"demo.cancel": {
		when: demoOn,
		why: () => "No demo is under way.",
		run: (context) => ask(context, (client) => client.demo.cancel({})),
	},
	"system.panic": {
		when: always,
		run: (context) =>
			ask(context, async (client) => {
				const { ms } = await client.system.panic({ reason: "Pressed on the screen" });
				context.engine.getState().setPanicMs(ms);
				done(context, panicStep(context, Date.now()));
			}),
	},
	"system.clearPanic": {
		when: isPanic,
		why: () => "The kill switch is not pressed.",
		run: (context) =>
			ask(context, async (client) => {
				await client.system.clearPanic({});
				context.engine.getState().setPanicMs(null);
			}),
	},
} satisfies Record<string, Action>;

const UNDO_PANIC_MS = 30_000;

/** For a press by mistake. The engine decides whether anything moves again; later the banner is the way, with what happened meanwhile in sight. */
function panicStep(context: Context, pressedAt: number): UndoStep {
	return {
		name: "All to legacy",
		said: "All traffic goes to legacy",
		undo: () => reach(context, (client) => client.system.clearPanic({})),
		blocked() {
			if (Date.now() - pressedAt > UNDO_PANIC_MS) return "Only within 30 seconds. Clear the kill switch instead.";
			return isPanic(seenBy(context)) ? null : "The kill switch is not pressed any more.";
		},
	};
}

const inverse = { pause: "resume", resume: "pause" } as const;

function steerAll(context: Context, verb: "pause" | "resume"): Promise<void> {
	const to = verb === "pause" ? "paused" : "running";
	const take = (what: "pause" | "resume") => () => reach(context, (client) => client.run[what]({}));
	return ask(context, async (client) => {
		await client.run[verb]({});
		done(context, {
			name: verb === "pause" ? "Pause the run" : "Resume the run",
			said: verb === "pause" ? "Run paused" : "Run resumed",
			undo: take(inverse[verb]),
			redo: take(verb),
			blocked: () => (context.engine.getState().snapshot?.run?.state === to ? null : `The run is not ${to} any more.`),
		});
	});
}

/** The function that is named, else the one that the run shows. */
function shownMigration({ engine, screen }: Seen, name = screen.details.run?.function): Migration | undefined {
	return engine.snapshot?.migrations.find((migration) => migration.function === name);
}

function weakest(migrations: readonly Migration[]): Migration | undefined {
	return [...migrations].sort((a, b) => b.evidence.bound - a.evidence.bound)[0];
}

/** `fees.fees fees.rate#12:no`: the function has no blank in its name, a branch may. */
function splitBranch(argument = ""): { function: string; branch: string } {
	const at = argument.indexOf(" ");
	return { function: argument.slice(0, at), branch: argument.slice(at + 1) };
}

const moves = (migration: Migration | undefined) =>
	migration !== undefined && !["promoted", "refused", "cancelled"].includes(migration.stage);

function steer(context: Context, verb: "pause" | "resume" | "retry", name?: string): Promise<void> {
	const found = shownMigration(seenBy(context), name);
	return found === undefined ? Promise.resolve() : ask(context, (client) => client.run[verb]({ function: found.function }));
}

/** The whole run comes before the first function and after the last. */
function step(context: Context, by: 1 | -1): void {
	const { engine, screen } = seenBy(context);
	const names = [null, ...(engine.snapshot?.migrations ?? []).map((migration) => migration.function)];
	const at = names.indexOf(screen.details.run?.function ?? null);
	screen.detail("run", { function: names[(Math.max(0, at) + by + names.length) % names.length] ?? null, group: null, example: null });
}

function view(name: string | null): Action {
	return {
		when: hasMigrations,
		why: noRun,
		run({ screen }) {
			screen.getState().go("run");
			screen.getState().detail("run", { view: name });
		},
	};
}

/** `transfers.py:58` -> id of the innermost function that holds the line. */
function nodeAt(graph: Graph | null, where: string): string | null {
	const [, file, line] = /^(.+):(\d+)$/.exec(where) ?? [];
	const holds = (graph?.nodes ?? []).filter(
		(node) => node.kind === "function" && node.file === file && node.line <= Number(line) && Number(line) <= node.endLine,
	);
	return holds.sort((a, b) => b.line - a.line)[0]?.id ?? null;
}

/** Of the named or shown function, else of the whole run. The core keeps a copy beside its journal. */
function report(context: Context, format: "html" | "pdf", name = context.screen.getState().details.run?.function): Promise<void> {
	return busy(context, `Writing the report as ${format.toUpperCase()}`, async (client) => {
		const written = await client.report.write({ ...(name ? { function: name } : {}), format });
		saveFile(written.name, written.type, bytesOf(written.base64));
		context.screen.getState().say(`Report written: ${written.file}`);
	});
}

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
