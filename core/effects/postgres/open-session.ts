import type { Client } from "pg";
import { Fault } from "../../base/index.ts";
import { quoteName } from "../sql-value.ts";
import { unsuitable } from "../unsuitable.ts";
import { readTables, type TableShape, tableName } from "./catalog.ts";
import { connect, disconnect, printAddress, quoteText, refusal } from "./connection.ts";
import { type Lsn, parseLsn } from "./lsn.ts";
import { createPublication, dropAbandoned, dropPublication, holdName, publishedTables } from "./publication.ts";
import { checkServer, checkTables } from "./suitability.ts";

/** The two connections of a source: one for questions, one that becomes the stream. */
export type Session = {
	control: Client;
	walsender: Client;
	/** Which cluster and which database of it. */
	identity: string;
	tables: TableShape[];
	/** Where the slot begins. */
	start: Lsn;
};

export type SessionOptions = {
	name: string;
	/** The slot outlives the source. */
	isDurable: boolean;
	/** The slot was there before: without it there is a gap. */
	isExpected: boolean;
	lockTimeoutMs: number;
};

/**
 * Connects, checks that every row can be followed, and makes the slot and the publication unless they are there. Throws
 * SOURCE_UNREADABLE, DATABASE_UNSUITABLE, or DATABASE_LOCKED when others keep the slot from being made or used.
 */
export async function openSession(address: string, options: SessionOptions): Promise<Session> {
	const file = printAddress(address);
	const control = await connect(address, "queries");
	let walsender: Client | null = null;
	try {
		await checkServer(control, file);
		const tables = await readTables(control);
		checkTables(tables, file);
		walsender = await connect(address, "replication");
		const identity = await identify(control, walsender);
		const start = (await existingSlot(control, file, tables, options)) ?? (await makeSlot(control, walsender, file, tables, options));
		return { control, walsender, identity, tables, start };
	} catch (error) {
		if (walsender !== null) await disconnect(walsender);
		await disconnect(control);
		throw refusal(file, error);
	}
}

async function identify(control: Client, walsender: Client): Promise<string> {
	const { rows: system } = await walsender.query<{ systemid: string }>("IDENTIFY_SYSTEM");
	const { rows: database } = await control.query<{ oid: string }>("SELECT oid::text FROM pg_database WHERE datname = current_database()");
	return `${system[0]?.systemid}/${database[0]?.oid}`;
}

/** Where the slot stands that is there already; null when it is to be made. */
async function existingSlot(
	control: Client,
	file: string,
	tables: readonly TableShape[],
	{ name, isDurable, isExpected, lockTimeoutMs }: SessionOptions,
): Promise<Lsn | null> {
	if (!isDurable) return null;
	const find = `SELECT plugin, wal_status, active, coalesce(database = current_database(), false) AS "isHere",
		confirmed_flush_lsn::text AS confirmed FROM pg_replication_slots WHERE slot_name = ${quoteText(name)}`;
	type Slot = { plugin: string | null; wal_status: string; active: boolean; isHere: boolean; confirmed: string | null };
	const deadline = performance.now() + lockTimeoutMs;
	let slot: Slot | undefined;
	// The server may not have noticed yet that the process that used it is dead.
	while (true) {
		slot = (await control.query<Slot>(find)).rows[0];
		if (slot?.active !== true) break;
		if (performance.now() > deadline) throw new Fault("DATABASE_LOCKED", { file });
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
	const again = `Run \`phoenix effects drop\` for the slot ${name}, and begin anew from the present state.`;
	if (slot === undefined) {
		if (isExpected) throw unsuitable(file, `its replication slot ${name} is gone, and with it what was committed since`, again);
		return null;
	}
	if (slot.plugin !== "pgoutput" || !slot.isHere)
		throw unsuitable(file, `the replication slot ${name} belongs to something else`, "Choose another name for the slot.");
	const confirmed = parseLsn(slot.confirmed ?? "");
	if (slot.wal_status === "lost" || confirmed === null)
		throw unsuitable(file, `the server has removed the log that its replication slot ${name} had still to deliver`, again);
	const published = await publishedTables(control, name);
	if (published === null) throw unsuitable(file, `the publication ${name} is gone`, again);
	const missed = tables.find(({ oid }) => !published.has(oid));
	if (missed !== undefined)
		throw unsuitable(file, `table ${tableName(missed)} has come, and the publication ${name} does not hold it`, again);
	return confirmed;
}

async function makeSlot(
	control: Client,
	walsender: Client,
	file: string,
	tables: readonly TableShape[],
	{ name, isDurable, lockTimeoutMs }: SessionOptions,
): Promise<Lsn> {
	if (isDurable) await dropPublication(control, name);
	else {
		await dropAbandoned(control);
		await holdName(control, name);
	}
	// The publication first: at each place of the log the slot looks for it as it was there.
	await createPublication(control, name, tables);
	const { processID } = walsender as Client & { processID: number };
	let isLate = false;
	// A slot waits for every transaction that is open. This one waits no longer than it may.
	const limit = setTimeout(() => {
		isLate = true;
		control.query(`SELECT pg_cancel_backend(${processID})`).catch(() => {});
	}, lockTimeoutMs);
	try {
		const kind = isDurable ? "" : " TEMPORARY";
		const query = `CREATE_REPLICATION_SLOT ${quoteName(name)}${kind} LOGICAL pgoutput NOEXPORT_SNAPSHOT`;
		const { rows } = await walsender.query<{ consistent_point: string }>(query);
		return parseLsn(rows[0]?.consistent_point ?? "") ?? 0n;
	} catch (error) {
		await dropPublication(control, name).catch(() => {});
		throw isLate ? new Fault("DATABASE_LOCKED", { file }, { cause: error }) : error;
	} finally {
		clearTimeout(limit);
	}
}

/** Removes a durable slot and its publication; says whether there was a slot. Throws DATABASE_LOCKED while somebody uses it. */
export async function dropSlot(address: string, slot: string): Promise<boolean> {
	const name = durableName(slot);
	const control = await connect(address, "queries");
	try {
		const query = `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = ${quoteText(name)} AND plugin = 'pgoutput'`;
		const { rowCount } = await control.query(query);
		await dropPublication(control, name);
		return rowCount === 1;
	} catch (error) {
		throw refusal(printAddress(address), error);
	} finally {
		await disconnect(control);
	}
}

/**
 * The name of a durable slot and of its publication in the server; the prefix keeps what is not ours from being dropped.
 * Throws INPUT_INVALID for what PostgreSQL would not take.
 */
export function durableName(slot: string): string {
	if (/^(?!tmp_)[a-z0-9_]{1,55}$/.test(slot)) return `phoenix_${slot}`;
	const reason = "it may hold up to 55 small letters, digits and underscores, and not begin with tmp_";
	throw new Fault("INPUT_INVALID", { subject: `The slot name ${slot}`, reason });
}
