export type Queue<T> = {
	push(value: T): void;
	/** What waits, in batches, until the signal aborts. */
	batches(signal?: AbortSignal): AsyncGenerator<T[]>;
	values(signal?: AbortSignal): AsyncGenerator<T>;
};

/** Between a listener and a slow reader: the newest `capacity` values wait, older ones are let go. */
export function createQueue<T>(capacity: number): Queue<T> {
	let waiting: T[] = [];
	let wake: (() => void) | null = null;
	async function* batches(signal?: AbortSignal): AsyncGenerator<T[]> {
		const stop = () => wake?.();
		signal?.addEventListener("abort", stop);
		try {
			while (!signal?.aborted) {
				if (waiting.length === 0) {
					await new Promise<void>((resolve) => {
						wake = resolve;
					});
				}
				const batch = waiting;
				waiting = [];
				if (batch.length > 0) yield batch;
			}
		} finally {
			signal?.removeEventListener("abort", stop);
		}
	}
	return {
		push(value) {
			waiting.push(value);
			if (waiting.length > capacity) waiting.shift();
			wake?.();
		},
		batches,
		async *values(signal) {
			for await (const batch of batches(signal)) yield* batch;
		},
	};
}
