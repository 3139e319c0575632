import type { Limits } from "../protocol.ts";

/** Bytes that may be under way without the core's receipt; above it the core counts as slow and the rest waits here. */
const windowBytes = 8 * 1024 * 1024;

/** `answers`: of a shadow; then it holds no exchanges. */
type Batch = { id: number; payload: Buffer; items: number; mirrored: number; answers: number; at: number };

export type Outbox = {
	push(id: number, payload: Buffer, items: number, mirrored: number): void;
	pushAnswers(id: number, payload: Buffer, answers: number): void;
	/** The only receiver from now on, or null: the core is gone and what it has not acknowledged is to be sent again. */
	attach(send: ((payload: Buffer) => void) | null): void;
	/** Everything up to this batch has been taken over by the core. */
	acknowledge(id: number): void;
	/** Forgets what nobody fetched in time. */
	prune(): void;
	/** Nothing waits to be sent, so the core's picture is complete up to now. */
	readonly isDrained: boolean;
	/** Nothing waits, and nothing is unacknowledged. */
	readonly isEmpty: boolean;
	/** The core is slower than the traffic: some was dropped, and half of the room is not free again yet. */
	readonly isFull: boolean;
	readonly delivered: number;
	/** Mirrored exchanges only, by reason. */
	readonly dropped: Record<string, number>;
	/** The same for answers of a shadow. */
	readonly answers: { readonly delivered: number; readonly dropped: Record<string, number> };
};

/**
 * Exchanges between the worker and the core, in order. Every mirrored one is in exactly one place:
 *
 *   pushed -> [ waiting ] -> [ under way ] -> delivered
 *                  \-> dropped (no-core, backlog)
 */
export function createOutbox(limits: Limits, now: () => number): Outbox {
	let waiting: Batch[] = [];
	let underWay: Batch[] = [];
	let send: ((payload: Buffer) => void) | null = null;
	let items = 0;
	let bytes = 0;
	let bytesUnderWay = 0;
	let delivered = 0;
	let isFull = false;
	const dropped: Record<string, number> = {};
	const answers = { delivered: 0, dropped: {} as Record<string, number> };

	function forget(batch: Batch): void {
		items -= batch.items;
		bytes -= batch.payload.length;
	}

	function drop(batch: Batch, reason: string): void {
		forget(batch);
		if (batch.mirrored > 0) dropped[reason] = (dropped[reason] ?? 0) + batch.mirrored;
		if (batch.answers > 0) answers.dropped[`shadow-${reason}`] = (answers.dropped[`shadow-${reason}`] ?? 0) + batch.answers;
	}

	function prune(): void {
		if (send === null) {
			const oldest = now() - limits.absentMs;
			while (waiting[0] && waiting[0].at < oldest) drop(waiting.shift() as Batch, "no-core");
		}
		while (waiting[0] && (items > limits.backlogItems || bytes > limits.backlogBytes)) {
			isFull = send !== null;
			drop(waiting.shift() as Batch, send === null ? "no-core" : "backlog");
		}
		if (items * 2 <= limits.backlogItems && bytes * 2 <= limits.backlogBytes) isFull = false;
	}

	function sendOn(): void {
		while (send !== null && waiting[0] && (underWay.length === 0 || bytesUnderWay < windowBytes)) {
			const batch = waiting.shift() as Batch;
			underWay.push(batch);
			bytesUnderWay += batch.payload.length;
			send(batch.payload);
		}
	}

	function push(batch: Batch): void {
		waiting.push(batch);
		items += batch.items;
		bytes += batch.payload.length;
		sendOn();
		prune();
	}

	return {
		push: (id, payload, count, mirrored) => push({ id, payload, items: count, mirrored, answers: 0, at: now() }),
		pushAnswers: (id, payload, count) => push({ id, payload, items: count, mirrored: 0, answers: count, at: now() }),
		attach(next) {
			waiting = [...underWay, ...waiting];
			underWay = [];
			bytesUnderWay = 0;
			send = next;
			prune();
			sendOn();
		},
		acknowledge(id) {
			while (underWay[0] && underWay[0].id <= id) {
				const batch = underWay.shift() as Batch;
				bytesUnderWay -= batch.payload.length;
				delivered += batch.mirrored;
				answers.delivered += batch.answers;
				forget(batch);
			}
			sendOn();
			prune();
		},
		prune,
		get isDrained() {
			return waiting.length === 0;
		},
		get isEmpty() {
			return waiting.length === 0 && underWay.length === 0;
		},
		get isFull() {
			return isFull;
		},
		get delivered() {
			return delivered;
		},
		dropped,
		answers,
	};
}
