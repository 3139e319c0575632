import { setTimeout as delay } from "node:timers/promises";
import type { GatewayStats, RoutePlan } from "../../../contract/traffic.ts";
import { type AccessLog, openAccessLog, refusalOf } from "../access-log/access-log.ts";
import type { FrameHead } from "../capture/frames.ts";
import type { Family } from "../metrics/exposition.ts";
import { createMetricsLedger, type WorkerEnd } from "../metrics/metrics-ledger.ts";
import { serveMetrics } from "../metrics/metrics-server.ts";
import { createProcessProbe } from "../metrics/process-probe.ts";
import { createScraper } from "../metrics/scrape.ts";
import type { Panic } from "../protocol.ts";
import { createSpanExporter, type SpanExporter } from "../tracing/span-exporter.ts";
import type { TraceRecord } from "../tracing/trace.ts";
import type { MetricsAddress, ObserveRequest } from "./observe-request.ts";

/** What the supervisor knows and can do. */
type ObservabilityDeps = {
	/** For a person: where the gateway serves. */
	instance: string;
	plan(): RoutePlan;
	panic(): Panic | null;
	stats(): GatewayStats;
	delivered(): number;
	isCoreAttached(): boolean;
	isCapturing(): boolean;
	/** Orders to all workers. */
	measure(): void;
	setTraceRatio(ratio: number | null): void;
	/** The access log has begun or ended. */
	onLogging(): void;
	now(): number;
	log(text: string): void;
};

export type Observability = {
	/** A frame of a worker. `worker`: its place, which its successor takes over. */
	onFrame(worker: number, head: FrameHead, payload: Buffer | null): void;
	onTraces(records: TraceRecord[], lost: number): void;
	onLost(worker: number, how: WorkerEnd): void;
	/** The answer to a request. Rejects with the reason why it cannot be done. */
	carryOut(request: ObserveRequest): Promise<unknown>;
	/** Serves metrics there as soon as the address can be had. */
	serve(address: MetricsAddress): Promise<void>;
	readonly isLogging: boolean;
	readonly traceRatio: number | null;
	close(): Promise<void>;
};

/** Reasons, shown as 0 before they happen. */
const noLines: Record<string, number> = { backlog: 0, transit: 0, "not-written": 0 };
const noTraces: Record<string, number> = { "worker-full": 0, "queue-full": 0, rejected: 0, closed: 0 };
const retryMs = 5_000;
const closeMs = 1_000;

