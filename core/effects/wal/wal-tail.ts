import { closeSync, fstatSync, openSync, readSync, realpathSync, statSync } from "node:fs";
import { Fault, systemClock } from "../../base/index.ts";
import type { Commit } from "../../contract/effects.ts";
import { unsuitable } from "../unsuitable.ts";
import type { PageView } from "./btree.ts";
import { createPageStore, type PageStore } from "./page-store.ts";
import { createPins, isBusy, type Pins } from "./pins.ts";
import { createRowDiff, type RowDiff, type SchemaDifference } from "./row-diff.ts";
import { type Checksum, createFrameReader, type Frame, type FrameReader, readWalIndex, readWalStart, type WalIndex } from "./wal-file.ts";

/*
 * How nothing is missed. A reader's mark keeps SQLite from two things: writing frames after the mark into the main
 * file, and starting the log anew. The next pin is taken, everything up to it is taken in, only then the old one goes:
 *
 *   frames   1 ........ old pin ........ new pin ........ last commit
 *   taken in ------------------------------------------------>|  then the old pin is released
 *
 * So the main file never holds more than what was taken in: it and the frames give every page as it was before a commit.
 * A pin on a log that is wholly in the main file (read mark 0) does not keep the log from starting anew, but keeps the
 * main file as it is: then nothing after the pin can be in it, so the new log cannot start a second time unseen, and
 * the frames of the old log, which may be overwritten, are no longer needed (`settle`).
 * The count of commits in the index is the witness: it must grow by exactly the commits that were taken in.
 */

export type WalTail = {
	/** Takes in what is committed now. Returns the commits that changed rows; throws a Fault when the tail is lost. */
	advance(): News;
	/**
	 * The same, and moves the pin up to now if the log has moved since: a writer's checkpoint that waits for readers
	 * (RESTART, TRUNCATE, and the one of every 1000 pages) is held up by an old pin, so this belongs to every look.
	 */
	follow(): News;
	/**
	 * For a checkpoint that waits: if the log has not moved for 150 ms, stands aside until it does, for at most 300 ms in
	 * which this thread sleeps. The waiting checkpoint holds the write lock, so nothing is committed meanwhile.
	 */
	stepAside(): News;
	/** Throws a Fault when the path no longer leads to the file that is followed. */
	checkFile(): void;
	/** Frames in the log, and those of them that the main file does not hold yet. */
	pressure(): { frames: number; pending: number };
	readonly index: number;
	readonly tables: readonly string[];
	readonly file: string;
	close(): void;
};

/** `after`: index of the last commit before the change. */
export type SchemaChange = SchemaDifference & { after: number };

export type News = { commits: Commit[]; schema: SchemaChange[] };

const framesPerRead = 256;
/*
 * When the pin moves. A checkpoint of a writer that waits for readers (RESTART, TRUNCATE) looks at the read marks one by
 * one; if it meets the pin in the very moment in which that raises a mark, it waits for this mark although it is no longer
 * too old. Writers checkpoint right after a commit: so the pin moves a moment later, or after a while if commits never
 * pause. What meets all the same is let pass by `stepAside`.
 * A pin may also land on another mark than 0 although all is in the main file, when a checkpoint holds that one just then;
 * which mark it got cannot be asked. So it is renewed a few times, and now and then for ever.
 */
const pauseMs = 2;
const mostBehindMs = 50;
const surePins = 4;
const renewPinMs = 250;
/** A waiting checkpoint holds the write lock: a log that moves is none. */
const frozenMs = 150;
const mostAsideMs = 300;

/**
 * Opens the tail of one database. The process must not open and close the file by other ways while the tail lives.
 * `claim` is asked with the file's identity, and says false if a tail of it lives in this process (INPUT_INVALID). Throws SOURCE_UNREADABLE,
 * DATABASE_UNSUITABLE or DATABASE_LOCKED (after `lockTimeoutMs`).
 */
export async function openTail(path: string, lockTimeoutMs: number, claim: (file: string) => boolean): Promise<WalTail> {
	const file = realPath(path);
	if (!claim(identityOf(file))) throw new Fault("INPUT_INVALID", { subject: file, reason: "this collector already follows it" });
	const main = openFile(file);
	let pins: Pins | null = null;
	const opened = [main];
	try {
		const format = readFormat(main, file);
		pins = await createPins(file, lockTimeoutMs);
		const wal = openFile(`${file}-wal`);
		const shm = openFile(`${file}-shm`);
		opened.push(wal, shm);
		return createTail(file, { main, wal, shm }, format, pins);
	} catch (error) {
		// Connections first: closing a descriptor of the file drops the locks that SQLite holds in this process.
		pins?.close();
		for (const descriptor of opened) closeSync(descriptor);
		throw error;
	}
}

