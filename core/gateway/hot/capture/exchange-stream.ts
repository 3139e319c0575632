import type { Writable } from "node:stream";
import type { EndedVisit } from "../data-plane.ts";
import type { Capture, Counters, WorkerReport } from "../protocol.ts";
import { encodeBatch } from "./exchange-codec.ts";
import { encodeFrame } from "./frames.ts";

/** Exchanges leave in batches: few writes, and the encoding happens away from the requests that caused it. */
const flushMs = 20;
const batchBytes = 1024 * 1024;
/** Keeps a batch's head and line lengths small where bodies are tiny. */
const batchItems = 4_096;

type ExchangeStreamDeps = {
	pipe: Writable;
	capture: Capture;
	/** Heads are wanted for the access log, whoever else takes exchanges. */
	isLogged: boolean;
	backlogBytes: number;
	counters: Counters;
	report(): WorkerReport;
	/** What ended before has left. */
	onFlushed?(): void;
};

/** The worker's end of the pipe to the supervisor. Bounded: what a full pipe does not take is dropped and counted. */
export function createExchangeStream({ pipe, backlogBytes, counters, report, onFlushed, ...first }: ExchangeStreamDeps) {
	let { capture, isLogged } = first;
	/** Lost to the access log in a pipe that was full. */
	let unlogged = 0;
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
			if (isLogged) unlogged += batch.length;
			return;
		}
		const isForLog = capture !== "on";
		const counts = { items: batch.length, mirrored, ...(isForLog ? { isForLog } : {}), ...(unlogged > 0 ? { unlogged } : {}) };
		unlogged = 0;
		for (const part of encodeFrame(report(), counts, last ? encodeBatch(last.seq, batch, !isForLog) : null)) pipe.write(part);
	}

	return {
		push(ended: EndedVisit): void {
			const { visit } = ended;
			if (capture !== "on") {
				// `off` comes with a plan that mirrors nothing; a request that began before it still may be.
				if (visit.mirrored) drop(1, capture === "off" ? "no-core" : capture);
				if (visit.mirror !== null) timer ??= setTimeout(flush, flushMs);
				if (!isLogged || !visit.isCaptured) return;
			} else if (visit.mirrored) pendingMirrored++;
			pending.push(ended);
			pendingBytes += 512 + visit.requestTap.kept + visit.answerTap.kept;
			if (pendingBytes > batchBytes || pending.length >= batchItems) flush();
			else timer ??= setTimeout(flush, flushMs);
		},
		/** A batch of the shadow's answers. False: the pipe is full. */
		pushAnswers(batch: Buffer, count: number): boolean {
			// The report tells of what has ended; with it must go what ended, or a death in between would leave a hole in the book.
			if (pending.length > 0) send();
			if (pipe.writableLength > backlogBytes) return false;
			for (const part of encodeFrame(report(), { items: 0, mirrored: 0, answers: count }, batch)) pipe.write(part);
			return true;
		},
		setCapture(next: Capture, isLoggedNow: boolean): void {
			// A frame is for the core or for the log, never for both by halves.
			flush();
			capture = next;
			isLogged = isLoggedNow;
		},
		isTaking: () => isLogged || capture === "on",
		isTakingBodies: () => capture === "on",
		/** Also when nothing has gathered: the report is the heartbeat. */
		flush,
	};
}
