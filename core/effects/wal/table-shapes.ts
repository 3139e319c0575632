import { DatabaseSync } from "node:sqlite";
import type { SqlValue } from "../../contract/effects.ts";
import { type BoundValue, fromBound, quoteName } from "../sql-value.ts";
import { unsuitable } from "../unsuitable.ts";
import type { Column } from "./record.ts";

/** A table of the schema: its name, its root page, and what its records mean. */
export type TableShape = { name: string; root: number; sql: string; columns: Column[] };

/** One row of sqlite_schema that describes a table. */
export type SchemaRow = { name: string; root: number; sql: string };

/**
 * What the stored CREATE TABLE texts mean, asked of SQLite itself in a database in memory, so that the answer belongs
 * to the point in history at which the texts were read. `file` is only for the message.
 * Throws DATABASE_UNSUITABLE for tables that have no rowid and for texts that this SQLite does not take.
 */
export function tableShapes(rows: readonly SchemaRow[], known: readonly TableShape[], file: string): TableShape[] {
	const shapes: TableShape[] = [];
	let memory: DatabaseSync | null = null;
	try {
		for (const row of rows) {
			const same = known.find((shape) => shape.name === row.name && shape.sql === row.sql);
			if (same === undefined) memory ??= new DatabaseSync(":memory:", { enableDoubleQuotedStringLiterals: true });
			shapes.push({ ...row, columns: same?.columns ?? columnsOf(memory as DatabaseSync, row, file) });
		}
	} finally {
		memory?.close();
	}
	return shapes;
}

function columnsOf(memory: DatabaseSync, row: SchemaRow, file: string): Column[] {
	createTable(memory, row, file);
	const name = quoteName(row.name);
	const listed = memory.prepare("SELECT wr, strict FROM pragma_table_list WHERE schema = 'main' AND name = ?").get(row.name);
	if (listed?.wr === 1) {
		throw unsuitable(file, `table ${row.name} is a WITHOUT ROWID table`, `Leave the functions that write ${row.name} with legacy.`);
	}
	const hasKeyIndex = memory
		.prepare(`PRAGMA index_list(${name})`)
		.all()
		.some((index) => index.origin === "pk");
	const columns = memory.prepare(`PRAGMA table_xinfo(${name})`).all();
	const keys = columns.filter((column) => Number(column.pk) > 0);
	const shape: Column[] = [];
	for (const column of columns) {
		// 2: a generated column that is computed when read; its value is in no record.
		if (column.hidden === 2) continue;
		const type = String(column.type);
		const isKey = Number(column.pk) > 0 && keys.length === 1 && !hasKeyIndex && type.toUpperCase() === "INTEGER";
		const missing = column.dflt_value === null ? null : defaultOf(memory, String(column.dflt_value), type, listed?.strict === 1);
		shape.push({ name: String(column.name), real: hasRealAffinity(type), isKey, missing });
	}
	memory.exec(`DROP TABLE ${name}`);
	return shape;
}

function createTable(memory: DatabaseSync, row: SchemaRow, file: string): void {
	for (let attempt = 0; ; attempt++) {
		try {
			memory.exec(row.sql);
			return;
		} catch (error) {
			const reason = error instanceof Error ? error.message : String(error);
			// A CHECK may call a function that the legacy program registers; the shape does not depend on what it does.
			const missing = /no such function: (\S+)/.exec(reason)?.[1];
			if (missing === undefined || attempt > 20) {
				throw unsuitable(file, `the definition of table ${row.name} is not understood (${reason})`, "Report the CREATE TABLE text.");
			}
			memory.function(missing, { varargs: true, deterministic: true }, () => null);
		}
	}
}

/** https://www.sqlite.org/datatype3.html#determination_of_column_affinity */
function hasRealAffinity(type: string): boolean {
	return !/INT|CHAR|CLOB|TEXT|BLOB/i.test(type) && /REAL|FLOA|DOUB/i.test(type);
}

function defaultOf(memory: DatabaseSync, expression: string, type: string, strict: boolean): SqlValue {
	const affinity = strict && type.toUpperCase() === "ANY" ? "" : type;
	memory.exec(`DROP TABLE IF EXISTS phoenix_default; CREATE TABLE phoenix_default (value ${affinity})`);
	try {
		memory.exec(`INSERT INTO phoenix_default SELECT ${expression}`);
	} catch {
		// A bare word is a text, as in DEFAULT open.
		memory.prepare("INSERT INTO phoenix_default VALUES (?)").run(expression);
	}
	const read = memory.prepare("SELECT value FROM phoenix_default");
	read.setReadBigInts(true);
	const value = (read.get() as { value: BoundValue }).value;
	memory.exec("DROP TABLE phoenix_default");
	return fromBound(value);
}
