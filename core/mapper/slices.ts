import { setImmediate as turn } from "node:timers/promises";

/** A frame of a screen: whoever else waits on this thread waits no longer than this and the longest single step. */
const SLICE_MS = 12;

/**
 * Runs the steps on this thread, and lets everything else have its turn every few milliseconds. `told` hears the newest step of each
 * slice; `check` is called between slices and may throw.
 */
export async function inSlices<Step, Result>(
	steps: Generator<Step, Result>,
	told: (step: Step) => void,
	check: () => void,
): Promise<Result> {
	for (;;) {
		const end = performance.now() + SLICE_MS;
		let step = steps.next();
		while (!step.done && performance.now() < end) step = steps.next();
		if (step.done) return step.value;
		told(step.value);
		await turn();
		check();
	}
}
