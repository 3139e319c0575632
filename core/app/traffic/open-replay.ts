import { randomUUID } from "node:crypto";
import type { AnswerComparison, ReplayFigures } from "../../contract/replay.ts";
import { type Ending, openRecording, type ReplayOptions, replay } from "../../replay/index.ts";
import { createAnswerComparison } from "./compare-answers.ts";
import { createNoiseLearner, type RouteNoise } from "./learned-noise.ts";
import { maskerOfRecording } from "./masking.ts";
import { cutText, exchangesOf } from "./recorded-exchanges.ts";
import { refuseAttached } from "./replay-target.ts";

export type ReplayOrder = Omit<ReplayOptions, "records" | "mark" | "onAnswer"> & {
	file: string;
	stateDir: string;
	/** Also to the legacy system or the gateway of the state directory. */
	alsoAttached: boolean;
	/** Null: answers are only counted. `random`, `clock`: fields whose values are not held against each other as they are. */
	compare: { random: string[]; clock: string[]; maskKey?: string | undefined; learn?: boolean } | null;
};

/** `noise`: of a replica of legacy that was to be learned from. */
export type ReplayOutcome = { figures: ReplayFigures; comparison: AnswerComparison | null; noise: RouteNoise[] | null; cut: string | null };

/**
 * Everything that can be refused before the first request is: REPLAY_REFUSED for the attached system, RECORDING_UNREADABLE, INPUT_INVALID
 * without the key of its masks. What it returns sends the recording once, and tells how many were sent.
 */
export async function openReplay(
	order: ReplayOrder,
): Promise<(step: (sent: number) => void, signal: AbortSignal) => Promise<ReplayOutcome>> {
	const { file, stateDir, alsoAttached, compare, ...options } = order;
	if (!alsoAttached) await refuseAttached(options.target, stateDir);
	const recording = await openRecording(file);
	const learner = compare?.learn ? createNoiseLearner() : null;
	const comparison =
		compare === null
			? null
			: createAnswerComparison({
					masker: maskerOfRecording(recording.header, stateDir, compare.maskKey),
					...{ random: compare.random, clock: compare.clock },
					...(learner === null ? {} : { learner }),
				});
	return async (step, signal) => {
		let ending: Ending | null = null;
		const records = exchangesOf(recording.entries(), (entry) => {
			if (entry.kind === "ending") ending = entry.ending;
		});
		const figures = await replay(
			{ ...options, records, mark: randomUUID().slice(0, 8), onAnswer: comparison?.add ?? null },
			(_, sent) => step(sent),
			signal,
		);
		return { figures, comparison: comparison?.result() ?? null, noise: learner?.result() ?? null, cut: cutText(ending) };
	};
}
