import { randomUUID } from "node:crypto";
import { Fault } from "../../base/index.ts";
import type { Commit, EffectSource } from "../../contract/effects.ts";
import { unsuitable } from "../unsuitable.ts";
import { openFileLog } from "./file-log.ts";
import type { RecordLog } from "./record-log.ts";
import { createTransactionReader, type Passed, type Transaction } from "./transactions.ts";

export type DebeziumOptions = {
	/** Position of the last commit that the caller has kept: reading goes on behind it. Without one it begins at the present end. */
	after?: string;
	/** Milliseconds between two looks at a file. */
	pollMs?: number;
	/** The longest that `drain` waits for the connector, in milliseconds. */
	drainMs?: number;
	/** The most that one transaction may hold, in bytes of its events. */
	maxBytes?: number;
	/**
	 * Writes `text` into the database as a logical message, `SELECT pg_logical_emit_message(true, 'phoenix', text)`. With it `drain`
	 * waits for what is in the database, and the source begins at the database's present state; without it both go by the log.
	 */
	mark?: (text: string) => Promise<void>;
};

export type DebeziumSource = EffectSource & {
	/** Position behind the last delivered commit, to be kept with it and given as `after`. */
	readonly position: string;
	/** What was read and is no commit, counted by its kind. */
	readonly passed: Readonly<Passed>;
};

export function isDebeziumAddress(address: string): boolean {
	return address.startsWith("kafka://") || address.startsWith("debezium:");
}

/** `kafka://HOST:PORT/TOPIC` or `debezium:FILE`. Throws INPUT_INVALID, SOURCE_UNREADABLE or DATABASE_UNSUITABLE (SPEC.md, D1 to D10). */
export async function openDebezium(address: string, options: DebeziumOptions = {}): Promise<DebeziumSource> {
	const log = await openLog(address, options.pollMs);
	try {
		return await followLog(log, options);
	} catch (error) {
		await log.close();
		throw error;
	}
}

async function openLog(address: string, pollMs: number | undefined): Promise<RecordLog> {
	if (!address.startsWith("kafka://")) return openFileLog(address.slice("debezium:".length), pollMs === undefined ? {} : { pollMs });
	// The client is loaded for those alone who read a topic.
	const { kafkaAddress, openKafkaLog } = await import("./kafka-log.ts");
	return openKafkaLog(kafkaAddress(address));
}

type Waiter = { isDone(): boolean; resolve(): void; reject(error: unknown): void };

async function followLog(
	log: RecordLog,
	{ after, drainMs = 10_000, maxBytes = 256 * 1_048_576, mark }: DebeziumOptions,
): Promise<DebeziumSource> {
	const reader = createTransactionReader({ file: log.name, maxBytes, deliver });
	const start = after === undefined ? await log.end() : placeOf(after, log);
	const behind = await log.before(start);
	let position = start;
	reader.lookBack(behind, after === undefined);
	let kept = position;
	let index = 0;
	let since = 0;
	let lost: Fault | null = null;
	const listeners = new Set<(commit: Commit) => void>();
	const losers = new Set<(fault: Fault) => void>();
	const waiters = new Set<Waiter>();
	const seenMarks = new Set<string>();
	const stopping = new AbortController();
	let failure: { error: unknown } | null = null;

	/** Until its mark has come, a source that begins at the present state passes over what the connector was still to write. */
	let isBegun = mark === undefined || after !== undefined;
	function deliver({ next, committedAt, changes }: Transaction): void {
		if (!isBegun) return;
		const at = Date.now();
		// Clocks of one database step back by less than that between two commits.
		since = Math.max(since, Math.min(committedAt - 5, at));
		kept = next;
		index++;
		for (const listener of listeners) listener({ index, since, at, changes });
	}

	function wake(): void {
		for (const waiter of waiters) {
			if (lost !== null) waiter.reject(lost);
			else if (waiter.isDone()) waiter.resolve();
		}
	}

	async function run(): Promise<void> {
		while (!stopping.signal.aborted) {
			const { records, next } = await log.read(position, stopping.signal);
			for (const record of records) {
				if (stopping.signal.aborted) return;
				reader.take(record);
				position = record.next;
				for (const text of reader.takeMarks()) {
					if (!wanted.delete(text)) continue;
					seenMarks.add(text);
					if (!isBegun) kept = position;
					isBegun = true;
				}
			}
			position = next;
			wake();
		}
	}

	const wanted = new Set<string>();
	const running = run().catch((error: unknown) => {
		if (stopping.signal.aborted) return;
		lost = error instanceof Fault ? error : unsuitable(log.name, "reading it failed", undefined, error);
		// What no one could foresee is told by whoever stops the source.
		if (!(error instanceof Fault)) failure = { error };
		for (const loser of losers) loser(lost);
		wake();
	});

	async function until(isDone: () => boolean, late: () => Fault): Promise<void> {
		if (lost !== null) throw lost;
		if (isDone()) return;
		const { promise, resolve, reject } = Promise.withResolvers<void>();
		const waiter = { isDone, resolve, reject };
		waiters.add(waiter);
		const timer = setTimeout(() => reject(late()), drainMs);
		try {
			await promise;
		} finally {
			clearTimeout(timer);
			waiters.delete(waiter);
		}
	}

	async function passMark(write: (text: string) => Promise<void>): Promise<void> {
		const text = randomUUID();
		wanted.add(text);
		try {
			await write(text);
			await until(
				() => seenMarks.delete(text),
				() => unsuitable(log.name, `the connector has not written what was committed within ${drainMs / 1000} s`, connectorRemedy),
			);
		} finally {
			wanted.delete(text);
			seenMarks.delete(text);
		}
	}

	async function stop(): Promise<void> {
		stopping.abort();
		await running;
		await log.close();
		lost ??= unsuitable(log.name, "the source was stopped");
		wake();
		if (failure !== null) throw failure.error;
	}

	if (mark !== undefined && after === undefined) {
		try {
			await passMark(mark);
		} catch (error) {
			await stop();
			throw error;
		}
	}

	return {
		async drain() {
			if (lost !== null) throw lost;
			if (mark !== undefined) return passMark(mark);
			const end = await log.end();
			await until(
				() => position >= end && (reader.openSince === null || reader.openSince >= end),
				() =>
					reader.openSince === null
						? unsuitable(log.name, `it could not be read up to ${end} within ${drainMs / 1000} s`, connectorRemedy)
						: unsuitable(log.name, `nothing says that its last transaction is whole (for ${drainMs / 1000} s)`, metadataRemedy),
			);
		},
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		onLost(listener) {
			losers.add(listener);
			return () => losers.delete(listener);
		},
		stop,
		get index() {
			return index;
		},
		get position() {
			return `${kept}@${log.identity()}`;
		},
		passed: reader.passed,
	};
}

function placeOf(after: string, log: RecordLog): bigint {
	const [, place, identity] = /^(\d+)@(.+)$/.exec(after) ?? [];
	if (place === undefined) throw new Fault("INPUT_INVALID", { subject: "the position", reason: "it is none that this source has given" });
	if (identity !== log.identity() && identity !== "empty") throw unsuitable(log.name, "the position is one of another log of this name");
	return BigInt(place);
}

const metadataRemedy = "Set provide.transaction.metadata=true in the connector.";
const connectorRemedy = "See whether the connector runs, and try again.";
