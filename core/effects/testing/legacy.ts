import type { Commit, SqlValue } from "../../contract/effects.ts";
import type { Tables } from "./follow.ts";

/** The rows of the two tables of a trial, without their keys: `t (a text, b anything)` and `u (code text unique, n anything)`. */
export type LegacyRow = { a?: string | null; b?: SqlValue; code?: string; n?: SqlValue };

/** What a writer does to a row or to rows, said without a dialect. Keys are given, never made by the database. */
export type Act =
	| { act: "insert"; table: "t" | "u"; key: number; row: LegacyRow }
	/** As REPLACE: what holds its key or its unique code goes first. */
	| { act: "put"; table: "t" | "u"; key: number; row: LegacyRow }
	/** Of the row `key`, of those from `from` on, or of all. */
	| { act: "update"; table: "t" | "u"; key?: number; from?: number; row: LegacyRow }
	/** Gives a row another key, unless that is taken. */
	| { act: "rekey"; key: number; to: number }
	/** The row `key`, or all. */
	| { act: "delete"; table: "t" | "u"; key?: number };

/** One database of a kind, as its legacy system writes it. */
export type Legacy = {
	/** How a source names it: a path, an address. */
	readonly place: string;
	/** All of it is one transaction. */
	commit(...acts: readonly Act[]): Promise<void>;
	rollback(...acts: readonly Act[]): Promise<void>;
	createIndex(): Promise<void>;
	/** A column `late` of `t`, in which every row then gets 5, by one transaction. */
	addColumn(): Promise<void>;
	/** A table whose rows no source of this kind of database can follow. */
	createUnsuitable(name: string): Promise<void>;
	dropTable(name: string): Promise<void>;
	/** Puts another database in the place of this one. */
	replace(): Promise<void>;
	/** All rows as the database itself reads them. */
	rows(): Promise<Tables>;
	/** A commit with the columns of `t` and `u` as above, where the database keeps them in another form. */
	read(commit: Commit): Commit;
	close(): Promise<void>;
};

/** Makes a database with the empty tables `t` and `u`. */
export type Engine = (name: string) => Promise<Legacy>;
