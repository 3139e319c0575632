import { closeSync, fstatSync, openSync, readSync, realpathSync, statSync } from "node:fs";
import { Fault, systemClock } from "../../base/index.ts";
import type { Commit } from "../../contract/effects.ts";
import type { PageView } from "./btree.ts";
import { createPageStore, type PageStore } from "./page-store.ts";
import { createPins, isBusy, type Pins } from "./pins.ts";
import { createRowDiff, type RowDiff, type SchemaDifference } from "./row-diff.ts";
import { unsuitable } from "./table-shapes.ts";
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
 * A pin may land on another mark than 0 although all is in the main file, when a checkpoint holds that one just then;
 * which mark it got cannot be asked. So it is renewed a few times, and now and then for ever. It steps aside (see pins)
 * for longer than a checkpoint that began with it sleeps between two tries: SQLite's own busy handler waits 1, 2, 5, 10,
 * 15 ms and so on.
 */
const surePins = 4;
const stepAsideAfterMs = 2;
const asideMs = 25;
const renewPinMs = 150;

/**
 * Opens the tail of one database. The process must not open and close the file by other ways while the tail lives.
 * `isTaken`: whether a tail of that real path lives in this process. Throws INPUT_INVALID (taken), SOURCE_UNREADABLE,
 * DATABASE_UNSUITABLE or DATABASE_LOCKED (after `lockTimeoutMs`).
 */
export async function openTail(path: string, lockTimeoutMs: number, isTaken: (file: string) => boolean): Promise<WalTail> {
	const file = realPath(path);
	if (isTaken(file)) throw new Fault("INPUT_INVALID", { subject: file, reason: "this collector already follows it" });
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
	const scratch = Buffer.alloc(128);
	const frames = createFrameReader(files.wal, format.pageSize);
	const store = createPageStore(files.main, frames, format.pageSize);
	const inode = fstatSync(files.main).ino;
	const start = settledIndex();
	let at: Position = openPosition(start, files.wal, frames, store, file);
	const diff: RowDiff = createRowDiff(store.view, { ...format, file });
	let index = 0;
	/** What the log looked like before the newest pin, when that was taken, how often it was renewed, and whether it stepped aside. */
	let pinned = { mark: "", at: 0, times: 0, isAside: false };
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

	/** A new pin first; only what it makes superfluous is released, and only after all up to it was taken in. */
	function renew(keep: number, next: typeof pinned): News {
		try {
			pins.take();
		} catch (error) {
			// The pins that are held still guard all that was not taken in.
			if (isBusy(error)) return advance();
			throw error;
		}
		const news = advance();
		const head = settledIndex();
		if (head.salt === at.salt && head.lastFrame === at.frame && head.backfilled === at.frame) store.settle();
		pins.keepNewest(keep);
		pinned = next;
		return news;
	}

	return {
		advance: () => advance(),
		follow() {
			const head = settledIndex();
			const mark = `${head.salt} ${head.lastFrame} ${head.backfilled}`;
			const now = performance.now();
			if (mark !== pinned.mark) return renew(2, { mark, at: now, times: 0, isAside: false });
			const isAllInMain = head.backfilled === head.lastFrame;
			const again = { ...pinned, at: now, times: pinned.times + 1 };
			if (isAllInMain && pinned.times < surePins) return renew(1, again);
			if (now - pinned.at > (pinned.isAside ? asideMs : renewPinMs)) return renew(1, { ...again, isAside: false });
			if (!isAllInMain && pins.held === 2 && now - pinned.at > stepAsideAfterMs) {
				pins.stepAside();
				pinned.isAside = true;
			}
			return advance(head);
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
	if (header[18] !== 2) {
		throw unsuitable(
			file,
			"it is not in WAL mode",
			`Run once: sqlite3 "${file}" "PRAGMA journal_mode=WAL" (it stays; =DELETE takes it back).`,
		);
	}
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

function statInode(file: string): number {
	return statSync(file, { throwIfNoEntry: false })?.ino ?? 0;
}

function lost(file: string, reason: string): Fault {
	return unsuitable(file, reason, "Let the comparison begin anew from a fresh copy of the database.");
}

function reasonOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
