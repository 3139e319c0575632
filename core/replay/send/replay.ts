import { setTimeout as sleep } from "node:timers/promises";
import type { HeaderLines, Recorded } from "../recording/recorded.ts";
import { inOrder } from "./in-order.ts";
import { createLanes } from "./lanes.ts";
import { createLatencies, type Percentiles } from "./latency.ts";
import { replayHeaders } from "./request-headers.ts";
import { type Answer, createSender, type Target } from "./send-request.ts";

/** `scaled`: the recording's own pauses, divided by `speed`. `rate`: requests a second. */
export type Pace = { kind: "scaled"; speed: number } | { kind: "rate"; perSecond: number } | { kind: "max" };

export type ReplayOptions = {
	records: AsyncIterable<Recorded>;
	target: Target;
	pace: Pace;
	/** Requests in flight at most. */
	concurrency: number;
	/** Requests with the same key are sent one after the other; null: this one needs no order. */
	keyOf: ((record: Recorded) => string | null) | null;
	/** Else only GET and HEAD are sent. */
	withWrites: boolean;
	keepHost: boolean;
	setHeaders: HeaderLines;
	timeoutMs: number;
	/** Stands in each request as `X-Phoenix-Replay`. */
	mark: string;
	/** Gets each answer with its body; without it bodies are not kept. */
	onAnswer: ((record: Recorded, answer: Answer) => void) | null;
};

export type ReplayResult = {
	read: number;
	sent: number;
	answered: number;
	/** Not sent, and sent without a whole answer, each by reason. */
	skipped: Record<string, number>;
	failed: Record<string, number>;
	byStatus: Record<string, number>;
	/** From the first byte sent to the last one received. */
	latency: Percentiles;
	/** Behind the pace: nothing is in here that a faster target could not have had on time. */
	late: Percentiles;
	seconds: number;
	perSecond: number;
	cancelled: boolean;
};

const WAITING = 10_000;
const WAITING_BYTES = 64 * 1024 * 1024;

/** Sends the recording once. Cancelling by the signal ends what is in flight and tells what was done so far. */
export async function replay(
	options: ReplayOptions,
	onProgress: (read: number, sent: number) => void,
	signal: AbortSignal,
): Promise<ReplayResult> {
	const { target, pace, concurrency, keyOf, onAnswer } = options;
	const sender = createSender(target, { connections: concurrency, timeoutMs: options.timeoutMs, keepBodies: onAnswer !== null });
	// At top speed nothing is taken before it can be sent.
	const lanes = createLanes({ width: concurrency, limit: pace.kind === "max" ? concurrency : WAITING, limitBytes: WAITING_BYTES });
	const host = options.keepHost ? null : hostOf(target);
	const [skipped, failed, byStatus] = [{}, {}, {}] as [Record<string, number>, Record<string, number>, Record<string, number>];
	const [latency, late] = [createLatencies(), createLatencies()];
	let [read, sent, answered] = [0, 0, 0];
	const clock = createPacer(pace);
	const startedAt = performance.now();

	async function send(record: Recorded, due: number): Promise<void> {
		if (signal.aborted) return;
		sent++;
		late.add(Math.max(0, performance.now() - due));
		const headers = replayHeaders(record.request, { host, set: options.setHeaders, mark: options.mark });
		const answer = await sender.send(record, headers, signal);
		if (answer.error === null) {
			answered++;
			latency.add(answer.ms);
			count(byStatus, String(answer.status));
		} else count(failed, answer.error);
		if (answer.error === null || !signal.aborted) onAnswer?.(record, answer);
		onProgress(read, sent);
	}

	try {
		for await (const record of inOrder(options.records)) {
			if (signal.aborted) break;
			read++;
			const reason = reasonToSkip(record, options.withWrites);
			if (reason !== null) {
				count(skipped, reason);
				continue;
			}
			const due = clock.due(record);
			if (due - performance.now() > 1) await sleep(due - performance.now(), undefined, { signal }).catch(() => {});
			await lanes.room();
			const sendable = originForm(record);
			lanes.add(keyOf?.(record) ?? null, record.request.body.length, () => send(sendable, pace.kind === "max" ? performance.now() : due));
		}
		await lanes.idle();
	} finally {
		sender.close();
	}
	const seconds = (performance.now() - startedAt) / 1_000;
	const perSecond = seconds > 0 ? answered / seconds : 0;
	const figures = { latency: latency.percentiles(), late: late.percentiles(), seconds, perSecond };
	return { read, sent, answered, skipped, failed, byStatus, ...figures, cancelled: signal.aborted };
}

/** When a request is due, on the clock of `performance.now`. */
function createPacer(pace: Pace) {
	const start = performance.now();
	let first: number | null = null;
	let index = 0;
	return {
		due({ startedAt }: Recorded): number {
			first ??= startedAt;
			switch (pace.kind) {
				case "scaled":
					return start + (startedAt - first) / pace.speed;
				case "rate":
					return start + (index++ * 1_000) / pace.perSecond;
				case "max":
					return start;
			}
		},
	};
}

/** Why a request is not sent; null: it is. */
function reasonToSkip({ request }: Recorded, withWrites: boolean): string | null {
	const { method, state, target, headers } = request;
	if (method === "CONNECT") return "a tunnel";
	if (headers.some(([name]) => name.toLowerCase() === "upgrade")) return "an upgrade of the connection";
	if (!withWrites && method !== "GET" && method !== "HEAD") return `${method} may change something (--with-writes)`;
	if (state !== "whole") return `its body is ${state}`;
	return /^(?:\/|https?:\/\/)/i.test(target) || target === "*" ? null : "no target that can be sent";
}

/** A proxy's request names the whole address; here only the target's own path counts. */
function originForm(record: Recorded): Recorded {
	const { target } = record.request;
	if (target.startsWith("/") || target === "*") return record;
	const path = target.replace(/^https?:\/\/[^/?#]*/i, "");
	return { ...record, request: { ...record.request, target: path.startsWith("/") ? path : `/${path}` } };
}

export function hostOf({ protocol, host, port }: Target): string {
	const name = host.includes(":") ? `[${host}]` : host;
	return port === (protocol === "https:" ? 443 : 80) ? name : `${name}:${port}`;
}

function count(counts: Record<string, number>, name: string): void {
	counts[name] = (counts[name] ?? 0) + 1;
}
