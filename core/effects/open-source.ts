import { Fault } from "../base/index.ts";
import type { EffectSource } from "../contract/effects.ts";
import { openSnapshot } from "./snapshot/open-snapshot.ts";
import { hasChangeLog, removeLeftTriggers } from "./triggers/installation.ts";
import { openWalTail } from "./wal/open-collector.ts";
import type { SchemaChange } from "./wal/wal-tail.ts";

/** `database`: a path, `sqlite:PATH` or a `file:` URL. `way`: the write-ahead log (default), triggers, or comparing states. */
export type SourceConfig = { database: string; way?: "log" | "triggers" | "snapshot"; pollMs?: number };

export type OpenedSource = EffectSource & {
	method: "wal" | "triggers" | "snapshot";
	/** How it follows and what it cannot see, as a sentence. */
	about: string;
	tables: readonly string[];
	onSchema(listener: (change: SchemaChange) => void): () => void;
};

/**
 * Opens the source that was asked for. It never falls back to one that sees less or writes more: a database in a rollback journal is
 * refused with the three ways out. Throws SOURCE_UNREADABLE, DATABASE_WITHOUT_LOG, DATABASE_UNSUITABLE, DATABASE_LOCKED or, while another
 * source follows by triggers, INPUT_INVALID.
 */
export async function openSource({ database, way = "log", pollMs }: SourceConfig): Promise<OpenedSource> {
	const path = sqlitePath(database);
	const timing = pollMs === undefined ? {} : { pollMs };
	if (way === "snapshot") {
		if (hasChangeLog(path)) await removeLeftTriggers(path);
		const source = await openSnapshot(path, timing);
		const about = "Compares states of the whole database: commits between two looks are merged into one.";
		// Another schema ends this source: `onLost` says so.
		return extend(source, { method: "snapshot", about, tables: source.tables, onSchema: () => () => {} });
	}
	if (way === "triggers") {
		const source = await openWalTail({ path, ...timing, method: "triggers" });
		const about =
			"Adds triggers and a change log to the database and takes them away at the end. Transactions that follow each other faster than it can look are merged; a merged commit says how many it holds. Not seen: what a transaction writes to another, attached file.";
		return extend(source, { method: "triggers", about, tables: source.tables, onSchema: source.onSchema });
	}
	const source = await openWalTail({ path, ...timing });
	const about = "Reads the write-ahead log: every commit by itself.";
	return extend(source, { method: "wal", about, tables: source.tables, onSchema: source.onSchema });
}

/** The file that `database` names. Throws DATABASE_UNSUITABLE for another engine, without repeating its password. */
export function sqlitePath(database: string): string {
	if (database.startsWith("file:")) return decodeURIComponent(new URL(database).pathname);
	if (database.startsWith("sqlite:")) return database.slice("sqlite:".length).replace(/^\/\/(?=\/)/, "");
	const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(database)?.[1];
	if (scheme === undefined) return database;
	throw new Fault("DATABASE_UNSUITABLE", {
		file: database.replace(/\/\/[^@/]*@/, "//"),
		reason: `only SQLite databases are followed, not ${scheme}`,
		remedy: "Leave the functions that write to it with legacy.",
	});
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
