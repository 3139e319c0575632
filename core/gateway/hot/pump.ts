import type { Readable, Writable } from "node:stream";

/** `onCut`: the source ended before its message was complete. Exactly one of the two is called, once. */
type PumpEnd = { onEnd(): void; onCut(reason: string): void };

/** Every chunk past `onChunk` into `to`, never faster than `to` takes it. Ends nothing by itself. */
export function pump(from: Readable, to: Writable, onChunk: (chunk: Buffer) => void, end: PumpEnd): void {
	let isOver = false;
	const over = (finish: () => void) => {
		if (isOver) return;
		isOver = true;
		to.off("drain", resume);
		finish();
	};
	const resume = () => from.resume();
	from.on("data", (chunk: Buffer) => {
		onChunk(chunk);
		// A dead receiver answers false for ever; then the source must run dry instead of standing still.
		if (!to.destroyed && !to.write(chunk)) from.pause();
	});
	from.on("end", () => over(end.onEnd));
	from.on("error", (error) => over(() => end.onCut(error.message)));
	from.on("close", () => over(() => end.onCut("the connection was cut")));
	to.on("drain", resume);
	to.on("close", resume);
	from.resume();
}
