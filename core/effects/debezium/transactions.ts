import { createHash } from "node:crypto";
import type { RowChange } from "../../contract/effects.ts";
import { netChanges } from "../net-changes.ts";
import { unsuitable } from "../unsuitable.ts";
import { createDeliveredMemory } from "./delivered-memory.ts";
import { type DebeziumEvent, type LogRecord, readEnvelope } from "./envelope.ts";
import { type JsonObject, printExactJson } from "./exact-json.ts";
import { type ChangeEvent, createChangeReader, tableOf } from "./row-change.ts";

/** A transaction that is whole. `next`: where the log goes on after it; `committedAt`: by the clock of its database. */
export type Transaction = { id: string; next: bigint; committedAt: number; changes: RowChange[] };

/** What was read and is no commit. */
export type Passed = { snapshot: number; heartbeat: number; tombstone: number; schema: number; message: number; repeated: number };

export type TransactionReader = {
	/** Delivers the transaction that this record shows to be whole, if there is one. Throws DATABASE_UNSUITABLE. */
	take(record: LogRecord): void;
	/** Takes note of records before the place where reading begins: their transactions are never given. `isCut`: the last may go on after it. */
	lookBack(records: readonly LogRecord[], isCut: boolean): void;
	/** Where the transaction began that is not whole yet. */
	readonly openSince: bigint | null;
	/** Contents of the messages (`pg_logical_emit_message`) since this was last read. */
	takeMarks(): string[];
	readonly passed: Readonly<Passed>;
};

type Open = {
	id: string;
	position: bigint;
	begun: boolean;
	committedAt: number;
	bytes: number;
	changes: RowChange[];
	digests: Set<string>;
	/** Events in all, those of a restarted connector again, and those since the last BEGIN. */
	seen: number;
	sinceBegin: number;
};

type Delivery = { file: string; maxBytes: number; deliver(transaction: Transaction): void };

/** Puts the events of one log together to transactions (SPEC.md, D2, D3, D7). `maxBytes`: the most that one may hold. */
export function createTransactionReader({ file, maxBytes, deliver }: Delivery): TransactionReader {
	const rows = createChangeReader(file);
	const memory = createDeliveredMemory();
	const passed: Passed = { snapshot: 0, heartbeat: 0, tombstone: 0, schema: 0, message: 0, repeated: 0 };
	let open: Open | null = null;
	/** Began before the place where reading began. */
	let cut: string | null = null;
	let marks: string[] = [];
	let lastCommitted = -1n;

	function begin(id: string, { position }: LogRecord): Open {
		return {
			...{ id, position, begun: false, committedAt: 0, bytes: 0, changes: [] },
			...{ digests: new Set<string>(), seen: 0, sinceBegin: 0 },
		};
	}

	function close(next: bigint): void {
		if (open === null) return;
		const { id, committedAt, changes, digests } = open;
		open = null;
		memory.remember(id, digests);
		const net = netChanges(changes);
		if (net.length > 0) deliver({ id, next, committedAt, changes: net });
	}

	/** The open transaction of this id. Its beginning shows that the one before is whole. */
	function enter(id: string, record: LogRecord): Open {
		if (open?.id === id) return open;
		if (open?.begun) throw unsuitable(file, `transaction ${open.id} has no END, and transaction ${id} follows`);
		close(record.position);
		open = begin(id, record);
		return open;
	}

	function row(event: Extract<DebeziumEvent, { kind: "change" | "message" }>, record: LogRecord): void {
		const id = transactionOf(event);
		if (id === null && event.kind === "message") {
			// Written outside of any transaction.
			passed.message++;
			marks.push(event.content);
			return;
		}
		if (id === null) throw unsuitable(file, "the events do not say to which transaction they belong", metadataRemedy);
		if (id === cut) return;
		const digest = digestOf(event);
		if (memory.has(id)) {
			if (!memory.holds(id, digest)) throw unsuitable(file, `transaction ${id} goes on after it was whole: the log is of another history`);
			passed.repeated++;
			return;
		}
		const committed = lastCommitOf(event.source);
		if (committed !== null && committed < lastCommitted && open?.id !== id)
			throw unsuitable(file, `the connector went back to transaction ${id}, further than is remembered`);
		const into = enter(id, record);
		if (committed !== null && committed > lastCommitted) lastCommitted = committed;
		into.seen++;
		into.sinceBegin++;
		if (into.digests.has(digest)) {
			passed.repeated++;
			return;
		}
		into.digests.add(digest);
		into.bytes += record.bytes;
		if (into.bytes > maxBytes) throw unsuitable(file, `one transaction holds more than ${Math.round(maxBytes / 1_048_576)} MB of events`);
		into.committedAt = Number(event.source.ts_ms ?? 0);
		if (event.kind === "change") into.changes.push(rows.read(event));
		else {
			passed.message++;
			marks.push(event.content);
		}
		return;
	}

	function end(id: string, count: number, record: LogRecord): void {
		if (id === cut || memory.has(id)) return;
		if (open?.id !== id) {
			if (count === 0) return;
			throw unsuitable(file, `${count} events of transaction ${id} are missing`);
		}
		const { digests, seen, sinceBegin } = open;
		if (![digests.size, seen, sinceBegin].includes(count))
			throw unsuitable(file, `transaction ${id} holds ${count} events, and ${digests.size} have arrived`);
		close(record.next);
	}

	function take(record: LogRecord): void {
		const event = readEnvelope(record);
		switch (event.kind) {
			case "other":
				passed[event.what]++;
				return;
			case "truncate": {
				const reason = `TRUNCATE has emptied ${tableOf(event.source)}, and the events do not hold the rows that were in it`;
				throw unsuitable(file, reason);
			}
			case "unknown":
				throw unsuitable(file, `the record at ${record.position} is no Debezium event: ${event.reason}`, shapeRemedy);
			case "begin": {
				const id = plainId(event.id);
				if (id === cut || memory.has(id)) return;
				const into = enter(id, record);
				into.begun = true;
				into.sinceBegin = 0;
				return;
			}
			case "end":
				end(plainId(event.id), event.count, record);
				return;
			case "message":
			case "change":
				row(event, record);
				return;
			default:
				event satisfies never;
		}
	}

	return {
		take,
		lookBack(records, isCut) {
			for (const record of records) noteBefore(record);
			if (open !== null && isCut) cut = open.id;
			else close(0n);
			open = null;
			marks = [];
		},
		get openSince() {
			return open?.position ?? null;
		},
		takeMarks() {
			const taken = marks;
			marks = [];
			return taken;
		},
		passed,
	};

	/** What came before is not judged: only which transactions there were, and what was in them. */
	function noteBefore(record: LogRecord): void {
		const event = readEnvelope(record);
		if (event.kind === "end") {
			if (open?.id === plainId(event.id)) close(0n);
		} else if (event.kind === "begin" || event.kind === "change" || event.kind === "message") {
			const id = event.kind === "begin" ? plainId(event.id) : transactionOf(event);
			if (id === null || memory.has(id)) return;
			if (open?.id !== id) {
				close(0n);
				open = begin(id, record);
			}
			if (event.kind === "begin") return;
			open.digests.add(digestOf(event));
			const committed = lastCommitOf(event.source);
			if (committed !== null && committed > lastCommitted) lastCommitted = committed;
		}
	}
}

