import { backup, DatabaseSync, type StatementSync } from "node:sqlite";
import type { RowChange } from "../contract/effects.ts";
import { inverse } from "./net-changes.ts";
import { quoteName, toBound } from "./sql-value.ts";

export type ShadowState = {
	/** A consistent copy of one database into another, made page by page beside its writers. */
	clone(from: string, to: string): Promise<void>;
	/** Makes the rows as `after` says, in one transaction. Applying the same changes again changes nothing. */
	apply(changes: readonly RowChange[]): void;
	/** Makes the rows as `before` says. */
	undo(changes: readonly RowChange[]): void;
	/** Tables whose rows differ from those of another database, with how many do. Empty: the two are equal. */
	differences(otherPath: string, options?: { ignore?: string[] }): { table: string; count: number }[];
	close(): void;
};

/**
 * Writes to a shadow database; the file is never read raw in this process, which would drop SQLite's locks. With `connection` it works on
 * one that is open already and stays open.
 */
export function createShadowState({ path, connection }: { path: string; connection?: DatabaseSync }): ShadowState {
	let database: DatabaseSync | null = connection ?? null;
	const writers = new Map<string, { upsert: StatementSync; remove: StatementSync; columns: string[] }>();

	function open(): DatabaseSync {
		if (database === null) {
			database = new DatabaseSync(path);
			database.exec("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; PRAGMA busy_timeout = 10000");
		}
		return database;
	}

	function writerOf(table: string) {
		const present = writers.get(table);
		if (present) return present;
		const columns = (
			open()
				.prepare(`PRAGMA table_info(${quoteName(table)})`)
				.all() as { name: string }[]
		).map((column) => column.name);
		const names = columns.map(quoteName).join(", ");
		const sets = columns.map((name) => `${quoteName(name)} = excluded.${quoteName(name)}`).join(", ");
		const marks = columns.map(() => "?").join(", ");
		const writer = {
			columns,
			upsert: open().prepare(
				`INSERT INTO ${quoteName(table)} (rowid, ${names}) VALUES (?, ${marks}) ON CONFLICT (rowid) DO UPDATE SET ${sets}`,
			),
			remove: open().prepare(`DELETE FROM ${quoteName(table)} WHERE rowid = ?`),
		};
		writers.set(table, writer);
		return writer;
	}

	function apply(changes: readonly RowChange[]): void {
		if (changes.length === 0) return;
		open().exec("BEGIN IMMEDIATE");
		try {
			// Deletes first: a row may take over the unique value of one that goes.
			for (const { table, key, after } of changes) if (after === null) writerOf(table).remove.run(BigInt(key));
			for (const { table, key, after } of changes) {
				if (after === null) continue;
				const writer = writerOf(table);
				writer.upsert.run(BigInt(key), ...writer.columns.map((name) => toBound(after[name])));
			}
			open().exec("COMMIT");
		} catch (error) {
			open().exec("ROLLBACK");
			throw error;
		}
	}

	return {
		async clone(from, to) {
			const source = new DatabaseSync(from, { readOnly: true });
			try {
				source.exec("PRAGMA busy_timeout = 10000");
				await backup(source, to);
			} finally {
				source.close();
			}
			const copy = new DatabaseSync(to);
			copy.exec("PRAGMA journal_mode = WAL");
			copy.close();
		},
		apply,
		undo: (changes) => apply(inverse(changes)),
		differences(otherPath, { ignore = [] } = {}) {
			const here = open();
			here.prepare("ATTACH ? AS other").run(otherPath);
			try {
				const tables = here
					.prepare("SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
					.all() as { name: string }[];
				return tables.flatMap(({ name }) => {
					if (ignore.includes(name)) return [];
					const table = quoteName(name);
					const count = (a: string, b: string) =>
						Number(
							(
								here
									.prepare(`SELECT COUNT(*) AS n FROM (SELECT rowid, * FROM ${a}.${table} EXCEPT SELECT rowid, * FROM ${b}.${table})`)
									.get() as { n: number }
							).n,
						);
					const differing = Math.max(count("main", "other"), count("other", "main"));
					return differing === 0 ? [] : [{ table: name, count: differing }];
				});
			} finally {
				here.exec("DETACH other");
			}
		},
		close() {
			if (connection === undefined) database?.close();
			database = null;
		},
	};
}
