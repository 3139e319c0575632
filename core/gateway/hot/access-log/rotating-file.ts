import { constants } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";

export type RotatingFile = {
	/** False: there is no room; the lines are lost. */
	write(text: string, lines: number): boolean;
	/** Everything is written, or will never be. */
	close(): Promise<void>;
	readonly written: number;
	/** Lines that the disk did not take. */
	readonly failed: number;
	readonly failure: string | null;
};

type FileOptions = { file: string; maxBytes: number; keep: number; mode: number };

/** Text that waits for the disk. */
const waitingLimit = 16 * 1024 * 1024;

/** Appends; beyond `maxBytes` the file becomes `file.1`, that one `file.2`, up to `keep`. Rejects when it cannot be opened. */
export async function openRotatingFile({ file, maxBytes, keep, mode }: FileOptions): Promise<RotatingFile> {
	// A link put there by somebody else is not followed.
	const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);
	let handle: FileHandle = await open(file, flags, mode);
	let { size } = await handle.stat();
	let isOpen = true;
	let waiting: { bytes: Buffer; lines: number }[] = [];
	let waitingBytes = 0;
	let working: Promise<void> | null = null;
	let [written, failed] = [0, 0];
	let failure: string | null = null;

	async function reopen(): Promise<void> {
		handle = await open(file, flags, mode);
		isOpen = true;
		({ size } = await handle.stat());
	}

	async function rotate(): Promise<void> {
		isOpen = false;
		await handle.close();
		if (keep === 0) await rm(file, { force: true });
		for (let number = keep; number >= 1; number--) {
			const from = number === 1 ? file : `${file}.${number - 1}`;
			await rename(from, `${file}.${number}`).catch(ignoreMissing);
		}
		await reopen();
	}

	async function work(): Promise<void> {
		while (waiting.length > 0) {
			const batch = waiting;
			waiting = [];
			for (const { bytes, lines } of batch) {
				waitingBytes -= bytes.length;
				try {
					if (!isOpen) await reopen();
					if (size > 0 && size + bytes.length > maxBytes) await rotate();
					await handle.appendFile(bytes);
					size += bytes.length;
					written += lines;
					failure = null;
				} catch (error) {
					failed += lines;
					failure = error instanceof Error ? error.message : String(error);
				}
			}
		}
		working = null;
	}

	return {
		write(text, lines) {
			const bytes = Buffer.from(text, "utf8");
			if (waitingBytes + bytes.length > waitingLimit) return false;
			waiting.push({ bytes, lines });
			waitingBytes += bytes.length;
			working ??= work();
			return true;
		},
		async close() {
			await working;
			if (isOpen) await handle.close();
		},
		get written() {
			return written;
		},
		get failed() {
			return failed;
		},
		get failure() {
			return failure;
		},
	};
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
	if (error.code !== "ENOENT") throw error;
}
