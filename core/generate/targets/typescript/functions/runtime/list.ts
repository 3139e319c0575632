import { call } from "./calls.ts";
import { lessThan, same } from "./compare.ts";
import { fail } from "./exceptions.ts";
import { positionOf, sizeArgument } from "./indices.ts";
import { iterate, list } from "./iterate.ts";
import type { PyRange } from "./range.ts";
import { repr } from "./repr.ts";
import { truth } from "./truth.ts";
import type { PyTuple } from "./tuple.ts";
import { isWhole, type Value } from "./values.ts";

export function listAppend(items: Value[], item: Value): null {
	items.push(item);
	return null;
}
export function listExtend(items: Value[], more: Value): null {
	if (Array.isArray(more)) for (const item of more.slice()) items.push(item);
	else for (const item of iterate(more)) items.push(item);
	return null;
}
export function listInsert(items: Value[], index: Value, item: Value): null {
	const at = sizeArgument(index);
	items.splice(at < 0 ? Math.max(0, at + items.length) : at, 0, item);
	return null;
}
export function listPop(items: Value[], index: Value = -1n): Value {
	const at = sizeArgument(index);
	if (items.length === 0) return fail("IndexError", "pop from empty list");
	const position = positionOf(BigInt(Math.max(Math.min(at, 2 ** 52), -(2 ** 52))), items.length);
	if (position < 0) return fail("IndexError", "pop index out of range");
	const [gone = null] = items.splice(position, 1);
	return gone;
}
export function listRemove(items: Value[], item: Value): null {
	for (let at = 0; at < items.length; at++)
		if (same(items[at] ?? null, item)) {
			items.splice(at, 1);
			return null;
		}
	return fail("ValueError", "list.remove(x): x not in list");
}
export function listReverse(items: Value[]): null {
	items.reverse();
	return null;
}
export function listClear(items: Value[]): null {
	items.length = 0;
	return null;
}
export const listCopy = (items: Value[]): Value[] => items.slice();

export function listCount(items: readonly Value[], item: Value): bigint {
	let count = 0n;
	for (const one of items) if (same(one, item)) count += 1n;
	return count;
}
function indexIn(items: readonly Value[], item: Value, from: Value, to: Value): number {
	const bound = (value: Value): number => {
		const at = sizeArgument(value);
		return at < 0 ? Math.max(0, at + items.length) : at;
	};
	const end = to === null ? items.length : bound(to);
	for (let at = bound(from); at < items.length && at < end; at++) if (same(items[at] ?? null, item)) return at;
	return -1;
}
export function listIndex(items: Value[], item: Value, from: Value = 0n, to: Value = null): bigint {
	const at = indexIn(items, item, from, to);
	return at < 0 ? fail("ValueError", `${repr(item)} is not in list`) : BigInt(at);
}
export const tupleCount = (tuple: PyTuple, item: Value): bigint => listCount(tuple.items, item);
export function tupleIndex(tuple: PyTuple, item: Value, from: Value = 0n, to: Value = null): bigint {
	const at = indexIn(tuple.items, item, from, to);
	return at < 0 ? fail("ValueError", "tuple.index(x): x not in tuple") : BigInt(at);
}
export const rangeCount = (range: PyRange, item: Value): bigint => (range.contains(item) ? 1n : 0n);
export function rangeIndex(range: PyRange, item: Value): bigint {
	const at = isWhole(item) ? range.indexOf(BigInt(item)) : -1n;
	return at < 0n ? fail("ValueError", `${repr(item)} is not in range`) : at;
}

/** A stable sort that asks only `later < earlier`; short lists are compared in CPython's order (a run, then binary insertion). */
function sortInPlace<T>(items: T[], isLess: (a: T, b: T) => boolean): void {
	if (items.length >= 64) {
		const before = items.slice();
		before.sort((a, b) => (isLess(a, b) ? -1 : isLess(b, a) ? 1 : 0));
		for (const [at, item] of before.entries()) items[at] = item;
		return;
	}
	if (items.length < 2) return;
	const at = (index: number): T => items[index] as T;
	let run = 2;
	if (isLess(at(1), at(0))) {
		while (run < items.length && isLess(at(run), at(run - 1))) run++;
		for (let low = 0, high = run - 1; low < high; low++, high--) [items[low], items[high]] = [at(high), at(low)];
	} else while (run < items.length && !isLess(at(run), at(run - 1))) run++;
	for (let start = run; start < items.length; start++) {
		const pivot = at(start);
		let low = 0;
		let high = start;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (isLess(pivot, at(middle))) high = middle;
			else low = middle + 1;
		}
		items.splice(start, 1);
		items.splice(low, 0, pivot);
	}
}

/** list.sort(key, reverse) */
export function listSort(items: Value[], key: Value = null, reverse: Value = false): null {
	const entries = items.slice().map((item) => ({ item, key: key === null ? item : call(key, [item]) }));
	const backwards = typeof reverse === "boolean" ? reverse : truth(reverse);
	if (backwards) entries.reverse();
	try {
		sortInPlace(entries, (a, b) => lessThan(a.key, b.key));
	} finally {
		// What was in order when a comparison failed stays in order.
		if (backwards) entries.reverse();
		for (const [at, entry] of entries.entries()) items[at] = entry.item;
	}
	return null;
}

/** sorted(value, key, reverse) */
export function sorted(value: Value, key: Value = null, reverse: Value = false): Value[] {
	const items = list(value);
	listSort(items, key, reverse);
	return items;
}
