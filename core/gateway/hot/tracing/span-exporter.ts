import { type ClientRequest, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { RoutePlan } from "../../../contract/traffic.ts";
import type { TracingOrder } from "../supervision/observe-request.ts";
import { tracesRequest } from "./otlp.ts";
import type { TraceRecord } from "./trace.ts";

export type TracingFigures = { exported: number; dropped: Record<string, number>; failure: string | null };

export type SpanExporter = {
	readonly order: TracingOrder;
	take(records: TraceRecord[], lost: number): void;
	figures(): TracingFigures;
	/** Tries once more to send what waits. */
	close(): Promise<TracingFigures>;
};

const recordLimit = 2_048;
/** One message: about a millisecond of this process. */
const recordsAtOnce = 64;
const sendMs = 500;
const answerMs = 5_000;
/** For the last records, when tracing is switched off. */
const closeMs = 800;
const backoffMs = [1_000, 2_000, 5_000, 15_000, 30_000];
/** OTLP: only these say that the same may be sent again. */
const retryable = new Set([429, 502, 503, 504]);
/** Of an answer, so much is read. */
const answerLimit = 64 * 1024;

type Sent = { status: number; body: string; retryAfterMs: number };

/** Sends traces in batches. Bounded, and nothing waits for it: what a slow receiver does not take is dropped and counted. */
export function createSpanExporter(order: TracingOrder, plan: () => RoutePlan, instance: string): SpanExporter {
	const dropped: Record<string, number> = {};
	let queue: TraceRecord[] = [];
	let exported = 0;
	let failure: string | null = null;
	let failures = 0;
	/** Until then the receiver is left alone. */
	let resumeAt = 0;
	let isSending = false;
	let isClosed = false;
	/** Of the request under way. */
	let abort: AbortController | null = null;
	let timer: NodeJS.Timeout | null = null;

	function drop(records: number, reason: string): void {
		if (records > 0) dropped[reason] = (dropped[reason] ?? 0) + records;
	}

	function schedule(): void {
		const ms = Math.max(queue.length >= recordsAtOnce ? 10 : sendMs, resumeAt - performance.now());
		if (!isClosed && !isSending) timer ??= setTimeout(() => void sendOn(), ms).unref();
	}

	async function sendOn(): Promise<void> {
		timer = null;
		if (isSending || queue.length === 0) return;
		isSending = true;
		const batch = queue.slice(0, recordsAtOnce);
		queue = queue.slice(recordsAtOnce);
		await sendBatch(batch);
		isSending = false;
		if (queue.length > 0) schedule();
	}

	/** False: the batch waits for another try. */
	async function sendBatch(batch: TraceRecord[]): Promise<boolean> {
		abort = new AbortController();
		try {
			const text = JSON.stringify(tracesRequest(batch, plan(), instance));
			const { status, body, retryAfterMs } = await post(order, text, abort.signal);
			if (status >= 200 && status < 300) {
				const rejected = Math.min(rejectedIn(body), batch.length);
				drop(rejected, "rejected");
				exported += batch.length - rejected;
				failure = null;
				failures = 0;
				return true;
			}
			failure = `the receiver answered ${status}`;
			if (!retryable.has(status)) {
				drop(batch.length, "rejected");
				return true;
			}
			keep(batch, retryAfterMs);
		} catch (error) {
			failure = error instanceof Error ? error.message : String(error);
			keep(batch, 0);
		}
		return false;
	}

	function keep(batch: TraceRecord[], retryAfterMs: number): void {
		const room = Math.max(0, recordLimit - queue.length);
		drop(batch.length - Math.min(room, batch.length), "queue-full");
		queue = [...batch.slice(0, room), ...queue];
		const wait = backoffMs[Math.min(failures, backoffMs.length - 1)] ?? 0;
		failures++;
		resumeAt = performance.now() + Math.max(wait, Math.min(retryAfterMs, 60_000));
	}

	const figures = (): TracingFigures => ({ exported, dropped, failure });

	return {
		order,
		take(records, lost) {
			drop(lost, "worker-full");
			const room = Math.max(0, recordLimit - queue.length);
			queue.push(...records.slice(0, room));
			drop(records.length - Math.min(room, records.length), "queue-full");
			schedule();
		},
		figures,
		async close() {
			isClosed = true;
			if (timer) clearTimeout(timer);
			const ending = setTimeout(() => abort?.abort(new Error("tracing was switched off")), closeMs);
			while (isSending) await new Promise((resolve) => setTimeout(resolve, 10));
			let isTaking = true;
			while (isTaking && queue.length > 0) isTaking = await sendBatch(queue.splice(0, recordsAtOnce));
			clearTimeout(ending);
			drop(queue.length, "closed");
			queue = [];
			return figures();
		},
	};
}

/** Records stand for several spans; a receiver that rejects any is believed about no more than were sent. */
function rejectedIn(body: string): number {
	try {
		const { partialSuccess } = JSON.parse(body) as { partialSuccess?: { rejectedSpans?: string | number } };
		return Number(partialSuccess?.rejectedSpans ?? 0) || 0;
	} catch {
		return 0;
	}
}

function post({ endpoint, headers }: TracingOrder, body: string, signal: AbortSignal): Promise<Sent> {
	return new Promise((resolve, reject) => {
		const url = new URL(endpoint);
		const send = url.protocol === "https:" ? requestHttps : requestHttp;
		const own = { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) };
		const out: ClientRequest = send(url, { method: "POST", headers: { ...headers, ...own }, agent: false, signal }, (answer) => {
			let text = "";
			answer.setEncoding("utf8");
			answer.on("data", (chunk: string) => {
				if (text.length < answerLimit) text += chunk;
			});
			answer.on("error", reject);
			answer.on("end", () => {
				clearTimeout(timer);
				const after = Number(answer.headers["retry-after"]) * 1_000;
				resolve({ status: answer.statusCode ?? 0, body: text, retryAfterMs: Number.isFinite(after) ? after : 0 });
			});
		});
		const timer = setTimeout(() => out.destroy(new Error(`no answer within ${answerMs} ms`)), answerMs);
		out.on("error", (error) => {
			clearTimeout(timer);
			reject(error);
		});
		out.end(body);
	});
}
