import type { Listener } from "../../contract/listeners.ts";
import type { GatewayStats, RoutePlan } from "../../contract/traffic.ts";
import type { WorkerMetrics } from "./metrics/worker-metrics.ts";
import type { MetricsAddress, ObserveRequest } from "./supervision/observe-request.ts";
import type { PemFiles } from "./tls/pem-files.ts";
import type { TraceRecord } from "./tracing/trace.ts";

/** Both ends of the control socket speak this version; another one is refused by name. */
export const protocolVersion = 4;

/** What the kill switch froze, or null. `alarm`: the gateway pressed it itself. */
export type Panic = { at: number; reason: string; alarm: boolean };

/** Written beside the plan as `gateway.json`; whoever holds it can find and adopt the gateway. */
export type Lease = {
	pid: number;
	/** Of the first worker. */
	workerPid: number;
	/** Of all of them, by their places; 0: it is being replaced. */
	workerPids: readonly number[];
	/** Of the first listener. */
	port: number;
	host: string;
	/** All of them, by their ids. */
	listeners: Record<string, { host: string; port: number }>;
	socket: string;
	startedAt: number;
	planVersion: number;
};

/** Limits of the data plane; bytes and milliseconds. */
export type Limits = {
	/** Bodies are kept for capture and failover up to here. */
	bodyCap: number;
	modernTimeoutMs: number;
	legacyTimeoutMs: number;
	/** Of a client: for a whole head from its first byte, between two pieces of a body, and between two requests. */
	headMs: number;
	bodyMs: number;
	idleMs: number;
	/** Exchanges kept while the core is slow. */
	backlogItems: number;
	backlogBytes: number;
	/** Exchanges kept while no core is attached. */
	absentMs: number;
	/** Of a body of a mirrored request, in a file; and of all those files of one worker. */
	spillCap: number;
	spillDiskBytes: number;
	/** Of copies that wait for the mirror thread or for an answer. */
	mirrorBytes: number;
	/** Failures in a row after which a new service is left out for a while. */
	ejectAfter: number;
	/** So many deaths of workers within five minutes press the kill switch; before each restart but the first it is waited, longer each time. */
	workerDeaths: number;
	restartDelaysMs: readonly number[];
};

export const defaultLimits: Limits = {
	bodyCap: 1024 * 1024,
	modernTimeoutMs: 5_000,
	legacyTimeoutMs: 60_000,
	headMs: 30_000,
	bodyMs: 60_000,
	idleMs: 65_000,
	backlogItems: 20_000,
	backlogBytes: 64 * 1024 * 1024,
	absentMs: 2_000,
	spillCap: 64 * 1024 * 1024,
	spillDiskBytes: 1024 * 1024 * 1024,
	mirrorBytes: 32 * 1024 * 1024,
	ejectAfter: 5,
	workerDeaths: 5,
	restartDelaysMs: [0, 250, 1_000, 4_000, 15_000],
};

/** Everything the supervisor is started with: one JSON argument. */
export type SupervisorOptions = {
	stateDir: string;
	listeners: readonly [Listener, ...Listener[]];
	plan: RoutePlan;
	limits: Limits;
	/** How many serve; absent: one. */
	workers?: number;
	/** Metrics are served there too; null or absent: only over the control socket. */
	metrics?: MetricsAddress | null;
};

/** First and only line on the starter's pipe. */
export type StartResult =
	| { kind: "ready"; lease: Lease }
	| { kind: "in-use"; host: string; port: number }
	| { kind: "unusable"; file: string; reason: string }
	| { kind: "failed"; reason: string };

export type ControlRequest =
	| { id: number; verb: "hello" }
	| { id: number; verb: "setPlan"; plan: RoutePlan }
	| { id: number; verb: "panic"; reason: string }
	| { id: number; verb: "clearPanic" }
	| { id: number; verb: "reloadCertificates" }
	| { id: number; verb: "stats" }
	| { id: number; verb: "subscribe" }
	| { id: number; verb: "ack"; batch: number }
	| { id: number; verb: "stop"; drainMs: number }
	| ObserveRequest;

