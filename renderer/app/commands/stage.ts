import { chapterOf, stageChapters } from "../../state/index.ts";
import { ask } from "./asking.ts";
import type { Action, Context, Seen } from "./command.ts";
import { active, demoMoves, noProject, withProject } from "./seen.ts";

const onStage = ({ screen }: Seen) => screen.stage;
const notOnStage = () => "Only on the stage.";
const shown = ({ screen, engine }: Seen) => screen.stageChapter ?? chapterOf(engine.snapshot);
/** The demo waits at the end of the chapter that is shown: one step on is the demo's. */
const atGate = (seen: Seen) => {
	const demo = seen.engine.snapshot?.demo ?? null;
	return demo !== null && demo.gate !== null && shown(seen) === demo.index;
};
const sampleWaits = ({ engine }: Seen) => engine.snapshot?.project?.sample === true && engine.snapshot.run === null;

export const stageActions = {
	"stage.toggle": {
		when: (seen) => onStage(seen) || withProject(seen),
		why: noProject,
		run: ({ screen }) => screen.getState().set({ stage: !screen.getState().stage, stageChapter: null }),
	},
	"stage.leave": { when: onStage, why: notOnStage, run: ({ screen }) => screen.getState().set({ stage: false }) },
	"stage.next": {
		when: (seen) => onStage(seen) && (atGate(seen) || shown(seen) < stageChapters.length - 1),
		why: notOnStage,
		run: (context) => (atGate(seenNow(context)) ? ask(context, (client) => client.demo.next({})) : show(context, 1)),
	},
	"stage.previous": {
		when: (seen) => onStage(seen) && shown(seen) > 0,
		why: notOnStage,
		run: (context) => show(context, -1),
	},
	"stage.play": {
		when: (seen) => onStage(seen) && (demoMoves(seen) || active(seen) || sampleWaits(seen)),
		why: (seen) => (onStage(seen) ? "Nothing runs that could be paused." : notOnStage()),
		words: (seen) =>
			!onStage(seen) ? null : isStanding(seen) ? "Go on" : sampleWaits(seen) && !demoMoves(seen) ? "Play the demo" : "Pause",
		run: play,
	},
	"demo.guided": {
		when: (seen) => !demoMoves(seen),
		why: () => "The demo is under way.",
		async run(context) {
			context.screen.getState().set({ stage: true, stageChapter: null });
			await ask(context, (client) => client.demo.start({ guided: true }));
		},
	},
	"demo.pause": {
		when: ({ engine }) => engine.snapshot?.demo?.state === "running",
		why: () => "No demo is under way.",
		run: (context) => ask(context, (client) => client.demo.pause({})),
	},
	"demo.resume": {
		when: ({ engine }) => engine.snapshot?.demo?.state === "paused" && engine.snapshot.demo.gate === null,
		why: () => "The demo is not paused.",
		run: (context) => ask(context, (client) => client.demo.resume({})),
	},
	"demo.next": {
		when: ({ engine }) => engine.snapshot?.demo?.gate != null,
		why: () => "The demo does not wait for you.",
		run: (context) => ask(context, (client) => client.demo.next({})),
	},
} satisfies Record<string, Action>;

const seenNow = (context: Context): Seen => ({
	engine: context.engine.getState(),
	project: context.project.getState(),
	screen: context.screen.getState(),
	undo: context.undo.getState(),
	settings: context.settings.getState(),
});

const isStanding = ({ engine: { snapshot } }: Seen) => snapshot?.demo?.state === "paused" || snapshot?.run?.state === "paused";

function show(context: Context, by: 1 | -1): void {
	context.screen.getState().set({ stageChapter: Math.min(stageChapters.length - 1, Math.max(0, shown(seenNow(context)) + by)) });
}

/** One key for the presenter: pauses and goes on with whatever runs, the demo before all. */
function play(context: Context): Promise<void> {
	const seen = seenNow(context);
	const { demo, run } = seen.engine.snapshot ?? { demo: null, run: null };
	if (demoMoves(seen)) {
		const verb = demo?.gate != null ? "next" : demo?.state === "paused" ? "resume" : "pause";
		return ask(context, (client) => client.demo[verb]({}));
	}
	if (run === null) return ask(context, (client) => client.demo.start({ guided: true }));
	const verb = run.state === "paused" ? "resume" : "pause";
	return ask(context, (client) => client.run[verb]({}));
}
