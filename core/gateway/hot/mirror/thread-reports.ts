import { answerSize, encodeAnswers, type RawAnswer } from "./answer-codec.ts";
import { READ, type TargetReport, type ThreadReport } from "./thread-protocol.ts";

/** What the thread has to tell, gathered for a moment. Also keeps the weight of all answers that the worker has not read yet within bounds. */
export type ThreadReports = {
	answer(answer: RawAnswer): void;
	drop(reason: string): void;
	release(bytes: number): void;
	spilled(bytes: number): void;
	/** Room for so many bytes of an answer; they are free again when the worker has read them. */
	take(bytes: number): boolean;
	/** Posts what there is, and once a second also nothing: it is the heartbeat. */
	flush(at: number, targets: TargetReport[]): void;
	isFull(): boolean;
};

type Deps = { shared: Int32Array; answerBytes: number; post(report: ThreadReport, handedOver: ArrayBuffer[]): void };

const batchBytes = 512 * 1024;
const beatMs = 1_000;

export function createThreadReports({ shared, answerBytes, post }: Deps): ThreadReports {
	let answers: RawAnswer[] = [];
	let size = 0;
	let dropped: Record<string, number> = {};
	let [released, spilled] = [0, 0];
	let isEmpty = true;
	let posted = 0;
	let postedAt = 0;
	/** Bytes of answers, under way or not read. */
	let burden = 0;
	let unread: { number: number; bytes: number }[] = [];

	function unburden(): void {
		const read = Atomics.load(shared, READ);
		while (unread[0] !== undefined && ((read - unread[0].number) | 0) >= 0) {
			burden -= unread[0].bytes;
			unread = unread.slice(1);
		}
	}

	return {
		answer(answer) {
			answers.push(answer);
			size += answerSize(answer);
			isEmpty = false;
		},
		drop(reason) {
			dropped[reason] = (dropped[reason] ?? 0) + 1;
			isEmpty = false;
		},
		release(bytes) {
			released += bytes;
			isEmpty = false;
		},
		spilled(bytes) {
			spilled += bytes;
			isEmpty = false;
		},
		take(bytes) {
			if (burden + bytes > answerBytes) unburden();
			if (burden + bytes > answerBytes) return false;
			burden += bytes;
			return true;
		},
		flush(at, targets) {
			unburden();
			if (isEmpty && targets.length === 0 && at - postedAt < beatMs) return;
			const batch = answers.length === 0 ? null : (encodeAnswers(answers, size).buffer as ArrayBuffer);
			const report: ThreadReport = { answers: batch, count: answers.length, dropped, released, spilled, targets };
			posted = (posted + 1) | 0;
			postedAt = at;
			const bytes = answers.reduce((sum, { body }) => body.reduce((part, { length }) => part + length, sum), 0);
			unread.push({ number: posted, bytes });
			answers = [];
			size = 0;
			dropped = {};
			[released, spilled] = [0, 0];
			isEmpty = true;
			post(report, batch === null ? [] : [batch]);
		},
		isFull: () => size >= batchBytes || spilled >= batchBytes,
	};
}
