// Only in a shadow build: which branches the present request takes. Each function gives back what it was given, so that nothing is
// computed otherwise. A request is answered from start to end before the next one begins, so one set is enough.
const taken = new Set<number>();

export function tookBranch(branch: number): void {
	taken.add(branch);
}

/** A condition, or the first value of a choice: its outcome is known once it is computed, so never when that throws. */
export function eitherBranch<T>(yes: number, no: number, value: T): T {
	taken.add(value ? yes : no);
	return value;
}

/** What a loop walks. */
export function eachBranch<T>(some: number, none: number, items: Iterable<T>): Iterable<T> {
	if (!Array.isArray(items)) return walked(some, none, items);
	taken.add(items.length > 0 ? some : none);
	return items;
}

/** The list that a comprehension reads. */
export function listBranch<T>(some: number, none: number, items: readonly T[]): readonly T[] {
	taken.add(items.length > 0 ? some : none);
	return items;
}

function* walked<T>(some: number, none: number, items: Iterable<T>): Generator<T, void, undefined> {
	let count = 0;
	for (const item of items) {
		if (count++ === 0) taken.add(some);
		yield item;
	}
	if (count === 0) taken.add(none);
}

/** The condition of one run of a loop: its first outcome says whether the loop runs at all. */
export function turnsBranch(some: number, none: number): (goesOn: boolean) => boolean {
	let isFirst = true;
	return (goesOn) => {
		if (isFirst) taken.add(goesOn ? some : none);
		isFirst = false;
		return goesOn;
	};
}

/** The numbers since the last call, ascending: `0,3,7`. */
export function takeBranches(): string {
	const numbers = [...taken].sort((a, b) => a - b).join(",");
	taken.clear();
	return numbers;
}
