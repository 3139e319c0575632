import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { DatabaseSync } from "node:sqlite";
import { Fault } from "../../base/index.ts";
import { rivalsOf } from "../rivals.ts";
import { quoteName } from "../sql-value.ts";
import { type StoredTable, storedTables } from "../table-columns.ts";

/*
 * What a trigger source adds to a legacy database, all of it named `_phoenix_changes...`:
 *
 *   _phoenix_changes        one row per touched row: the row as it was, or that it was not there; the last `keep` are kept
 *   _phoenix_changes_owner  who added it
 *   _phoenix_changes_...    the triggers
 *
 * The triggers run inside legacy's own SQLite, whatever its version: they use no function, no upsert, no RETURNING, no RAISE,
 * and values go into columns without a type, so that each keeps its storage class. `IS` between two columns needs 3.6.19 (2009).
 */

export const logTable = "_phoenix_changes";
const ownerTable = "_phoenix_changes_owner";
/** How many entries are pushed out at a time; a power of two. */
const pruneEvery = 64;

export type Owner = { pid: number; host: string; inode: string };

/** What a log is read by: entry columns and the tables by their place in it. */
export type ChangeLog = { tables: StoredTable[]; width: number; owner: string };

/**
 * Adds log and triggers; belongs into a write transaction. `keep`: entries that the log holds at most (64 more for a moment).
 * Throws DATABASE_UNSUITABLE for tables that triggers cannot tell exactly.
 */
export function addChangeLog(database: DatabaseSync, file: string, keep: number, inode: string): ChangeLog {
	const tables = followedTables(database, file);
	const width = Math.max(0, ...tables.map((table) => table.columns.length));
	const owner = randomUUID();
	const slots = Array.from({ length: width }, (_, slot) => `, c${slot}`).join("");
	database.exec(`CREATE TABLE ${logTable} (id INTEGER PRIMARY KEY, place INTEGER, existed INTEGER, row INTEGER${slots})`);
	database.exec(`CREATE TABLE ${ownerTable} (id TEXT, pid INTEGER, host TEXT, inode TEXT)`);
	database.prepare(`INSERT INTO ${ownerTable} VALUES (?, ?, ?, ?)`).run(owner, process.pid, hostname(), inode);
	database.exec(
		`CREATE TRIGGER ${logTable}_prune AFTER INSERT ON ${logTable} WHEN NEW.id % ${pruneEvery} = 0
		BEGIN DELETE FROM ${logTable} WHERE id <= NEW.id - ${keep}; END`,
	);
	for (const [place, table] of tables.entries()) for (const sql of triggersOf(database, table, place, file)) database.exec(sql);
	return { tables, width, owner };
}

/** Takes everything away that a trigger source added. Belongs into a write transaction. */
export function dropChangeLog(database: DatabaseSync): void {
	for (const { type, name } of ownObjects(database)) if (type === "trigger") database.exec(`DROP TRIGGER ${quoteName(String(name))}`);
	for (const table of [logTable, ownerTable]) database.exec(`DROP TABLE IF EXISTS main.${table}`);
}

/** Whose log the database holds; null without one. An owner that cannot be read is one that never was. */
export function ownerOf(database: DatabaseSync): Owner | null {
	if (ownObjects(database).length === 0) return null;
	try {
		const found = database.prepare(`SELECT pid, host, inode FROM ${ownerTable}`).get();
		return { pid: Number(found?.pid ?? 0), host: String(found?.host), inode: String(found?.inode) };
	} catch {
		return { pid: 0, host: "", inode: "" };
	}
}

/** Whether the source that added the log still lives: on this machine, in this file. */
export function isAlive({ pid, host, inode }: Owner, presentInode: string): boolean {
	if (inode !== presentInode || pid === 0) return false;
	if (host !== hostname()) return true;
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === "EPERM";
	}
}

/** Tables, columns, unique indexes and triggers as one text: what the triggers were written for. */
export function shapeOf(database: DatabaseSync): string {
	const rows = database
		.prepare(
			`SELECT type, name, tbl_name, sql FROM main.sqlite_schema WHERE type IN ('table', 'trigger')
			OR (type = 'index' AND (sql IS NULL OR sql LIKE 'CREATE UNIQUE%')) ORDER BY type, name`,
		)
		.all();
	return JSON.stringify(rows);
}

