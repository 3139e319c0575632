import type { ListRule } from "../contract/verdict.ts";
import { type FieldNames, matches, namesOf } from "./field-names.ts";
import { canonical, type Value } from "./value-tree.ts";

export type ListRules = (field: string) => ListRule;

/** What finds its partner: places in the two lists; what is alone on either side. */
export type Partners = { pairs: [legacy: number, modern: number][]; missing: number[]; extra: number[] };

/** Beyond this many items without an equal partner on either side, the rest is paired in order. */
const SEARCHED = 200;

export function createListRules(lists: Record<string, ListRule> = {}): ListRules {
	const rules: [FieldNames, ListRule][] = Object.entries(lists).map(([field, rule]) => [namesOf([field]), rule]);
	return (field) => rules.find(([names]) => matches(names, field))?.[1] ?? "order";
}

/** [C18] As a set: equal items first, then those that share most leaves. */
export function partnersInSet(legacy: readonly Value[], modern: readonly Value[]): Partners {
	const waiting = new Map<string, number[]>();
	for (const [index, item] of modern.entries()) waiting.set(canonical(item), [...(waiting.get(canonical(item)) ?? []), index]);
	const pairs: [number, number][] = [];
	const alone: number[] = [];
	for (const [index, item] of legacy.entries()) {
		const partner = waiting.get(canonical(item))?.shift();
		if (partner === undefined) alone.push(index);
		else pairs.push([index, partner]);
	}
	const others = [...waiting.values()].flat().sort((a, b) => a - b);
	return withRest(pairs, alone, others, mostAlike(legacy, modern, alone, others));
}

/** [C18] By fields of the items; items of one key in their order. An item without the fields has the key of nothing. */
export function partnersByKey(legacy: readonly Value[], modern: readonly Value[], key: readonly string[]): Partners {
	const waiting = new Map<string, number[]>();
	for (const [index, item] of modern.entries()) waiting.set(keyOf(item, key), [...(waiting.get(keyOf(item, key)) ?? []), index]);
	const pairs: [number, number][] = [];
	const missing: number[] = [];
	for (const [index, item] of legacy.entries()) {
		const partner = waiting.get(keyOf(item, key))?.shift();
		if (partner === undefined) missing.push(index);
		else pairs.push([index, partner]);
	}
	return { pairs, missing, extra: [...waiting.values()].flat().sort((a, b) => a - b) };
}

function keyOf(item: Value, key: readonly string[]): string {
	return JSON.stringify(
		key.map((name) => (item.kind === "record" ? (item.fields.get(name) ?? null) : item)).map((value) => value && canonical(value)),
	);
}

function withRest(pairs: [number, number][], left: number[], right: number[], more: [number, number][]): Partners {
	const taken = [new Set(more.map(([a]) => a)), new Set(more.map(([, b]) => b))] as const;
	return {
		pairs: [...pairs, ...more].sort((one, other) => one[0] - other[0]),
		missing: left.filter((index) => !taken[0].has(index)),
		extra: right.filter((index) => !taken[1].has(index)),
	};
}

function mostAlike(legacy: readonly Value[], modern: readonly Value[], left: number[], right: number[]): [number, number][] {
	const inOrder = left.slice(0, right.length).map((index, at): [number, number] => [index, right[at] as number]);
	if (left.length > SEARCHED || right.length > SEARCHED) return inOrder;
	const [a, b] = [left.map((index) => leavesOf(legacy[index] as Value)), right.map((index) => leavesOf(modern[index] as Value))];
	const scored = a.flatMap((one, i) => b.map((other, j) => ({ i, j, score: [...one].filter((leaf) => other.has(leaf)).length })));
	// The sort keeps the order of equal scores.
	scored.sort((one, other) => other.score - one.score);
	const [usedLeft, usedRight] = [new Set<number>(), new Set<number>()];
	const pairs: [number, number][] = [];
	for (const { i, j } of scored) {
		if (usedLeft.has(i) || usedRight.has(j)) continue;
		usedLeft.add(i);
		usedRight.add(j);
		pairs.push([left[i] as number, right[j] as number]);
	}
	return pairs;
}

function leavesOf(value: Value, path = ""): Set<string> {
	switch (value.kind) {
		case "leaf":
			return new Set([`${path}=${canonical(value)}`]);
		case "list":
			return new Set(value.items.flatMap((item, index) => [...leavesOf(item, `${path}[${index}]`)]));
		case "record":
			return new Set([...value.fields].flatMap(([name, item]) => [...leavesOf(item, `${path}/${name}`)]));
	}
}
