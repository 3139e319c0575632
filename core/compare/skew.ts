import { type Difference, showValue, type Verdict } from "../contract/verdict.ts";
import type { Judge } from "./judge.ts";
import { columnsOf, describeRow, type RowPair, sameCell } from "./rows.ts";
import { suspect } from "./suspicion.ts";

const SHOWN = 50;

/**
 * [C24] Rows that both sides changed and that were not the same before: the new service worked on another state than legacy. Then
 * neither an equal nor a different outcome says anything of it. A row whose `before` is not known is no sign of that.
 */
export function skewVerdict(pairs: readonly RowPair[], judge: Judge): Verdict | null {
	const differences = pairs.flatMap((pair) => (pair.legacy.key === pair.modern.key ? skewOf(pair, judge) : []));
	const [first] = differences;
	if (first === undefined) return null;
	const more = differences.length > 1 ? `, and ${differences.length - 1} more` : "";
	const reason = `the new service did not see legacy's state: before, ${first.field} was ${first.legacy} there and ${first.modern} here${more}`;
	return { kind: "skewed", differences: differences.slice(0, SHOWN), tolerated: [], reason };
}

function skewOf({ legacy, modern }: RowPair, judge: Judge): Difference[] {
	const path = `rows/${legacy.table}`;
	const [a, b] = [legacy.before, modern.before];
	if (a === null || b === null) {
		if (a === b || judge.mayDiffer(path)) return [];
		const [here, there] = [legacy, modern].map((change) => (change.before === null ? "no such row" : describeRow(change)));
		return [
			{ field: path, legacy: here as string, modern: there as string, kind: a === null ? "extra" : "missing", suspicion: "state skew" },
		];
	}
	if (Object.keys(a).length === 0 || Object.keys(b).length === 0) return [];
	return columnsOf(a, b)
		.map((column) => ({ field: `${path}/${column}`, legacy: a[column], modern: b[column] }))
		.filter(({ field, legacy: here, modern: there }) => !sameCell(here, there) && !judge.mayDiffer(field))
		.map(({ field, legacy: here, modern: there }) => {
			const [left, right] = [showValue(here), showValue(there)];
			return { field, legacy: left, modern: right, kind: suspect(left, right).kind, suspicion: "state skew" };
		});
}
