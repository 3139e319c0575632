import { Fault } from "../base/index.ts";
import type { EffectSource } from "../contract/effects.ts";
import { openSnapshot } from "./snapshot/open-snapshot.ts";
import { openWalTail } from "./wal/open-collector.ts";
import type { SchemaChange } from "./wal/wal-tail.ts";

/** `database`: a path, `sqlite:PATH` or a `file:` URL. `snapshot`: by comparing states instead of reading the log. */
export type SourceConfig = { database: string; snapshot?: boolean; pollMs?: number };

export type OpenedSource = EffectSource & {
	method: "wal" | "snapshot";
	/** How it follows and what it cannot see, as a sentence. */
	about: string;
	tables: readonly string[];
	onSchema(listener: (change: SchemaChange) => void): () => void;
};

/**
 * Opens the source that fits the database. It never falls back to one that sees less: a database in a rollback journal is refused
 * with both ways out. Throws SOURCE_UNREADABLE, DATABASE_UNSUITABLE or DATABASE_LOCKED.
 */
export async function openSource({ database, snapshot = false, pollMs }: SourceConfig): Promise<OpenedSource> {
	const path = sqlitePath(database);
	const timing = pollMs === undefined ? {} : { pollMs };
	if (snapshot) {
		const source = await openSnapshot(path, timing);
		const about = "Compares states of the whole database: commits between two looks are merged into one.";
		// Another schema ends this source: `onLost` says so.
		return extend(source, { method: "snapshot", about, tables: source.tables, onSchema: () => () => {} });
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
