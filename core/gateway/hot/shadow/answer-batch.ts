import { answerSize, encodeAnswers, type RawAnswer } from "../mirror/answer-codec.ts";
import type { CopyReport } from "../protocol.ts";

/** What shadows answered to single messages, gathered until the exchanges that they belong to have left. */
export type AnswerBatch = {
	push(answer: RawAnswer): void;
	/** Hands over what has gathered; false from `send` means that nobody took it. */
	flush(send: (batch: Buffer, count: number) => boolean): void;
	/** The book of those who made the answers, with what waits or was lost here. */
	report(copies: CopyReport | undefined): CopyReport | undefined;
};

export function createAnswerBatch(): AnswerBatch {
	let waiting: RawAnswer[] = [];
	let lost = 0;
	return {
		push(answer) {
			waiting.push(answer);
		},
		flush(send) {
			if (waiting.length === 0) return;
			const answers = waiting;
			waiting = [];
			const size = answers.reduce((sum, answer) => sum + answerSize(answer), 0);
			if (!send(encodeAnswers(answers, size), answers.length)) lost += answers.length;
		},
		report(copies) {
			if (copies === undefined) return undefined;
			const dropped = lost === 0 ? copies.dropped : { ...copies.dropped, "shadow-backlog": lost };
			return { ...copies, open: copies.open + waiting.length, dropped };
		},
	};
}
