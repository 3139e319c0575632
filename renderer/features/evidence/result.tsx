import { plural } from "../../ui/index.ts";
import styles from "./evidence.module.css";

const SHOWN = 500;

/** The answer as a table; numbers to the right, NULL said as such. The first 500 rows are drawn. */
export function Result({ columns, rows }: { columns: readonly string[]; rows: readonly unknown[][] }) {
	if (rows.length === 0) return <p className={styles.none}>No row answers this question.</p>;
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
		<section className={styles.result} tabIndex={0} aria-label="Answer">
			<table>
				<thead>
					<tr>
						{columns.map((column, index) => (
							<th key={column} scope="col" className={typeof rows[0]?.[index] === "number" ? styles.number : ""}>
								{column}
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{rows.slice(0, SHOWN).map((row, index) => (
						// biome-ignore lint/suspicious/noArrayIndexKey: rows of an answer have no other name and never move
						<tr key={index}>
							{row.map((value, column) => (
								<td key={columns[column]} className={typeof value === "number" ? styles.number : value === null ? styles.null : ""}>
									{value === null ? "NULL" : String(value)}
								</td>
							))}
						</tr>
					))}
				</tbody>
			</table>
			{rows.length > SHOWN ? (
				<p className={styles.none}>{plural(rows.length - SHOWN, "more row")} not drawn. Narrow the question to see them.</p>
			) : null}
		</section>
	);
}
