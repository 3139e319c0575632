import { unsuitable } from "../unsuitable.ts";
import { type TableShape, tableName } from "./catalog.ts";
import { createInbox } from "./inbox.ts";
import type { Lsn } from "./lsn.ts";
import { decodePgoutput, type PgoutputMessage, type Relation } from "./pgoutput.ts";
import { decodeFrame, type ReplicationFrame } from "./replication-frames.ts";
import { isAsKnown } from "./schema-watch.ts";
import { createTransactionReader, type Transaction } from "./transaction.ts";

/** From the frames of one connection to whole transactions, in order and bounded in memory. */
export type LogReader = {
	/** Gives the frame that the bytes are, or null when they are none. */
	receive(bytes: Buffer): ReplicationFrame | null;
	/** Goes on after `isHeld` became false. */
	pump(): void;
};

export type LogReaderOptions = {
	file: string;
	markPrefix: string;
	maxTransactionBytes: number;
	mostWaitingBytes: number;
	/** What the tables look like as far as that is known now. */
	shape(oid: number): TableShape | undefined;
	/** Asks the catalog anew. */
	refresh(): Promise<void>;
	/** The log is behind the catalog: here the table looked different from what `shape` says. */
	onDeviation(table: string): void;
	onTransaction(transaction: Transaction): void;
	/** Up to here the log holds nothing more. */
	onReached(end: Lsn): void;
	/** Nobody takes transactions now. */
	isHeld(): boolean;
	pause(): void;
	resume(): void;
	/** The log cannot be read, or whoever takes the transactions threw. */
	onBroken(error: unknown): void;
	onCatalogFailure(error: unknown): void;
};

type Item = { message: PgoutputMessage; bytes: number } | { end: Lsn };

export function createLogReader(options: LogReaderOptions): LogReader {
	const { file, markPrefix, maxTransactionBytes, mostWaitingBytes, shape } = options;
	const transactions = createTransactionReader({ file, mark: markPrefix, maxBytes: maxTransactionBytes });
	let isAsking = false;
	let isBroken = false;
	const inbox = createInbox<Item>({
		mostBytes: mostWaitingBytes,
		handle: (item) => {
			if (isAsking || isBroken || options.isHeld()) return false;
			handle(item);
			return true;
		},
		pause: options.pause,
		resume: options.resume,
	});

	function end(tell: (error: unknown) => void, error: unknown): void {
		if (isBroken) return;
		isBroken = true;
		tell(error);
	}

	function pump(): void {
		try {
			inbox.pump();
		} catch (error) {
			end(options.onBroken, error);
		}
	}

	function handle(item: Item): void {
		if ("end" in item) {
			if (!transactions.isOpen) options.onReached(item.end);
		} else if (item.message.kind === "relation") define(item.message.relation);
		else {
			const transaction = transactions.take(item.message, item.bytes);
			if (transaction !== null) options.onTransaction(transaction);
		}
	}

	function define(relation: Relation): void {
		const known = shape(relation.oid);
		if (isAsKnown(relation, known)) {
			transactions.define(relation, known);
			return;
		}
		// Only the catalog knows the key and what domains are made of. What follows in the log waits.
		isAsking = true;
		void options
			.refresh()
			.then(
				() => defineAnew(relation),
				(error) => end(options.onCatalogFailure, error),
			)
			.catch((error) => end(options.onBroken, error))
			.finally(() => {
				isAsking = false;
				pump();
			});
	}

	function defineAnew(relation: Relation): void {
		const found = shape(relation.oid);
		if (found === undefined) throw unsuitable(file, `table ${tableName(relation)} was dropped before its last rows were read`);
		if (!isAsKnown(relation, found)) options.onDeviation(tableName(relation));
		transactions.define(relation, found);
	}

	return {
		receive(bytes) {
			if (isBroken) return null;
			let frame: ReplicationFrame;
			try {
				frame = decodeFrame(bytes);
				if (frame.kind === "keepalive") inbox.put({ end: frame.end }, 0);
				else inbox.put({ message: decodePgoutput(frame.payload), bytes: frame.payload.length }, frame.payload.length);
			} catch (error) {
				end(options.onBroken, error);
				return null;
			}
			pump();
			return frame;
		},
		pump,
	};
}
