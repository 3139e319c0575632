import { useMemo } from "react";
import type { MismatchExample } from "../../../core/contract/verdict.ts";
import { plural } from "../../ui/index.ts";
import styles from "./mismatch.module.css";
import { type ColumnPair, type RowPair, rowPairs } from "./row-pairs.ts";

/** What both sides did to the database, by table, row and column. */
export function Rows({ example: { legacy, modern, differences } }: { example: MismatchExample }) {
	const pairs = useMemo(() => rowPairs(legacy, modern, differences), [legacy, modern, differences]);
	const isEmpty = pairs === null ? legacy.rows.length + modern.rows.length === 0 : pairs.length === 0;
	return (
		<section aria-labelledby="rows-title">
			<h4 id="rows-title">{isEmpty ? "No row changed on either side" : "Rows changed"}</h4>
			{pairs !== null ? pairs.map((pair) => <Row key={`${pair.table} ${pair.legacy?.key} ${pair.modern?.key}`} pair={pair} />) : null}
			{pairs === null && !isEmpty ? (
				<div className={styles.sides}>
					<Lines title="Legacy" rows={legacy.rows} />
					<Lines title="Modern" rows={modern.rows} />
				</div>
			) : null}
		</section>
	);
}

/** Journals of the first version hold rows as lines alone. */
function Lines({ title, rows }: { title: string; rows: readonly string[] }) {
	return (
		<div>
			<h5>{title}</h5>
			<ul>{rows.length === 0 ? <li>none</li> : rows.map((row) => <li key={row}>{row}</li>)}</ul>
		</div>
	);
}

function Row({ pair }: { pair: RowPair }) {
	const { table, legacy, modern, columns } = pair;
	const what = (change: RowPair["legacy"]) => (change === null ? "no change" : `${change.kind} row ${change.key}`);
	const differing = columns.filter((column) => column.differs).length;
	return (
		<section className={styles.scroll}>
			<table className={styles.rows}>
				<caption>
					<b>{table}</b> {differing > 0 ? <mark>{plural(differing, "column differs", "columns differ")}</mark> : null}
				</caption>
				<thead>
					<tr>
						<th scope="col">Column</th>
						<th scope="col" className={styles.legacy}>
							Legacy <span>{legacy === null ? <mark>no change</mark> : what(legacy)}</span>
						</th>
						<th scope="col" className={styles.modern}>
							Modern <span>{modern === null ? <mark>no change</mark> : what(modern)}</span>
						</th>
					</tr>
				</thead>
				<tbody>
					{columns.map((column) => (
						<tr key={column.column} className={column.differs ? styles.differs : ""}>
							<th scope="row">{column.column}</th>
							<Cell cell={column.legacy} differs={column.differs} />
							<Cell cell={column.modern} differs={column.differs} />
						</tr>
					))}
				</tbody>
			</table>
		</section>
	);
}

function Cell({ cell, differs }: { cell: ColumnPair["legacy"]; differs: boolean }) {
	if (cell === null) return <td className={styles.gap} />;
	const { before, after } = cell;
	if (after === null) return <td>deleted</td>;
	const value = differs ? <mark>{after}</mark> : after;
	if (before === null || before === after) return <td>{value}</td>;
	return (
		<td>
			<span className={styles.before}>{before}</span> → {value}
		</td>
	);
}
