import { ask } from "./asking.ts";
import type { Action } from "./command.ts";
import { active, always, demoOn, running, selectedFunction } from "./seen.ts";

export const runActions = {
	"function.isolate": {
		when: ({ screen }) => screen.place === "map" && selectedFunction(screen) !== null,
		run({ screen }) {
			const name = selectedFunction(screen.getState());
			if (name !== null) screen.getState().set({ dialog: { kind: "isolate", function: name } });
		},
	},
	"run.pause": {
		when: running,
		run: (context, name) => ask(context, (client) => client.run.pause({ function: name })),
	},
	"run.resume": {
		when: active,
		run: (context, name) => ask(context, (client) => client.run.resume({ function: name })),
	},
	"run.cancel": {
		when: active,
		run: ({ screen }, name) => screen.getState().set({ dialog: { kind: "cancel", function: name ?? null } }),
	},
	"run.seal": {
		when: ({ engine }) => engine.snapshot?.migrations.some((migration) => migration.stage === "promoted") ?? false,
		run: ({ screen }) => screen.getState().set({ dialog: { kind: "seal" } }),
	},
	"demo.start": {
		when: (seen) => !demoOn(seen),
		async run(context) {
			await ask(context, (client) => client.demo.start({}));
			context.screen.getState().go("run");
		},
	},
	"demo.cancel": {
		when: demoOn,
		run: (context) => ask(context, (client) => client.demo.cancel({})),
	},
	"system.panic": {
		when: always,
		run: (context) =>
			ask(context, async (client) => {
				const { ms } = await client.system.panic({ reason: "Pressed on the screen" });
				context.engine.getState().setPanicMs(ms);
			}),
	},
	"system.clearPanic": {
		when: ({ engine }) => engine.snapshot?.system?.gateway.stats.panic != null,
		run: (context) =>
			ask(context, async (client) => {
				await client.system.clearPanic({});
				context.engine.getState().setPanicMs(null);
			}),
	},
} satisfies Record<string, Action>;
