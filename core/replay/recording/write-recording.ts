import { type FileHandle, open } from "node:fs/promises";
import { Fault, systemClock } from "../../base/index.ts";
import type { Masker } from "../mask/create-masker.ts";
import { encodeExchange } from "./codec.ts";
import { encodeFrame, type FrameKind, MAGIC } from "./frames.ts";
import type { RecordingHeader } from "./header.ts";
import type { Recorded, Tunnel } from "./recorded.ts";

const FLUSH_MS = 50;
const FLUSH_BYTES = 256 * 1024;
/** A disk that is slower than the traffic costs records, never memory. */
const BACKLOG_BYTES = 64 * 1024 * 1024;

export type WrittenSoFar = {
	records: number;
	bytes: number;
	missing: Record<string, number>;
	masked: Record<string, number>;
	withheld: Record<string, number>;
};

export type RecordingWriter = {
	readonly file: string;
	/** Masked here and now, so that no unmasked byte waits anywhere. False: not taken (`missing` counts it). */
	write(record: Recorded): boolean;
	writeTunnel(tunnel: Tunnel): boolean;
	/** Says in the file that so many are missing here. */
	miss(count: number, reason: string): void;
	/** Resolves when what waits is below the limit again; for sources that can wait. */
	drained(): Promise<void>;
	readonly written: WrittenSoFar;
	/** Set when the disk refused; what was written before stays readable. */
	readonly failed: Fault | null;
	/** Writes the end and waits until it is on the disk. Rejects with `failed`. */
	end(): Promise<WrittenSoFar>;
};

/** A new file that only this user may read; INPUT_INVALID when there is one of that name. `masker` null: nothing is masked. */
export async function createRecording(options: {
	file: string;
	header: Omit<RecordingHeader, "version" | "createdAt" | "masking">;
	masker: Masker | null;
	backlogBytes?: number;
}): Promise<RecordingWriter> {
	const { file, masker, backlogBytes = BACKLOG_BYTES } = options;
	const handle = await openNew(file);
	const written: WrittenSoFar = { records: 0, bytes: 0, missing: {}, masked: masker?.counts ?? {}, withheld: masker?.withheld ?? {} };
	let waiting: Buffer[] = [];
	let waitingBytes = 0;
	let writing: Promise<void> | null = null;
	let timer: NodeJS.Timeout | null = null;
	let failed: Fault | null = null;
	let gap = { count: 0, reason: "" };

	function push(kind: FrameKind, parts: readonly Buffer[]): void {
		const frame = encodeFrame(kind, parts);
		waiting.push(frame);
		waitingBytes += frame.length;
		if (waitingBytes >= FLUSH_BYTES) flush();
		else timer ??= setTimeout(flush, FLUSH_MS);
	}

	const pushJson = (kind: FrameKind, value: unknown) => push(kind, [Buffer.from(JSON.stringify(value))]);

	function flush(): void {
		if (timer) clearTimeout(timer);
		timer = null;
		writing ??= writeAll().finally(() => {
			writing = null;
		});
	}

	async function writeAll(): Promise<void> {
		while (waiting.length > 0 && failed === null) {
			const parts = waiting;
			const bytes = waitingBytes;
			waiting = [];
			try {
				await writeWhole(handle, parts);
				written.bytes += bytes;
			} catch (error) {
				failed = new Fault("RECORDING_FAILED", { file, reason: error instanceof Error ? error.message : String(error) });
			}
			waitingBytes -= bytes;
		}
	}

	function take(kind: "exchange" | "tunnel", encode: () => readonly Buffer[]): boolean {
		if (failed !== null || waitingBytes > backlogBytes) {
			miss(1, failed === null ? "slow-disk" : "disk-failed");
			return false;
		}
		tellGap();
		push(kind, encode());
		written.records++;
		return true;
	}

	function miss(count: number, reason: string): void {
		written.missing[reason] = (written.missing[reason] ?? 0) + count;
		if (gap.reason !== reason) tellGap();
		gap = { count: gap.count + count, reason };
	}

	/** As one frame for a row of them, so that a full disk is not asked to hold the news of it. */
	function tellGap(): void {
		if (gap.count > 0 && failed === null) pushJson("gap", { at: systemClock.now(), ...gap });
		gap = { count: 0, reason: "" };
	}

	const header: RecordingHeader = { version: 1, createdAt: systemClock.now(), masking: masker?.about ?? null, ...options.header };
	waiting.push(MAGIC);
	waitingBytes += MAGIC.length;
	pushJson("header", header);

	return {
		file,
		write: (record) => take("exchange", () => encodeExchange(masker === null ? record : masker.mask(record))),
		writeTunnel: (tunnel) => take("tunnel", () => [Buffer.from(JSON.stringify(tunnel))]),
		miss,
		async drained() {
			while (waitingBytes > backlogBytes / 2 && failed === null) {
				flush();
				await writing;
			}
		},
		written,
		get failed() {
			return failed;
		},
		async end() {
			tellGap();
			const { records, missing, masked, withheld } = written;
			pushJson("end", { at: systemClock.now(), records, missing, masked, withheld });
			flush();
			try {
				await writing;
				if (failed === null) await handle.sync();
			} finally {
				await handle.close();
			}
			if (failed !== null) throw failed;
			return written;
		},
	};
}

/** `writev` may take less than it was given, and says so. */
async function writeWhole(handle: FileHandle, parts: Buffer[]): Promise<void> {
	const all = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
	for (let at = 0; at < all.length; ) at += (await handle.write(all, at)).bytesWritten;
}

async function openNew(file: string): Promise<FileHandle> {
	try {
		return await open(file, "wx", 0o600);
	} catch (error) {
		const { code, message } = error as NodeJS.ErrnoException;
		if (code === "EEXIST")
			throw new Fault("INPUT_INVALID", { subject: file, reason: "there is a file of that name, and none is written over" });
		throw new Fault("RECORDING_FAILED", { file, reason: message });
	}
}
