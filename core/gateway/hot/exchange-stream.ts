import type { Writable } from "node:stream";
import type { EndedVisit } from "./data-plane.ts";
import { encodeBatch } from "./exchange-codec.ts";
import { encodeFrame } from "./frames.ts";
import type { Capture, Counters, WorkerReport } from "./protocol.ts";

/** Exchanges leave in batches: few writes, and the encoding happens away from the requests that caused it. */
const flushMs = 20;
const batchBytes = 1024 * 1024;
/** Keeps a batch's head and line lengths small where bodies are tiny. */
const batchItems = 4_096;

type ExchangeStreamDeps = {
	pipe: Writable;
	capture: Capture;
	backlogBytes: number;
	counters: Counters;
	report(): WorkerReport;
	/** What ended before has left. */
	onFlushed?(): void;
};

/** The worker's end of the pipe to the supervisor. Bounded: what a full pipe does not take is dropped and counted. */
export function createExchangeStream({ pipe, capture: first, backlogBytes, counters, report, onFlushed }: ExchangeStreamDeps) {
	let capture = first;
	let pending: EndedVisit[] = [];
	let pendingBytes = 0;
	let pendingMirrored = 0;
	let timer: NodeJS.Timeout | null = null;

	function drop(mirrored: number, reason: string): void {
		if (mirrored > 0) counters.dropped[reason] = (counters.dropped[reason] ?? 0) + mirrored;
	}

	function flush(): void {
		if (timer) clearTimeout(timer);
		timer = null;
		send();
		onFlushed?.();
	}

	/** Sends what has gathered, with a report that covers exactly what has been sent or dropped so far. */
	function send(): void {
		const batch = pending;
		const mirrored = pendingMirrored;
		pending = [];
		pendingBytes = 0;
		pendingMirrored = 0;
		const last = batch.at(-1);
		if (last && pipe.writableLength > backlogBytes) {
			drop(mirrored, "backlog");
			return;
		}
		for (const part of encodeFrame(report(), batch.length, mirrored, last ? encodeBatch(last.seq, batch) : null)) pipe.write(part);
	}

	return {
		push(ended: EndedVisit): void {
			const { visit } = ended;
			if (capture !== "on") {
				// `off` comes with a plan that mirrors nothing; a request that began before it still may be.
				if (visit.mirrored) drop(1, capture === "off" ? "no-core" : capture);
				if (visit.mirror !== null) timer ??= setTimeout(flush, flushMs);
				return;
			}
			pending.push(ended);
			pendingBytes += 512 + visit.requestTap.kept + visit.answerTap.kept;
			if (visit.mirrored) pendingMirrored++;
			if (pendingBytes > batchBytes || pending.length >= batchItems) flush();
			else timer ??= setTimeout(flush, flushMs);
		},
		/** A batch of the shadow's answers. False: the pipe is full. */
		pushAnswers(batch: Buffer, count: number): boolean {
			if (pipe.writableLength > backlogBytes) return false;
			for (const part of encodeFrame(report(), 0, 0, batch, count)) pipe.write(part);
			return true;
		},
		setCapture(next: Capture): void {
			capture = next;
		},
		get isTaking() {
			return capture === "on";
		},
		/** Also when nothing has gathered: the report is the heartbeat. */
		flush,
	};
}
