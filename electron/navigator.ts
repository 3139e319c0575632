import type { Navigation } from "./deep-link.ts";

/** Passes links on; one that comes before the page does waits for it. */
export type Navigator = { go(to: Navigation | null): void; ready(): void };

export function createNavigator(send: (to: Navigation) => void): Navigator {
	let isReady = false;
	let waiting: Navigation | null = null;
	return {
		go(to) {
			if (to !== null && isReady) send(to);
			else waiting = to ?? waiting;
		},
		ready() {
			isReady = true;
			if (waiting !== null) send(waiting);
			waiting = null;
		},
	};
}
