import type { Graph } from "../../../core/contract/graph.ts";
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
				opened(context, await client.project.openSample({}));
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
				opened(context, await client.project.open({ dir }));
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

/** The map may have come before this answer, and somebody may be at work on it: then only what asked for the project is closed. */
function opened({ screen, project }: Context, graph: Graph): void {
	const { dialog, set, select, go } = screen.getState();
	if (dialog?.kind === "open-folder") set({ dialog: null });
	const before = project.getState().graph;
	project.getState().setGraph(graph);
	if (project.getState().graph === before) return;
	set({ patch: null });
	select(null);
	go("map");
}
