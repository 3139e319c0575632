import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createEmitter, Fault, systemClock } from "../../base/index.ts";
import type { EffectSource } from "../../contract/effects.ts";
import { unsuitable } from "../unsuitable.ts";
import type { SchemaChange } from "../wal/wal-tail.ts";
import { createClockWindow } from "./clock-window.ts";
import { disconnect, printAddress, refusal } from "./connection.ts";
import { createDelivery } from "./delivery.ts";
import { createFollowedTables } from "./followed-tables.ts";
import { createLogReader } from "./log-reader.ts";
import { look } from "./look.ts";
import { type Lsn, parseLsn, printLsn } from "./lsn.ts";
import { durableName, openSession, type Session } from "./open-session.ts";
import { dropPublication, passingPrefix } from "./publication.ts";
import { flowOf, type Replication, startReplication } from "./replication.ts";

export type PostgresOptions = {
	/** Name of a slot that outlives the source. Without it the source begins at the present state, and its slot goes with it. */
	slot?: string;
	/** With `slot`: the position of the last commit that the caller has kept; nothing up to it is delivered again. */
	after?: string;
	/** How often the catalog, the clock and the log kept for us are looked at, in ms. Default 1000. */
	lookMs?: number;
	/** How long others may keep the slot from being made or used, in ms. Default 15000. */
	lockTimeoutMs?: number;
	/** With `slot`: how long a server that went away is called again, in ms. Default 60000. */
	reconnectMs?: number;
	/** The most that one transaction may hold in the log. Default 128 MB. */
	maxTransactionBytes?: number;
	/** The most log that the server may have to keep for us beyond that of the opening: above it the source gives up. Default 8 GB. */
	maxRetainedBytes?: number;
};

export type PostgresSource = EffectSource & {
	readonly tables: readonly string[];
	onSchema(listener: (change: SchemaChange) => void): () => void;
	/** Of the commit that is being delivered, or of the last one: to be kept with it, and given as `after`. */
	readonly position: string;
	/** With `slot`: everything up to this position is kept by the caller; the server may forget it. */
	confirm(position: string): void;
};

/** Waits in memory, before the server has to wait: decoded messages, and again as much of commits without a listener. */
const mostWaitingBytes = 16 * 1_048_576;
const markPrefix = "phoenix";
/** A server from which nothing came for so long, though it was asked every second, is gone. */
const silenceMs = 60_000;

/**
 * Follows a PostgreSQL database by logical decoding (pgoutput) of full row images (SPEC.md, "PostgreSQL"). Throws
 * SOURCE_UNREADABLE, DATABASE_UNSUITABLE, DATABASE_LOCKED or INPUT_INVALID.
 */
