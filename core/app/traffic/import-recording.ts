import { Fault } from "../../base/index.ts";
import type { ImportedRecording } from "../../contract/recording.ts";
import { createRecording, importHar, importLog, type LogCounts, type Masker, type Recorded } from "../../replay/index.ts";
import type { Step } from "../progress.ts";

/** `format`: as in `importInput`. `host`: where the log names none. `masker` null: nothing is masked. */
export type ImportOrder = { from: string; to: string; format: string; host?: string | undefined; masker: Masker | null };

/**
 * Makes a recording, in a file that is not there yet, of what a HAR or an access log holds. INPUT_INVALID, RECORDING_UNREADABLE and
 * RECORDING_FAILED name the file and the reason; CANCELLED leaves a whole recording of what was read.
 */
export async function importRecording(order: ImportOrder, step: Step, signal: AbortSignal): Promise<ImportedRecording> {
	const { from, to, format, host = "localhost", masker } = order;
	const counts: LogCounts = { lines: 0, records: 0, skipped: {} };
	// Read first, so that what is no HAR leaves no file behind.
	const har = format === "har" ? await importHar(from) : null;
	if (har !== null) {
		const left = Object.values(har.skipped).reduce((sum, one) => sum + one, 0);
		Object.assign(counts, { lines: har.records.length + left, skipped: har.skipped });
	}
	const records: AsyncIterable<Recorded> | Recorded[] = har?.records ?? importLog(from, { format, host }, counts);
	const source = { kind: har === null ? ("access-log" as const) : ("har" as const), name: from };
	const writer = await createRecording({ file: to, header: { source, routes: null }, masker });
	try {
		for await (const record of records) {
			if (signal.aborted)
				throw new Fault("CANCELLED", { what: `Reading ${from}`, safe: `${to} is a whole recording of what was read so far.` });
			writer.write(record);
			step(writer.written.records);
			await writer.drained();
		}
	} finally {
		await writer.end();
	}
	const { records: written, masked, withheld } = writer.written;
	return { file: to, read: counts.lines, records: written, skipped: counts.skipped, masked, withheld };
}
