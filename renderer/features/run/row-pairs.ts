import type { SqlValue } from "../../../core/contract/effects.ts";
import { type Behaviour, type Difference, type ExampleSide, showValue } from "../../../core/contract/verdict.ts";

type Change = Behaviour["changes"][number];
type Cell = { before: string | null; after: string | null };
export type ColumnPair = { column: string; legacy: Cell | null; modern: Cell | null; differs: boolean };
/** One row of a table as both sides left it. */
export type RowPair = { table: string; legacy: Change | null; modern: Change | null; columns: ColumnPair[]; differs: boolean };

/** Rows beside each other by table and key; inserts that got other keys in their order. Null: the journal holds no structured rows. */
export function rowPairs(legacy: ExampleSide, modern: ExampleSide, differences: readonly Difference[]): RowPair[] | null {
	if (legacy.changes === undefined || modern.changes === undefined) return null;
	const marked = new Set(differences.map((difference) => difference.field));
	const rest = [...modern.changes];
	const take = (fits: (change: Change) => boolean) => {
		const index = rest.findIndex(fits);
		return index === -1 ? null : (rest.splice(index, 1)[0] ?? null);
	};
	const first = legacy.changes.map((change) => ({
		change,
		partner: take((other) => other.table === change.table && other.key === change.key),
	}));
	const pairs = first.map(({ change, partner }) =>
		pairOf(
			change,
			partner ?? (change.kind === "insert" ? take((other) => other.table === change.table && other.kind === "insert") : null),
			marked,
		),
	);
	return [...pairs, ...rest.map((change) => pairOf(null, change, marked))];
}

function pairOf(legacy: Change | null, modern: Change | null, marked: ReadonlySet<string>): RowPair {
	const { table } = (legacy ?? modern) as Change;
	const names = [...new Set([legacy, modern].flatMap((change) => Object.keys({ ...change?.before, ...change?.after })))];
	const columns = names
		.map((column): ColumnPair => {
			const [left, right] = [cellOf(legacy, column), cellOf(modern, column)];
			return { column, legacy: left, modern: right, differs: marked.has(`rows/${table}/${column}`) };
		})
		// What neither side touched says nothing.
		.filter(({ legacy: left, modern: right, differs }) => differs || isTouched(left) || isTouched(right));
	return { table, legacy, modern, columns, differs: legacy === null || modern === null || columns.some((column) => column.differs) };
}

function cellOf(change: Change | null, column: string): Cell | null {
	if (change === null) return null;
	const show = (row: Record<string, SqlValue> | null) => (row === null ? null : showValue(row[column]));
	return { before: change.kind === "insert" ? null : show(change.before), after: change.kind === "delete" ? null : show(change.after) };
}

const isTouched = (cell: Cell | null): boolean => cell !== null && cell.before !== cell.after;
