/** Milliseconds since the epoch, with fractions: comparable between processes of one machine. */
export type Clock = { now(): number };

const { timeOrigin } = performance;

export const systemClock: Clock = { now: () => timeOrigin + performance.now() };

/** A clock that moves only when told to; for tests of everything that decides by time. */
export function createManualClock(start = 0): Clock & { advance(ms: number): void } {
	let at = start;
	return {
		now: () => at,
		advance(ms) {
			at += ms;
		},
	};
}
