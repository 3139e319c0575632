import { Fault, systemClock } from "../base/index.ts";
import type { Progress } from "../contract/progress.ts";

/** Tells how far it is. A change of the unit is a new phase of the same work. */
export type Step = (done: number, total?: number | null, unit?: string) => void;

export type ProgressBoard = {
	/** What is under way, oldest first. */
	list(): Progress[];
	/**
	 * Runs work that tells how far it is. The signal aborts when somebody cancels it, or when `outer` does; with `cancellable` false
	 * only `outer` ends it.
	 */
	run<T>(
		about: { what: string; unit: string; total?: number | null; cancellable?: boolean } & Pick<Progress, "sort" | "isBound">,
		work: (step: Step, signal: AbortSignal) => Promise<T>,
		outer?: AbortSignal,
	): Promise<T>;
	/** Throws RUN_STATE when it cannot be cancelled. Work that has ended meanwhile is no error. */
	cancel(id: string): void;
};

/** `changed` is called whenever the list is another one; whoever shows it decides how often. */
export function createProgress(changed: () => void, now: () => number = () => systemClock.now()): ProgressBoard {
	const works = new Map<string, { progress: Progress; abort: AbortController }>();
	let lastId = 0;
	return {
		list: () => [...works.values()].map(({ progress }) => ({ ...progress })),
		async run({ what, unit, total = null, cancellable = true, ...kind }, work, outer) {
			const id = `work-${++lastId}`;
			const abort = new AbortController();
			const progress: Progress = { id, what, done: 0, total, unit, startedAt: now(), cancellable, ...kind };
			works.set(id, { progress, abort });
			changed();
			const step: Step = (done, whole, counted) => {
				progress.done = done;
				if (whole !== undefined) progress.total = whole;
				if (counted !== undefined && counted !== progress.unit) Object.assign(progress, { unit: counted, startedAt: now() });
				changed();
			};
			try {
				return await work(step, outer === undefined ? abort.signal : AbortSignal.any([abort.signal, outer]));
			} finally {
				works.delete(id);
				changed();
			}
		},
		cancel(id) {
			const found = works.get(id);
			if (found === undefined) return;
			const { what } = found.progress;
			if (!found.progress.cancellable)
				throw new Fault("RUN_STATE", { verb: "Cancelling", reason: `“${what}” cannot stop half way`, remedy: "Wait for its end." });
			found.abort.abort(new Fault("CANCELLED", { what, safe: "Nothing was changed." }));
		},
	};
}
