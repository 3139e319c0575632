import { IndexError, ValueError } from "./errors.ts";
import { type Comparable, compare } from "./order.ts";

/** The item at `index`, counted from the end if negative. */
export function itemAt<T>(items: readonly T[], index: number): T {
	if (index >= items.length || index < -items.length) throw new IndexError("list index out of range");
	return items.at(index) as T;
}

export function setItem<T>(items: T[], index: number, value: T): void {
	if (index >= items.length || index < -items.length) throw new IndexError("list assignment index out of range");
	items[index < 0 ? items.length + index : index] = value;
}

/** The items themselves if there are exactly `count` of them. */
export function exactly<T>(items: readonly T[], count: number): readonly T[] {
	if (items.length < count) throw new ValueError(`not enough values to unpack (expected ${count}, got ${items.length})`);
	if (items.length > count) throw new ValueError(`too many values to unpack (expected ${count})`);
	return items;
}

export function leastOf<T extends Comparable>(items: Iterable<T>): T {
	return extreme(items, "min", (order) => order < 0);
}

export function greatestOf<T extends Comparable>(items: Iterable<T>): T {
	return extreme(items, "max", (order) => order > 0);
}

export function range(from: number, to: number, step: number): number[] {
	if (step === 0) throw new ValueError("range() arg 3 must not be zero");
	const count = Math.max(0, Math.ceil((to - from) / step));
	return Array.from({ length: count }, (_, index) => from + index * step);
}

export function enumerated<T>(items: Iterable<T>, start: number): [number, T][] {
	return Array.from(items, (item, index) => [start + index, item]);
}

/** Pairs, as many as the shorter list has items. */
export function zipped<A, B>(first: readonly A[], second: readonly B[]): [A, B][] {
	return Array.from({ length: Math.min(first.length, second.length) }, (_, index) => [first[index] as A, second[index] as B]);
}

function extreme<T extends Comparable>(items: Iterable<T>, name: string, better: (order: number) => boolean): T {
	const [first, ...others] = items;
	if (first === undefined) throw new ValueError(`${name}() arg is an empty sequence`);
	return others.reduce((best, item) => (better(compare(item, best)) ? item : best), first);
}
