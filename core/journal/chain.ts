import { setImmediate } from "node:timers/promises";
import { Fault } from "../base/index.ts";
import type { JournalEntry } from "../contract/journal.ts";
import { type RawLine, readLines } from "./journal-file.ts";
import { checkLine, GENESIS, parseLine } from "./line.ts";

export type Chain = {
	entries: number;
	lastHash: string;
	/** Length in bytes of the intact entries. */
	length: number;
	/** The entry at which the chain breaks, or null. */
	brokenAt: number | null;
	/** Bytes of an incomplete last line: a write that was cut short, never acknowledged. */
	torn: number;
};

/** Follows the chain from the first byte. `visit` sees each intact line; its bytes are valid only during the call. */
export async function followChain(file: string, visit?: (line: RawLine, seq: number) => void, signal?: AbortSignal): Promise<Chain> {
	const chain: Chain = { entries: 0, lastHash: GENESIS, length: 0, brokenAt: null, torn: 0 };
	for (const lines of readLines(file)) {
		for (const line of lines) {
			if (!line.whole) {
				chain.torn = line.bytes.length;
				return chain;
			}
			const seq = chain.entries + 1;
			const hash = checkLine(line.bytes, seq, chain.lastHash);
			if (hash === null) {
				chain.brokenAt = seq;
				return chain;
			}
			visit?.(line, seq);
			chain.entries = seq;
			chain.lastHash = hash;
			chain.length = line.offset + line.bytes.length + 1;
		}
		signal?.throwIfAborted();
		await setImmediate();
	}
	return chain;
}

export type Verification = { entries: number; ok: boolean; brokenAt: number | null; lastHash: string; torn: number };

/** Checks the whole chain of a journal, also one that is being written. `entries` counts the intact ones. Throws SOURCE_UNREADABLE. */
export async function verifyJournal(file: string, signal?: AbortSignal): Promise<Verification> {
	try {
		const { entries, lastHash, brokenAt, torn } = await followChain(file, undefined, signal);
		return { entries, ok: brokenAt === null, brokenAt, lastHash, torn };
	} catch (error) {
		throw unreadable(file, error);
	}
}

/** The last `count` entries of a journal, oldest first. Throws JOURNAL_BROKEN, SOURCE_UNREADABLE. */
export async function tailJournal(file: string, count: number, signal?: AbortSignal): Promise<JournalEntry[]> {
	const last: JournalEntry[] = [];
	for await (const entry of readJournal(file, signal)) {
		last.push(entry);
		if (last.length > 2 * count) last.splice(0, last.length - count);
	}
	return last.slice(Math.max(0, last.length - count));
}

/** Every entry of a journal that nobody need have open, checked on the way. Throws JOURNAL_BROKEN, SOURCE_UNREADABLE. */
export async function* readJournal(file: string, signal?: AbortSignal): AsyncGenerator<JournalEntry> {
	let seq = 0;
	let prev = GENESIS;
	try {
		for (const lines of readLines(file)) {
			for (const line of lines) {
				if (!line.whole) return;
				seq++;
				const hash = checkLine(line.bytes, seq, prev);
				if (hash === null) throw new Fault("JOURNAL_BROKEN", { file, seq });
				prev = hash;
				yield parseLine(line.bytes);
			}
			signal?.throwIfAborted();
			await setImmediate();
		}
	} catch (error) {
		throw unreadable(file, error);
	}
}

function unreadable(file: string, error: unknown): unknown {
	const code = error instanceof Error && "code" in error ? error.code : undefined;
	if (error instanceof Fault || typeof code !== "string") return error;
	return new Fault("SOURCE_UNREADABLE", { file, reason: code }, { cause: error });
}
