import type { Writable } from "node:stream";
import type { Exchange } from "../../contract/traffic.ts";
import type { EndedVisit } from "./data-plane.ts";
import { encodeFrame } from "./frames.ts";
import { headerPairs } from "./http1/header-pairs.ts";
import type { Counters, WorkerReport } from "./protocol.ts";

/** Exchanges leave in batches: few writes, and the encoding happens away from the requests that caused it. */
const flushMs = 20;
const batchBytes = 1024 * 1024;

type ExchangeStreamDeps = { pipe: Writable; backlogBytes: number; counters: Counters; report(): WorkerReport };

/** The worker's end of the pipe to the supervisor. Bounded: what a full pipe does not take is dropped and counted. */
export function createExchangeStream({ pipe, backlogBytes, counters, report }: ExchangeStreamDeps) {
	let pending: EndedVisit[] = [];
	let pendingBytes = 0;
	let timer: NodeJS.Timeout | null = null;

	/** Sends what has gathered, with a report that covers exactly what has been sent or dropped so far. */
	function flush(): void {
		if (timer) clearTimeout(timer);
		timer = null;
		const batch = pending;
		pending = [];
		pendingBytes = 0;
		const mirrored = batch.filter(({ visit }) => visit.mirrored).length;
		const last = batch.at(-1);
		if (last && pipe.writableLength > backlogBytes) {
			if (mirrored > 0) counters.dropped.backlog = (counters.dropped.backlog ?? 0) + mirrored;
			return;
		}
		const payload = last
			? Buffer.from(`{"event":"exchanges","batch":${last.seq},"items":${JSON.stringify(batch.map(exchangeOf))}}\n`)
			: null;
		for (const part of encodeFrame(report(), batch.length, mirrored, payload)) pipe.write(part);
	}

	return {
		push(ended: EndedVisit): void {
			pending.push(ended);
			pendingBytes += 512 + ended.visit.requestTap.size + ended.visit.answerTap.size;
			if (pendingBytes > batchBytes) flush();
			else timer ??= setTimeout(flush, flushMs);
		},
		/** Also when nothing has gathered: the report is the heartbeat. */
		flush,
	};
}

function exchangeOf({ seq, endedAt, openSince, visit }: EndedVisit): Exchange {
	return {
		seq,
		route: visit.route,
		mirrored: visit.mirrored,
		arm: visit.arm,
		planVersion: visit.planVersion,
		truncated: visit.requestTap.truncated || visit.answerTap.truncated,
		startedAt: visit.startedAt,
		endedAt,
		openSince,
		request: {
			method: visit.method,
			target: visit.target,
			headers: headerPairs(visit.requestHead),
			body: visit.requestTap.bytes().toString("base64"),
		},
		response: {
			status: visit.status,
			headers: headerPairs(visit.answerHead),
			body: visit.answerTap.bytes().toString("base64"),
		},
		error: visit.error,
	};
}
