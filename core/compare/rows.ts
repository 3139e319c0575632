import type { RowChange, SqlValue } from "../contract/effects.ts";
import type { Behaviour } from "../contract/verdict.ts";
import { showValue } from "../contract/verdict.ts";
import type { RowIds } from "./row-ids.ts";

type Change = Behaviour["changes"][number];
export type RowPair = { legacy: Change; modern: Change };
export type Matched = { pairs: RowPair[]; missing: Change[]; extra: Change[] };

/** Beyond this many unmatched inserts of a table on either side, partners are taken in order instead of by content. */
const contentLimit = 200;

export function sameCell(a: SqlValue | undefined, b: SqlValue | undefined): boolean {
	if (a === null || a === undefined || b === null || b === undefined) return (a ?? null) === (b ?? null);
	if ("i" in a) return "i" in b && a.i === b.i;
	if ("r" in a) return "r" in b && a.r === b.r;
	if ("t" in a) return "t" in b && a.t === b.t;
	return "b" in b && a.b === b.b;
}

/** The net effect of a transaction: one change per row, nothing for a row that ends as it began. */
export function netChanges(changes: Change[]): Change[] {
	const byRow = new Map<string, Change>();
	for (const change of changes) {
		const id = `${change.table}\u0000${change.key}`;
		const earlier = byRow.get(id);
		const before = earlier === undefined ? beforeOf(change) : beforeOf(earlier);
		const after = change.kind === "delete" ? null : change.after;
		byRow.set(id, {
			table: change.table,
			key: change.key,
			kind: before === null ? "insert" : after === null ? "delete" : "update",
			before,
			after,
		});
	}
	return [...byRow.values()].filter(({ before, after }) => {
		if (before === null || after === null) return before !== after;
		return columnsOf(before, after).some((column) => !sameCell(before[column], after[column]));
	});
}

const beforeOf = (change: Change): Change["before"] => (change.kind === "insert" ? null : (change.before ?? {}));

export function columnsOf(a: RowChange["after"], b: RowChange["after"]): string[] {
	return [...new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})])];
}

/** Partners by table and key; inserts that got other keys, and all of a table that the database numbers, by their content. [C21] */
export function matchRows(legacy: Change[], modern: Change[], ids: RowIds): Matched {
	const pairs: RowPair[] = [];
	const isByContent = ({ table, kind }: Change): boolean => kind === "insert" && ids.isNumbered(table);
	const rest = new Map<string, Change>();
	const others: Change[] = [];
	for (const change of modern)
		if (isByContent(change)) others.push(change);
		else rest.set(keyOf(change), change);
	const alone: Change[] = [];
	for (const change of legacy) {
		const partner = isByContent(change) ? undefined : rest.get(keyOf(change));
		if (partner === undefined) alone.push(change);
		else {
			rest.delete(keyOf(change));
			pairs.push({ legacy: change, modern: partner });
		}
	}
	others.push(...rest.values());
	const missing = alone.filter((change) => change.kind !== "insert");
	const extra = others.filter((change) => change.kind !== "insert");
	const tables = new Set([...alone, ...others].map((change) => change.table));
	for (const table of tables) {
		const isOpen = (change: Change): boolean => change.kind === "insert" && change.table === table;
		const matched = matchInserts(alone.filter(isOpen), others.filter(isOpen), (column) => !ids.holdsId(`rows/${table}/${column}`));
		pairs.push(...matched.pairs);
		missing.push(...matched.missing);
		extra.push(...matched.extra);
	}
	for (const pair of pairs) if (pair.legacy.kind === "insert" && pair.modern.kind === "insert") ids.pair(pair.legacy, pair.modern);
	return { pairs, missing, extra };
}

const keyOf = ({ table, key }: Change): string => `${table}\u0000${key}`;

/** Rows of equal content first, those with the same key before others; what is left by the most equal columns. */
function matchInserts(legacy: Change[], modern: Change[], counts: (column: string) => boolean): Matched {
	const equal = matchEqual(legacy, modern, counts);
	const left = equal.missing;
	const right = equal.extra;
	const scored: { a: Change; b: Change; score: number }[] = [];
	if (left.length <= contentLimit && right.length <= contentLimit) {
		for (const a of left) {
			for (const b of right) {
				const score = columnsOf(a.after, b.after).filter(
					(column) => counts(column) && sameCell(a.after?.[column], b.after?.[column]),
				).length;
				// A lone insert on each side is the same row, however much of it is wrong.
				if (score > 0 || (left.length === 1 && right.length === 1)) scored.push({ a, b, score: score + (a.key === b.key ? 0.5 : 0) });
			}
		}
		// The sort keeps the order of equal scores.
		scored.sort((one, other) => other.score - one.score);
	} else
		for (let index = 0; index < Math.min(left.length, right.length); index++)
			scored.push({ a: left[index] as Change, b: right[index] as Change, score: 0 });
	const taken = new Set<Change>();
	const pairs = [...equal.pairs];
	for (const { a, b } of scored) {
		if (taken.has(a) || taken.has(b)) continue;
		taken.add(a).add(b);
		pairs.push({ legacy: a, modern: b });
	}
	return { pairs, missing: left.filter((change) => !taken.has(change)), extra: right.filter((change) => !taken.has(change)) };
}

/** Rows that are equal in every column that counts. */
function matchEqual(legacy: Change[], modern: Change[], counts: (column: string) => boolean): Matched {
	const contentOf = ({ after }: Change): string =>
		JSON.stringify(
			Object.keys(after ?? {})
				.filter(counts)
				.sort()
				.map((column) => [column, after?.[column] ?? null]),
		);
	const waiting = new Map<string, Change[]>();
	for (const change of modern) waiting.set(contentOf(change), [...(waiting.get(contentOf(change)) ?? []), change]);
	const taken = new Map<Change, Change>();
	const take = (change: Change, isPartner: (other: Change) => boolean) => {
		const equals = waiting.get(contentOf(change)) ?? [];
		const index = equals.findIndex(isPartner);
		if (index >= 0) taken.set(change, equals.splice(index, 1)[0] as Change);
	};
	for (const change of legacy) take(change, (other) => other.key === change.key);
	for (const change of legacy) if (!taken.has(change)) take(change, () => true);
	const used = new Set(taken.values());
	return {
		pairs: [...taken].map(([a, b]) => ({ legacy: a, modern: b })),
		missing: legacy.filter((change) => !taken.has(change)),
		extra: modern.filter((change) => !used.has(change)),
	};
}

/** One line for each change, for people: `update accounts 7: balance 100.0 -> 95.0`. */
export function describeRows(changes: Change[]): string[] {
	return changes.map(describeRow);
}

export function describeRow({ table, key, kind, before, after }: Change): string {
	if (kind === "delete") return `delete ${table} ${key}`;
	const columns = columnsOf(before, after);
	if (kind === "insert") return `insert ${table} ${key}: ${columns.map((column) => `${column} ${showValue(after?.[column])}`).join(", ")}`;
	const changed = columns.filter((column) => !sameCell(before?.[column], after?.[column]));
	return `update ${table} ${key}: ${changed.map((column) => `${column} ${showValue(before?.[column])} -> ${showValue(after?.[column])}`).join(", ")}`;
}
