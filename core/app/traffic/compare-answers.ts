import { isUtf8 } from "node:buffer";
import { systemClock } from "../../base/index.ts";
import { compare, groupOf } from "../../compare/index.ts";
import type { AnswerComparison, AnswerGroup } from "../../contract/replay.ts";
import type { Behaviour } from "../../contract/verdict.ts";
import { type Answer, decodeBody, type HeaderLines, headerOf, type Masker, type Recorded } from "../../replay/index.ts";
import type { createNoiseLearner } from "./learned-noise.ts";

export type NoiseLearner = ReturnType<typeof createNoiseLearner>;

const EXAMPLES = 3;
/** Clocks of a replay run days later; what a clock wrote must lie between the recording and now. */
const CLOCK_SLACK_MS = 60_000;

/**
 * Holds answers against the recorded ones by the engine's own comparison; differences are grouped by cause and field. Of a masked
 * recording: the new answer is masked by the same key first, but for values that stand in the recording as they are, which is where the
 * target had them from.
 */
export function createAnswerComparison(options: { masker: Masker | null; random: string[]; clock: string[]; learner?: NoiseLearner }) {
	const groups = new Map<string, AnswerGroup>();
	const notCompared: Record<string, number> = {};
	let [compared, same, byStatusOnly] = [0, 0, 0];

	function skip(reason: string): void {
		notCompared[reason] = (notCompared[reason] ?? 0) + 1;
	}

	return {
		add(record: Recorded, answer: Answer): void {
			if (record.response.status === 0 || answer.error !== null) {
				skip(answer.error === null ? "no answer was recorded" : "no answer came");
				return;
			}
			const recordedText = record.response.state === "whole" ? textOf(record.response.headers, record.response.body) : null;
			const text = recordedText === null ? null : maskedText(options.masker, answer, recordedText);
			const isWhole = recordedText !== null && text !== null;
			if (!isWhole) byStatusOnly++;
			const side = (status: number, headers: HeaderLines, body: string | null): Behaviour =>
				isWhole
					? { status, contentType: headerOf(headers, "content-type"), body: body ?? "", changes: [] }
					: { status, contentType: "", body: "", changes: [] };
			const window = { from: record.startedAt, to: systemClock.now() };
			const verdict = compare(
				side(record.response.status, record.response.headers, recordedText),
				side(answer.status, answer.headers, text),
				{
					...{ random: options.random, clock: options.clock, clockSlackMs: CLOCK_SLACK_MS },
					window,
				},
			);
			if (isWhole) options.learner?.add(record.request.method, record.request.target, { differences: verdict.differences, window });
			compared++;
			if (verdict.kind === "identical" || verdict.kind === "equivalent") {
				same++;
				return;
			}
			const { key, cause, field } = groupOf("", verdict);
			const group = groups.get(key) ?? { cause, field, count: 0, examples: [] };
			groups.set(key, group);
			group.count++;
			const { method, target } = record.request;
			if (group.examples.length < EXAMPLES) group.examples.push({ method, target, differences: verdict.differences });
		},
		result: (): AnswerComparison => ({
			...{ compared, same, different: compared - same, byStatusOnly, notCompared },
			groups: [...groups.values()].sort((a, b) => b.count - a.count),
		}),
	};
}

function maskedText(masker: Masker | null, { headers, body }: Answer, recordedText: string): string | null {
	if (body === null) return null;
	if (masker === null) return textOf(headers, body);
	const masked = masker.maskAnswer(headers, body, (value) => recordedText.includes(value));
	return masked === null ? null : textOf(headers, masked);
}

/** null: coded in a way that is not known here. */
function textOf(headers: HeaderLines, body: Buffer): string | null {
	const plain = decodeBody(headers, body);
	return plain === null ? null : plain.toString(isUtf8(plain) ? "utf8" : "latin1");
}
