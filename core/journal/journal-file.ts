import { closeSync, fsyncSync, openSync, readSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";

/** The few things the journal needs of a file; tests give one whose disk fills up. */
export type JournalFile = {
	/** Writes all bytes at `position` or throws; a failed write may have left a part of them. */
	write(bytes: Uint8Array, position: number): Promise<void>;
	/** Returns when everything written is on the disk. */
	sync(): Promise<void>;
	truncate(length: number): Promise<void>;
	close(): Promise<void>;
};

export async function openJournalFile(path: string): Promise<JournalFile> {
	const handle = await openOrCreate(path);
	return {
		async write(bytes, position) {
			let done = 0;
			while (done < bytes.length) done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
		},
		sync: () => handle.datasync(),
		truncate: (length) => handle.truncate(length),
		close: () => handle.close(),
	};
}

async function openOrCreate(path: string): Promise<FileHandle> {
	try {
		return await open(path, "r+");
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
	}
	const handle = await open(path, "wx+");
	// The name of a new file is durable only when its directory is.
	if (process.platform !== "win32") {
		const directory = openSync(dirname(path), "r");
		try {
			fsyncSync(directory);
		} finally {
			closeSync(directory);
		}
	}
	return handle;
}

/** A line without its newline, the offset of its first byte, and whether a newline ended it. */
export type RawLine = { bytes: Buffer; offset: number; whole: boolean };

const CHUNK = 1 << 20;
const NEWLINE = "\n".charCodeAt(0);

/** The lines of a file from `start` up to `end`, in batches of about a megabyte. `bytes` are valid until the next batch. */
export function* readLines(path: string, start = 0, end = Number.POSITIVE_INFINITY): Generator<RawLine[]> {
	const descriptor = openSync(path, "r");
	try {
		let rest: Buffer = Buffer.alloc(0);
		let position = start;
		while (true) {
			const chunk = Buffer.allocUnsafe(Math.max(0, Math.min(CHUNK, end - position)));
			const count = chunk.length === 0 ? 0 : readSync(descriptor, chunk, 0, chunk.length, position);
			const bytes = rest.length === 0 ? chunk.subarray(0, count) : Buffer.concat([rest, chunk.subarray(0, count)]);
			const base = position - rest.length;
			position += count;
			const lines: RawLine[] = [];
			let from = 0;
			for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, from)) {
				lines.push({ bytes: bytes.subarray(from, at), offset: base + from, whole: true });
				from = at + 1;
			}
			rest = bytes.subarray(from);
			if (count === 0 && rest.length > 0) lines.push({ bytes: rest, offset: base + from, whole: false });
			if (lines.length > 0) yield lines;
			if (count === 0) return;
		}
	} finally {
		closeSync(descriptor);
	}
}
