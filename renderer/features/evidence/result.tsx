import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp } from "lucide-react";
import { type KeyboardEvent, useMemo, useRef, useState } from "react";
import type { QueryAnswer } from "../../../core/contract/api.ts";
import styles from "./evidence.module.css";
import { type Sorting, sorted } from "./sorting.ts";

const ROW = 28;

/** The answer as a table, of which only the rows in sight are in the page. A column's head sorts by it; a row opens beside. */
export function Result({ answer: { columns, rows } }: { answer: QueryAnswer }) {
	const [sorting, setSorting] = useState<Sorting | null>(null);
	const [chosen, setChosen] = useState<number | null>(rows.length === 1 ? 0 : null);
	const host = useRef<HTMLElement>(null);
	const shown = useMemo(() => sorted(rows, sorting), [rows, sorting]);
	const virtual = useVirtualizer({ count: shown.length, getScrollElement: () => host.current, estimateSize: () => ROW, overscan: 20 });
	if (rows.length === 0) return <p className={styles.none}>No row answers this question.</p>;
	const items = virtual.getVirtualItems();
	const above = items[0]?.start ?? 0;
	const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
	const isNumber = columns.map((_, column) => rows.some((row) => typeof row[column] === "number"));
	const sort = (column: number) =>
		setSorting((before) => (before?.column !== column ? { column, down: false } : before.down ? null : { column, down: true }));
	const onKeyDown = (event: KeyboardEvent) => {
		const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
		if (by === 0 || event.target !== host.current) return;
		event.preventDefault();
		const next = Math.min(shown.length - 1, Math.max(0, (chosen ?? -1) + by));
		setChosen(next);
		virtual.scrollToIndex(next);
	};
	const row = chosen === null ? undefined : shown[chosen];
	return (
		<div className={styles.answer}>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
			<section ref={host} className={styles.result} tabIndex={0} aria-label="Answer; the arrow keys open a row" onKeyDown={onKeyDown}>
				<table aria-rowcount={rows.length + 1}>
					<thead>
						<tr>
							{columns.map((column, index) => (
								<th
									// biome-ignore lint/suspicious/noArrayIndexKey: two columns of an answer may have one name; they never move
									key={`${column} ${index}`}
									scope="col"
									className={isNumber[index] ? styles.number : ""}
									aria-sort={sorting?.column !== index ? undefined : sorting.down ? "descending" : "ascending"}
								>
									<button type="button" onClick={() => sort(index)}>
										{column}
										{sorting?.column !== index ? null : sorting.down ? (
											<ArrowDown size={12} aria-hidden="true" />
										) : (
											<ArrowUp size={12} aria-hidden="true" />
										)}
									</button>
								</th>
							))}
						</tr>
					</thead>
					<tbody>
						{above > 0 ? <tr style={{ height: above }} /> : null}
						{items.map(({ index }) => (
							<tr
								key={index}
								aria-rowindex={index + 2}
								className={index === chosen ? styles.chosen : ""}
								onClick={() => setChosen(index === chosen ? null : index)}
							>
								{(shown[index] ?? []).map((value, column) => (
									<td
										// biome-ignore lint/suspicious/noArrayIndexKey: a cell is its column
										key={column}
										className={value === null ? styles.null : isNumber[column] ? styles.number : ""}
									>
										{value === null ? "NULL" : String(value)}
									</td>
								))}
							</tr>
						))}
						{below > 0 ? <tr style={{ height: below }} /> : null}
					</tbody>
				</table>
			</section>
			{row === undefined ? null : <Row columns={columns} row={row} />}
		</div>
	);
}

/** One row in full; what is JSON is laid out. */
function Row({ columns, row }: { columns: readonly string[]; row: readonly unknown[] }) {
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
		<section className={styles.row} tabIndex={0} aria-label="The opened row">
			<dl>
				{columns.map((column, index) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: two columns of an answer may have one name; they never move
					<div key={`${column} ${index}`}>
						<dt>{column}</dt>
						<dd>{laidOut(row[index])}</dd>
					</div>
				))}
			</dl>
		</section>
	);
}

function laidOut(value: unknown) {
	if (value === null || value === undefined) return "NULL";
	if (typeof value !== "string" || !/^[[{]/.test(value)) return String(value);
	try {
		return <pre>{JSON.stringify(JSON.parse(value), null, 2)}</pre>;
	} catch {
		return value;
	}
}
