import { DatabaseSync, type StatementSync } from "node:sqlite";
import { Fault } from "../base/index.ts";
import type { RowChange, RowImage } from "../contract/effects.ts";
import { type CloneOptions, cloneDatabase } from "./clone-database.ts";
import { quoteName, toBound } from "./sql-value.ts";
import { storedTable } from "./table-columns.ts";
import { type TableDifference, tableDifferences } from "./table-differences.ts";

export type ShadowState = {
	/** A consistent copy of one database into another, made beside its writers. `to` must be closed; it is replaced as a whole. */
	clone(from: string, to: string, options?: CloneOptions, signal?: AbortSignal): Promise<void>;
	/** Makes the rows as `after` says. Applying the same changes again, or later ones once more, changes nothing. */
	apply(changes: readonly RowChange[]): Written;
	/** Makes the rows as `before` says. */
	undo(changes: readonly RowChange[]): Written;
	/** Takes `undone` back and puts `applied` on, in one transaction. */
	applyAndUndo(undone: readonly RowChange[], applied: readonly RowChange[]): Written;
	/** Tables whose rows differ from those of another database; storage classes count. Empty: the two are equal. */
	differences(otherPath: string, options?: { ignore?: string[] }): TableDifference[];
	close(): void;
};

/** `displaced`: rows that were in the way by a unique value although no change named them; each is a row that was wrong here. */
export type Written = { rows: number; displaced: number };

type Writer = {
	columns: string[];
	settable: string[];
	insert: StatementSync;
	replace: StatementSync;
	remove: StatementSync;
	last: StatementSync;
};
type Targets = Map<string, Map<string, RowImage | null>>;

const busyTimeoutMs = 10_000;

/**
 * Writes rows to a shadow database through SQLite; the file is never read raw in this process, which would drop SQLite's
 * locks. Each call is one transaction; it waits up to 10 s for another writer. With `connection` it works on one that is
 * open already and stays open. Throws DATABASE_UNSUITABLE when a change names a table or column that is not there.
 */
export function createShadowState({ path, connection }: { path: string; connection?: DatabaseSync }): ShadowState {
	let database = connection ?? null;
	let writers = new Map<string, Writer>();
	let version = -1;

	function open(): DatabaseSync {
		database ??= openShadow(path);
		return database;
	}

	function writerOf(table: string): Writer {
		const known = writers.get(table) ?? prepareWriter(open(), table);
		writers.set(table, known);
		return known;
	}

	function write(targets: Targets, unborn: Map<string, bigint[]>): Written {
		const written: Written = { rows: 0, displaced: 0 };
		if (targets.size === 0) return written;
		const here = open();
		here.exec("BEGIN IMMEDIATE");
		try {
			const present = Number(here.prepare("PRAGMA schema_version").get()?.schema_version);
			if (present !== version) writers = new Map();
			const triggers = dropTriggers(here);
			// All go before any comes: rows of one change may trade a unique value.
			for (const [table, rows] of targets) {
				const writer = writerOf(table);
				for (const [key, image] of rows) {
					if (image !== null) checkColumns(writer, table, image, path);
					writer.remove.run(BigInt(key));
				}
			}
			for (const [table, keys] of unborn) rewindSequence(here, writerOf(table), table, keys);
			for (const [table, rows] of targets) {
				for (const [key, image] of rows) {
					written.rows++;
					if (image !== null && !insertRow(writerOf(table), key, image)) written.displaced++;
				}
			}
			for (const sql of triggers) here.exec(sql);
			version = Number(here.prepare("PRAGMA schema_version").get()?.schema_version);
			here.exec("COMMIT");
			return written;
		} catch (error) {
			if (here.isTransaction) here.exec("ROLLBACK");
			version = -1;
			throw error;
		}
	}

	function applyAndUndo(undone: readonly RowChange[], applied: readonly RowChange[]): Written {
		const targets: Targets = new Map();
		const unborn = new Map<string, bigint[]>();
		const aim = (table: string, key: string, image: RowImage | null) => {
			const rows = targets.get(table) ?? new Map<string, RowImage | null>();
			targets.set(table, rows.set(key, image));
		};
		for (const { table, key, before } of undone.toReversed()) {
			aim(table, key, before);
			if (before === null) unborn.set(table, [...(unborn.get(table) ?? []), BigInt(key)]);
		}
		for (const { table, key, after } of applied) aim(table, key, after);
		return write(targets, unborn);
	}

	return {
		clone: cloneDatabase,
		apply: (changes) => applyAndUndo([], changes),
		undo: (changes) => applyAndUndo(changes, []),
		applyAndUndo,
		differences: (otherPath, { ignore = [] } = {}) => tableDifferences(open(), otherPath, ignore),
		close() {
			if (connection === undefined) database?.close();
			database = null;
			writers.clear();
		},
	};
}

