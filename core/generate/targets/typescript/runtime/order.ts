export type Comparable = number | string | boolean | readonly Comparable[];

/** Negative, zero or positive. Texts by code point, lists item by item. */
export function compare(a: Comparable, b: Comparable): number {
	if (typeof a === "string" && typeof b === "string") return compareText(a, b);
	if (Array.isArray(a) && Array.isArray(b)) return compareLists(a, b);
	return a < b ? -1 : a > b ? 1 : 0;
}

export function compareText(a: string, b: string): number {
	if (a === b) return 0;
	let at = 0;
	while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
	const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)];
	if (at === a.length || at === b.length) return a.length - b.length;
	// A surrogate stands for a code point above every other unit.
	return rank(left) - rank(right);
}

/** A sorted copy; equal items keep their order, also when descending. */
export function sorted<T>(items: Iterable<T>, key: (item: T) => Comparable, descending = false): T[] {
	const keyed = [...items].map((item) => ({ item, key: key(item) }));
	keyed.sort(descending ? (a, b) => compare(b.key, a.key) : (a, b) => compare(a.key, b.key));
	return keyed.map(({ item }) => item);
}

function rank(unit: number): number {
	return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

function compareLists(a: readonly Comparable[], b: readonly Comparable[]): number {
	for (const [index, item] of a.entries()) {
		const other = b[index];
		if (other === undefined) return 1;
		const order = compare(item, other);
		if (order !== 0) return order;
	}
	return a.length - b.length;
}
