import type { Action, Seen } from "./command.ts";
import { withProject } from "./seen.ts";

const shown = ({ screen }: Seen) => screen.evidence !== null && !screen.evidence.busy;
const notShown = ({ screen }: Seen) =>
	screen.evidence === null ? "The journal is asked in the place Evidence." : "The journal is being asked.";
const answered = ({ screen }: Seen) => screen.evidence?.hasAnswer === true;
const noAnswer = () => "There is no answer yet.";

export const evidenceActions = {
	"evidence.ask": { when: shown, why: notShown, run: ({ screen }) => screen.getState().evidence?.ask() },
	"evidence.question": {
		when: withProject,
		run({ screen }, title = "") {
			screen.getState().go("evidence");
			screen.getState().detail("evidence", { question: title, entry: null });
		},
	},
	"evidence.save": { when: shown, why: notShown, run: ({ screen }) => screen.getState().evidence?.save() },
	"evidence.remove": {
		when: ({ screen }) => screen.evidence?.isOwn === true,
		why: () => "Only a question of one's own can be removed.",
		run: ({ screen }) => screen.getState().evidence?.remove(),
	},
	"evidence.csv": { when: answered, why: noAnswer, run: ({ screen }) => screen.getState().evidence?.export("csv") },
	"evidence.json": { when: answered, why: noAnswer, run: ({ screen }) => screen.getState().evidence?.export("json") },
	"evidence.verify": { when: shown, why: notShown, run: ({ screen }) => screen.getState().evidence?.verify() },
	"evidence.entry": {
		when: withProject,
		run({ screen }, seq = "") {
			screen.getState().go("evidence");
			screen.getState().detail("evidence", { entry: seq, question: null });
		},
	},
} satisfies Record<string, Action>;
