import type { PreviewEvent } from "../../contract/api.ts";
import { createQueue } from "../queue.ts";
import type { Review } from "./review.ts";

/** The gate's way and its result, as they come. Ends with the caller: who leaves stops the run. */
export async function* previewOf(
	review: Review,
	patch: string,
	hunks: string[] | undefined,
	signal: AbortSignal | undefined,
): AsyncGenerator<PreviewEvent> {
	const events = createQueue<PreviewEvent | Error>(1);
	const stop = new AbortController();
	const end = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
	const run = review
		.preview(patch, hunks, (done, total) => events.push({ kind: "progress", done, total }), end)
		.then((gate) => events.push({ kind: "result", gate }))
		.catch((error: unknown) => events.push(error instanceof Error ? error : new Error(String(error))));
	try {
		for await (const event of events.values(signal)) {
			if (event instanceof Error) throw event;
			yield event;
			if (event.kind === "result") return;
		}
	} finally {
		stop.abort();
		await run;
	}
}
