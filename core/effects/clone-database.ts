import { renameSync, rmSync, statSync } from "node:fs";
import { backup, DatabaseSync } from "node:sqlite";
import { Fault } from "../base/index.ts";
import { dropChangeLog } from "./triggers/change-log.ts";

export type CloneOptions = { onProgress?: (done: number, total: number) => void };

const pagesPerStep = 100;

/**
 * Copies a database into a new file in WAL mode while others write to it: the copy is one state of it. `to` appears only when it is
 * complete. Progress counts pages. Throws SOURCE_UNREADABLE.
 */
export async function cloneDatabase(from: string, to: string, { onProgress }: CloneOptions = {}, signal?: AbortSignal): Promise<void> {
	if (statSync(from, { throwIfNoEntry: false }) === undefined)
		throw new Fault("SOURCE_UNREADABLE", { file: from, reason: "it does not exist" });
	const part = `${to}.part`;
	removeDatabase(part);
	const source = new DatabaseSync(from, { readOnly: true, timeout: 10_000 });
	try {
		// One read transaction over all steps: a commit in between would make the copy begin again.
		source.exec("BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1");
		const progress = ({ totalPages, remainingPages }: { totalPages: number; remainingPages: number }) => {
			signal?.throwIfAborted();
			onProgress?.(totalPages - remainingPages, totalPages);
		};
		await backup(source, part, { rate: pagesPerStep, progress });
		signal?.throwIfAborted();
		const copy = new DatabaseSync(part);
		// A copy has no source that follows it.
		dropChangeLog(copy);
		copy.exec("PRAGMA journal_mode = WAL");
		copy.close();
		removeDatabase(to);
		renameSync(part, to);
	} catch (error) {
		removeDatabase(part);
		if (signal?.aborted)
			throw new Fault(
				"CANCELLED",
				{ what: "The copy of the database", safe: `${from} was only read; no copy was left.` },
				{ cause: error },
			);
		throw error;
	} finally {
		source.close();
	}
}

function removeDatabase(path: string): void {
	for (const suffix of ["", "-wal", "-shm", "-journal"]) rmSync(path + suffix, { force: true });
}
