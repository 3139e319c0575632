import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { Fault, systemClock } from "../../base/index.ts";
import type { Commit } from "../../contract/effects.ts";
import { netChanges } from "../net-changes.ts";
import { isBusy } from "../wal/pins.ts";
import { refuseWithoutRowid, schemaText, shapeOf } from "./change-log.ts";
import { type DatabaseFile, openDatabaseFile } from "./database-file.ts";
import { type Installed, installTriggers, type Schema, uninstallTriggers } from "./installation.ts";
import { createLogReader, type Found } from "./log-reader.ts";

/*
 * How transactions are told apart. SQLite gives a trigger nothing that says in which transaction it runs. But the head of the file
 * counts the transactions that wrote: read with the log, it says how many the new entries come from. One: the commit is
 * exact. More: it is their net change, and `merged` says how many. So the art is to look between two of them,
 *
 *   legacy   [ journal ... commit ] . [ journal ... commit ] . [ journal
 *   looks                           ^                        ^
 *
 * and not to be in legacy's way: its commit needs every reader gone, and fails when it waits for none. So a look takes no lock. It reads
 * through SQLite as if nobody else were there and believes what it read only if nobody wrote meanwhile: before and after it
 * no journal was there, the counter is the same, and so is the time of the last write. That holds for who keeps a journal
 * file; what was committed without a sign of one (journal_mode MEMORY or OFF) is read under a shared lock.
 */

export type TriggerTail = {
	readonly file: DatabaseFile;
	readonly tables: readonly string[];
	readonly index: number;
	/** Something was committed, or is being committed, that is not taken in. Takes no lock. */
	hasNews(): boolean;
	/** Whether a look without a lock can be believed: the file was not written without being counted. */
	readonly needsLock: boolean;
	/** Takes in a part. Throws SQLite's busy error (with a lock), or a Fault when the tail is lost. */
	look(options: { withLock: boolean }): Look;
	/** Throws a Fault when the path no longer leads to the file that is followed. */
	checkFile(): void;
	/** Takes triggers and log away and closes all. Throws DATABASE_LOCKED when that was not possible; all is closed. */
	close(waitMs: number): Promise<void>;
};

/** `isSettled`: nothing is left of what was committed before the look. */
export type Look = { commit: Commit | null; isSettled: boolean };

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
	let locking: DatabaseSync | null = null;
	try {
		if (!claim(file.identity)) throw new Fault("INPUT_INVALID", { subject: file.path, reason: "this collector already follows it" });
		// With leave to write: who reads after a writer's death rolls its transaction back.
		locking = new DatabaseSync(file.path, { timeout: 0 });
		if (file.isWal()) {
			throw unsuitable(file.path, "it keeps a write-ahead log", `Follow that, without triggers: phoenix effects "${file.path}".`);
		}
		const installed = await installTriggers(locking, file, keep, lockTimeoutMs);
		return createTail(file, locking, installed);
	} catch (error) {
		locking?.close();
		file.close();
		if (error instanceof Fault) throw error;
		throw unsuitable(file.path, error instanceof Error ? error.message : String(error));
	}
}

type Seen = { found: Found; schema: Schema; isWal: boolean };

