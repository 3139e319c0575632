/** Numbers by chance, repeatable: the same seed gives the same ones on every machine (mulberry32). */
export type Draw = {
	/** From 0 to below 1. */
	unit(): number;
	/** A whole number from `low` to `high`, both included. */
	between(low: number, high: number): number;
	/** An amount with two decimals, most of them within a factor of 30 of `scale`; one in three is round. */
	money(scale: number): number;
	pick<Value>(values: readonly Value[]): Value;
};

export function createDraw(seed: number): Draw {
	let state = seed >>> 0;
	function unit(): number {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
	}
	const between = (low: number, high: number): number => low + Math.floor(unit() * (high - low + 1));
	return {
		unit,
		between,
		money(scale) {
			const size = scale * (unit() < 0.5 ? unit() : unit() * unit() * 5) + 1;
			return unit() < 1 / 3 ? Math.max(1, Math.round(size / 5)) * 5 : Math.round(size * 100) / 100;
		},
		pick: <Value>(values: readonly Value[]) => values[between(0, values.length - 1)] as Value,
	};
}
