import { createEmitter, Fault } from "../base/index.ts";
import type { JournalFile } from "./journal-file.ts";

export type BatchWriter = {
	/** Takes a line (without newline) that will be on disk soon. Throws JOURNAL_FULL only when the disk failed and the backlog is full. */
	push(line: string): void;
	/** Resolves when every line pushed so far is on disk. Rejects with JOURNAL_FULL while the disk refuses. */
	durable(): Promise<void>;
	/** Tries the refused lines again; rejects with JOURNAL_FULL when the disk still refuses. */
	retry(): Promise<void>;
	onFailure(listener: (fault: Fault) => void): () => void;
	/** Of the bytes on disk. */
	readonly length: number;
	readonly failed: Fault | null;
	/** Lines that are not on disk yet, oldest first. */
	waiting(): string[];
	close(): Promise<void>;
};

/** What may wait in memory for a disk that refuses: then appending is refused too. */
const BACKLOG_BYTES = 64 << 20;

/**
 *     push -> [waiting] --every fsyncMs, or at once for durable()--> [flying] --write, fsync--> on disk (`length`)
 *
 * Lines leave memory only after fsync, and a failed write is cut back to `length`: a retry writes the same bytes at the
 * same place. After a failed fsync the system may have dropped what it held, so there too everything is written again.
 */
export function createBatchWriter(path: string, file: JournalFile, start: number, fsyncMs: number): BatchWriter {
	const failures = createEmitter<Fault>();
	let waiting: string[] = [];
	let flying: string[] = [];
	let waitingBytes = 0;
	let pushed = 0;
	let landed = 0;
	let length = start;
	let failed: Fault | null = null;
	let timer: NodeJS.Timeout | null = null;
	let flight: Promise<void> | null = null;

	const flush = (): Promise<void> => {
		flight ??= fly().finally(() => {
			flight = null;
			if (waiting.length > 0 && failed === null) schedule();
		});
		return flight;
	};

	const fly = async (): Promise<void> => {
		clearTimeout(timer ?? undefined);
		timer = null;
		flying = [...flying, ...waiting];
		waiting = [];
		waitingBytes = 0;
		if (flying.length === 0) return;
		const bytes = Buffer.from(`${flying.join("\n")}\n`);
		try {
			await file.write(bytes, length);
			await file.sync();
		} catch (error) {
			await file.truncate(length).catch(() => {});
			waitingBytes = bytes.length;
			failed = new Fault("JOURNAL_FULL", { file: path, reason: reasonOf(error) }, { cause: error });
			failures.emit(failed);
			return;
		}
		length += bytes.length;
		landed += flying.length;
		flying = [];
	};

	const schedule = () => {
		timer ??= setTimeout(() => {
			// It may fire while a flight is under way: whoever comes next, and the end of that flight, must be able to set another.
			timer = null;
			void flush();
		}, fsyncMs);
	};

	/** Everything pushed before the call, however many flights that takes. */
	const settle = async (): Promise<void> => {
		const target = pushed;
		while (landed < target) {
			if (failed) throw failed;
			await flush();
		}
	};

	return {
		push(line) {
			if (failed && waitingBytes > BACKLOG_BYTES) throw failed;
			waiting.push(line);
			pushed++;
			waitingBytes += line.length + 1;
			if (!failed) schedule();
		},
		durable: settle,
		async retry() {
			if (flight !== null) await flight;
			failed = null;
			await settle();
		},
		onFailure: failures.subscribe,
		get length() {
			return length;
		},
		get failed() {
			return failed;
		},
		waiting: () => [...flying, ...waiting],
		async close() {
			try {
				await settle();
			} finally {
				clearTimeout(timer ?? undefined);
				await file.close();
			}
		},
	};
}

function reasonOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
