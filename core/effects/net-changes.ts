import type { RowChange } from "../contract/effects.ts";
import { equalImage } from "./sql-value.ts";

/**
 * Several changes in the order in which they happened become one per row: the first `before` against the last `after`.
 * A row that ends as it began is no change. The result is sorted by table, then by key, so that two
 * sources that saw the same transaction give equal lists.
 */
export function netChanges(changes: readonly RowChange[]): RowChange[] {
	const rows = new Map<string, RowChange>();
	for (const change of changes) {
		const id = `${change.key}\n${change.table}`;
		const earlier = rows.get(id);
		rows.set(id, earlier === undefined ? change : { ...change, before: earlier.before });
	}
	const net: RowChange[] = [];
	for (const { table, key, before, after } of rows.values()) {
		if (equalImage(before, after)) continue;
		net.push({ table, key, kind: before === null ? "insert" : after === null ? "delete" : "update", before, after });
	}
	return sortChanges(net);
}

/** By table, then by key as a number; in place. */
export function sortChanges(changes: RowChange[]): RowChange[] {
	return changes.sort((a, b) => (a.table === b.table ? compareKeys(a.key, b.key) : a.table < b.table ? -1 : 1));
}

/** The opposite of `changes`, to be applied in its own order. */
export function inverse(changes: readonly RowChange[]): RowChange[] {
	return changes
		.map(({ table, key, kind, before, after }): RowChange => {
			const opposite = kind === "insert" ? "delete" : kind === "delete" ? "insert" : "update";
			return { table, key, kind: opposite, before: after, after: before };
		})
		.reverse();
}

/** Integers by their size, before keys of another kind, which go by their text. */
function compareKeys(a: string, b: string): number {
	const [isNumber, isOtherNumber] = [integer.test(a), integer.test(b)];
	if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
	if (!isNumber) return a === b ? 0 : a < b ? -1 : 1;
	const difference = Number(a) - Number(b);
	if (difference !== 0) return difference;
	const [x, y] = [BigInt(a), BigInt(b)];
	return x === y ? 0 : x < y ? -1 : 1;
}

const integer = /^-?\d+$/;
