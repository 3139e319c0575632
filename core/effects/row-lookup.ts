import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { RowImage, SqlValue } from "../contract/effects.ts";
import { type BoundValue, fromBound, quoteName } from "./sql-value.ts";
import { type StoredTable, storedTables } from "./table-columns.ts";

/** A row with the name that its changes have. */
export type StoredRow = { table: string; key: string; image: RowImage };

/** Rows of a database by what they hold. For private copies: a look without an index walks the table. */
export type RowLookup = {
	readonly tables: readonly StoredTable[];
	/** At most `limit` rows of the table with this value in the column, by SQLite's own comparison. */
	find(table: string, column: string, value: SqlValue, limit?: number): StoredRow[];
	/** At most `limit` different values of a column, as they come. */
	values(table: string, column: string, limit: number): SqlValue[];
	/** The row as it is now; null when it is gone. */
	row(table: string, key: string): StoredRow | null;
};

export function createRowLookup(database: DatabaseSync): RowLookup {
	const tables = storedTables(database);
	const known = new Map<string, StatementSync>();

	function prepared(sql: string): StatementSync {
		const statement = known.get(sql) ?? database.prepare(sql);
		if (!known.has(sql)) {
			statement.setReadBigInts(true);
			known.set(sql, statement);
		}
		return statement;
	}

	const tableOf = (name: string) => tables.find((table) => table.name === name);
	const selected = ({ name, rowid, columns }: StoredTable) =>
		`SELECT ${[rowid, ...columns.map(quoteName)].map((column, index) => `${column} AS c${index}`).join(", ")} FROM ${quoteName(name)}`;

	function rowsOf(table: StoredTable, found: Record<string, unknown>[]): StoredRow[] {
		return found.map((row) => ({
			table: table.name,
			key: String(row.c0),
			image: Object.fromEntries(table.columns.map((column, index) => [column, fromBound((row[`c${index + 1}`] ?? null) as BoundValue)])),
		}));
	}

	return {
		tables,
		find(name, column, value, limit = 3) {
			const table = tableOf(name);
			if (table === undefined || value === null || "b" in value) return [];
			const bound = "i" in value ? BigInt(value.i) : "r" in value ? value.r : value.t;
			return rowsOf(table, prepared(`${selected(table)} WHERE ${quoteName(column)} = ? LIMIT ${limit}`).all(bound));
		},
		values(name, column, limit) {
			const place = quoteName(column);
			const found = prepared(`SELECT DISTINCT ${place} AS value FROM ${quoteName(name)} LIMIT ${limit}`).all();
			return found.map(({ value }) => fromBound((value ?? null) as BoundValue));
		},
		row(name, key) {
			const table = tableOf(name);
			if (table === undefined) return null;
			return rowsOf(table, prepared(`${selected(table)} WHERE ${table.rowid} = ?`).all(BigInt(key)))[0] ?? null;
		},
	};
}
