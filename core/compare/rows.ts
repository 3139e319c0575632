import type { RowChange, SqlValue } from "../contract/effects.ts";
import type { Behaviour } from "../contract/verdict.ts";
import { showValue } from "../contract/verdict.ts";

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

/** Partners by table and key; inserts that got other keys by the best agreement of content. */
export function matchRows(legacy: Change[], modern: Change[]): Matched {
	const pairs: RowPair[] = [];
	const rest = new Map(modern.map((change) => [`${change.table}\u0000${change.key}`, change]));
	const alone: Change[] = [];
	for (const change of legacy) {
		const id = `${change.table}\u0000${change.key}`;
		const partner = rest.get(id);
		if (partner === undefined) alone.push(change);
		else {
			rest.delete(id);
			pairs.push({ legacy: change, modern: partner });
		}
	}
	const others = [...rest.values()];
	const missing = alone.filter((change) => change.kind !== "insert");
	const extra = others.filter((change) => change.kind !== "insert");
	const tables = new Set([...alone, ...others].map((change) => change.table));
	for (const table of tables) {
		const isOpen = (change: Change): boolean => change.kind === "insert" && change.table === table;
		const matched = matchInserts(alone.filter(isOpen), others.filter(isOpen));
		pairs.push(...matched.pairs);
		missing.push(...matched.missing);
		extra.push(...matched.extra);
	}
	return { pairs, missing, extra };
}

function matchInserts(legacy: Change[], modern: Change[]): Matched {
	const scored: { left: number; right: number; score: number }[] = [];
	if (legacy.length <= contentLimit && modern.length <= contentLimit) {
		for (const [left, a] of legacy.entries()) {
			for (const [right, b] of modern.entries()) {
				const score = columnsOf(a.after, b.after).filter((column) => sameCell(a.after?.[column], b.after?.[column])).length;
				// A lone insert on each side is the same row, however much of it is wrong.
				if (score > 0 || (legacy.length === 1 && modern.length === 1)) scored.push({ left, right, score });
			}
		}
		scored.sort((a, b) => b.score - a.score || a.left - b.left || a.right - b.right);
	} else for (let index = 0; index < Math.min(legacy.length, modern.length); index++) scored.push({ left: index, right: index, score: 0 });
	const takenLeft = new Set<number>();
	const takenRight = new Set<number>();
	const pairs: RowPair[] = [];
	for (const { left, right } of scored) {
		if (takenLeft.has(left) || takenRight.has(right)) continue;
		takenLeft.add(left);
		takenRight.add(right);
		pairs.push({ legacy: legacy[left] as Change, modern: modern[right] as Change });
	}
	return { pairs, missing: legacy.filter((_, index) => !takenLeft.has(index)), extra: modern.filter((_, index) => !takenRight.has(index)) };
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
