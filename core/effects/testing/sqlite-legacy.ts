import { copyFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { quoteName, toBound } from "../sql-value.ts";
import { readTables } from "./follow.ts";
import type { Act, Engine, LegacyRow } from "./legacy.ts";

/** SQLite files in `dir`. The writer never gives up its turn: no timer of this process runs between two of its transactions. */
export function sqliteLegacy(dir: () => string, journal: "wal" | "delete" | "truncate" | "persist" | "memory"): Engine {
	return async (name) => {
		const place = join(dir(), `${name}.db`);
		const database = new DatabaseSync(place, { timeout: 5000 });
		database.exec(`PRAGMA journal_mode = ${journal}; PRAGMA synchronous = OFF;
			CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT COLLATE NOCASE, b); CREATE TABLE u (code TEXT UNIQUE, n)`);
		const exec = async (sql: string) => database.exec(sql);
		const transaction = (acts: readonly Act[], end: string) => {
			database.exec("BEGIN");
			for (const act of acts) perform(database, act);
			database.exec(end);
		};
		return {
			place,
			commit: async (...acts) => transaction(acts, "COMMIT"),
			rollback: async (...acts) => transaction(acts, "ROLLBACK"),
			createIndex: () => exec("CREATE INDEX i ON t (a)"),
			addColumn: () => exec("ALTER TABLE t ADD COLUMN late; UPDATE t SET late = 5"),
			createUnsuitable: (table) => exec(`CREATE TABLE ${quoteName(table)} (code TEXT PRIMARY KEY) WITHOUT ROWID`),
			dropTable: (table) => exec(`DROP TABLE ${quoteName(table)}`),
			async replace() {
				copyFileSync(place, `${place}.new`);
				renameSync(`${place}.new`, place);
			},
			rows: async () => readTables(place),
			read: (commit) => commit,
			close: async () => database.close(),
		};
	};
}

function perform(database: DatabaseSync, act: Act): void {
	const run = (sql: string, row: LegacyRow, ...rest: readonly (number | undefined)[]) => {
		database.prepare(sql).run(...valuesOf(row), ...rest.filter((value) => value !== undefined));
	};
	switch (act.act) {
		case "insert":
		case "put": {
			const names = [...Object.keys(act.row), act.table === "t" ? "id" : "rowid"];
			const verb = act.act === "put" ? "INSERT OR REPLACE" : "INSERT";
			run(`${verb} INTO ${act.table} (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`, act.row, act.key);
			break;
		}
		case "update": {
			const set = Object.keys(act.row).map((name) => `${name} = ?`);
			const which = act.key !== undefined ? " WHERE rowid = ?" : act.from !== undefined ? " WHERE rowid >= ?" : "";
			run(`UPDATE ${act.table} SET ${set.join(", ")}${which}`, act.row, act.key ?? act.from);
			break;
		}
		case "rekey":
			run("UPDATE OR IGNORE t SET id = ? WHERE id = ?", {}, act.to, act.key);
			break;
		case "delete":
			run(`DELETE FROM ${act.table}${act.key === undefined ? "" : " WHERE rowid = ?"}`, {}, act.key);
			break;
		default:
			act satisfies never;
	}
}

function valuesOf(row: LegacyRow) {
	return Object.values(row).map((value) => (typeof value === "string" ? value : toBound(value)));
}
