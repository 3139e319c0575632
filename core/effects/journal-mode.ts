import { statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { Fault } from "../base/index.ts";

export type JournalMode = "wal" | "delete";

/** `wal`, `delete`, `truncate`, ...; "unknown" for what cannot be read now. */
export function journalModeOf(path: string): string {
	const database = new DatabaseSync(path, { timeout: 1000 });
	try {
		return String(database.prepare("PRAGMA journal_mode").get()?.journal_mode);
	} catch {
		return "unknown";
	} finally {
		database.close();
	}
}

/**
 * Switches an SQLite database between a rollback journal and the write-ahead log; it stays so until it is switched back, and
 * programs that have it open go on. No row is touched. Gives the mode it had. Throws SOURCE_UNREADABLE, DATABASE_LOCKED (a
 * transaction is open, or for `delete` any other connection) or DATABASE_UNSUITABLE.
 */
export function switchJournalMode(path: string, to: JournalMode, waitMs = 3000): string {
	if (statSync(path, { throwIfNoEntry: false }) === undefined)
		throw new Fault("SOURCE_UNREADABLE", { file: path, reason: "it does not exist" });
	const database = new DatabaseSync(path, { timeout: waitMs });
	try {
		const before = String(database.prepare("PRAGMA journal_mode").get()?.journal_mode);
		const after = String(database.prepare(`PRAGMA journal_mode = ${to}`).get()?.journal_mode);
		if (after !== to) throw unsuitable(path, `it stays in ${after} mode`);
		return before;
	} catch (error) {
		if (error instanceof Fault) throw error;
		const code = (error as { errcode?: number }).errcode ?? 0;
		// SQLITE_BUSY and SQLITE_LOCKED with their extended forms.
		if ((code & 0xff) === 5 || (code & 0xff) === 6) throw new Fault("DATABASE_LOCKED", { file: path }, { cause: error });
		throw unsuitable(path, error instanceof Error ? error.message : String(error));
	} finally {
		database.close();
	}
}

function unsuitable(file: string, reason: string): Fault {
	const remedy = "Name an SQLite database on a local disk, in a folder that this user may write to.";
	return new Fault("DATABASE_UNSUITABLE", { file, reason, remedy });
}
