import { closeSync, fstatSync, openSync, readSync, realpathSync, statSync } from "node:fs";
import { Fault } from "../../base/index.ts";

/*
 * What the bytes of an SQLite file say without any lock (https://www.sqlite.org/fileformat.html#the_database_header).
 * Closing a descriptor of a file drops the locks that SQLite holds on it in the same process: so it is closed last.
 */

export type DatabaseFile = {
	readonly path: string;
	/** Device and number of the file, as text. */
	readonly identity: string;
	/** Grows by one with every transaction that wrote; 32 bits. The first of its pages that a transaction writes holds it. */
	counter(): number;
	/** When its bytes were last written, in ns since the epoch, as exact as the file system keeps it. */
	writtenAt(): bigint;
	isWal(): boolean;
	/** A transaction is being written; or its writer died, or another journal mode keeps no such file. */
	isBeingWritten(): boolean;
	/** False when the path leads to another file, or to none. */
	isInPlace(): boolean;
	close(): void;
};

/** Throws SOURCE_UNREADABLE. */
export function openDatabaseFile(given: string): DatabaseFile {
	const path = realPath(given);
	const descriptor = openForReading(path);
	const identity = identityOf(path) ?? "";
	const header = Buffer.alloc(4);
	const read = (length: number, from: number) => readSync(descriptor, header, 0, length, from) === length;
	return {
		path,
		identity,
		counter: () => (read(4, 24) ? header.readUInt32BE(0) : 0),
		writtenAt: () => fstatSync(descriptor, { bigint: true }).mtimeNs,
		isWal: () => read(2, 18) && header[0] === 2,
		isBeingWritten: () => hasJournal(`${path}-journal`),
		isInPlace: () => identityOf(path) === identity,
		close: () => closeSync(descriptor),
	};
}

/** Emptied (TRUNCATE) or with a header of zeros (PERSIST) it belongs to a transaction that ended. */
function hasJournal(path: string): boolean {
	const found = statSync(path, { throwIfNoEntry: false });
	if (found === undefined || found.size === 0) return false;
	const first = Buffer.alloc(1);
	try {
		const descriptor = openSync(path, "r");
		try {
			return readSync(descriptor, first, 0, 1, 0) === 1 && first[0] !== 0;
		} finally {
			closeSync(descriptor);
		}
	} catch {
		// Gone since: the transaction has ended.
		return false;
	}
}

export function identityOf(path: string): string | null {
	const found = statSync(path, { throwIfNoEntry: false, bigint: true });
	return found === undefined ? null : `${found.dev}:${found.ino}`;
}

function realPath(path: string): string {
	try {
		return realpathSync(path);
	} catch (error) {
		throw new Fault("SOURCE_UNREADABLE", { file: path, reason: "it does not exist" }, { cause: error });
	}
}

function openForReading(path: string): number {
	try {
		return openSync(path, "r");
	} catch (error) {
		throw new Fault("SOURCE_UNREADABLE", { file: path, reason: (error as Error).message }, { cause: error });
	}
}
