import type { Action } from "./command.ts";
import { withProject } from "./seen.ts";

export const goActions = {
	"go.map": { when: withProject, run: ({ screen }) => screen.getState().go("map") },
	"go.run": { when: withProject, run: ({ screen }) => screen.getState().go("run") },
	"go.patches": {
		when: withProject,
		run: ({ screen }) => screen.getState().go("patches"),
	},
	"go.evidence": {
		when: withProject,
		run: ({ screen }) => screen.getState().go("evidence"),
	},
} satisfies Record<string, Action>;