function openShadow(path: string): DatabaseSync {
	const opened = new DatabaseSync(path, { timeout: busyTimeoutMs, enableForeignKeyConstraints: false });
	// A shadow can be made anew: it need not survive a power cut. Its rows come from a database that checked them.
	opened.exec("PRAGMA synchronous = OFF; PRAGMA ignore_check_constraints = ON");
	return opened;
}

function prepareWriter(database: DatabaseSync, table: string): Writer {
	const { columns, settable, rowid } = storedTable(database, table);
	const target = `main.${quoteName(table)}`;
	const values = `INTO ${target} (${[rowid, ...settable.map(quoteName)].join(", ")}) VALUES (?${", ?".repeat(settable.length)})`;
	const last = database.prepare(`SELECT coalesce(max(${rowid}), 0) AS last FROM ${target}`);
	last.setReadBigInts(true);
	return {
		columns,
		settable,
		insert: database.prepare(`INSERT ${values}`),
		replace: database.prepare(`INSERT OR REPLACE ${values}`),
		remove: database.prepare(`DELETE FROM ${target} WHERE ${rowid} = ?`),
		last,
	};
}

function checkColumns(writer: Writer, table: string, image: RowImage, file: string): void {
	if (writer.columns.length === Object.keys(image).length && writer.columns.every((column) => column in image)) return;
	const reason = `table ${table} has the columns ${writer.columns.join(", ")}, a change has ${Object.keys(image).join(", ")}`;
	throw new Fault("DATABASE_UNSUITABLE", { file, reason, remedy: "Begin anew from a fresh copy of the database." });
}

/** False when another row was in the way and went. */
function insertRow({ insert, replace, settable }: Writer, key: string, image: RowImage): boolean {
	const values = settable.map((column) => toBound(image[column]));
	try {
		insert.run(BigInt(key), ...values);
		return true;
	} catch (error) {
		const isConstraint = error instanceof Error && "errcode" in error && (Number(error.errcode) & 0xff) === 19;
		if (!isConstraint) throw error;
		replace.run(BigInt(key), ...values);
		return false;
	}
}

/** The effects of legacy's triggers are changes of their own; here they would happen twice. The texts bring them back. */
function dropTriggers(database: DatabaseSync): string[] {
	const triggers = database.prepare("SELECT name, sql FROM main.sqlite_schema WHERE type = 'trigger'").all();
	for (const { name } of triggers) database.exec(`DROP TRIGGER main.${quoteName(String(name))}`);
	return triggers.map(({ sql }) => String(sql));
}

/**
 * AUTOINCREMENT never gives a number twice, not even one that was undone: the next row here would get another number than
 * legacy's. If the newest undone row took the last number, the row before the oldest of them had the one before.
 */
function rewindSequence(database: DatabaseSync, writer: Writer, table: string, keys: readonly bigint[]): void {
	if (database.prepare("SELECT 1 FROM main.sqlite_schema WHERE name = 'sqlite_sequence'").get() === undefined) return;
	const read = database.prepare("SELECT seq FROM main.sqlite_sequence WHERE name = ?");
	read.setReadBigInts(true);
	const sequence = read.get(table)?.seq as bigint | undefined;
	const inOrder = keys.toSorted((a, b) => (a < b ? -1 : 1));
	const [oldest, newest] = [inOrder[0], inOrder.at(-1)];
	if (oldest === undefined || sequence !== newest) return;
	const last = (writer.last.get() as { last: bigint }).last;
	database.prepare("UPDATE main.sqlite_sequence SET seq = ? WHERE name = ?").run(oldest - 1n > last ? oldest - 1n : last, table);
}
