import { setTimeout as sleep } from "node:timers/promises";
import type { OutputBatch } from "../contract/runtime.ts";
import type { Output } from "../operator/index.ts";

/** A reader who asks for no place begins with so many of the newest lines; what is older is there on demand. */
const FIRST_LINES = 20_000;
const BATCH_LINES = 4_000;
const BATCH_MS = 100;

/**
 * Lines as they come, in batches. Nothing is queued for a reader: it holds a place on the ring, and the next batch is made when the
 * one before was taken.
 */
export async function* followOutput(
	output: Output,
	wish: { source?: string | undefined; since?: number | undefined; life?: string | undefined },
	signal?: AbortSignal,
): AsyncGenerator<OutputBatch> {
	const isKnown = wish.since !== undefined && wish.since <= output.last && (wish.life === undefined || wish.life === output.life);
	let since = isKnown ? (wish.since as number) : Math.max(0, output.last - FIRST_LINES);
	let wake: (() => void) | null = null;
	const end = output.onLines(() => wake?.());
	const stop = () => wake?.();
	signal?.addEventListener("abort", stop);
	let isFirst = true;
	const isOver = () => signal?.aborted === true;
	try {
		while (!isOver()) {
			const { batch, next } = output.after(since, BATCH_LINES, wish.source);
			since = next;
			// The first one tells whose lines these are, also when there are none yet.
			if (batch.lines.length > 0 || isFirst) yield isFirst && !isKnown ? { ...batch, missed: 0 } : batch;
			isFirst = false;
			if (since < output.last) await sleep(BATCH_MS / 4);
			else {
				await sleep(BATCH_MS);
				if (since === output.last && !isOver())
					await new Promise<void>((resolve) => {
						wake = resolve;
					});
			}
		}
	} finally {
		end();
		signal?.removeEventListener("abort", stop);
	}
}
