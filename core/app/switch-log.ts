import { Fault } from "../base/index.ts";
import { switchJournalMode } from "../effects/index.ts";
import type { Core } from "./core.ts";

/**
 * Switches the database of the attached system to a write-ahead log, so that its row changes can be read. No row is touched and legacy
 * goes on; `before` is the mode that it had. Throws RUN_STATE without a system, and what `switchJournalMode` throws.
 */
export function switchLog(core: Core): { file: string; before: string } {
	const file = core.system?.database;
	if (file === undefined)
		throw new Fault("RUN_STATE", { verb: "The switch", reason: "no legacy system is attached", remedy: "Attach a system first." });
	const before = switchJournalMode(file, "wal");
	const text = `The database ${file} was switched from ${before} mode to a write-ahead log by the architect.`;
	if (core.journal.failed === null) core.journal.append("note", { function: null, text });
	core.dismissAlerts("DATABASE_WITHOUT_LOG");
	return { file, before };
}
