/** A page that crashes while it loads must not make this a busy loop: each crash within a minute of the last waits twice as long. */
const firstMs = 1_000;
const longestMs = 30_000;
const calmMs = 60_000;

/** Gives what is called when a process of the page is gone; it calls `load` after a while, unless the process ended as it should. */
export function createReloads(load: () => void): (reason: string) => void {
	let waitMs = firstMs;
	let crashedAt = Number.NEGATIVE_INFINITY;
	let waiting: NodeJS.Timeout | null = null;
	return (reason) => {
		if (reason === "clean-exit" || waiting !== null) return;
		const now = performance.now();
		waitMs = now - crashedAt < calmMs ? Math.min(longestMs, waitMs * 2) : firstMs;
		crashedAt = now;
		waiting = setTimeout(() => {
			waiting = null;
			load();
		}, waitMs);
	};
}
