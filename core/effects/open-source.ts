import { Fault } from "../base/index.ts";
import type { EffectSource } from "../contract/effects.ts";
import { type DebeziumOptions, isDebeziumAddress, openDebezium } from "./debezium/open-debezium.ts";
import { isPostgresAddress, printAddress } from "./postgres/connection.ts";
import { openPostgres, type PostgresSource } from "./postgres/open-postgres.ts";
import { openSnapshot } from "./snapshot/open-snapshot.ts";
import { hasChangeLog, removeLeftTriggers } from "./triggers/installation.ts";
import { openWalTail } from "./wal/open-collector.ts";
import type { SchemaChange } from "./wal/wal-tail.ts";

/**
 * `database`: a path, `sqlite:PATH`, a `file:` URL or `postgres://...`, or the change events of Debezium: `kafka://HOST:PORT/TOPIC`,
 * `debezium:FILE`. `way`: the log (default), and for SQLite also triggers or comparing states. `slot` and `after` are for PostgreSQL,
 * `after` for Debezium too: see `PostgresOptions`, `DebeziumOptions`.
 */
export type SourceConfig = { database: string; way?: "log" | "triggers" | "snapshot"; pollMs?: number; slot?: string; after?: string };

export type OpenedSource = EffectSource & {
	method: "wal" | "triggers" | "snapshot" | "logical" | "debezium";
	/** How it follows and what it cannot see, as a sentence. */
	about: string;
	tables: readonly string[];
	onSchema(listener: (change: SchemaChange) => void): () => void;
	/** Where a source that outlives its process stands, as a text to begin after; null for the others. */
	readonly position: string | null;
};

/**
 * Opens the source that was asked for. It never falls back to one that sees less or writes more: a database in a rollback journal is
 * refused with the three ways out. Throws SOURCE_UNREADABLE, DATABASE_WITHOUT_LOG, DATABASE_UNSUITABLE, DATABASE_LOCKED or
 * INPUT_INVALID (another source follows by triggers; a choice that is not for this engine).
 */
export async function openSource({ database, way = "log", pollMs, slot, after }: SourceConfig): Promise<OpenedSource> {
	if (isDebeziumAddress(database)) {
		if (way !== "log" || slot !== undefined)
			throw new Fault("INPUT_INVALID", { subject: way !== "log" ? `--${way}` : "--slot", reason: "Debezium's events have none" });
		return fromDebezium(database, { ...(after === undefined ? {} : { after }), ...(pollMs === undefined ? {} : { pollMs }) });
	}
	if (isPostgresAddress(database)) {
		if (way !== "log") throw new Fault("INPUT_INVALID", { subject: `--${way}`, reason: "it is for SQLite files only" });
		if (after !== undefined && slot === undefined)
			throw new Fault("INPUT_INVALID", { subject: "--after", reason: "only a slot that was kept (--slot) can be read from there on" });
		const kept = { ...(slot === undefined ? {} : { slot }), ...(after === undefined ? {} : { after }) };
		return fromPostgres(await openPostgres(database, { ...kept, ...(pollMs === undefined ? {} : { lookMs: pollMs }) }), slot);
	}
	if (slot !== undefined || after !== undefined)
		throw new Fault("INPUT_INVALID", { subject: "--slot", reason: "only PostgreSQL keeps its log for a reader that is away" });
	const path = sqlitePath(database);
	const timing = pollMs === undefined ? {} : { pollMs };
	if (way === "snapshot") {
		if (hasChangeLog(path)) await removeLeftTriggers(path);
		const source = await openSnapshot(path, timing);
		const about = "Compares states of the whole database: commits between two looks are merged into one.";
		// Another schema ends this source: `onLost` says so.
		return extend(source, { method: "snapshot", about, tables: source.tables, onSchema: () => () => {}, position: null });
	}
	if (way === "triggers") {
		const source = await openWalTail({ path, ...timing, method: "triggers" });
		const about =
			"Adds triggers and a change log to the database and takes them away at the end. Transactions that follow each other faster than it can look are merged; a merged commit says how many it holds. Not seen: what a transaction writes to another, attached file.";
		return extend(source, { method: "triggers", about, tables: source.tables, onSchema: source.onSchema, position: null });
	}
	const source = await openWalTail({ path, ...timing });
	const about = "Reads the write-ahead log: every commit by itself.";
	return extend(source, { method: "wal", about, tables: source.tables, onSchema: source.onSchema, position: null });
}

async function fromDebezium(address: string, options: DebeziumOptions): Promise<OpenedSource> {
	const source = await openDebezium(address, { drainMs: 3_000, ...options });
	const about =
		"Reads Debezium's change events: every commit by itself. TRUNCATE is only seen when the connector has skipped.operations=none.";
	// A new form of a table is in its events: there is nothing to be told apart from them.
	const opened = extend(source, { method: "debezium", about, tables: [], onSchema: () => () => {}, position: null });
	return Object.defineProperty(opened, "position", { get: () => source.position, enumerable: true });
}

function fromPostgres(source: PostgresSource, slot: string | undefined): OpenedSource {
	const kept = slot === undefined ? "" : ` The server keeps its log for the slot ${slot} until it is read.`;
	const about = `Decodes the write-ahead log of PostgreSQL: every commit by itself.${kept}`;
	const opened = extend(source, { method: "logical", about, tables: source.tables, onSchema: source.onSchema, position: null });
	return slot === undefined ? opened : Object.defineProperty(opened, "position", { get: () => source.position, enumerable: true });
}

/**
 * The file that `database` names, for what needs a SQLite file: a run, whose shadow follows legacy in lockstep, and the switch of
 * the journal mode. Throws DATABASE_UNSUITABLE for another engine, without repeating its password.
 */
export function sqlitePath(database: string): string {
	if (database.startsWith("file:")) return decodeURIComponent(new URL(database).pathname);
	if (database.startsWith("sqlite:")) return database.slice("sqlite:".length).replace(/^\/\/(?=\/)/, "");
	const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(database)?.[1];
	if (scheme === undefined) return database;
	const file = printAddress(database);
	const leave = "Leave the functions that write to it with legacy.";
	if (isPostgresAddress(database)) {
		const reason = "a shadow follows SQLite databases only, none follows PostgreSQL in lockstep yet";
		throw new Fault("DATABASE_UNSUITABLE", { file, reason, remedy: `${leave} Its row changes can be watched: phoenix effects ${file}` });
	}
	throw new Fault("DATABASE_UNSUITABLE", { file, reason: `${scheme} is not followed, only SQLite and PostgreSQL are`, remedy: leave });
}

type Said = Omit<OpenedSource, keyof EffectSource>;

function extend(source: EffectSource, said: Said): OpenedSource {
	const { drain, subscribe, onLost, stop } = source;
	return {
		...said,
		drain,
		subscribe,
		onLost,
		stop,
		get index() {
			return source.index;
		},
	};
}
