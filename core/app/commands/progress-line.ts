import type { Progress } from "../../contract/progress.ts";
import type { Core } from "../core.ts";
import { createProgress, type ProgressBoard, type Step } from "../progress.ts";

const TERMINAL_MS = 250;
const LOG_MS = 2000;

/** Where lines of progress go: a terminal has one line that is written over, everything else a line at a time. */
export type Out = { isTTY?: boolean; write(text: string): unknown };

/** `Reading banca: 1,204 of 5,000 files, 600 a second, 6 s left`. */
export function progressText({ what, done, total, unit, startedAt, isBound }: Progress, now: number): string {
	const seconds = (now - startedAt) / 1000;
	const rate = seconds > 0.5 && isBound !== true ? done / seconds : 0;
	const left = total !== null && rate > 0 ? `, ${Math.ceil((total - done) / rate)} s left` : "";
	const count = (value: number) => Math.round(value).toLocaleString("en");
	return `${what}: ${count(done)}${total === null ? "" : ` of ${isBound ? "at most " : ""}${count(total)}`} ${unit}${rate > 0 ? `, ${count(rate)} a second${left}` : ""}`;
}

/** Tells on `out` how far things are, every quarter of a second in a terminal and every other second elsewhere, and only of what takes longer than that. The function ends it. */
function tell(list: () => Progress[], out: Out, now: () => number): () => void {
	let width = 0;
	const timer = setInterval(
		() => {
			const at = now();
			const text = list()
				.map((one) => progressText(one, at))
				.join("; ");
			if (out.isTTY === true) out.write(`\r${text.padEnd(width)}`);
			else if (text !== "") out.write(`${text}\n`);
			width = text.length;
		},
		out.isTTY === true ? TERMINAL_MS : LOG_MS,
	);
	timer.unref();
	return () => {
		clearInterval(timer);
		if (out.isTTY === true && width > 0) out.write(`\r${" ".repeat(width)}\r`);
	};
}

/** Of a core, as long as it lives or until the function is called. */
export function tellProgress(core: Core, out: Out = process.stderr): () => void {
	return tell(core.progress.list, out, Date.now);
}

/** Of one piece of work without a core. Ctrl+C ends it as a cancel would on the screen. */
export async function withProgress<T>(
	about: Parameters<ProgressBoard["run"]>[0],
	work: (step: Step, signal: AbortSignal) => Promise<T>,
	out: Out = process.stderr,
): Promise<T> {
	const board = createProgress(() => {});
	const end = tell(board.list, out, Date.now);
	const interrupted = new AbortController();
	const interrupt = () => interrupted.abort();
	process.once("SIGINT", interrupt);
	try {
		return await board.run(about, work, interrupted.signal);
	} finally {
		process.off("SIGINT", interrupt);
		end();
	}
}
