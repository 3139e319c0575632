import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { RowChange, RowImage } from "../../contract/effects.ts";
import { sortChanges } from "../net-changes.ts";
import { type BoundValue, fromBound, quoteName } from "../sql-value.ts";
import type { StoredTable } from "../table-columns.ts";
import { type ChangeLog, logTable } from "./change-log.ts";

export type LogReader = {
	/**
	 * Reads on, at most `limit` rows of one state of the database. `touched` when everything up to that state is read: all rows that were
	 * touched since the last such answer, also those that ended as they began, by table and key. "more": call again. "overrun": entries were pushed out unread.
	 */
	read(limit: number): Found;
	/** What the last `read` gave was no state of the database: it is as if it had not been called. */
	undo(): void;
};

export type Found = { touched: RowChange[] } | "more" | "overrun";

type Touched = { place: number; row: bigint; before: RowImage | null; after: RowImage | null | undefined };
type Entry = Record<string, BoundValue>;

/**
 * The log says how each touched row was when it was touched; the table says what it has become. A look may take several
 * calls: a row whose present state was read and that is touched again before the end is read again.
 */
export function createLogReader({ tables }: ChangeLog, database: () => DatabaseSync): LogReader {
	const statements = new WeakMap<DatabaseSync, Map<number, StatementSync>>();
	let lastId = 0n;
	let touched = new Map<string, Touched>();
	let takeBack = () => {};

	function prepared(place: number, sql: () => string): StatementSync {
		const known = statements.get(database()) ?? new Map<number, StatementSync>();
		statements.set(database(), known);
		const statement = known.get(place) ?? database().prepare(sql());
		known.set(place, statement);
		statement.setReadBigInts(true);
		return statement;
	}

	function presentOf({ place, row }: Touched): RowImage | null {
		const table = tables[place] as StoredTable;
		const read = prepared(place, () => {
			const slots = table.columns.map((column, slot) => `${quoteName(column)} AS c${slot}`).join(", ");
			return `SELECT ${slots} FROM main.${quoteName(table.name)} WHERE ${table.rowid} = ?`;
		});
		const found = read.get(row) as Entry | undefined;
		return found === undefined ? null : imageOf(table, found);
	}

	function note(entry: Entry, changed: Map<string, Touched | null>): void {
		const place = Number(entry.place);
		const row = entry.row as bigint;
		const key = `${place} ${row}`;
		const known = touched.get(key);
		if (!changed.has(key)) changed.set(key, known === undefined ? null : { ...known });
		if (known !== undefined) known.after = undefined;
		else {
			const before = entry.existed === 1n ? imageOf(tables[place] as StoredTable, entry) : null;
			touched.set(key, { place, row, before, after: undefined });
		}
	}

	return {
		read(limit) {
			const [firstId, all, changed] = [lastId, touched, new Map<string, Touched | null>()];
			takeBack = () => {
				lastId = firstId;
				touched = all;
				for (const [key, was] of changed) {
					if (was === null) touched.delete(key);
					else touched.set(key, was);
				}
			};
			const select = prepared(-1, () => `SELECT * FROM ${logTable} WHERE id > ? ORDER BY id LIMIT ?`);
			const entries = select.all(lastId, limit) as Entry[];
			for (const entry of entries) {
				if (entry.id !== lastId + 1n) return "overrun";
				lastId = entry.id;
				note(entry, changed);
			}
			if (entries.length === limit) return "more";
			let budget = limit - entries.length;
			for (const [key, one] of touched) {
				if (one.after !== undefined) continue;
				if (budget-- <= 0) return "more";
				if (!changed.has(key)) changed.set(key, { ...one });
				one.after = presentOf(one);
			}
			const changes = [...touched.values()].map(({ place, row, before, after }): RowChange => {
				// One that came and went is neither there before nor after.
				const kind = before === null ? "insert" : after === null ? "delete" : "update";
				return { table: (tables[place] as StoredTable).name, key: String(row), kind, before, after: after ?? null };
			});
			touched = new Map();
			return { touched: sortChanges(changes) };
		},
		undo() {
			takeBack();
			takeBack = () => {};
		},
	};
}

function imageOf({ columns }: StoredTable, entry: Entry): RowImage {
	return Object.fromEntries(columns.map((column, slot) => [column, fromBound(entry[`c${slot}`] ?? null)]));
}