function ownObjects(database: DatabaseSync) {
	return database.prepare("SELECT type, name FROM main.sqlite_schema WHERE name LIKE '\\_phoenix\\_changes%' ESCAPE '\\'").all();
}

/** Every object with its text, by name: what grows and shrinks with CREATE and DROP. */
export function schemaText(database: DatabaseSync): Map<string, string> {
	const rows = database.prepare("SELECT type, name, sql FROM main.sqlite_schema").all();
	return new Map(rows.map(({ type, name, sql }) => [`${type} ${name}`, String(sql)]));
}

/** False: VACUUM may give its rows other numbers. */
export function hasIntegerKey(database: DatabaseSync, table: string): boolean {
	const keys = database.prepare("SELECT type FROM pragma_table_info(?, 'main') WHERE pk > 0").all(table);
	const hasKeyIndex = database.prepare("SELECT 1 FROM pragma_index_list(?, 'main') WHERE origin = 'pk'").get(table) !== undefined;
	return keys.length === 1 && !hasKeyIndex;
}

/** Throws DATABASE_UNSUITABLE that names such a table. */
export function refuseWithoutRowid(database: DatabaseSync, file: string): void {
	const query = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND wr = 1";
	const found = database.prepare(query).get();
	if (found === undefined) return;
	const remedy = `Leave the functions that write ${found.name} with legacy.`;
	throw new Fault("DATABASE_UNSUITABLE", { file, reason: `table ${found.name} is a WITHOUT ROWID table`, remedy });
}

function followedTables(database: DatabaseSync, file: string): StoredTable[] {
	refuseWithoutRowid(database, file);
	// The tables behind a full-text or spatial index say nothing that the rows they were made from do not say.
	const listed = database.prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow'").all();
	const shadows = new Set(listed.map((table) => String(table.name)));
	return storedTables(database).filter((table) => !shadows.has(table.name));
}

/**
 * BEFORE: a row must be noted before a REPLACE pushes it out, which fires no trigger of its own, and before a trigger of the
 * application changes it once more. The newest trigger of a table runs first: so these run before those of the application.
 */
function triggersOf(database: DatabaseSync, table: StoredTable, place: number, file: string): string[] {
	const { name, columns, rowid } = table;
	const { conditions, columns: unique, untold } = rivalsOf(database, table);
	if (untold[0] !== undefined) {
		const reason = `the unique index ${untold[0]} of table ${name} is on expressions alone, so a REPLACE cannot be followed`;
		throw new Fault("DATABASE_UNSUITABLE", { file, reason, remedy: `Switch to a write-ahead log: phoenix effects switch "${file}".` });
	}
	const target = quoteName(name);
	const slots = columns.map((_, slot) => `, c${slot}`).join("");
	const image = (from: string) => columns.map((column) => `, ${from}.${quoteName(column)}`).join("");
	const insert = `INSERT INTO ${logTable} (place, existed, row${slots})`;
	const noteOld = `${insert} VALUES (${place}, 1, OLD.${rowid}${image("OLD")});`;
	const rivals = `${insert} SELECT ${place}, 1, rival.${rowid}${image("rival")} FROM ${target} AS rival WHERE (${conditions.join(" OR ")})`;
	const moved = [`NEW.${rowid} <> OLD.${rowid}`, ...unique.map((column) => `NOT (NEW.${quoteName(column)} IS OLD.${quoteName(column)})`)];
	const born = (when: string) => `${when} BEGIN INSERT INTO ${logTable} (place, existed, row) VALUES (${place}, 0, NEW.${rowid}); END`;
	const bodies: [string, string][] = [
		["rivals", `BEFORE INSERT ON ${target} BEGIN ${rivals}; END`],
		["born", born(`AFTER INSERT ON ${target}`)],
		["moved", born(`AFTER UPDATE ON ${target} WHEN NEW.${rowid} <> OLD.${rowid}`)],
		["pushed", `BEFORE UPDATE ON ${target} WHEN ${moved.join(" OR ")} BEGIN ${rivals} AND rival.${rowid} <> OLD.${rowid}; END`],
		["updated", `BEFORE UPDATE ON ${target} BEGIN ${noteOld} END`],
		["deleted", `BEFORE DELETE ON ${target} BEGIN ${noteOld} END`],
	];
	return bodies.map(([kind, body]) => `CREATE TRIGGER ${quoteName(`${logTable}_${place}_${kind}`)} ${body}`);
}
