import type { Difference } from "../contract/verdict.ts";
import { createListRules, type ListRules, type Partners, partnersByKey, partnersInSet } from "./list-rules.ts";
import { canonical, type Leaf, type RecordValue, showTree, type Value } from "./value-tree.ts";

/** Leaves that stand at the same place, and places that only one side has. Document order of the legacy side. */
export type Pair = { field: string; legacy: Leaf; modern: Leaf };
export type Found =
	| { kind: "pair"; pair: Pair }
	| { kind: "difference"; difference: Difference }
	/** Not the same, and no difference by the policy. */
	| { kind: "accepted"; field: string; check: string };

/** Walks two trees of one shape. Fields: `path/NAME`, items of lists `path/NAME[2]`, counted from 1. */
export function align(path: string, legacy: Value, modern: Value, found: Found[], rules: ListRules = createListRules()): void {
	if (legacy.kind === "leaf" && modern.kind === "leaf") {
		found.push({ kind: "pair", pair: { field: path, legacy, modern } });
	} else if (legacy.kind === "record" && modern.kind === "record") {
		alignRecords(path, legacy, modern, found, rules);
	} else if (legacy.kind === "list" && modern.kind === "list") {
		alignLists(path, legacy.items, modern.items, found, rules);
	} else if (legacy.kind === "list" && modern.kind === "record") {
		alignLists(path, legacy.items, [modern], found, rules);
	} else if (legacy.kind === "record" && modern.kind === "list") {
		alignLists(path, [legacy], modern.items, found, rules);
	} else {
		differ(found, path, showTree(legacy), showTree(modern), "text", "structure");
	}
}

function alignRecords(path: string, legacy: RecordValue, modern: RecordValue, found: Found[], rules: ListRules): void {
	for (const [name, value] of legacy.fields) {
		const other = modern.fields.get(name);
		if (other === undefined) differ(found, `${path}/${name}`, showTree(value), "", "missing", "missing field");
		else if (value.kind !== other.kind && (value.kind === "list" || other.kind === "list")) {
			// In XML one element is a field and two are a list.
			alignLists(`${path}/${name}`, itemsOf(value), itemsOf(other), found, rules);
		} else align(`${path}/${name}`, value, other, found, rules);
	}
	for (const [name, value] of modern.fields) {
		if (!legacy.fields.has(name)) differ(found, `${path}/${name}`, "", showTree(value), "extra", "extra field");
	}
	const { sequence } = legacy;
	if (sequence === null || modern.sequence === null || sequence.length !== modern.sequence.length) return;
	if (sequence.join() === modern.sequence.join() || [...sequence].sort().join() !== [...modern.sequence].sort().join()) return;
	differ(found, path, sequence.join(" "), modern.sequence.join(" "), "text", "dictionary order");
}

const itemsOf = (value: Value): Value[] => (value.kind === "list" ? value.items : [value]);

function alignLists(path: string, legacy: Value[], modern: Value[], found: Found[], rules: ListRules): void {
	const rule = rules(path);
	if (rule !== "order") {
		alignPartners(
			path,
			legacy,
			modern,
			found,
			rules,
			rule === "set" ? partnersInSet(legacy, modern) : partnersByKey(legacy, modern, rule.key),
		);
		return;
	}
	if (legacy.length === modern.length) {
		if (legacy.length > 1 && isReordered(legacy, modern)) {
			differ(found, path, showTree({ kind: "list", items: legacy }), showTree({ kind: "list", items: modern }), "text", "dictionary order");
			return;
		}
		for (const [index, item] of legacy.entries()) align(`${path}[${index + 1}]`, item, modern[index] as Value, found, rules);
		return;
	}
	// A row too many or too few must not shift all rows behind it: equal rows at both ends keep their partners.
	const left = legacy.map(canonical);
	const right = modern.map(canonical);
	const shorter = Math.min(left.length, right.length);
	let head = 0;
	while (head < shorter && left[head] === right[head]) head++;
	let tail = 0;
	while (tail < shorter - head && left[left.length - 1 - tail] === right[right.length - 1 - tail]) tail++;
	const both = shorter - head - tail;
	for (let index = head; index < head + both; index++)
		align(`${path}[${index + 1}]`, legacy[index] as Value, modern[index] as Value, found, rules);
	for (let index = head + both; index < legacy.length - tail; index++) {
		differ(found, `${path}[${index + 1}]`, showTree(legacy[index] as Value), "", "missing", "missing row");
	}
	for (let index = head + both; index < modern.length - tail; index++) {
		differ(found, `${path}[${index + 1}]`, "", showTree(modern[index] as Value), "extra", "extra row");
	}
}

/** Items are numbered as legacy has them, those that only the new service has as it has them. */
function alignPartners(path: string, legacy: Value[], modern: Value[], found: Found[], rules: ListRules, partners: Partners): void {
	const { pairs, missing, extra } = partners;
	for (const [a, b] of pairs) align(`${path}[${a + 1}]`, legacy[a] as Value, modern[b] as Value, found, rules);
	for (const index of missing) differ(found, `${path}[${index + 1}]`, showTree(legacy[index] as Value), "", "missing", "missing row");
	for (const index of extra) differ(found, `${path}[${index + 1}]`, "", showTree(modern[index] as Value), "extra", "extra row");
	const moved = pairs.filter(([, b], at) => at > 0 && b < (pairs[at - 1] as [number, number])[1]).length;
	if (moved > 0) found.push({ kind: "accepted", field: path, check: "list: the same items in another order" });
}

function isReordered(legacy: Value[], modern: Value[]): boolean {
	const left = legacy.map(canonical);
	const right = modern.map(canonical);
	return left.some((key, index) => key !== right[index]) && left.sort().join() === right.sort().join();
}

function differ(found: Found[], field: string, legacy: string, modern: string, kind: Difference["kind"], suspicion: string): void {
	found.push({ kind: "difference", difference: { field, legacy, modern, kind, suspicion } });
}