/** Metrics, access log and traces of one supervisor: what the workers count and tell, kept and shown to whoever asks. */
export function createObservability(deps: ObservabilityDeps): Observability {
	const { plan, now, log } = deps;
	const ledger = createMetricsLedger(now);
	const look = createProcessProbe();
	let accessLog: AccessLog | null = null;
	let exporter: SpanExporter | null = null;
	let stopServing: (() => void) | null = null;
	let isClosed = false;
	/** Of logs and exporters that have ended: a counter never falls. */
	const past = { lines: 0, unlogged: { ...noLines }, spans: 0, lost: { ...noTraces } };

	const scrape = createScraper({
		ledger,
		measure: deps.measure,
		now,
		state: () => ({
			...{ now: now(), plan: plan(), panic: deps.panic(), stats: deps.stats(), delivered: deps.delivered() },
			...{ isCoreAttached: deps.isCoreAttached(), isCapturing: deps.isCapturing(), supervisor: look(true), more: ownFamilies() },
		}),
	});

	function ownFamilies(): Family[] {
		const logged = accessLog?.figures();
		const traced = exporter?.figures();
		return [
			one("gauge", "phoenix_gateway_access_log_enabled", "1: an access log is being written.", Number(accessLog !== null)),
			one("counter", "phoenix_gateway_access_log_lines", "Lines written to access logs.", past.lines + (logged?.written ?? 0)),
			byReason("phoenix_gateway_access_log_dropped_lines", "Lines that access logs lost.", past.unlogged, logged?.dropped),
			one("gauge", "phoenix_gateway_tracing_enabled", "1: requests are traced.", Number(exporter !== null)),
			one("counter", "phoenix_gateway_exported_traces", "Traced requests that a receiver has taken.", past.spans + (traced?.exported ?? 0)),
			byReason("phoenix_gateway_dropped_traces", "Traced requests that no receiver has taken.", past.lost, traced?.dropped),
		];
	}

	async function endLog(): Promise<unknown> {
		const ended = accessLog;
		accessLog = null;
		if (ended === null) return null;
		deps.onLogging();
		const figures = await ended.close();
		past.lines += figures.written;
		addTo(past.unlogged, figures.dropped);
		log(`access log ${ended.order.file} ended after ${figures.written} lines`);
		return { file: ended.order.file, ...figures };
	}

	async function endTracing(): Promise<unknown> {
		const ended = exporter;
		exporter = null;
		if (ended === null) return null;
		deps.setTraceRatio(null);
		const figures = await ended.close();
		past.spans += figures.exported;
		addTo(past.lost, figures.dropped);
		return { endpoint: ended.order.endpoint, ...figures };
	}

	async function serve(address: MetricsAddress | null): Promise<unknown> {
		stopServing?.();
		stopServing = null;
		if (address === null) return null;
		const server = await serveMetrics(address, scrape);
		stopServing = () => {
			server.close();
			server.closeAllConnections();
		};
		const bound = server.address();
		const port = typeof bound === "object" && bound !== null ? bound.port : address.port;
		log(`metrics on http://${address.host}:${port}/metrics`);
		return { host: address.host, port };
	}

	return {
		onFrame(worker, { report, items, unlogged = 0 }, payload) {
			ledger.take(worker, report);
			if (accessLog === null) return;
			if (unlogged > 0) accessLog.lose(unlogged);
			if (payload) accessLog.take(payload, items);
		},
		onTraces(records, lost) {
			exporter?.take(records, lost);
		},
		onLost: (worker, how) => ledger.close(worker, how),
		async carryOut(request) {
			switch (request.verb) {
				case "metrics":
					return await scrape(request.format);
				case "serveMetrics":
					return await serve(request.address);
				case "setAccessLog": {
					const { log: order } = request;
					const refusal = order === null ? null : refusalOf(order);
					if (refusal !== null) throw new Error(refusal);
					const opened = order === null ? null : await openAccessLog(order, plan);
					const ended = await endLog();
					if (opened === null) return ended;
					accessLog = opened;
					deps.onLogging();
					log(`access log to ${opened.order.file}`);
					return { file: opened.order.file };
				}
				case "setTracing": {
					const ended = await endTracing();
					const { tracing } = request;
					if (tracing === null) return ended;
					exporter = createSpanExporter(tracing, plan, deps.instance);
					deps.setTraceRatio(tracing.ratio);
					return { endpoint: tracing.endpoint };
				}
			}
		},
		async serve(address) {
			while (!isClosed && stopServing === null) {
				try {
					await serve(address);
				} catch (error) {
					log(`no metrics on ${address.host}:${address.port}: ${wordsOf(error)}; tried again in ${retryMs / 1_000} s`);
					await delay(retryMs, undefined, { ref: false });
				}
			}
		},
		get isLogging() {
			return accessLog !== null;
		},
		get traceRatio() {
			return exporter?.order.ratio ?? null;
		},
		async close() {
			isClosed = true;
			stopServing?.();
			await Promise.race([Promise.all([endLog(), endTracing()]), delay(closeMs)]);
		},
	};
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function one(kind: "counter" | "gauge", name: string, help: string, value: number): Family {
	return { kind, name, help, samples: [{ labels: {}, value }] };
}

function byReason(name: string, help: string, past: Record<string, number>, now: Record<string, number> = {}): Family {
	const sum = { ...past };
	addTo(sum, now);
	const samples = Object.entries(sum).map(([reason, value]) => ({ labels: { reason }, value }));
	return { kind: "counter", name, help, samples };
}

function addTo(sum: Record<string, number>, more: Record<string, number>): void {
	for (const [key, value] of Object.entries(more)) sum[key] = (sum[key] ?? 0) + value;
}
