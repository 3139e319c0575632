import { z } from "zod";
import { clientTlsShape } from "./listeners.ts";

/**
 * One address, which speaks HTTP/1.1 unless `protocol` says otherwise. `lenient`: its answers are known to bend the rules (lines that end
 * with LF alone, control characters in values, a length told twice) and are taken nevertheless.
 */
export const upstreamShape = z.object({
	host: z.string(),
	port: z.number().int().min(1).max(65535),
	lenient: z.boolean().optional(),
	protocol: z.enum(["http/1.1", "h2"]).optional(),
	tls: clientTlsShape.optional(),
});
export type Upstream = z.infer<typeof upstreamShape>;

/**
 * When a failed answer of the new service may be asked again of legacy within the same request:
 * `unsent`: only when no byte reached the service. `always`: the route changes no row.
 * `keyed`: also when the request carries the idempotency header, because legacy then answers a repeat without a second effect.
 */
export const failoverShape = z.enum(["unsent", "keyed", "always"]);

/**
 * A copy of every mirrored request, sent by the gateway itself; its answer is handed over beside the exchange (`ShadowAnswer`). Without it
 * the core sends the copy, in step with legacy's commits.
 */
export const mirrorShape = z.object({
	upstream: upstreamShape,
	/** Milliseconds; default 5,000. */
	timeoutMs: z.number().int().min(1).optional(),
	/** Copies under way at once; default 256. What does not fit is dropped as `shadow-busy`, or waits where an order is kept. */
	inFlight: z.number().int().min(1).optional(),
	/** Copies with the same value of this (`header:X-Account`, `cookie:sid`) are sent one after the other, in the order of legacy's answers. */
	orderBy: z
		.string()
		.regex(/^(header|cookie):[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/)
		.optional(),
});
export type Mirror = z.infer<typeof mirrorShape>;

export const routeModeShape = z.discriminatedUnion("kind", [
	z.object({ kind: z.literal("legacy") }),
	z.object({ kind: z.literal("shadow"), percent: z.number().min(0).max(100), mirror: mirrorShape.optional() }),
	/**
	 * `weight`: percent of the requests that the new service answers; the rest are shadowed. `sticky`: what keeps one client on one side,
	 * `header:X-Customer` or `cookie:sid`; without it the header `X-Session`, else the idempotency header.
	 */
	z.object({
		kind: z.literal("canary"),
		weight: z.number().min(0).max(100),
		upstream: upstreamShape,
		failover: failoverShape,
		sticky: z
			.string()
			.regex(/^(header|cookie):[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/)
			.optional(),
		/** Of what legacy answers. */
		mirror: mirrorShape.optional(),
	}),
	/** `mirror`: reverse shadow. The new service answers, and legacy (its upstream) is sent the copy. */
	z.object({ kind: z.literal("modern"), upstream: upstreamShape, failover: failoverShape, mirror: mirrorShape.optional() }),
]);
export type RouteMode = z.infer<typeof routeModeShape>;

/**
 * `path`: as on the wire, where `{name}` stands for one segment. `host` without port, and `headers` by exact value, narrow it further.
 * What no route matches byte for byte goes to legacy.
 */
export const plannedRouteShape = z.object({
	id: z.string(),
	method: z.string(),
	path: z.string(),
	host: z.string().optional(),
	headers: z.record(z.string(), z.string()).optional(),
	mode: routeModeShape,
});
export type PlannedRoute = z.infer<typeof plannedRouteShape>;

/** Where the connections of a TCP listener go, and the messages on them. `canary`: whole connections, never parts of one. */
export const streamRouteShape = z.object({
	id: z.string(),
	listener: z.string(),
	legacy: upstreamShape,
	mode: z.discriminatedUnion("kind", [
		z.object({ kind: z.literal("legacy") }),
		/** Without `mirror` the messages are captured only. */
		z.object({ kind: z.literal("shadow"), mirror: mirrorShape.optional() }),
		z.object({ kind: z.literal("canary"), weight: z.number().min(0).max(100), upstream: upstreamShape }),
		z.object({ kind: z.literal("modern"), upstream: upstreamShape }),
	]),
});
export type StreamRoute = z.infer<typeof streamRouteShape>;

/** The whole routing, immutable, swapped at once. A request that matches no route goes to legacy. */
export const routePlanShape = z.object({
	version: z.number().int().nonnegative(),
	/** null: legacy is retired; what no route matches is answered 404 with a coded body. */
	legacy: upstreamShape.nullable(),
	idempotencyHeader: z.string(),
	routes: z.array(plannedRouteShape),
	/** Of TCP listeners; a listener that none names goes nowhere. */
	streams: z.array(streamRouteShape).optional(),
	reason: z.string(),
});
export type RoutePlan = z.infer<typeof routePlanShape>;

/**
 * What the choice of the arm stood on. `plan changed`: the plan no longer allowed the new service when it was about to be asked.
 * `ejected`: the new service fails again and again, and is left out for a while. `retry`: of the arm nothing, but the request is a client's
 * repeat of one that was mirrored: it is not mirrored again, and counted as dropped for this reason.
 */
export type Decision =
	| "no route"
	| "legacy"
	| "sampled"
	| "not sampled"
	| "inside by key"
	| "outside by key"
	| "inside by share"
	| "outside by share"
	| "modern"
	| "plan changed"
	| "ejected"
	| "retry";

/** One request with its answer, as the gateway saw it. Times: milliseconds since the epoch with fractions. */
export type Exchange = {
	/** Grows by one with each exchange that ends, whichever worker served it; what was never sent leaves a gap. */
	seq: number;
	/** `RoutePlan.routes[].id`, or null where none matched. */
	route: string | null;
	/** True when the plan asks for comparison; counted in `GatewayStats.mirrored`. */
	mirrored: boolean;
	/** Who answered the client; `failover`: the new service was tried, legacy answered. */
	arm: "legacy" | "modern" | "failover";
	decision: Decision;
	planVersion: number;
	/** The tail of the answer may be missing above the cap; then it is not compared (`too-large`). */
	truncated: boolean;
	startedAt: number;
	endedAt: number;
	/** Start of the oldest request still open when this one ended: commits before it can be attributed. */
	openSince: number;
	/** `trailers`: behind the body, where there are any. A gRPC answer has its status there, or in the headers when it has no message. */
	request: { method: string; target: string; headers: [string, string][]; body: string; trailers?: [string, string][] };
	/** Bodies are base64. `status` 0: no answer reached the client (`error` says why). */
	response: { status: number; headers: [string, string][]; body: string; trailers?: [string, string][] };
	/** Of a gRPC call: whole messages in both directions, those beyond the cap too. */
	messages?: { request: number; response: number };
	error: string | null;
};

/**
 * What a mirrored request got from `Mirror.upstream`; it comes after its exchange, and for every mirrored exchange of a plan with a mirror
 * exactly one comes or one drop is counted.
 */
export type ShadowAnswer = {
	/** Of the exchange. */
	seq: number;
	startedAt: number;
	endedAt: number;
	truncated: boolean;
	/** `status` 0: there is no whole answer, and `error` says why. */
	response: Exchange["response"];
	/**
	 * The whole bodies, where one of the two is longer than what is kept, so that they can be compared nevertheless. `client`: of the answer
	 * that the client got; null when the exchange holds all of it.
	 */
	whole?: { shadow: BodyDigest; client: BodyDigest | null };
	error: string | null;
};

/** `size` in bytes; `sha256` in hexadecimal. */
export type BodyDigest = { size: number; sha256: string };

/** `answered` and `failed` (there was no whole answer) are the parts of `sent` that are over. `open`: the circuit breaker lets nothing through. */
export type MirrorStats = { state: "closed" | "open" | "half-open"; inFlight: number; sent: number; answered: number; failed: number };

export type GatewayStats = {
	pid: number;
	planVersion: number;
	lastSeq: number;
	openRequests: number;
	openSince: number;
	requests: number;
	/** Answers 502, 503, 504 and cut connections that the gateway caused or could not prevent. */
	clientErrors: number;
	mirrored: number;
	/** Mirrored exchanges that were never handed to the core, by reason (`no-core`, `backlog`, ...). */
	dropped: Record<string, number>;
	failovers: number;
	byArm: { legacy: number; modern: number; failover: number };
	/** Time at which the last request was sent to any new service; 0: never. */
	lastModernAt: number;
	panic: { at: number; reason: string } | null;
	/** Requests that legacy answered since its last restart of counters, per route id ("-": no route). */
	legacyByRoute: Record<string, number>;
	/**
	 * Copies that the gateway itself sends: a book of its own beside `mirrored` and `dropped`. `taken` = answers that the core has taken over
	 * (`delivered`) + `dropped` by reason (`shadow-busy`, ...) + what is still under way.
	 */
	copies?: { taken: number; delivered: number; dropped: Record<string, number> };
	/** By `host:port` of `Mirror.upstream`. */
	mirrors?: Record<string, MirrorStats>;
	/** New services that have been left out because they failed, by `host:port`; `ejected`: how often. */
	ejections?: Record<string, { state: "closed" | "open" | "half-open"; ejected: number }>;
	/**
	 * TCP connections and WebSockets: `connections`, `sockets`, `retired` (a plan took them from a new service); what befell their
	 * messages: `framing-lost`, `pairing-lost`, `cut-message`, `unsolicited`, `shadow-unsolicited`. A name that is missing has not occurred.
	 */
	streams?: Record<string, number>;
	/** Of the processes that serve now, since each began. */
	workers?: { pid: number; requests: number; openRequests: number }[];
	/** Workers that ended unasked; each has been replaced. */
	workerDeaths?: number;
};
