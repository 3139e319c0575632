import type { Answer } from "./forward.ts";

/** `large`: more than the cap has come, `head` is what was read, the rest is still in `answer.body`. */
export type Collected =
	| { kind: "whole"; bytes: Buffer }
	| { kind: "large"; head: Buffer }
	| { kind: "cut"; reason: string; isTimeout: boolean };

/** Holds an answer back until it is whole, so that a broken one never begins to reach the client. */
export function collectAnswer(answer: Answer, cap: number, timeoutMs: number): Promise<Collected> {
	const { body } = answer;
	return new Promise((resolve) => {
		const chunks: Buffer[] = [];
		let size = 0;
		const settle = (collected: Collected) => {
			clearTimeout(timer);
			body.off("data", onData).off("end", onEnd).off("close", onClose).off("error", onError);
			if (collected.kind === "cut") body.on("error", () => {});
			resolve(collected);
		};
		const timer = setTimeout(
			() => settle({ kind: "cut", reason: `the answer was not whole within ${timeoutMs} ms`, isTimeout: true }),
			timeoutMs,
		);
		const onData = (chunk: Buffer) => {
			chunks.push(chunk);
			size += chunk.length;
			if (size <= cap) return;
			body.pause();
			settle({ kind: "large", head: Buffer.concat(chunks) });
		};
		const onEnd = () => settle({ kind: "whole", bytes: Buffer.concat(chunks) });
		const onClose = () => settle({ kind: "cut", reason: "the answer broke off", isTimeout: false });
		const onError = (error: Error) => settle({ kind: "cut", reason: `the answer broke off (${error.message})`, isTimeout: false });
		body.on("data", onData).on("end", onEnd).on("close", onClose).on("error", onError);
	});
}
