import type { Commit, RowChange } from "../../contract/effects.ts";
import type { Exchange } from "../../contract/traffic.ts";
import { slackMs } from "./owners.ts";

/**
 * A request that has made a commit and may make another. `ran`: what the new service did on the state before the first; null when the
 * request is not compared.
 */
export type OpenOwner<Ran> = {
	exchange: Exchange;
	ran: Ran | null;
	/** Commits that the shadow held when it ran. */
	position: number;
	changes: RowChange[];
	commits: number;
	/** Why the request cannot be compared although it ran; null: it can. */
	conflict: "several-commits" | null;
};

export type OpenOwners<Ran> = {
	readonly exchanges: Exchange[];
	has(exchange: Exchange): boolean;
	open(owner: { exchange: Exchange; ran: Ran | null; position: number }): void;
	/**
	 * Every commit in its order, with the request that made it, if one did. `isArbitrary`: another one may just as well have made it.
	 * `numbered`: tables whose new rows get numbers that may differ.
	 */
	see(commit: Commit, owner: Exchange | null, isArbitrary: boolean, numbered: ReadonlySet<string>): void;
	/** Removes it; null: it is not open. */
	drop(exchange: Exchange): OpenOwner<Ran> | null;
	/** Removes those that can own no commit made after `since` (ms). */
	takeEnded(since: number): OpenOwner<Ran>[];
};

type Watched<Ran> = OpenOwner<Ran> & {
	/** Rows that others changed, and tables that others added rows to, since the first commit. */
	rows: Set<string>;
	tables: Set<string>;
	isArbitrary: boolean;
};

/**
 * Keeps what the commits of a request add up to. The new service runs once, before the first of them; legacy's further commits met a
 * state in which others had committed too. They are compared all the same as long as that can make no difference to the rows that the
 * request wrote: nobody else changed one of those rows in between, nor took a number of a table from which the request got one. Whether a
 * request is left out for that (`several-commits`) never depends on how the comparison ended.
 */
export function createOpenOwners<Ran>(): OpenOwners<Ran> {
	const open = new Map<number, Watched<Ran>>();
	return {
		get exchanges() {
			return [...open.values()].map(({ exchange }) => exchange);
		},
		has: (exchange) => open.has(exchange.seq),
		open({ exchange, ran, position }) {
			const nothing = { rows: new Set<string>(), tables: new Set<string>(), isArbitrary: false };
			open.set(exchange.seq, { exchange, ran, position, changes: [], commits: 0, conflict: null, ...nothing });
		},
		see({ changes }, owner, isArbitrary, numbered) {
			for (const watched of open.values()) {
				if (watched.exchange.seq !== owner?.seq) {
					for (const change of changes) {
						watched.rows.add(rowOf(change));
						if (change.kind === "insert") watched.tables.add(change.table);
					}
					continue;
				}
				watched.isArbitrary ||= isArbitrary;
				watched.commits++;
				watched.changes.push(...changes);
				if (watched.commits === 1) continue;
				const isTaken = ({ kind, table }: RowChange) => kind === "insert" && watched.tables.has(table) && !numbered.has(table);
				// Also a row of an earlier commit: what the later one read of it was no longer the request's own.
				const isTouched = watched.changes.some((change) => watched.rows.has(rowOf(change)));
				if (watched.isArbitrary || isTouched || changes.some(isTaken)) watched.conflict = "several-commits";
			}
		},
		drop(exchange) {
			const watched = open.get(exchange.seq) ?? null;
			open.delete(exchange.seq);
			return watched;
		},
		takeEnded(since) {
			const ended = [...open.values()].filter(({ exchange }) => exchange.endedAt + slackMs <= since);
			for (const { exchange } of ended) open.delete(exchange.seq);
			return ended;
		},
	};
}

function rowOf({ table, key }: RowChange): string {
	return `${key}\n${table}`;
}