export async function openPostgres(address: string, options: PostgresOptions = {}): Promise<PostgresSource> {
	const { slot, after, lookMs = 1000, lockTimeoutMs = 15_000, reconnectMs = 60_000 } = options;
	const { maxTransactionBytes = 128 * 1_048_576, maxRetainedBytes = 8 * 1_073_741_824 } = options;
	const isDurable = slot !== undefined;
	const source = randomBytes(6).toString("hex");
	const name = isDurable ? durableName(slot) : `${passingPrefix}${source}`;
	const file = printAddress(address);
	const kept = after === undefined ? 0n : positionOf(after);

	const schemas = createEmitter<SchemaChange>();
	const losses = createEmitter<Fault>();
	const marks = new Map<string, PromiseWithResolvers<void>>();
	const clocks = createClockWindow();
	let lost: Fault | null = null;
	let nextMark = 1;
	let isStopping = false;
	let heardAt = systemClock.now();
	let schema = "";
	let mostRetained: number | null = null;
	let looking: Promise<void> = Promise.resolve();
	let timer: NodeJS.Timeout | null = null;

	let session: Session = await openSession(address, { name, isDurable, isExpected: after !== undefined, lockTimeoutMs });
	let stream: Replication | null = null;
	/** Whoever connects hears of a failure by itself. */
	let isConnecting = true;
	/** Resolves when there is a session again, or none will come. */
	let ready: Promise<void> = Promise.resolve();
	const { identity } = session;
	const start = session.start > kept ? session.start : kept;
	const delivery = createDelivery({ start, confirmsItself: !isDurable, mostWaitingBytes, clocks });
	const followed = createFollowedTables(file, session.tables, (difference) => schemas.emit({ after: delivery.index, ...difference }));
	let pump = () => {};

	const faultFrom = (error: unknown): Fault => (isFault(error) ? error : unsuitable(file, reasonOf(error), undefined, error));

	function lose(error: unknown): Fault {
		if (lost !== null) return lost;
		const fault = faultFrom(error);
		lost = fault;
		for (const mark of marks.values()) mark.reject(fault);
		marks.clear();
		void end();
		losses.emit(fault);
		return fault;
	}

	/** Takes the stream of the session's slot into use. */
	async function follow(): Promise<void> {
		const own = session;
		let early: { error: unknown } | null = null;
		const onEnd = (error: unknown) => {
			if (own !== session) return;
			if (isConnecting) early ??= { error };
			else fail(error);
		};
		/** What arrived cannot be read, or was not taken: to connect again would not help. */
		const onBroken = (error: unknown) => {
			if (own !== session) return;
			if (isConnecting) early ??= { error: faultFrom(error) };
			else lose(error);
		};
		const flow = flowOf(own.walsender);
		const reader = createLogReader({
			file,
			markPrefix,
			maxTransactionBytes,
			mostWaitingBytes,
			shape: followed.shape,
			refresh: () => followed.refresh(own.control),
			onDeviation: (table) => schemas.emit({ after: delivery.index, tables: [table], renamed: [] }),
			onTransaction(transaction) {
				delivery.deliver(transaction);
				for (const mark of transaction.marks) {
					marks.get(mark)?.resolve();
					marks.delete(mark);
				}
			},
			onReached: delivery.reach,
			isHeld: () => delivery.isFull || own !== session || lost !== null,
			pause: flow.pause,
			resume: flow.resume,
			onBroken,
			onCatalogFailure: onEnd,
		});
		heardAt = systemClock.now();
		pump = reader.pump;
		stream = await startReplication(own.walsender, {
			slot: name,
			publication: name,
			start: delivery.delivered,
			onFrame(bytes) {
				if (own !== session) return;
				heardAt = systemClock.now();
				const frame = reader.receive(bytes);
				if (frame?.kind === "keepalive" && frame.isReplyWanted) stream?.confirm(delivery.confirmed);
			},
			onEnd,
		});
		const { error } = (early as { error: unknown } | null) ?? {};
		if (error !== undefined) throw error;
	}

	/** Without a durable slot the end of a connection is the end of the source. */
	function fail(error: unknown): void {
		if (isStopping || isConnecting || lost !== null) return;
		if (!isDurable || isFault(error) || !isDisconnection(error)) {
			const reason = `the stream of its log ended (${reasonOf(error)})`;
			lose(isFault(error) ? error : unsuitable(file, reason, undefined, error));
			return;
		}
		isConnecting = true;
		ready = reconnect(session).catch((failure) => void lose(failure));
	}

	async function reconnect(old: Session): Promise<void> {
		await close(old);
		const deadline = systemClock.now() + reconnectMs;
		for (let pause = 50; !isStopping; pause = Math.min(pause * 2, 2000)) {
			let next: Session | null = null;
			try {
				next = await openSession(address, { name, isDurable, isExpected: true, lockTimeoutMs });
				if (next.identity !== identity) throw unsuitable(file, "another database answers in its place");
				session = next;
				await followed.refresh(session.control);
				await follow();
				isConnecting = false;
				return;
			} catch (error) {
				if (next !== null) await close(next);
				const isPassing = !isFault(error) || error.code === "SOURCE_UNREADABLE" || error.code === "DATABASE_LOCKED";
				if (!isPassing || systemClock.now() > deadline) throw error;
			}
			await sleep(pause);
		}
	}

	async function close(old: Session): Promise<void> {
		const replication = stream;
		stream = null;
		await replication?.close();
		await disconnect(old.walsender);
		await disconnect(old.control);
	}

	/** Looks at what is outside the log, and says to the server how far it is kept. Throws what the connection throws. */
	async function lookAround(mark: string | null, arrival?: Promise<void>): Promise<void> {
		const found = await look(session.control, name, mark === null ? null : { prefix: markPrefix, text: mark });
		clocks.learn(found.askedAt, found.serverMs);
		await arrival;
		if (found.retainedBytes === null) throw unsuitable(file, `its replication slot ${name} is gone`);
		// What a slot has gathered while nobody read it is no fault of this reader.
		mostRetained ??= found.retainedBytes + maxRetainedBytes;
		if (found.retainedBytes > mostRetained)
			throw unsuitable(file, `the server keeps more than ${Math.round(mostRetained / 1_048_576)} MB of log for it`);
		if (found.schema === schema) return;
		await followed.refresh(session.control);
		schema = found.schema;
	}

	async function tick(): Promise<void> {
		await ready;
		const own = session;
		try {
			stream?.confirm(delivery.confirmed, true);
			if (systemClock.now() - heardAt > silenceMs && !delivery.isFull) throw new Error(`the server was silent for ${silenceMs / 1000} s`);
			if (lost === null && !isStopping) await lookAround(null);
		} catch (error) {
			if (own === session) fail(error);
		}
	}

	/** Ends the connections; what is ours on the server goes, a durable slot excepted. */
	let ended: Promise<void> | null = null;
	function end(): Promise<void> {
		ended ??= (async () => {
			isStopping = true;
			if (timer !== null) clearInterval(timer);
			await ready.catch(() => {});
			stream?.confirm(delivery.confirmed);
			await stream?.close();
			if (!isDurable) await dropPublication(session.control, name).catch(() => {});
			await close(session);
		})();
		return ended;
	}

	try {
		await lookAround(null);
		await follow();
		isConnecting = false;
	} catch (error) {
		await end();
		throw refusal(file, error);
	}
	timer = setInterval(() => {
		// One look at a time, however long the server takes.
		looking = looking.then(tick);
	}, lookMs);

	return {
		tables: followed.names,
		get index() {
			return delivery.index;
		},
		get position() {
			return printLsn(delivery.position);
		},
		confirm(position) {
			delivery.confirm(positionOf(position));
		},
		async drain() {
			while (lost === null) {
				if (isStopping) break;
				const mark = `${source}:${nextMark++}`;
				const arrival = Promise.withResolvers<void>();
				arrival.promise.catch(() => {});
				marks.set(mark, arrival);
				await ready;
				const own = session;
				try {
					return await lookAround(mark, arrival.promise);
				} catch (error) {
					marks.delete(mark);
					if (own === session) fail(error);
					// The question may have been lost with the connection: it is asked again on the next one.
					if (lost === null) await ready;
				}
			}
			throw lost ?? unsuitable(file, "it was stopped");
		},
		subscribe(listener) {
			const stop = delivery.subscribe(listener);
			pump();
			return stop;
		},
		onLost(listener) {
			if (lost !== null) listener(lost);
			return losses.subscribe(listener);
		},
		onSchema: schemas.subscribe,
		async stop() {
			isStopping = true;
			await end();
			lose(unsuitable(file, "it was stopped"));
		},
	};
}

function positionOf(text: string): Lsn {
	const lsn = parseLsn(text);
	if (lsn === null)
		throw new Fault("INPUT_INVALID", { subject: `The position ${text}`, reason: "it is no place in a log, as 0/16B3748 is" });
	return lsn;
}

function isFault(error: unknown): error is Fault {
	return error instanceof Fault;
}

function reasonOf(error: unknown): string {
	return isFault(error) ? (error.data.reason ?? error.message) : error instanceof Error ? error.message : String(error);
}

/** Class 57 without a cancelled statement: the server ends; class 08 and what has no code: the connection did. */
function isDisconnection(error: unknown): boolean {
	const { code } = error as { code?: unknown };
	if (typeof code !== "string") return true;
	return /^(57P|08|E[A-Z]+$)/.test(code);
}
