import { statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { createEmitter, Fault, systemClock } from "../../base/index.ts";
import type { Commit, EffectSource } from "../../contract/effects.ts";
import { netChanges } from "../net-changes.ts";
import { storedTables } from "../table-columns.ts";
import { unsuitable } from "../unsuitable.ts";
import { createRowCopy, type RowCopy } from "./row-copy.ts";

/** `pollMs`: time between two looks. `lockTimeoutMs`: how long the opening and `drain` wait for a lock of the writer. */
export type SnapshotOptions = { pollMs?: number; lockTimeoutMs?: number };

export type SnapshotSource = EffectSource & { readonly tables: readonly string[] };

/**
 * The last resort: looks at the whole database whenever it has changed and compares it with what it was at the look before
 * (SPEC.md, N1 to N6). Commits between two looks are merged into one. Works in every journal mode and changes nothing in the file.
 * A look reads every row in the calling thread. Throws SOURCE_UNREADABLE, DATABASE_UNSUITABLE or DATABASE_LOCKED.
 */
export async function openSnapshot(path: string, { pollMs = 250, lockTimeoutMs = 3000 }: SnapshotOptions = {}): Promise<SnapshotSource> {
	const identity = identityOf(path);
	if (identity === null) throw new Fault("SOURCE_UNREADABLE", { file: path, reason: "it does not exist" });
	const database = new DatabaseSync(path, { readOnly: true, timeout: 20 });
	const commits = createEmitter<Commit>();
	const losses = createEmitter<Fault>();
	let copies: RowCopy[] = [];
	let kept: Commit[] | null = [];
	let lost: Fault | null = null;
	let index = 0;
	let lookedAt = 0;
	let version: unknown = null;
	let shape = "";
	let isStopped = false;

	/** Runs `look` on one state of the database, waiting for the writer as long as `waitMs`. */
	async function reading<Result>(waitMs: number, look: (startedAt: number) => Result): Promise<Result> {
		const deadline = systemClock.now() + waitMs;
		while (true) {
			const startedAt = systemClock.now();
			try {
				database.exec("BEGIN");
				const result = look(startedAt);
				database.exec("COMMIT");
				return result;
			} catch (error) {
				if (database.isOpen && database.isTransaction) database.exec("ROLLBACK");
				if (isHalfWritten(error)) mend(path);
				else if (!isBusy(error)) throw error;
				if (systemClock.now() >= deadline) throw new Fault("DATABASE_LOCKED", { file: path }, { cause: error });
			}
			await sleep(5);
		}
	}

	function begin(startedAt: number): readonly string[] {
		shape = shapeOf(database, path);
		const tables = storedTables(database);
		copies = tables.map((table, place) => createRowCopy(database, table, place));
		version = versionOf(database);
		lookedAt = startedAt;
		return tables.map((table) => table.name);
	}

	function look(startedAt: number): Commit | null {
		const now = versionOf(database);
		const since = lookedAt;
		const at = systemClock.now();
		lookedAt = startedAt;
		if (now === version) return null;
		if (shapeOf(database, path) !== shape) throw unsuitable(path, "its tables or their columns have changed");
		const changes = netChanges(copies.flatMap((copy) => copy.take()));
		version = now;
		return changes.length === 0 ? null : { index: index + 1, since, at, changes };
	}

	function lose(error: unknown): Fault {
		const fault = error instanceof Fault ? error : unsuitable(path, error instanceof Error ? error.message : String(error));
		if (lost !== null) return lost;
		lost = fault;
		losses.emit(fault);
		return fault;
	}

	async function follow(waitMs: number): Promise<void> {
		if (lost !== null) throw lost;
		let commit: Commit | null;
		try {
			if (identityOf(path) !== identity) throw unsuitable(path, "the file was replaced or removed");
			commit = await reading(waitMs, look);
		} catch (error) {
			// A locked database is looked at again: the copy still is what was last delivered.
			if (error instanceof Fault && error.code === "DATABASE_LOCKED") throw error;
			throw lose(error);
		}
		if (commit === null) return;
		index = commit.index;
		if (kept === null) commits.emit(commit);
		else kept.push(commit);
	}

	let turn: Promise<void> = Promise.resolve();
	/** One look at a time, in the order of the calls. */
	function queued(waitMs: number): Promise<void> {
		const next = turn.then(() => follow(waitMs));
		turn = next.catch(() => {});
		return next;
	}

	let tables: readonly string[];
	try {
		database.exec("PRAGMA temp_store = FILE");
		tables = await reading(lockTimeoutMs, begin);
	} catch (error) {
		database.close();
		throw error instanceof Fault ? error : unsuitable(path, error instanceof Error ? error.message : String(error));
	}
	// What keeps a poll from its look is told by `lose`, or is a lock that the next one meets again.
	const timer = setInterval(() => void queued(0).catch(() => {}), pollMs);
	return {
		tables,
		get index() {
			return index;
		},
		drain: () => queued(lockTimeoutMs),
		subscribe(listener) {
			const end = commits.subscribe(listener);
			const early = kept ?? [];
			kept = null;
			for (const commit of early) listener(commit);
			return end;
		},
		onLost(listener) {
			if (lost !== null) listener(lost);
			return losses.subscribe(listener);
		},
		async stop() {
			if (isStopped) return;
			isStopped = true;
			clearInterval(timer);
			await turn;
			lose(unsuitable(path, "it was stopped"));
			database.close();
		},
	};
}

function versionOf(database: DatabaseSync): unknown {
	return database.prepare("PRAGMA main.data_version").get()?.data_version;
}

/** Tables and their columns as text. Throws DATABASE_UNSUITABLE for a table whose rows have no rowid. */
function shapeOf(database: DatabaseSync, path: string): string {
	const without = database.prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND wr = 1").get();
	if (without !== undefined) {
		throw unsuitable(path, `table ${without.name} is a WITHOUT ROWID table`, `Leave the functions that write ${without.name} with legacy.`);
	}
	const columns = (name: string) => database.prepare("SELECT name, type, hidden FROM pragma_table_xinfo(?, 'main')").all(name);
	return JSON.stringify(storedTables(database).map(({ name }) => [name, columns(name)]));
}

function identityOf(path: string): string | null {
	const found = statSync(path, { throwIfNoEntry: false, bigint: true });
	return found === undefined ? null : `${found.dev}:${found.ino}`;
}

function isBusy(error: unknown): boolean {
	const code = (error as { errcode?: number }).errcode;
	// SQLITE_BUSY and SQLITE_LOCKED with their extended forms.
	return code !== undefined && ((code & 0xff) === 5 || (code & 0xff) === 6);
}

/** A writer died within its transaction, or left the log's index broken: who only reads cannot take that back. */
function isHalfWritten(error: unknown): boolean {
	return ((error as { errcode?: number }).errcode ?? 0) % 256 === 8;
}

/** What every program does that opens the database next: SQLite takes back what was never committed. */
function mend(path: string): void {
	const database = new DatabaseSync(path, { timeout: 20 });
	try {
		database.exec("SELECT 1 FROM sqlite_schema");
	} catch (error) {
		if (!isBusy(error)) throw error;
	} finally {
		database.close();
	}
}
