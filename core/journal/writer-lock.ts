import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Fault } from "../base/index.ts";

/**
 * One writer per journal. SQLite's file lock is released by the operating system when the process ends, however it ends,
 * and it is refused within one process too; a file with a process id in it would be neither.
 * Returns the function that gives the lock back. Throws CORE_RUNNING with the process that holds it.
 */
export function lockWriter(journalFile: string): () => void {
	const database = new DatabaseSync(`${journalFile}.lock`, { timeout: 0 });
	try {
		database.exec("BEGIN IMMEDIATE");
		database.exec(`PRAGMA user_version = ${process.pid}`);
		database.exec("COMMIT; BEGIN IMMEDIATE");
	} catch (error) {
		const holder = holderOf(database);
		database.close();
		throw new Fault("CORE_RUNNING", { pid: holder, dir: dirname(journalFile) }, { cause: error });
	}
	return () => database.close();
}

function holderOf(database: DatabaseSync): string {
	try {
		return String(database.prepare("PRAGMA user_version").get()?.user_version ?? "unknown");
	} catch {
		return "unknown";
	}
}
