/** Which numbers of a run that begins at 1 have come, in any order and any number of times. */
export type Account = {
	add(seq: number): void;
	/** How many different ones have come. */
	readonly count: number;
	/** How often one came again. */
	readonly repeated: number;
	/** Numbers below the highest that never came. */
	missing(): number;
	readonly highest: number;
};

export function createAccount(): Account {
	/** All up to here have come; beyond it those in `ahead`. */
	let whole = 0;
	let highest = 0;
	let repeated = 0;
	const ahead = new Set<number>();
	return {
		add(seq) {
			if (seq <= whole || ahead.has(seq)) {
				repeated++;
				return;
			}
			highest = Math.max(highest, seq);
			ahead.add(seq);
			while (ahead.delete(whole + 1)) whole++;
		},
		get count() {
			return whole + ahead.size;
		},
		get repeated() {
			return repeated;
		},
		missing: () => highest - whole - ahead.size,
		get highest() {
			return highest;
		},
	};
}