/** The connector of PostgreSQL puts the place of each event into the id: `733:26404576`, then `733:26404960`. */
function plainId(id: string): string {
	return /^(\d+):\d+$/.exec(id)?.[1] ?? id;
}

function transactionOf({ transaction, source }: { transaction: string | null; source: JsonObject }): string | null {
	if (transaction !== null) return plainId(transaction);
	if (source.connector === "postgresql") return typeof source.txId === "bigint" ? source.txId.toString() : null;
	return typeof source.gtid === "string" ? source.gtid : null;
}

/** End of the commit before this one in PostgreSQL's log. */
function lastCommitOf({ connector, sequence }: JsonObject): bigint | null {
	if (connector !== "postgresql" || typeof sequence !== "string") return null;
	const last = /^\["(\d+)"/.exec(sequence)?.[1];
	return last === undefined ? null : BigInt(last);
}

const volatile = new Set(["version", "name", "ts_ms", "ts_us", "ts_ns", "snapshot", "sequence"]);

/** Equal for an event and its repeat, and for no other two: no two events of a row share a place in the database's log. */
function digestOf(event: ChangeEvent | Extract<DebeziumEvent, { kind: "message" }>): string {
	const place = Object.entries(event.source).filter(([name]) => !volatile.has(name));
	const said =
		event.kind === "message"
			? JSON.stringify([event.prefix, event.content])
			: printExactJson([event.op, event.keyText, event.before?.row ?? null, event.after?.row ?? null]);
	const order = event.kind === "change" && event.source.connector !== "postgresql" ? `${event.order}` : "";
	return createHash("sha1")
		.update(printExactJson(Object.fromEntries(place)))
		.update(said)
		.update(order)
		.digest("base64");
}

const metadataRemedy = "Set provide.transaction.metadata=true in the connector, and begin anew from the present state.";
const shapeRemedy = "Give the topic or file of the connector itself: JSON converter, no transform that flattens the envelope.";
