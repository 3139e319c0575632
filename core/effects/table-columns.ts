import type { DatabaseSync } from "node:sqlite";
import { Fault } from "../base/index.ts";
import { quoteName } from "./sql-value.ts";

export type StoredTable = {
	name: string;
	/** Columns that a record holds: all but those computed when read. */
	columns: string[];
	/** Those of them that a statement may set. */
	settable: string[];
	/** A name by which the rowid can be had. */
	rowid: string;
};

/** The ordinary tables of one schema (`main`, or an attached one), by name; not those that a trigger source added. */
export function storedTables(database: DatabaseSync, schema = "main"): StoredTable[] {
	const names = database
		.prepare(
			`SELECT name FROM ${quoteName(schema)}.sqlite_schema WHERE type = 'table' AND rootpage > 0
			AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '\\_phoenix\\_changes%' ESCAPE '\\' ORDER BY name`,
		)
		.all();
	return names.map(({ name }) => storedTable(database, String(name), schema));
}

/** Throws DATABASE_UNSUITABLE for a table that has no columns here, or no name left for its rowid. */
export function storedTable(database: DatabaseSync, name: string, schema = "main"): StoredTable {
	const all = database.prepare("SELECT name, hidden FROM pragma_table_xinfo(?, ?)").all(name, schema);
	// 2: computed when read; 3: computed and stored.
	const stored = all.filter((column) => column.hidden !== 2);
	const taken = new Set(all.map((column) => String(column.name).toLowerCase()));
	const rowid = ["_rowid_", "rowid", "oid"].find((alias) => !taken.has(alias));
	if (stored.length === 0 || rowid === undefined) {
		const reason = stored.length === 0 ? `it has no table ${name}` : `the rows of table ${name} cannot be named`;
		throw new Fault("DATABASE_UNSUITABLE", {
			file: database.location() ?? "(memory)",
			reason,
			remedy: "Begin anew from a fresh copy of the database.",
		});
	}
	return {
		name,
		columns: stored.map((column) => String(column.name)),
		settable: stored.filter((column) => column.hidden === 0).map((column) => String(column.name)),
		rowid,
	};
}
