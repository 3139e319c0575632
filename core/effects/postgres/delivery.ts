import { createEmitter, systemClock } from "../../base/index.ts";
import type { Commit } from "../../contract/effects.ts";
import type { ClockWindow } from "./clock-window.ts";
import type { Lsn } from "./lsn.ts";
import type { Transaction } from "./transaction.ts";

/** Hands commits on, and knows how far the server's log is still needed. */
export type Delivery = {
	deliver(transaction: Transaction): void;
	/** Up to here the log holds no transaction that was not handed over to `deliver`. */
	reach(end: Lsn): void;
	/** Everything up to here is kept by whoever received it. */
	confirm(end: Lsn): void;
	/** Commits that came before the first listener are kept for it, and are its first. */
	subscribe(listener: (commit: Commit) => void): () => void;
	readonly index: number;
	/** End of the commit that is being delivered, or of the last one. */
	readonly position: Lsn;
	/** Where a new connection has to begin. */
	readonly delivered: Lsn;
	/** What the server may forget. */
	readonly confirmed: Lsn;
	/** More waits for the first listener than `mostWaitingBytes`. */
	readonly isFull: boolean;
};

export type DeliveryOptions = {
	start: Lsn;
	/** A commit counts as kept once its listeners have returned. */
	confirmsItself: boolean;
	mostWaitingBytes: number;
	clocks: ClockWindow;
};

export function createDelivery({ start, confirmsItself, mostWaitingBytes, clocks }: DeliveryOptions): Delivery {
	const commits = createEmitter<Commit>();
	let waiting: { commit: Commit; end: Lsn; bytes: number }[] | null = [];
	let waitingBytes = 0;
	let index = 0;
	let since = 0;
	let position = start;
	let delivered = start;
	let reached = start;
	let kept = start;
	let lastCommit = start;

	function handOver(commit: Commit, end: Lsn, hand: (commit: Commit) => void): void {
		position = end;
		hand(commit);
		if (confirmsItself) kept = end;
	}

	return {
		deliver({ endLsn, committedAt, changes, bytes }) {
			// A new connection begins with what the server was not yet told that we have.
			if (endLsn <= delivered) return;
			delivered = endLsn;
			if (endLsn > reached) reached = endLsn;
			if (changes.length === 0) return;
			const at = Math.max(systemClock.now(), since);
			since = Math.min(at, Math.max(since, Math.floor(clocks.earliest(committedAt))));
			index++;
			const commit: Commit = { index, since, at, changes };
			lastCommit = endLsn;
			if (waiting === null) return handOver(commit, endLsn, commits.emit);
			waiting.push({ commit, end: endLsn, bytes });
			waitingBytes += bytes;
		},
		reach(end) {
			if (end > reached) reached = end;
		},
		confirm(end) {
			if (end > kept && end <= lastCommit) kept = end;
		},
		subscribe(listener) {
			const end = commits.subscribe(listener);
			const early = waiting ?? [];
			waiting = null;
			waitingBytes = 0;
			for (const { commit, end: place } of early) handOver(commit, place, listener);
			return end;
		},
		get index() {
			return index;
		},
		get position() {
			return position;
		},
		get delivered() {
			return delivered;
		},
		get confirmed() {
			return kept >= lastCommit ? reached : kept;
		},
		get isFull() {
			return waitingBytes > mostWaitingBytes;
		},
	};
}
