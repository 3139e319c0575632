/**
 * The numbers that the core knows exchanges by. A worker counts on its own, from where it began; whatever a frame of it covers gets the next
 * numbers of all, so that they grow in the order in which exchanges leave for the core:
 *
 *     worker 1 says  1..3        4..6
 *     worker 2 says        1..4
 *     the core sees  1..3  4..7  8..10        its number = the worker's + the base of the frame
 */
export type Numbering = {
	/** The last number given. */
	readonly last: number;
	/** For a worker that begins to count at `last`. */
	begin(): WorkerNumbers;
};

export type WorkerNumbers = {
	/** A frame that covers all that has ended up to the worker's own number `end`. Returns the base of what is in it. */
	take(end: number): number;
	/** What the core knows an exchange by; null where that was too long ago to be known. */
	numberOf(own: number): number | null;
	/** Every number so far is the worker's own. */
	readonly isPlain: boolean;
};

/** Frames come 20 ms apart, or a megabyte: so many are at least minutes, and no shadow has so long for an answer. */
const rememberedMost = 65_536;

export function createNumbering(most = rememberedMost): Numbering {
	let last = 0;

	function begin(): WorkerNumbers {
		let end = last;
		/** From which number on which base holds; both grow. */
		let starts = [end + 1];
		let bases = [0];

		return {
			take(next) {
				const base = last - end;
				if (next <= end) return bases.at(-1) ?? 0;
				if (base !== bases.at(-1)) {
					starts.push(end + 1);
					bases.push(base);
					if (starts.length > most) {
						starts = starts.slice(most / 2);
						bases = bases.slice(most / 2);
					}
				}
				last += next - end;
				end = next;
				return base;
			},
			numberOf(own) {
				let low = 0;
				let high = starts.length;
				while (low < high) {
					const middle = (low + high) >> 1;
					if ((starts[middle] as number) <= own) low = middle + 1;
					else high = middle;
				}
				return low === 0 || own > end ? null : own + (bases[low - 1] as number);
			},
			get isPlain() {
				return bases.length === 1 && bases[0] === 0;
			},
		};
	}

	return {
		get last() {
			return last;
		},
		begin,
	};
}
