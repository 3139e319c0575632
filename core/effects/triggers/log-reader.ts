import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { RowChange, RowImage } from "../../contract/effects.ts";
import { netChanges } from "../net-changes.ts";
import { type BoundValue, fromBound, quoteName } from "../sql-value.ts";
import type { StoredTable } from "../table-columns.ts";
import { type ChangeLog, logTable } from "./change-log.ts";

export type LogReader = {
	/**
	 * Reads on, at most `limit` rows, inside one read transaction. `changes` when everything up to the state that this transaction sees
	 * is read: what all commits since the last such answer changed together. "more": call again. "overrun": entries were pushed out unread.
	 */
	read(limit: number): { changes: RowChange[] } | "more" | "overrun";
};

type Touched = { place: number; row: bigint; before: RowImage | null; after: RowImage | null | undefined };
type Entry = Record<string, BoundValue>;

/**
 * The log says how each touched row was when it was touched; the table says what it has become. A look may take several short
 * transactions: a row whose present state was read and that is touched again before the end is read again.
 */
export function createLogReader(database: DatabaseSync, { tables }: ChangeLog): LogReader {
	const entriesAfter = database.prepare(`SELECT * FROM ${logTable} WHERE id > ? ORDER BY id LIMIT ?`);
	entriesAfter.setReadBigInts(true);
	const rows = new Map<number, StatementSync>();
	let lastId = 0n;
	let touched = new Map<string, Touched>();
	/** Those of them whose present state is not read. */
	const open: Touched[] = [];

	function presentOf({ place, row }: Touched): RowImage | null {
		const table = tables[place] as StoredTable;
		let statement = rows.get(place);
		if (statement === undefined) {
			const slots = table.columns.map((column, slot) => `${quoteName(column)} AS c${slot}`).join(", ");
			statement = database.prepare(`SELECT ${slots} FROM main.${quoteName(table.name)} WHERE ${table.rowid} = ?`);
			statement.setReadBigInts(true);
			rows.set(place, statement);
		}
		const found = statement.get(row) as Entry | undefined;
		return found === undefined ? null : imageOf(table, found);
	}

	function note(entry: Entry): void {
		const place = Number(entry.place);
		const row = entry.row as bigint;
		const key = `${place} ${row}`;
		const known = touched.get(key);
		if (known === undefined) {
			const before = entry.existed === 1n ? imageOf(tables[place] as StoredTable, entry) : null;
			const fresh: Touched = { place, row, before, after: undefined };
			touched.set(key, fresh);
			open.push(fresh);
		} else if (known.after !== undefined) {
			known.after = undefined;
			open.push(known);
		}
	}

	return {
		read(limit) {
			const entries = entriesAfter.all(lastId, limit) as Entry[];
			for (const entry of entries) {
				if (entry.id !== lastId + 1n) return "overrun";
				lastId = entry.id;
				note(entry);
			}
			if (entries.length === limit) return "more";
			for (let budget = limit - entries.length; budget > 0 && open.length > 0; budget--) {
				const one = open.pop() as Touched;
				one.after = presentOf(one);
			}
			if (open.length > 0) return "more";
			const changes = [...touched.values()].map(({ place, row, before, after }): RowChange => {
				const kind = before === null ? "insert" : after === null ? "delete" : "update";
				return { table: (tables[place] as StoredTable).name, key: String(row), kind, before, after: after ?? null };
			});
			touched = new Map();
			return { changes: netChanges(changes) };
		},
	};
}

function imageOf({ columns }: StoredTable, entry: Entry): RowImage {
	return Object.fromEntries(columns.map((column, slot) => [column, fromBound(entry[`c${slot}`] ?? null)]));
}
