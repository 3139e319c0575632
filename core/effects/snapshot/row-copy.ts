import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { RowChange, RowImage } from "../../contract/effects.ts";
import { type BoundValue, fromBound, quoteName } from "../sql-value.ts";
import type { StoredTable } from "../table-columns.ts";

export type RowCopy = {
	/** The rows that differ from the copy, which follows them. Belongs into a read transaction. */
	take(): RowChange[];
};

/**
 * A copy of one table in a temporary table of the reading connection: columns without type, constraint or trigger, so that
 * every value keeps its storage class and nothing acts on it. Compared exactly: byte by byte and class by class (-0.0 alone passes for 0.0).
 */
export function createRowCopy(database: DatabaseSync, { name, columns, rowid }: StoredTable, index: number): RowCopy {
	const copy = `temp.${quoteName(`phoenix seen ${index}`)}`;
	const live = `main.${quoteName(name)}`;
	const slots = columns.map((_, slot) => `c${slot}`);
	const images = columns.map((column, slot) => `now.${quoteName(column)} AS n${slot}`).join(", ");
	const stored = columns.map(quoteName).join(", ");
	database.exec(`CREATE TABLE ${copy} (row INTEGER PRIMARY KEY, ${slots.join(", ")})`);
	database.exec(`INSERT INTO ${copy} SELECT ${rowid}, ${stored} FROM ${live}`);

	// SQLite takes 1 for 1.0 and, by a column's collation, 'a' for 'A'.
	const other = columns.map((column, slot) => {
		const [now, was] = [`now.${quoteName(column)}`, `was.c${slot}`];
		return `${now} COLLATE BINARY IS NOT ${was} OR typeof(${now}) <> typeof(${was})`;
	});
	const changed = database.prepare(
		`SELECT was.*, now.${rowid} IS NOT NULL AS lives, ${images} FROM ${copy} AS was LEFT JOIN ${live} AS now ON now.${rowid} = was.row
		WHERE now.${rowid} IS NULL OR ${other.join(" OR ")}`,
	);
	const born = database.prepare(
		`SELECT now.${rowid} AS row, ${images} FROM ${live} AS now WHERE NOT EXISTS (SELECT 1 FROM ${copy} AS was WHERE was.row = now.${rowid})`,
	);
	const forget = database.prepare(`DELETE FROM ${copy} WHERE row = ?`);
	const note = database.prepare(`INSERT INTO ${copy} SELECT ${rowid}, ${stored} FROM ${live} WHERE ${rowid} = ?`);
	for (const statement of [changed, born]) statement.setReadBigInts(true);

	type Row = Record<string, BoundValue>;
	const rowsOf = (statement: StatementSync) => statement.all() as Row[];
	const imageOf = (row: Row, side: "c" | "n"): RowImage =>
		Object.fromEntries(columns.map((column, slot) => [column, fromBound(row[side + slot] ?? null)]));
	return {
		take() {
			const changes = rowsOf(changed).map((row): RowChange => {
				const after = row.lives === 1n ? imageOf(row, "n") : null;
				return { table: name, key: String(row.row), kind: after === null ? "delete" : "update", before: imageOf(row, "c"), after };
			});
			for (const row of rowsOf(born))
				changes.push({ table: name, key: String(row.row), kind: "insert", before: null, after: imageOf(row, "n") });
			for (const { key, kind } of changes) {
				if (kind !== "insert") forget.run(BigInt(key));
				if (kind !== "delete") note.run(BigInt(key));
			}
			return changes;
		},
	};
}
