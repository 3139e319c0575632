import { type Clock, createEmitter, Fault, systemClock } from "../base/index.ts";
import type { JournalEntry, JournalRecord } from "../contract/journal.ts";
import { type BatchWriter, createBatchWriter } from "./batch-writer.ts";
import { type Chain, followChain } from "./chain.ts";
import { type JournalFile, openJournalFile, readLines } from "./journal-file.ts";
import { formatLine, parseLine, sha256Hex } from "./line.ts";
import { lockWriter } from "./writer-lock.ts";

type Data<K extends JournalRecord["kind"]> = Extract<JournalRecord, { kind: K }>["data"];

export type Journal = {
	readonly file: string;
	/** Sequence number of the newest entry; 0 when there is none. */
	readonly seq: number;
	readonly lastHash: string;
	/** Of the newest disk failure that has not been overcome. */
	readonly failed: Fault | null;
	/** Takes the entry at once; it is on disk some milliseconds later. Throws JOURNAL_FULL when a failed disk has filled the backlog. */
	append<K extends JournalRecord["kind"]>(kind: K, data: Data<K>): JournalEntry;
	/** Resolves when everything appended so far has been fsynced; rejects with JOURNAL_FULL. Commands that move traffic wait for it. */
	durable(): Promise<void>;
	/** Writes what the disk refused; rejects with JOURNAL_FULL while it still refuses. */
	retry(): Promise<void>;
	/** Told once per failed attempt. Returns the function that ends the subscription. */
	onFailure(listener: (fault: Fault) => void): () => void;
	/** From `from` to `to`, both included, also those not yet on disk; as of the first step of the iteration. */
	entries(from?: number, to?: number): Generator<JournalEntry>;
	/** Told of each entry when it is appended. */
	subscribe(listener: (entry: JournalEntry) => void): () => void;
	/** Makes everything durable and gives the writer's lock back. */
	close(): Promise<void>;
};

export type JournalOptions = {
	file: string;
	/** How long entries wait for company before they are written and fsynced together. */
	fsyncMs?: number;
	clock?: Clock;
	openFile?: (path: string) => Promise<JournalFile>;
};

/** One remembered offset per so many entries, so that reading from the middle does not start at the front. */
const STRIDE = 1_024;

/**
 * Opens or creates a journal: takes the writer's lock, follows the whole chain, cuts off an incomplete last line.
 * Throws CORE_RUNNING when another process writes it, JOURNAL_BROKEN when the chain does not hold, JOURNAL_FULL when it cannot be opened.
 */
export async function openJournal({
	file,
	fsyncMs = 10,
	clock = systemClock,
	openFile = openJournalFile,
}: JournalOptions): Promise<Journal> {
	const unlock = lockWriter(file);
	try {
		const disk = await openFile(file).catch((error: unknown) => {
			throw new Fault("JOURNAL_FULL", { file, reason: error instanceof Error ? error.message : String(error) }, { cause: error });
		});
		const offsets: number[] = [];
		const chain = await followChain(file, ({ offset }, seq) => {
			if ((seq - 1) % STRIDE === 0) offsets.push(offset);
		});
		if (chain.brokenAt !== null) {
			await disk.close();
			throw new Fault("JOURNAL_BROKEN", { file, seq: chain.brokenAt });
		}
		const cut = chain.torn > 0 ? cutTail(file, chain) : null;
		if (cut !== null) await disk.truncate(chain.length);
		const writer = createBatchWriter(file, disk, chain.length, fsyncMs);
		const journal = createJournal(file, chain, offsets, writer, clock, unlock);
		if (cut !== null) journal.append("note", { function: null, text: cut });
		return journal;
	} catch (error) {
		unlock();
		throw error;
	}
}

function cutTail(file: string, { length, torn }: Chain): string {
	const tail = [...readLines(file, length)].flat().map(({ bytes }) => bytes);
	return `An incomplete last entry of ${torn} bytes was cut off (SHA-256 ${sha256Hex(Buffer.concat(tail))}).`;
}

function createJournal(file: string, chain: Chain, offsets: number[], writer: BatchWriter, clock: Clock, unlock: () => void): Journal {
	const appended = createEmitter<JournalEntry>();
	let seq = chain.entries;
	let lastHash = chain.lastHash;
	/** Where the next entry will stand. */
	let end = chain.length;

	return {
		file,
		get seq() {
			return seq;
		},
		get lastHash() {
			return lastHash;
		},
		get failed() {
			return writer.failed;
		},
		append(kind, data) {
			const at = Math.round(clock.now() * 1_000) / 1_000;
			const { line, hash } = formatLine(seq + 1, at, kind, data, lastHash);
			writer.push(line);
			if (seq % STRIDE === 0) offsets.push(end);
			end += Buffer.byteLength(line) + 1;
			const entry = { seq: seq + 1, at, kind, data, prev: lastHash, hash } as JournalEntry;
			seq++;
			lastHash = hash;
			appended.emit(entry);
			return entry;
		},
		durable: () => writer.durable(),
		retry: () => writer.retry(),
		onFailure: writer.onFailure,
		*entries(from = 1, to = seq) {
			const last = Math.min(to, seq);
			const first = Math.max(1, from);
			const inMemory = writer.waiting();
			const onDisk = seq - inMemory.length;
			if (first <= Math.min(last, onDisk)) {
				const slot = Math.floor((first - 1) / STRIDE);
				let at = slot * STRIDE;
				for (const lines of readLines(file, offsets[slot] ?? 0, writer.length)) {
					for (const { bytes } of lines) {
						at++;
						if (at >= first && at <= last) yield parseLine(bytes);
					}
					if (at >= last) break;
				}
			}
			for (const [index, line] of inMemory.entries()) {
				const at = onDisk + index + 1;
				if (at >= first && at <= last) yield parseLine(line);
			}
		},
		subscribe: appended.subscribe,
		async close() {
			try {
				await writer.close();
			} finally {
				unlock();
			}
		},
	};
}
