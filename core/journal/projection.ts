import initSqlJs, { type Database, type SqlValue } from "sql.js";
import { Fault } from "../base/index.ts";
import type { JournalEntry } from "../contract/journal.ts";
import { fold } from "./fold.ts";
import { projectionSchema } from "./projection-schema.ts";

export type QueryResult = { columns: string[]; rows: SqlValue[][]; truncated: boolean };

export type Projection = {
	/** Brings the projection one entry further. */
	add(entry: JournalEntry): void;
	/** As `add` for each, together; entries before one that throws stay. */
	addAll(entries: Iterable<JournalEntry>): void;
	/** One reading statement; at most `maxRows` rows. Throws INPUT_INVALID with SQLite's own words. */
	query(sql: string, params?: SqlValue[], maxRows?: number): QueryResult;
	close(): void;
};

/** About 400 bytes each in memory; a question that reads all of them takes some three seconds. */
const NEWEST = 1_000_000;

/**
 * The journal as tables in memory: `entries`, and a view per question people ask (`projection-schema.ts`). It holds the `newest`
 * entries, one quarter more at most; of older ones those that come with every request are only counted, in `folded`.
 */
export async function openProjection(entries: Iterable<JournalEntry> = [], newest = NEWEST): Promise<Projection> {
	const { Database } = await initSqlJs();
	const database = new Database();
	database.run(projectionSchema);
	const insert = database.prepare("INSERT INTO entries VALUES (?, ?, ?, ?, ?)");
	let foldedTo = 0;
	const add = ({ seq, at, kind, data }: JournalEntry) => {
		const named = "function" in data && typeof data.function === "string" ? data.function : null;
		insert.run([seq, at, kind, named, JSON.stringify(data)]);
		if (seq - foldedTo < newest * 1.25) return;
		fold(database, foldedTo, seq - newest);
		foldedTo = seq - newest;
	};
	const addAll = (added: Iterable<JournalEntry>) => {
		database.run("BEGIN");
		try {
			for (const entry of added) add(entry);
		} finally {
			database.run("COMMIT");
		}
	};
	addAll(entries);
	return {
		add,
		addAll,
		query: (sql, params = [], maxRows = 10_000) => queryOnce(database, sql, params, maxRows),
		close: () => database.close(),
	};
}

const READING = /^\s*(?:(?:--[^\n]*\n|\/\*[\s\S]*?\*\/)\s*)*(select|with|explain|values)\b/i;

function queryOnce(database: Database, sql: string, params: SqlValue[], maxRows: number): QueryResult {
	if (!READING.test(sql)) throw refused("only SELECT, WITH, VALUES and EXPLAIN are possible; the journal is never changed by a query");
	// The keyword alone is no proof (`WITH ... DELETE`): the engine itself refuses to write while a query runs.
	database.run("PRAGMA query_only = ON");
	try {
		const statements = database.iterateStatements(sql);
		const { value: statement } = statements.next();
		if (!statement) throw refused("there is no statement in it");
		try {
			if (statements.getRemainingSQL().replace(/--[^\n]*|\/\*[\s\S]*?\*\/|[\s;]/g, "") !== "")
				throw refused("it holds more than one statement");
			statement.bind(params);
			const rows: SqlValue[][] = [];
			let more = statement.step();
			while (more && rows.length < maxRows) {
				rows.push(statement.get());
				more = statement.step();
			}
			return { columns: statement.getColumnNames(), rows, truncated: more };
		} finally {
			statement.free();
		}
	} catch (error) {
		throw error instanceof Fault ? error : refused(error instanceof Error ? error.message : String(error), error);
	} finally {
		database.run("PRAGMA query_only = OFF");
	}
}

function refused(reason: string, cause?: unknown): Fault {
	return new Fault("INPUT_INVALID", { subject: "The query", reason }, { cause });
}
