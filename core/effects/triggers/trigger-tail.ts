import { DatabaseSync } from "node:sqlite";
import { Fault, systemClock } from "../../base/index.ts";
import type { Commit } from "../../contract/effects.ts";
import { isBusy } from "../wal/pins.ts";
import { refuseWithoutRowid, schemaText, shapeOf } from "./change-log.ts";
import { type DatabaseFile, openDatabaseFile } from "./database-file.ts";
import { installTriggers, uninstallTriggers } from "./installation.ts";
import { createLogReader } from "./log-reader.ts";

/*
 * How transactions are told apart. SQLite gives a trigger nothing that says in which transaction it runs. But the head of the file
 * counts the transactions that wrote; read under the same lock as the log, it says how many the new entries come from. One: the commit is
 * exact. More: it is their net change, and `merged` says how many. So the art is only to look between two of them, and
 *
 *   legacy   [ journal ... commit ] . [ journal ... commit ] . [ journal
 *   looks                           ^                        ^             a few dozen microseconds under a shared lock
 *
 * to do so where no lock of ours can be in legacy's way: a commit needs every reader gone, and fails when legacy waits for none.
 */

export type TriggerTail = {
	readonly file: DatabaseFile;
	readonly tables: readonly string[];
	readonly index: number;
	/** Something was committed, or is being committed, that is not taken in. Takes no lock. */
	hasNews(): boolean;
	/** Takes in a part, under a lock for about a millisecond. Throws SQLite's busy error, or a Fault when the tail is lost. */
	look(): { commit: Commit | null; isSettled: boolean };
	/** Throws a Fault when the path no longer leads to the file that is followed. */
	checkFile(): void;
	/** Takes triggers and log away and closes all. Throws DATABASE_LOCKED when that was not possible; all is closed. */
	close(waitMs: number): Promise<void>;
};

const rowsPerLook = 500;
/** A lock held for so long may have been one of `locking_mode = EXCLUSIVE`, which counts many transactions as one. */
const exclusiveMs = 1000;

/** `keep`: entries that the log holds. `claim` as for the log's tail. Throws what `installTriggers` throws. */
export async function openTriggerTail(
	path: string,
	{ lockTimeoutMs, keep }: { lockTimeoutMs: number; keep: number },
	claim: (file: string) => boolean,
): Promise<TriggerTail> {
	const file = openDatabaseFile(path);
	let database: DatabaseSync | null = null;
	try {
		if (!claim(file.identity)) throw new Fault("INPUT_INVALID", { subject: file.path, reason: "this collector already follows it" });
		// With leave to write: who reads after a writer's death rolls its transaction back.
		database = new DatabaseSync(file.path, { timeout: 0 });
		if (file.isWal()) {
			throw unsuitable(file.path, "it keeps a write-ahead log", `Follow that, without triggers: phoenix effects "${file.path}".`);
		}
		const installed = await installTriggers(database, file, keep, lockTimeoutMs);
		return createTail(file, database, installed);
	} catch (error) {
		database?.close();
		file.close();
		if (error instanceof Fault) throw error;
		throw unsuitable(file.path, error instanceof Error ? error.message : String(error));
	}
}

function createTail(file: DatabaseFile, database: DatabaseSync, installed: Awaited<ReturnType<typeof installTriggers>>): TriggerTail {
	const reader = createLogReader(database, installed);
	const schemaVersion = database.prepare("PRAGMA schema_version");
	const hasKeyless = installed.tables.some((table) => !hasIntegerKey(database, table.name));
	let schema = { version: -1, text: new Map<string, string>() };
	/** Of the last state that was taken in. */
	let counter = installed.counter;
	let isPartial = false;
	let index = 0;
	let lookedAt = systemClock.now();
	let busySince: number | null = null;

	/** An index may come and go; tables, their columns, unique indexes and triggers may not. */
	function checkSchema(): void {
		const version = Number(schemaVersion.get()?.schema_version);
		if (version === schema.version) return;
		if (shapeOf(database) !== installed.shape) {
			refuseWithoutRowid(database, file.path);
			throw unsuitable(file.path, "its tables, their columns, unique indexes or triggers have changed");
		}
		const text = schemaText(database);
		if (schema.version >= 0 && hasKeyless) {
			const moved = [...text.keys()].filter((name) => !schema.text.has(name)).length;
			const gone = [...schema.text.keys()].filter((name) => !text.has(name)).length;
			if (version - schema.version > moved + gone)
				throw unsuitable(file.path, "it was rewritten by VACUUM, which gives rows of tables without an integer key other numbers");
		}
		schema = { version, text };
	}

	function take(startedAt: number): { commit: Commit | null; isSettled: boolean } {
		checkSchema();
		const present = file.counter();
		if (file.isWal()) throw unsuitable(file.path, "it was switched to a write-ahead log");
		const found = reader.read(rowsPerLook);
		if (found === "overrun") throw unsuitable(file.path, "its change log was overrun: rows were changed faster than they could be read");
		isPartial = found === "more";
		if (found === "more") return { commit: null, isSettled: false };
		const wasLocked = busySince !== null && startedAt - busySince > exclusiveMs;
		const transactions = Math.max((present - counter) >>> 0, wasLocked ? 2 : 1);
		const since = lookedAt;
		counter = present;
		lookedAt = startedAt;
		if (found.changes.length === 0) return { commit: null, isSettled: true };
		index++;
		const commit: Commit = { index, since, at: systemClock.now(), changes: found.changes };
		if (transactions > 1) commit.merged = transactions;
		return { commit, isSettled: true };
	}

	checkSchema();
	return {
		file,
		tables: installed.tables.map((table) => table.name),
		get index() {
			return index;
		},
		hasNews() {
			const startedAt = systemClock.now();
			if (isPartial || file.counter() !== counter) return true;
			// Whatever is committed from here on ends after this look.
			lookedAt = startedAt;
			return false;
		},
		look() {
			const startedAt = systemClock.now();
			try {
				database.exec("BEGIN");
				const taken = take(startedAt);
				busySince = null;
				return taken;
			} catch (error) {
				if (isBusy(error)) busySince ??= startedAt;
				throw error;
			} finally {
				if (database.isTransaction) database.exec("COMMIT");
			}
		},
		checkFile() {
			if (!file.isInPlace()) throw unsuitable(file.path, "the file was replaced or removed");
		},
		async close(waitMs) {
			try {
				// A file in another's place is none of ours; its own triggers, if it is a copy, are those of a dead owner.
				if (file.isInPlace()) await uninstallTriggers(database, file.path, waitMs);
			} finally {
				database.close();
				file.close();
			}
		},
	};
}

function hasIntegerKey(database: DatabaseSync, table: string): boolean {
	const keys = database.prepare("SELECT type FROM pragma_table_info(?, 'main') WHERE pk > 0").all(table);
	const hasKeyIndex = database.prepare("SELECT 1 FROM pragma_index_list(?, 'main') WHERE origin = 'pk'").get(table) !== undefined;
	return keys.length === 1 && !hasKeyIndex;
}

function unsuitable(file: string, reason: string, remedy = "Begin anew from its present state."): Fault {
	return new Fault("DATABASE_UNSUITABLE", { file, reason, remedy });
}
