import type { DatabaseSync } from "node:sqlite";
import { quoteName } from "../sql-value.ts";
import type { StoredTable } from "../table-columns.ts";
import { describeDifference } from "../table-differences.ts";
import type { DifferingRows } from "./messages.ts";

/** `from`: the first row that was not looked at yet; null: from the first there is. */
export type RangeLook = { rows: number; next: bigint | null; differing: DifferingRows | null };

const KEYS_TOLD = 1_000;
const SAMPLE = 5;

/**
 * Compares at most `limit` rows of one table, from row `from` on, with those of the attached database `other`; both tables have the
 * same columns. Rows are found by their numbers on both sides, so the cost is that of reading them. `next`: null after the last row.
 */
export function compareRange(database: DatabaseSync, table: StoredTable, from: bigint | null, limit: number): RangeLook {
	const name = quoteName(table.name);
	const { rowid } = table;
	const low = from ?? -(2n ** 63n);
	const bounded = (sql: string) => {
		const statement = database.prepare(sql);
		statement.setReadBigInts(true);
		return statement;
	};
	// The range ends where both sides together have had enough: rows that only the other one holds count too.
	const edge = (schema: string) =>
		bounded(`SELECT ${rowid} AS row FROM ${schema}.${name} WHERE ${rowid} >= ? ORDER BY ${rowid} LIMIT 1 OFFSET ?`).get(low, limit)?.row as
			| bigint
			| undefined;
	const edges = [edge("main"), edge("other")].filter((row) => row !== undefined);
	const next = edges.sort((a, b) => (a < b ? -1 : 1))[0] ?? null;
	const within = (alias: string) => `${alias}.${rowid} >= ?${next === null ? "" : ` AND ${alias}.${rowid} < ?`}`;
	const bounds = next === null ? [low] : [low, next];
	const count = (schema: string) =>
		(bounded(`SELECT count(*) AS count FROM ${schema}.${name} AS r WHERE ${within("r")}`).get(...bounds) as { count: bigint }).count;
	const rows = count("main");
	const differing = bounded(differingSql(table, within("m"))).all(...bounds) as { row: bigint; isAlone: bigint }[];
	const alone = differing.filter(({ isAlone }) => isAlone === 1n).length;
	const onlyThere =
		count("other") === rows - BigInt(alone)
			? []
			: (bounded(
					`SELECT ${rowid} AS row FROM other.${name} AS o WHERE ${within("o")} AND NOT EXISTS (SELECT 1 FROM main.${name} AS m WHERE m.${rowid} = o.${rowid})`,
				).all(...bounds) as { row: bigint }[]);
	const found = [...differing, ...onlyThere].map(({ row }) => row);
	if (found.length === 0) return { rows: Number(rows), next, differing: null };
	const told: DifferingRows = {
		table: table.name,
		keys: found.length > KEYS_TOLD ? null : found.map(String),
		count: found.length,
		sample: found.slice(0, SAMPLE).map((row) => describeDifference(database, table, row)),
	};
	return { rows: Number(rows), next, differing: told };
}

/** Rows of the first database that the other lacks or holds otherwise: value and storage class, text byte by byte. */
function differingSql({ name, columns, rowid }: StoredTable, within: string): string {
	const differs = columns.map((column) => {
		const [m, o] = [`m.${quoteName(column)}`, `o.${quoteName(column)}`];
		return `${m} COLLATE BINARY IS NOT ${o} OR typeof(${m}) <> typeof(${o})`;
	});
	return `SELECT m.${rowid} AS row, o.${rowid} IS NULL AS isAlone FROM main.${quoteName(name)} AS m LEFT JOIN other.${quoteName(name)} AS o ON o.${rowid} = m.${rowid} WHERE ${within} AND (o.${rowid} IS NULL OR ${differs.join(" OR ")})`;
}
