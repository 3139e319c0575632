import { beforeEach, describe, expect, it } from "vitest";
import { createMemoryCore } from "../../fixtures/memory-core.ts";
import { type Moment, moments } from "../../fixtures/moments.ts";
import { stillMap } from "../../fixtures/still-map.ts";
import {
	createEngineStore,
	createProjectStore,
	createScreenStore,
	createSettingsStore,
	createUndoStore,
	places,
} from "../../state/index.ts";
import { type Context, commandOf, commands, perform, reasonOf, seenBy } from "./index.ts";

function over(moment: Moment) {
	const core = createMemoryCore(moment);
	const context: Context = {
		client: () => core.client,
		retry: () => {},
		engine: createEngineStore(),
		project: createProjectStore(),
		screen: createScreenStore(),
		undo: createUndoStore(),
		settings: createSettingsStore(null),
	};
	const refresh = () => context.engine.getState().takeSnapshot(core.snapshot());
	refresh();
	return { core, context, refresh };
}

describe("commands", () => {
	let world: ReturnType<typeof over>;
	beforeEach(() => {
		world = over("canary");
	});

	it("have ids of their own", () => {
		expect(new Set(commands.map((command) => command.id)).size).toBe(commands.length);
	});

	it("say why they are not possible, in every place and at every moment", () => {
		for (const moment of moments) {
			const { context } = over(moment);
			for (const [place, mapView] of places.flatMap((one) => [[one, "bubbles"] as const, [one, "table"] as const])) {
				context.screen.getState().set({ mapView, map: place === "map" ? stillMap : null });
				context.screen.getState().go(place);
				const reasons = commands.filter((command) => command.hidden !== true).map((command) => [command.id, reasonOf(command, context)]);
				expect(reasons.filter(([, reason]) => reason === "Not possible now.").map(([id]) => `${id} at ${moment} in ${place}`)).toEqual([]);
			}
		}
	});

	it("tell instead of doing nothing when the menu bar or a key asks for what is not possible", async () => {
		const { context } = over("opened");
		await perform(context, "run.pause");
		expect(context.screen.getState().toasts.map((toast) => toast.text)).toEqual(["Pause the run: No run is moving."]);
	});

	it("open the sample bank and show its map", async () => {
		const { context } = over("empty");
		await perform(context, "project.openSample");
		expect(context.project.getState().graph?.routes).toHaveLength(10);
		expect(seenBy(context).screen).toMatchObject({ place: "map", busy: null, errors: [] });
	});

	it("say what happened, what is safe and what to do when the core refuses", async () => {
		const { context } = over("empty");
		await perform(context, "project.open", "/nowhere");
		expect(context.screen.getState().errors[0]?.fault).toMatchObject({
			code: "SOURCE_MISSING",
			safe: "Nothing was started and nothing was changed.",
			what: expect.stringContaining("/nowhere"),
		});
	});

	it("press the kill switch, keep its measured time, and clear it again", async () => {
		const { context, refresh } = world;
		await perform(context, "system.panic");
		refresh();
		expect(context.engine.getState()).toMatchObject({
			panicMs: 11.4,
			snapshot: { system: { gateway: { stats: { panic: { reason: "Pressed on the screen" } } } } },
		});
		await perform(context, "system.clearPanic");
		refresh();
		expect(context.engine.getState().panicMs).toBeNull();
		expect(commandOf("system.clearPanic").when(seenBy(context))).toBe(false);
	});

	it("offer the kill switch at every moment, also without a core", async () => {
		const { context } = world;
		const alone: Context = { ...context, client: () => null };
		expect(commandOf("system.panic").when(seenBy(alone))).toBe(true);
		await perform(alone, "system.panic");
		expect(context.screen.getState().errors[0]?.fault.code).toBe("CORE_ABSENT");
	});

	it("accept a patch only where one is proposed", async () => {
		const { context, core, refresh } = over("reviewing");
		const accept = commandOf("patch.accept");
		expect(accept.when(seenBy(context))).toBe(false);
		context.screen.getState().go("patches");
		expect(accept.when(seenBy(context))).toBe(true);
		await perform(context, "patch.accept");
		refresh();
		expect(core.snapshot().patches[0]?.state).toBe("applied");
		expect(accept.when(seenBy(context))).toBe(false);
	});

	it("ask before they isolate, and only a function", async () => {
		const { context } = world;
		context.screen.getState().set({ map: stillMap });
		context.screen.getState().select("table:accounts");
		await perform(context, "function.isolate");
		expect(context.screen.getState().dialog).toBeNull();
		context.screen.getState().select("function:limits.limits");
		await perform(context, "function.isolate");
		expect(context.screen.getState().dialog).toEqual({ kind: "isolate", functions: ["limits.limits"] });
	});

	it("do not isolate what is on its way already, and say so", async () => {
		const { context } = world;
		context.screen.getState().select("function:scoring.credit_score");
		await perform(context, "function.isolate");
		expect(context.screen.getState().dialog).toBeNull();
		expect(commandOf("function.isolate").why?.(seenBy(context))).toBe("It is on its way already.");
	});

	it("keep a plan of several functions in the address, and empty it when they are started", async () => {
		const { context } = over("opened");
		context.screen.getState().select("function:limits.limits");
		await perform(context, "plan.add");
		await perform(context, "plan.add", "accounts.balance");
		expect(context.screen.getState().details.map).toEqual({ plan: "limits.limits,accounts.balance" });
		await perform(context, "plan.add", "limits.limits");
		await perform(context, "plan.add", "statements.statement");
		await perform(context, "function.isolate");
		expect(context.screen.getState().dialog).toEqual({
			kind: "isolate",
			functions: ["limits.limits", "accounts.balance", "statements.statement"],
		});
		await perform(context, "plan.start", JSON.stringify({ functions: ["accounts.balance"], policy: "demo", autoAccept: false }));
		expect(context.screen.getState()).toMatchObject({ dialog: null, details: { map: {} }, errors: [] });
	});

	it("open the workbench at the line that is asked for", async () => {
		const { context } = world;
		await perform(context, "function.workbench", "scoring.credit_score scoring.py:137");
		expect(context.screen.getState().dialog).toEqual({
			kind: "workbench",
			function: "scoring.credit_score",
			at: { file: "scoring.py", line: 137 },
		});
	});
});
