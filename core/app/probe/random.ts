/** The same sequence for the same seed (xorshift32: Marsaglia 2003, Xorshift RNGs). */
export type Random = {
	/** At least 0, less than `limit`, a whole number. */
	below(limit: number): number;
	/** Undefined only for an empty list. */
	pick<T>(from: readonly T[]): T | undefined;
};

export function createRandom(seed: number): Random {
	let state = seed | 0 || 1;
	const below = (limit: number): number => {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		return (state >>> 0) % limit;
	};
	return { below, pick: (from) => from[below(Math.max(1, from.length))] };
}