function createTail(file: DatabaseFile, locking: DatabaseSync, installed: Installed): TriggerTail {
	let present = locking;
	let silent = openSilent(file.path);
	const reader = createLogReader(installed, () => present);
	let { schema } = installed;
	/** Of the last state that was taken in. */
	let counter = installed.counter;
	let writtenAt = file.writtenAt();
	let isPartial = false;
	let needsLock = false;
	let index = 0;
	let lookedAt = systemClock.now();
	let busySince: number | null = null;

	/** An index may come and go; tables, their columns, unique indexes and triggers may not. */
	function readSchema(): Schema {
		const version = Number(present.prepare("PRAGMA schema_version").get()?.schema_version);
		if (version === schema.version) return schema;
		if (shapeOf(present) !== installed.shape) {
			refuseWithoutRowid(present, file.path);
			throw unsuitable(file.path, "its tables, their columns, unique indexes or triggers have changed");
		}
		const text = schemaText(present);
		if (installed.hasKeyless) {
			const come = [...text.keys()].filter((name) => !schema.text.has(name)).length;
			const gone = [...schema.text.keys()].filter((name) => !text.has(name)).length;
			if (version - schema.version > come + gone)
				throw unsuitable(file.path, "it was rewritten by VACUUM, which gives rows of tables without an integer key other numbers");
		}
		return { version, text };
	}

	const read = (): Seen => ({ schema: readSchema(), found: reader.read(rowsPerLook), isWal: file.isWal() });

	function believe(seen: Seen, startedAt: number, state: { counter: number; writtenAt: bigint }): Look {
		schema = seen.schema;
		writtenAt = state.writtenAt;
		if (seen.isWal) throw unsuitable(file.path, "it was switched to a write-ahead log");
		if (seen.found === "overrun")
			throw unsuitable(file.path, "its change log was overrun: rows were changed faster than they could be read");
		isPartial = seen.found === "more";
		if (seen.found === "more") return { commit: null, isSettled: false };
		const wasLocked = busySince !== null && startedAt - busySince > exclusiveMs;
		busySince = null;
		needsLock = false;
		const transactions = Math.max((state.counter - counter) >>> 0, wasLocked ? 2 : 1);
		const since = lookedAt;
		counter = state.counter;
		lookedAt = startedAt;
		const { touched } = seen.found;
		const at = systemClock.now();
		if (transactions > 1 && touched.length > 0)
			return { commit: { index: ++index, since, at, changes: touched, merged: transactions }, isSettled: true };
		const changes = netChanges(touched);
		return { commit: changes.length === 0 ? null : { index: ++index, since, at, changes }, isSettled: true };
	}

	function lookWithLock(startedAt: number): Look {
		present = locking;
		try {
			locking.exec("BEGIN");
			const seen = read();
			// No transaction ends while this one reads.
			return believe(seen, startedAt, { counter: file.counter(), writtenAt: file.writtenAt() });
		} catch (error) {
			if (isBusy(error)) busySince ??= startedAt;
			throw error;
		} finally {
			if (locking.isTransaction) locking.exec("COMMIT");
		}
	}

	function lookSilently(startedAt: number): Look {
		const nothing = { commit: null, isSettled: false };
		const before = { counter: file.counter(), writtenAt: file.writtenAt() };
		if (file.isBeingWritten()) return nothing;
		present = silent;
		let seen: Seen | null = null;
		let failed: unknown = null;
		try {
			silent.exec("BEGIN");
			seen = read();
			silent.exec("COMMIT");
		} catch (error) {
			failed = error;
		}
		const isOneState = !file.isBeingWritten() && file.counter() === before.counter && file.writtenAt() === before.writtenAt;
		if (isOneState && seen !== null) return believe(seen, startedAt, before);
		// What is wrong with half a state says nothing.
		if (isOneState && failed instanceof Fault) throw failed;
		reader.undo();
		// Nor may a page of it be taken for one of the state that it counts itself to.
		if (failed === null) silent.exec("PRAGMA shrink_memory");
		else {
			silent.close();
			silent = openSilent(file.path);
		}
		return nothing;
	}

	return {
		file,
		tables: installed.tables.map((table) => table.name),
		get index() {
			return index;
		},
		get needsLock() {
			return needsLock;
		},
		hasNews() {
			const startedAt = systemClock.now();
			// In this order: who is writing just now has written the counter first.
			const isUntouched = file.writtenAt() === writtenAt;
			if (isPartial || needsLock || file.counter() !== counter) return true;
			// Written without being counted: by one who keeps it for himself (`locking_mode = EXCLUSIVE`), or nothing that stayed.
			needsLock = !isUntouched;
			if (needsLock) return true;
			// Whatever is committed from here on ends after this look.
			lookedAt = startedAt;
			return false;
		},
		look({ withLock }) {
			const startedAt = systemClock.now();
			if (!withLock) return lookSilently(startedAt);
			// What is in its memory may have been written over without being counted.
			silent.exec("PRAGMA shrink_memory");
			return lookWithLock(startedAt);
		},
		checkFile() {
			if (!file.isInPlace()) throw unsuitable(file.path, "the file was replaced or removed");
		},
		async close(waitMs) {
			try {
				// A file in another's place is none of ours; its own triggers, if it is a copy, are those of a dead owner.
				if (file.isInPlace()) await uninstallTriggers(locking, file.path, waitMs);
			} finally {
				for (const database of [silent, locking]) database.close();
				file.close();
			}
		},
	};
}

/** Reads what is there, without a lock and without a thought for those who write. */
function openSilent(path: string): DatabaseSync {
	const url = pathToFileURL(path);
	url.search = "?mode=ro&nolock=1";
	return new DatabaseSync(url, { readOnly: true, timeout: 0 });
}

function unsuitable(file: string, reason: string, remedy = "Begin anew from its present state."): Fault {
	return new Fault("DATABASE_UNSUITABLE", { file, reason, remedy });
}
