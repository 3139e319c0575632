import type { Fault } from "../base/index.ts";

/** A value with its storage class kept: `i` integer (decimal text), `r` real, `t` text, `b` blob (base64). */
export type SqlValue = null | { i: string } | { r: number } | { t: string } | { b: string };
export type RowImage = Record<string, SqlValue>;

export type RowChange = {
	table: string;
	/** The rowid as decimal text. */
	key: string;
	kind: "insert" | "update" | "delete";
	before: RowImage | null;
	after: RowImage | null;
};

/**
 * One committed transaction. `index` runs from 1 without gaps within one life of a source. It was committed after `since`, when the
 * source had looked before, and before `at`, when it was seen (milliseconds since the epoch). `merged`: it is the net change of so
 * many transactions (at least) that the source could not tell apart, and names every row that they touched, also those that ended as
 * they began: so it can be put on a copy that was made between two of them. Absent: it is exactly one.
 */
export type Commit = { index: number; since: number; at: number; changes: RowChange[]; merged?: number };

/** Follows the committed row changes of one database, in commit order. */
export type EffectSource = {
	/** Everything committed before the call has been delivered to the subscribers when this resolves. */
	drain(): Promise<void>;
	subscribe(listener: (commit: Commit) => void): () => void;
	/** Index of the last delivered commit. */
	readonly index: number;
	/** Called once when the source can no longer promise completeness (a gap, a changed file, a dead collector). */
	onLost(listener: (fault: Fault) => void): () => void;
	stop(): Promise<void>;
};

/**
 * To whom a commit belongs. `exchangeable`: several requests that asked the same and got the same can have made it, and this is one of
 * them; `confidence` says how arbitrary the choice is.
 */
export type Attribution =
	| { kind: "request"; commit: number; seq: number; confidence: number; exchangeable: boolean; links: string[] }
	| { kind: "background"; commit: number; confidence: number }
	| { kind: "ambiguous"; commit: number; candidates: number[] };

export function sameValue(a: SqlValue | undefined, b: SqlValue | undefined): boolean {
	return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}
