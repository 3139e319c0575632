import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { Fault, systemClock } from "../../base/index.ts";
import { isBusy } from "../wal/pins.ts";
import { addChangeLog, type ChangeLog, dropChangeLog, hasIntegerKey, isAlive, ownerOf, schemaText, shapeOf } from "./change-log.ts";
import { type DatabaseFile, identityOf } from "./database-file.ts";

/** While a commit of ours waits for readers, none of legacy's can begin: so it waits in short turns. */
const turnMs = 20;
const restMs = 15;

/** `counter`: of the state that holds the triggers and nothing more. */
export type Installed = ChangeLog & { shape: string; schema: Schema; hasKeyless: boolean; counter: number };
export type Schema = { version: number; text: Map<string, string> };

/**
 * Adds log and triggers in one transaction, in place of what a source that died left there. Throws INPUT_INVALID when a living
 * one follows the database, DATABASE_UNSUITABLE, DATABASE_LOCKED.
 */
export async function installTriggers(
	database: DatabaseSync,
	{ path, identity, counter }: DatabaseFile,
	keep: number,
	waitMs: number,
): Promise<Installed> {
	let before = 0;
	const log = await writing(database, path, waitMs, () => {
		// Nobody else writes while this does: the commit makes it one more.
		before = counter();
		refuseForeign(database, path, identity);
		dropChangeLog(database);
		const added = addChangeLog(database, path, keep, identity);
		const version = Number(database.prepare("PRAGMA schema_version").get()?.schema_version);
		return {
			...added,
			shape: shapeOf(database),
			schema: { version, text: schemaText(database) },
			hasKeyless: added.tables.some((table) => !hasIntegerKey(database, table.name)),
		};
	});
	return { ...log, counter: (before + 1) >>> 0 };
}

/** Takes everything away. Throws DATABASE_LOCKED. */
export function uninstallTriggers(database: DatabaseSync, file: string, waitMs: number): Promise<void> {
	return writing(database, file, waitMs, () => dropChangeLog(database));
}

/**
 * Takes away what a source that died left in a database; with `isForced` also of one that seems to live. False when there was nothing
 * to take. Throws SOURCE_UNREADABLE, DATABASE_UNSUITABLE (no database) or DATABASE_LOCKED.
 */
export async function removeLeftTriggers(file: string, { waitMs = 3000, isForced = false } = {}): Promise<boolean> {
	const inode = identityOf(file);
	if (inode === null) throw new Fault("SOURCE_UNREADABLE", { file, reason: "it does not exist" });
	const database = new DatabaseSync(file, { timeout: 0 });
	const isOurs = () => {
		const owner = ownerOf(database);
		return owner !== null && (isForced || !isAlive(owner, inode));
	};
	try {
		if (!(await reading(file, waitMs, isOurs))) return false;
		await writing(database, file, waitMs, () => dropChangeLog(database));
		return true;
	} catch (error) {
		if (error instanceof Fault) throw error;
		const remedy = "Name the database file that legacy writes.";
		throw new Fault("DATABASE_UNSUITABLE", { file, reason: error instanceof Error ? error.message : String(error), remedy });
	} finally {
		database.close();
	}
}

/** Asked by reading alone. False also of what cannot be read: who opens it says why. */
export function hasChangeLog(file: string): boolean {
	let database: DatabaseSync | null = null;
	try {
		database = new DatabaseSync(file, { readOnly: true, timeout: 0 });
		return ownerOf(database) !== null;
	} catch {
		return false;
	} finally {
		database?.close();
	}
}

function refuseForeign(database: DatabaseSync, file: string, inode: string): void {
	const owner = ownerOf(database);
	if (owner === null || owner.pid === process.pid || !isAlive(owner, inode)) return;
	const reason = `process ${owner.pid} on ${owner.host} follows it by triggers (if it does not: phoenix effects clean "${file}")`;
	throw new Fault("INPUT_INVALID", { subject: file, reason });
}

/** One write transaction, tried for `waitMs`; nothing of it stays when it fails. */
async function writing<Result>(database: DatabaseSync, file: string, waitMs: number, write: () => Result): Promise<Result> {
	return reading(file, waitMs, () => {
		database.exec(`PRAGMA busy_timeout = ${turnMs}; BEGIN IMMEDIATE`);
		try {
			const result = write();
			database.exec("COMMIT");
			return result;
		} catch (error) {
			if (database.isTransaction) database.exec("ROLLBACK");
			throw error;
		} finally {
			database.exec("PRAGMA busy_timeout = 0");
		}
	});
}

async function reading<Result>(file: string, waitMs: number, attempt: () => Result): Promise<Result> {
	const deadline = systemClock.now() + waitMs;
	while (true) {
		try {
			return attempt();
		} catch (error) {
			if (!isBusy(error)) throw error;
			if (systemClock.now() >= deadline) throw new Fault("DATABASE_LOCKED", { file }, { cause: error });
		}
		await sleep(restMs);
	}
}
