import type { DatabaseSync } from "node:sqlite";
import type { RowChange, RowImage } from "../contract/effects.ts";
import { netChanges } from "./net-changes.ts";
import { type BoundValue, fromBound, quoteName } from "./sql-value.ts";

/**
 * Row changes of one connection, by temporary triggers that note old and new columns with their storage class. Only for a private
 * copy: a trigger runs inside the writer.
 */
export function captureByTriggers(database: DatabaseSync): { take(): RowChange[] } {
	const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all() as {
		name: string;
	}[];
	const columns = new Map<string, string[]>();
	let widest = 1;
	for (const { name } of tables) {
		const own = (database.prepare(`PRAGMA table_info(${quoteName(name)})`).all() as { name: string }[]).map((column) => column.name);
		columns.set(name, own);
		widest = Math.max(widest, own.length);
	}
	const slots = Array.from({ length: widest }, (_, index) => `o${index}, n${index}`).join(", ");
	database.exec(`CREATE TEMP TABLE captured (position INTEGER PRIMARY KEY, name TEXT, kind TEXT, key INTEGER, ${slots})`);
	for (const [name, own] of columns) {
		for (const kind of ["insert", "update", "delete"] as const) {
			const old = (column: string) => (kind === "insert" ? "NULL" : `OLD.${quoteName(column)}`);
			const fresh = (column: string) => (kind === "delete" ? "NULL" : `NEW.${quoteName(column)}`);
			const targets = own.map((_, index) => `o${index}, n${index}`).join(", ");
			const values = own.map((column) => `${old(column)}, ${fresh(column)}`).join(", ");
			const trigger = quoteName(`captured ${kind} ${name}`);
			const key = kind === "delete" ? "OLD.rowid" : "NEW.rowid";
			const text = `'${name.replaceAll("'", "''")}'`;
			database.exec(
				`CREATE TEMP TRIGGER ${trigger} AFTER ${kind} ON main.${quoteName(name)} BEGIN INSERT INTO captured (name, kind, key, ${targets}) VALUES (${text}, '${kind}', ${key}, ${values}); END`,
			);
		}
	}
	const read = database.prepare("SELECT * FROM captured ORDER BY position");
	read.setReadBigInts(true);
	const clear = database.prepare("DELETE FROM captured");
	return {
		take() {
			const rows = read.all() as Record<string, BoundValue>[];
			if (rows.length === 0) return [];
			clear.run();
			return netChanges(
				rows.map((row): RowChange => {
					const table = String(row.name);
					const kind = row.kind as RowChange["kind"];
					const image = (side: "o" | "n"): RowImage =>
						Object.fromEntries((columns.get(table) ?? []).map((column, index) => [column, fromBound(row[side + index] ?? null)]));
					return {
						table,
						key: String(row.key),
						kind,
						before: kind === "insert" ? null : image("o"),
						after: kind === "delete" ? null : image("n"),
					};
				}),
			);
		},
	};
}