export type Hello = { protocol: number; lease: Lease; plan: RoutePlan; panic: Panic | null };

export type ControlAnswer =
	| { id: number; ok: true; result: unknown }
	| { id: number; ok: false; code: RefusalCode; reason: string; file?: string };

/** Why the supervisor refused a request; control makes a Fault of it. */
export type RefusalCode = "invalid" | "stale-plan" | "panic" | "no-legacy" | "not-stored" | "not-done" | "unusable";

/** Beside batches of exchanges (exchange-codec.ts), which go the same way in bytes. */
export type ControlEvent =
	| { event: "tick"; openSince: number; stats: GatewayStats }
	| { event: "plan"; plan: RoutePlan; panic: Panic | null }
	| { event: "replaced" };

export type Counters = Pick<
	GatewayStats,
	"requests" | "clientErrors" | "mirrored" | "dropped" | "failovers" | "byArm" | "lastModernAt" | "legacyByRoute"
> & { streams: Record<string, number> };

/** Whether anybody takes exchanges: yes; no, and nothing is mirrored; or no, and what is mirrored is lost for this reason. */
export type Capture = "on" | "off" | "no-core" | "backlog";

/** State of one worker, sent before each batch of exchanges and every 100 ms: it is the heartbeat too. */
export type WorkerReport = {
	counters: Counters;
	planVersion: number;
	lastSeq: number;
	openRequests: number;
	openSince: number;
	/** Of the mirror; undefined while no plan has named one. */
	copies?: CopyReport | undefined;
	ejections?: GatewayStats["ejections"];
	/** Seldom, or when somebody looks. */
	metrics?: WorkerMetrics | undefined;
};

/** The book of copies; `taken` = answers handed back + `dropped` + `open`. */
export type CopyReport = {
	taken: number;
	open: number;
	dropped: Record<string, number>;
	mirrors: NonNullable<GatewayStats["mirrors"]>;
};

/**
 * Supervisor to worker, over the fork's channel. `listen` comes with its handle; `secret` (hex) is of TLS sessions, `files` are what
 * listeners and plan name: key material goes this way alone.
 */
export type WorkerOrder =
	| {
			kind: "start";
			plan: RoutePlan;
			lastSeq: number;
			limits: Limits;
			capture: Capture;
			isLogged: boolean;
			traceRatio: number | null;
			startId: string;
			files: PemFiles;
			/** There are others who must know what it learns. */
			isOneOfMany: boolean;
	  }
	| { kind: "listen"; listener: Listener; secret: string; files: PemFiles }
	| { kind: "plan"; plan: RoutePlan; files: PemFiles }
	| { kind: "reload"; secret: string; files: PemFiles }
	| { kind: "capture"; capture: Capture; isLogged: boolean }
	/** null: off. */
	| { kind: "trace"; ratio: number | null }
	| { kind: "measure" }
	| { kind: "drain" }
	/** Its successor accepts: it drains and ends. */
	| { kind: "leave" }
	| SharedNews;

/** What one worker has learned and the others must know; the supervisor passes it on. */
export type SharedNews =
	/** Digests of requests whose repeat is a client's retry. */
	| { kind: "seen"; digests: string[] }
	/** A new service that fails, `host:port`. */
	| { kind: "ejected"; address: string };

export type WorkerNotice =
	| { kind: "listening"; id: string }
	| { kind: "listen-failed"; reason: string }
	| { kind: "planned"; version: number }
	/** It was asked to end by a signal, and waits for a successor. */
	| { kind: "leaving" }
	| SharedNews
	/** `lost`: records that were not kept, because there were too many. */
	| { kind: "traces"; records: TraceRecord[]; lost: number };

export const tickMs = 100;