type Format = { pageSize: number; usable: number; encoding: "utf8" | "utf16le" | "utf16be" };
type Files = { main: number; wal: number; shm: number };

function createTail(file: string, files: Files, format: Format, pins: Pins): WalTail {
	const scratch = Buffer.alloc(132);
	const frames = createFrameReader(files.wal, format.pageSize);
	const store = createPageStore(files.main, frames, format.pageSize);
	const inode = fstatSync(files.main).ino;
	const start = settledIndex();
	let at: Position = openPosition(start, files.wal, frames, store, file);
	const diff: RowDiff = createRowDiff(store.view, { ...format, file });
	let index = 0;
	/** What the log looked like before the present pin, when that was taken, and how often it was renewed since. */
	let pinned = { mark: "", at: 0, times: 0 };
	let seen = { mark: "", at: 0 };
	/** When the head was read by which the log was last taken in: what comes next was committed later. */
	let lookedAt = systemClock.now();

	function settledIndex(): WalIndex & { readAt: number } {
		for (let attempt = 0; attempt < 1000; attempt++) {
			const readAt = systemClock.now();
			const found = readWalIndex(files.shm, scratch);
			if (found !== null) return { ...found, readAt };
			// A writer that died between its two copies leaves the head broken; the next reader mends it.
			if (attempt % 100 === 99) pins.mend();
		}
		throw lost(file, "the head of its shared-memory index stays broken");
	}

	function advance(head = settledIndex()): News {
		const result: News = { commits: [], schema: [] };
		if (head.salt !== at.salt) {
			// The log began anew: SQLite does that only once all of the old one is in the main file.
			store.settle();
			at = { ...at, salt: head.salt, frame: 0, checksum: null };
		}
		if (head.lastFrame < at.frame) throw lost(file, `its log fell back from frame ${at.frame} to ${head.lastFrame}`);
		let commits = 0;
		let transaction: Frame[] = [];
		for (let from = at.frame + 1; from <= head.lastFrame; from += framesPerRead) {
			const read = readFrames(from, Math.min(head.lastFrame, from + framesPerRead - 1));
			at.checksum = read.checksum;
			for (const frame of read.frames) {
				transaction.push(frame);
				if (frame.pages === 0) continue;
				commits++;
				takeIn(transaction, result);
				transaction = [];
			}
		}
		at.frame = head.lastFrame;
		checkCount(head, commits);
		lookedAt = head.readAt;
		return result;
	}

	function readFrames(from: number, to: number): { frames: Frame[]; checksum: Checksum } {
		const before = at.checksum ?? readWalStart(files.wal, at.salt);
		const read = before && frames.read(from, to, at.salt, before);
		if (!read) throw lost(file, `frames ${from} to ${to} of its log do not fit their checksums`);
		return read;
	}

	function takeIn(pending: readonly Frame[], result: News): void {
		const newest = new Map(pending.map((frame) => [frame.page, frame]));
		const after: PageView = (page) => newest.get(page)?.image ?? store.view(page);
		const { changes, schema } = diff.commit(new Set(newest.keys()), store.view, after);
		store.put(newest.values());
		if (schema.tables.length > 0) result.schema.push({ after: index, ...schema });
		// A transaction that leaves every row as it was (an index, a VACUUM) is no effect.
		if (changes.length > 0) result.commits.push({ index: ++index, since: lookedAt, at: systemClock.now(), changes });
	}

	/** A recovery counts anew, a padded log repeats its last frame: then there are fewer counted than seen. */
	function checkCount(head: WalIndex, commits: number): void {
		const counted = (head.change - at.change) >>> 0;
		if (counted > commits && counted < 0x80000000) throw lost(file, `${counted - commits} of its commits were missed`);
		at.change = head.change;
	}

	/** A new pin first; the older is released only after all up to the new one was taken in. */
	function renew(next: typeof pinned): News {
		try {
			pins.take();
		} catch (error) {
			// The pin that is held still guards all that was not taken in.
			if (isBusy(error)) return advance();
			throw error;
		}
		const news = advance();
		settleIfAllInMain();
		pins.releaseOlder();
		pinned = next;
		return news;
	}

	function settleIfAllInMain(): void {
		const head = settledIndex();
		if (head.salt === at.salt && head.lastFrame === at.frame && head.backfilled === at.frame) store.settle();
	}

	/** Without a pin the main file may have got ahead of what was taken in; then nothing can be promised any more. */
	function checkAfterPause(): void {
		const head = settledIndex();
		const most = head.salt === at.salt ? at.frame : 0;
		if (head.attempted > most || head.backfilled > most) throw lost(file, "it was checkpointed while the tail stood aside");
	}

	return {
		advance: () => advance(),
		follow() {
			const head = settledIndex();
			const mark = markOf(head);
			const now = performance.now();
			if (mark !== seen.mark) seen = { mark, at: now };
			const isAllInMain = head.backfilled === head.lastFrame;
			if (mark !== pinned.mark) {
				const isDue = now - seen.at >= pauseMs || now - pinned.at > mostBehindMs;
				return isDue ? renew({ mark, at: now, times: 0 }) : advance(head);
			}
			const isSure = !isAllInMain || pinned.times >= surePins;
			return isSure && now - pinned.at < renewPinMs ? advance(head) : renew({ mark, at: now, times: pinned.times + 1 });
		},
		stepAside() {
			const news = advance();
			const before = markOf(settledIndex());
			if (before !== seen.mark || performance.now() - seen.at < frozenMs) return news;
			try {
				pins.pause(() => {
					const until = performance.now() + mostAsideMs;
					while (performance.now() < until && markOf(settledIndex()) === before) Atomics.wait(idle, 0, 0, 0.2);
				});
			} catch (error) {
				throw isBusy(error) ? lost(file, "it stayed locked while the tail stood aside") : error;
			}
			checkAfterPause();
			settleIfAllInMain();
			pinned = { mark: before, at: 0, times: 0 };
			const more = advance();
			return { commits: [...news.commits, ...more.commits], schema: [...news.schema, ...more.schema] };
		},
		checkFile() {
			if (statInode(file) !== inode) throw lost(file, "the file was replaced by another");
		},
		pressure() {
			const head = settledIndex();
			return { frames: head.lastFrame, pending: head.lastFrame - head.backfilled };
		},
		get index() {
			return index;
		},
		get tables() {
			return diff.tables;
		},
		file,
		close() {
			pins.close();
			for (const descriptor of [files.main, files.wal, files.shm]) closeSync(descriptor);
		},
	};
}

