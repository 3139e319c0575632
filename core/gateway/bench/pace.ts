/** Seconds of one measurement, of which so many rounds are made, after a warm-up of so many seconds. */
export type Pace = { seconds: number; rounds: number; warmUp: number };
