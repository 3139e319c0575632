import type { Client } from "pg";
import type { RowChange, RowImage, SqlValue } from "../../contract/effects.ts";
import { columnValue } from "../postgres/column-value.ts";
import { connect } from "../postgres/connection.ts";
import { quoteName } from "../sql-value.ts";
import type { Tables } from "./follow.ts";
import type { Act, Engine, LegacyRow } from "./legacy.ts";
import type { PostgresServer } from "./postgres-server.ts";

/** A column of any type is four here, of which one holds the value: bigint, double precision, text and bytea. */
const classes = { i: "bigint", r: "double precision", t: "text", b: "bytea" } as const;
const anything = (name: string) => Object.entries(classes).map(([suffix, type]) => `${name}_${suffix} ${type}`);
const free = { t: "b", u: "n" } as const;

/** Databases of one server, written by a connection each. */
export function postgresLegacy(server: () => PostgresServer): Engine {
	return async (name) => {
		const place = server().address(name);
		const create = async () => {
			await server().query("postgres", `CREATE DATABASE ${quoteName(name)}`);
			await server().query(
				name,
				`CREATE TABLE t (id bigint PRIMARY KEY, a text, ${anything("b").join(", ")})`,
				`CREATE TABLE u (id bigint PRIMARY KEY, code text UNIQUE, ${anything("n").join(", ")})`,
				"ALTER TABLE t REPLICA IDENTITY FULL",
				"ALTER TABLE u REPLICA IDENTITY FULL",
			);
		};
		await create();
		let writer = await connect(place, "queries");
		const exec = async (...statements: readonly string[]) => {
			for (const statement of statements) await writer.query(statement);
		};
		const transaction = async (acts: readonly Act[], end: string) => {
			await writer.query("BEGIN");
			for (const act of acts) await perform(writer, act);
			await writer.query(end);
		};
		return {
			place,
			commit: (...acts) => transaction(acts, "COMMIT"),
			rollback: (...acts) => transaction(acts, "ROLLBACK"),
			createIndex: () => exec("CREATE INDEX i ON t (a)"),
			addColumn: () => exec("ALTER TABLE t ADD COLUMN late bigint", "UPDATE t SET late = 5"),
			createUnsuitable: (table) => exec(`CREATE TABLE ${quoteName(table)} (code text PRIMARY KEY)`),
			dropTable: (table) => exec(`DROP TABLE ${quoteName(table)}`),
			async replace() {
				await writer.end();
				const others = `SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '${name}'`;
				await server().query("postgres", others, `DROP DATABASE ${quoteName(name)}`);
				await create();
				writer = await connect(place, "queries");
			},
			rows: () => readRows(writer),
			read: (commit) => ({ ...commit, changes: commit.changes.map(readChange) }),
			close: () => writer.end(),
		};
	};
}

/** Each statement by itself: inside a transaction the rows of one may push out what another put in. */
async function perform(writer: Client, act: Act): Promise<void> {
	switch (act.act) {
		case "put": {
			const code = act.row.code ?? null;
			const same = act.table === "u" ? " OR code = $2" : "";
			await writer.query(`DELETE FROM ${act.table} WHERE id = $1${same}`, act.table === "u" ? [act.key, code] : [act.key]);
			return perform(writer, { ...act, act: "insert" });
		}
		case "insert": {
			const stored = storedRow(act.row);
			const [names, values] = [
				["id", ...Object.keys(stored)],
				[act.key, ...Object.values(stored)],
			];
			const marks = names.map((_, place) => `$${place + 1}`);
			await writer.query(`INSERT INTO ${act.table} (${names.join(", ")}) VALUES (${marks.join(", ")})`, values);
			return;
		}
		case "update": {
			const stored = storedRow(act.row);
			const set = Object.keys(stored).map((column, place) => `${column} = $${place + 1}`);
			const place = act.key ?? act.from;
			const which = place === undefined ? "" : ` WHERE id ${act.key === undefined ? ">=" : "="} ${place}`;
			await writer.query(`UPDATE ${act.table} SET ${set.join(", ")}${which}`, Object.values(stored));
			return;
		}
		case "rekey":
			await writer.query("UPDATE t SET id = $2 WHERE id = $1 AND NOT EXISTS (SELECT FROM t WHERE id = $2)", [act.key, act.to]);
			return;
		case "delete":
			await writer.query(`DELETE FROM ${act.table}${act.key === undefined ? "" : ` WHERE id = ${act.key}`}`);
			return;
		default:
			return act satisfies never;
	}
}

/** The columns as the server has them, and their values as it takes them. */
function storedRow(row: LegacyRow): Record<string, string | Buffer | null> {
	const stored: Record<string, string | Buffer | null> = {};
	for (const [name, value] of Object.entries(row)) {
		if (name === "a" || name === "code") stored[name] = value as string | null;
		else for (const suffix of Object.keys(classes)) stored[`${name}_${suffix}`] = partOf(value as SqlValue, suffix);
	}
	return stored;
}

function partOf(value: SqlValue, suffix: string): string | Buffer | null {
	if (value === null || !(suffix in value)) return null;
	if ("i" in value) return value.i;
	if ("r" in value) return Object.is(value.r, -0) ? "-0" : String(value.r);
	return "t" in value ? value.t : Buffer.from(value.b, "base64");
}

function readChange(change: RowChange): RowChange {
	const read = (image: RowImage | null) => image && readImage(change.table, image);
	return { ...change, before: read(change.before), after: read(change.after) };
}

function readImage(table: string, image: RowImage): RowImage {
	const column = free[table as keyof typeof free];
	if (column === undefined) return image;
	const row: RowImage = { [column]: null };
	for (const [name, value] of Object.entries(image)) {
		if (!name.startsWith(`${column}_`)) row[name] = value;
		else if (value !== null) row[column] = value;
	}
	// The key of `u` is a hidden one in the trials.
	if (table === "u") delete row.id;
	return row;
}

export async function readRows(writer: Client): Promise<Tables> {
	const tables: Tables = new Map();
	for (const table of Object.keys(free)) {
		const types = { getTypeParser: () => (text: string) => text };
		const { rows, fields } = await writer.query<Record<string, string | null>>({ text: `SELECT * FROM ${table}`, types });
		const images = rows.map((row): [string, RowImage] => {
			const image = fields.map(({ name, dataTypeID }): [string, SqlValue] => {
				const text = row[name] ?? null;
				return [name, text === null ? null : (columnValue(Buffer.from(text), dataTypeID) ?? null)];
			});
			return [String(row.id), readImage(table, Object.fromEntries(image))];
		});
		tables.set(table, new Map(images));
	}
	return tables;
}
