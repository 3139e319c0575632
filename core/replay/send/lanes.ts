/**
 * Runs jobs, at most `width` at a time, those of one key one after the other in the order in which they came. What waits is bounded by
 * `limit`: `room` resolves when there is some.
 */
export type Lanes = {
	add(key: string | null, size: number, job: () => Promise<void>): void;
	/** Undefined when there is room now. */
	room(): Promise<void> | undefined;
	idle(): Promise<void>;
	readonly inFlight: number;
};

type Job = { key: string | null; size: number; run: () => Promise<void> };

export function createLanes(options: { width: number; limit: number; limitBytes: number }): Lanes {
	const ready: Job[] = [];
	let next = 0;
	/** Of each key that has a job on its way: those that come after it. */
	const behind = new Map<string, Job[]>();
	let [inFlight, waiting, waitingBytes] = [0, 0, 0];
	let wake: (() => void) | null = null;

	const isFull = () => waiting >= options.limit || waitingBytes >= options.limitBytes;

	function pump(): void {
		while (inFlight < options.width && next < ready.length) {
			const job = ready[next++] as Job;
			inFlight++;
			waiting--;
			waitingBytes -= job.size;
			void job.run().then(() => settle(job));
		}
		if (next > 1_024 || next === ready.length) {
			ready.splice(0, next);
			next = 0;
		}
	}

	function settle({ key }: Job): void {
		inFlight--;
		if (key !== null) {
			const queue = behind.get(key);
			const following = queue?.shift();
			if (following !== undefined) ready.push(following);
			else behind.delete(key);
		}
		pump();
		wake?.();
	}

	async function until(isSo: () => boolean): Promise<void> {
		while (!isSo()) {
			await new Promise<void>((resolve) => {
				wake = resolve;
			});
		}
		wake = null;
	}

	return {
		add(key, size, run) {
			const job: Job = { key, size, run };
			waiting++;
			waitingBytes += size;
			const queue = key === null ? undefined : behind.get(key);
			if (queue !== undefined) queue.push(job);
			else {
				if (key !== null) behind.set(key, []);
				ready.push(job);
			}
			pump();
		},
		room: () => (isFull() ? until(() => !isFull()) : undefined),
		idle: () => until(() => inFlight === 0 && waiting === 0),
		get inFlight() {
			return inFlight;
		},
	};
}
