import type { Client } from "pg";
import { unsuitable } from "../unsuitable.ts";
import { quotedTable, type TableShape, tableName } from "./catalog.ts";

/** PostgreSQL 14 is the first whose pgoutput hands on messages, by which `drain` knows its place. */
const oldest = 140_000;
const mostNamed = 20;

/** Throws DATABASE_UNSUITABLE, with what a person can do about it, for a server whose log cannot be decoded. */
export async function checkServer(client: Client, file: string): Promise<void> {
	const { rows } = await client.query<Record<string, string>>(
		`SELECT current_setting('server_version_num') AS number, current_setting('server_version') AS version,
			current_setting('wal_level') AS level, pg_is_in_recovery()::text AS standby`,
	);
	const { number = "0", version, level, standby } = rows[0] ?? {};
	if (Number(number) < oldest) throw unsuitable(file, `it runs PostgreSQL ${version}`, "Upgrade it to PostgreSQL 14 or later.");
	if (standby === "true") throw unsuitable(file, "it is a standby", "Name the primary server that it follows.");
	if (level !== "logical") {
		const remedy = "Run `ALTER SYSTEM SET wal_level = 'logical'` and restart the server.";
		throw unsuitable(file, `its wal_level is ${level}, and only a log of the level logical holds whole rows`, remedy);
	}
}

/** Throws DATABASE_UNSUITABLE that names every table whose rows would not come whole, with the statements that change it. */
export function checkTables(tables: readonly TableShape[], file: string): void {
	const unlogged = tables.filter((table) => !table.isLogged);
	if (unlogged.length > 0)
		throw unsuitable(
			file,
			`${name(unlogged)} is not in its log (UNLOGGED)`,
			statements(unlogged, (table) => `ALTER TABLE ${table} SET LOGGED`),
		);
	const keyless = tables.filter((table) => table.key.length === 0);
	if (keyless.length > 0) {
		const remedy = `Give it a primary key, or leave the functions that write ${name(keyless)} with legacy.`;
		throw unsuitable(
			file,
			`nothing tells the rows of ${name(keyless)} apart: it has no primary key and no unique key without NULL`,
			remedy,
		);
	}
	const short = tables.filter((table) => table.identity !== "f");
	if (short.length > 0) {
		const remedy = statements(short, (table) => `ALTER TABLE ${table} REPLICA IDENTITY FULL`);
		throw unsuitable(file, `the log does not hold the rows of ${name(short)} as they were before a change`, remedy);
	}
}

function name(tables: readonly TableShape[]): string {
	const named = tables.slice(0, mostNamed).map((table) => `table ${tableName(table)}`);
	const left = tables.length - named.length;
	return left === 0 ? named.join(", ") : `${named.join(", ")} and ${left} more`;
}

function statements(tables: readonly TableShape[], write: (table: string) => string): string {
	const written = tables.slice(0, mostNamed).map((table) => `${write(quotedTable(table))};`);
	const left = tables.length - written.length;
	return `Run: ${written.join(" ")}${left === 0 ? "" : ` and the same for ${left} more.`}`;
}
