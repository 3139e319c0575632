import { statSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { Fault } from "../base/index.ts";
import { quoteName } from "./sql-value.ts";
import { type StoredTable, storedTables } from "./table-columns.ts";

/** `count`: rows that are not the same on both sides. `sample`: some of them as `row 5: cents 10 / 11`. */
export type TableDifference = { table: string; count: number; sample: string[] };

const sampleSize = 5;

/** Compares all tables of `database` with those of the file `other`, in one read of each. */
export function tableDifferences(database: DatabaseSync, other: string, ignore: readonly string[]): TableDifference[] {
	if (statSync(other, { throwIfNoEntry: false }) === undefined)
		throw new Fault("SOURCE_UNREADABLE", { file: other, reason: "it does not exist" });
	database.prepare("ATTACH ? AS other").run(other);
	try {
		const there = new Map(storedTables(database, "other").map((table) => [table.name, table]));
		const found: TableDifference[] = [];
		for (const table of storedTables(database)) {
			const counterpart = there.get(table.name);
			there.delete(table.name);
			if (ignore.includes(table.name)) continue;
			const difference =
				counterpart === undefined ? alone(database, "main", table, "only here") : rowDifferences(database, table, counterpart);
			if (difference !== null) found.push(difference);
		}
		for (const table of there.values()) if (!ignore.includes(table.name)) found.push(alone(database, "other", table, "only there"));
		return found;
	} finally {
		database.exec("DETACH other");
	}
}

function alone(database: DatabaseSync, schema: string, table: StoredTable, note: string): TableDifference {
	const rows = database.prepare(`SELECT count(*) AS count FROM ${schema}.${quoteName(table.name)}`).get();
	return { table: table.name, count: Number(rows?.count), sample: [note] };
}

function rowDifferences(database: DatabaseSync, table: StoredTable, counterpart: StoredTable): TableDifference | null {
	if (table.columns.join("\n") !== counterpart.columns.join("\n")) {
		return { ...alone(database, "main", table, ""), sample: [`columns ${table.columns.join(", ")} / ${counterpart.columns.join(", ")}`] };
	}
	// EXCEPT compares by each column's own collation and takes 1 for 1.0: both are made explicit.
	const exact = table.columns.flatMap((column) => [`${quoteName(column)} COLLATE BINARY`, `typeof(${quoteName(column)})`]);
	const rows = (schema: string) => `SELECT ${[`${table.rowid} AS row`, ...exact].join(", ")} FROM ${schema}.${quoteName(table.name)}`;
	const differing = `SELECT row FROM (${rows("main")} EXCEPT ${rows("other")}) UNION SELECT row FROM (${rows("other")} EXCEPT ${rows("main")})`;
	const count = Number(database.prepare(`SELECT count(*) AS count FROM (${differing})`).get()?.count);
	if (count === 0) return null;
	const keys = database.prepare(`${differing} ORDER BY row LIMIT ${sampleSize}`);
	keys.setReadBigInts(true);
	return { table: table.name, count, sample: keys.all().map(({ row }) => describeDifference(database, table, row as bigint)) };
}

/** `row 5: cents 10 / 11`, of `main` and the attached `other`. */
export function describeDifference(database: DatabaseSync, table: StoredTable, row: bigint): string {
	const quoted = table.columns.map((column, index) => `quote(${quoteName(column)}) AS c${index}`).join(", ");
	const read = (schema: string) =>
		database.prepare(`SELECT ${quoted} FROM ${schema}.${quoteName(table.name)} WHERE ${table.rowid} = ?`).get(row);
	const [here, there] = [read("main"), read("other")];
	if (here === undefined || there === undefined) return `row ${row}: only ${here === undefined ? "there" : "here"}`;
	const parts = table.columns
		.map((column, index) => ({ column, a: here[`c${index}`], b: there[`c${index}`] }))
		.filter(({ a, b }) => a !== b);
	return `row ${row}: ${parts.map(({ column, a, b }) => `${column} ${a} / ${b}`).join(", ")}`;
}
