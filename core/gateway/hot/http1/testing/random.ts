/** Small, fast and repeatable (mulberry32): the same seed gives the same numbers on every machine. */
export type Random = {
	/** A whole number from 0 to below `limit`. */
	below(limit: number): number;
	/** True once in `times`, on average. */
	oneIn(times: number): boolean;
	pick<Value>(values: readonly Value[]): Value;
};

export function createRandom(seed: number): Random {
	let state = seed >>> 0;
	function below(limit: number): number {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000) * limit);
	}
	return {
		below,
		oneIn: (times) => below(times) === 0,
		pick: <Value>(values: readonly Value[]) => values[below(values.length)] as Value,
	};
}
