import type { Progress } from "../../../core/contract/progress.ts";
import { putFirst } from "../../state/index.ts";
import { ask, busy } from "./asking.ts";
import type { Action, Context } from "./command.ts";
import { always } from "./seen.ts";

export const projectActions = {
	"project.openSample": {
		when: always,
		run: (context) =>
			busy(context, "Reading the sample bank", async (client) => {
				context.project.getState().setGraph(await client.project.openSample({}));
				opened(context);
			}),
	},
	"project.chooseFolder": {
		when: always,
		run: ({ screen }) => screen.getState().set({ dialog: { kind: "open-folder", hint: null } }),
	},
	"project.open": {
		when: always,
		run: (context, dir = "") =>
			busy(context, `Reading ${dir}`, async (client) => {
				context.project.getState().setGraph(await client.project.open({ dir }));
				opened(context);
				const { recent, change } = context.settings.getState();
				change({ recent: putFirst(recent, dir) });
			}),
	},
	/** The work with this id, else the newest that can be cancelled. */
	"work.cancel": {
		when: ({ engine }, id) => workOf(engine.snapshot?.progress ?? [], id) !== undefined,
		why: () => "Nothing is under way that can be cancelled.",
		async run(context, id) {
			const work = workOf(context.engine.getState().snapshot?.progress ?? [], id);
			if (work !== undefined) await ask(context, (client) => client.state.cancelWork({ id: work.id }));
		},
	},
} satisfies Record<string, Action>;

function workOf(works: readonly Progress[], id?: string): Progress | undefined {
	return works.findLast((work) => work.cancellable && (id === undefined || work.id === id));
}

function opened({ screen }: Context): void {
	screen.getState().set({ dialog: null, patch: null });
	screen.getState().select(null);
	screen.getState().go("map");
}