const idle = new Int32Array(new SharedArrayBuffer(4));

/** Changes with every commit and every step of a checkpoint. */
function markOf({ salt, lastFrame, backfilled, attempted }: WalIndex): string {
	return `${salt} ${lastFrame} ${backfilled} ${attempted}`;
}

/** The last frame that was taken in, with its checksum (null before the first frame of a log). */
type Position = { salt: string; frame: number; checksum: Checksum | null; change: number };

/** Where the tail begins: at the last commit. What the main file does not hold of it is taken from the log. */
function openPosition(head: WalIndex, wal: number, frames: FrameReader, store: PageStore, file: string): Position {
	const position = { salt: head.lastFrame === 0 ? "" : head.salt, frame: head.lastFrame, change: head.change };
	if (head.lastFrame === 0) return { ...position, checksum: null };
	if (head.backfilled === head.lastFrame) return { ...position, checksum: head.checksum };
	let checksum = readWalStart(wal, head.salt);
	for (let from = 1; from <= head.lastFrame; from += framesPerRead) {
		const read = checksum && frames.read(from, Math.min(head.lastFrame, from + framesPerRead - 1), head.salt, checksum);
		if (!read) throw lost(file, `frame ${from} of its log does not fit its checksum`);
		store.put(read.frames);
		checksum = read.checksum;
	}
	return { ...position, checksum };
}

function readFormat(main: number, file: string): Format {
	const header = Buffer.alloc(100);
	if (readSync(main, header, 0, 100, 0) < 100 || header.toString("latin1", 0, 15) !== "SQLite format 3") {
		throw unsuitable(file, "it is not an SQLite database", "Name the database file that legacy writes.");
	}
	if (header[18] !== 2) throw new Fault("DATABASE_WITHOUT_LOG", { file });
	const stated = header.readUInt16BE(16);
	const pageSize = stated === 1 ? 65536 : stated;
	const encodings = { 1: "utf8", 2: "utf16le", 3: "utf16be" } as const;
	const encoding = encodings[header.readUInt32BE(56) as 1 | 2 | 3] ?? "utf8";
	return { pageSize, usable: pageSize - (header[20] as number), encoding };
}

function realPath(path: string): string {
	try {
		return realpathSync(path);
	} catch (error) {
		throw new Fault("SOURCE_UNREADABLE", { file: path, reason: reasonOf(error) });
	}
}

function openFile(path: string): number {
	try {
		return openSync(path, "r");
	} catch (error) {
		throw new Fault("SOURCE_UNREADABLE", { file: path, reason: reasonOf(error) });
	}
}

function identityOf(file: string): string {
	const { dev, ino } = statSync(file);
	return `${dev}:${ino}`;
}

function statInode(file: string): number {
	return statSync(file, { throwIfNoEntry: false })?.ino ?? 0;
}

function lost(file: string, reason: string): Fault {
	return unsuitable(file, reason, "Let the comparison begin anew from a fresh copy of the database.");
}

function reasonOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
