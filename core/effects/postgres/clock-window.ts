/** Translates moments of the server's clock into this machine's, never too late. */
export type ClockWindow = {
	/** The server showed `serverMs` at `askedAt` of this clock or later. */
	learn(askedAt: number, serverMs: number): void;
	/** A time of this clock before which the server's did not show `serverMs`. */
	earliest(serverMs: number): number;
};

const mostAnswers = 5;

/**
 * The clocks differ by some offset. An answer bounds it from below: what was asked at `askedAt` was answered later (Cristian, 1989).
 * Of the last answers the lowest bound counts, so that a clock that is set back is followed with the next answer.
 */
export function createClockWindow(): ClockWindow {
	const bounds: number[] = [];
	return {
		learn(askedAt, serverMs) {
			bounds.push(askedAt - serverMs);
			if (bounds.length > mostAnswers) bounds.shift();
		},
		earliest: (serverMs) => (bounds.length === 0 ? Number.NEGATIVE_INFINITY : serverMs + Math.min(...bounds)),
	};
}
