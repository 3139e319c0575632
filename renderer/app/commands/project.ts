import { busy } from "./asking.ts";
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
		run: ({ screen }) => screen.getState().set({ dialog: { kind: "open-folder" } }),
	},
	"project.open": {
		when: always,
		run: (context, dir = "") =>
			busy(context, `Reading ${dir}`, async (client) => {
				context.project.getState().setGraph(await client.project.open({ dir }));
				opened(context);
			}),
	},
} satisfies Record<string, Action>;

function opened({ screen }: Context): void {
	screen.getState().set({ dialog: null, patch: null });
	screen.getState().select(null);
	screen.getState().go("map");
}
