import type { Place } from "../../state/index.ts";
import type { Action } from "./command.ts";
import { always, noProject, withProject } from "./seen.ts";

const to = (place: Place): Action => ({ when: withProject, why: noProject, run: ({ screen }) => screen.getState().go(place) });

export const goActions = {
	"go.map": to("map"),
	"go.run": to("run"),
	"go.patches": to("patches"),
	"go.runtime": to("runtime"),
	"go.evidence": to("evidence"),
	"go.settings": { when: always, run: ({ screen }) => screen.getState().go("settings") },
	"go.back": { when: always, run: () => history.back() },
	"go.forward": { when: always, run: () => history.forward() },
} satisfies Record<string, Action>;
