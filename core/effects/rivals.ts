import type { DatabaseSync } from "node:sqlite";
import { quoteName } from "./sql-value.ts";
import type { StoredTable } from "./table-columns.ts";

export type Rivals = {
	/** Conditions under which a row (`rival`) keeps the row NEW from being written. */
	conditions: string[];
	/** Columns, besides the rowid, whose change can bring NEW into conflict. */
	columns: string[];
	/** Unique indexes on expressions alone: no condition tells their rivals from other rows. */
	untold: string[];
};

export function rivalsOf(database: DatabaseSync, { name, rowid }: StoredTable): Rivals {
	const conditions = [`rival.${rowid} = NEW.${rowid}`];
	const columns = new Set<string>();
	const untold: string[] = [];
	for (const index of database.prepare("SELECT name FROM pragma_index_list(?, 'main') WHERE \"unique\" = 1").all(name)) {
		const parts = database.prepare("SELECT name, coll FROM pragma_index_xinfo(?, 'main') WHERE key = 1").all(index.name as string);
		// Of an index on an expression only the plain columns are compared: that notes more rows than needed, never fewer.
		const plain = parts.filter((part) => part.name !== null);
		const equal = plain.map(
			(part) => `rival.${quoteName(String(part.name))} COLLATE ${quoteName(String(part.coll))} = NEW.${quoteName(String(part.name))}`,
		);
		if (equal.length === 0) untold.push(String(index.name));
		for (const part of plain) columns.add(String(part.name));
		conditions.push(equal.length === 0 ? "1" : `(${equal.join(" AND ")})`);
	}
	return { conditions, columns: [...columns], untold };
}
