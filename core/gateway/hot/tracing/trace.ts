import type { Exchange, Upstream } from "../../../contract/traffic.ts";
import { newId, readTraceParent, traceParentLine } from "./trace-context.ts";

export const TRACE_PARENT = "traceparent";

/** One upstream that was asked for a request. `status` 0: no answer. */
export type Attempt = {
	spanId: string;
	host: string;
	port: number;
	protocol: "1.1" | "2";
	arm: Exchange["arm"];
	startedAt: number;
	endedAt: number;
	status: number;
	error: string | null;
};

/** A request that is traced, while it is open. The first attempt's id is known before the attempt: its head is written first. */
export type Trace = {
	traceId: string;
	parentId: string | null;
	spanId: string;
	/** Of HTTP, of the client. */
	protocol: "1.0" | "1.1" | "2";
	nextSpanId: string;
	attempts: Attempt[];
	/** What the visit's error said before the last attempt. */
	knownError: string | null;
};

/** What is told of the request itself. */
export type TracedRequest = Pick<Exchange, "route" | "arm" | "decision" | "planVersion" | "mirrored" | "startedAt" | "error"> & {
	method: string;
	target: string;
	client: string;
	status: number;
	isClientError: boolean;
};

/** What becomes of it, for the supervisor. */
export type TraceRecord = Pick<Trace, "traceId" | "parentId" | "spanId" | "protocol" | "attempts"> & TracedRequest & { endedAt: number };

/** `parent`: the client's own line, or null. The caller's choice is kept; who comes without one is sampled. null: not traced. */
export function beginTrace(parent: string | null, minor: number, ratio: number): Trace | null {
	const caller = parent === null ? null : readTraceParent(parent);
	if (caller === null ? Math.random() >= ratio : !caller.isSampled) return null;
	return {
		traceId: caller?.traceId ?? newId(16),
		parentId: caller?.spanId ?? null,
		spanId: newId(8),
		protocol: minor === 0 ? "1.0" : "1.1",
		nextSpanId: newId(8),
		attempts: [],
		knownError: null,
	};
}

/** For the upstream's head, in place of the client's; empty where nothing is traced. */
export const traceLineOf = (trace: Trace | null): string => (trace === null ? "" : traceParentLine(trace.traceId, trace.nextSpanId));

/** An upstream is asked now. Returns the head to ask it with: a second attempt is a span of its own. */
export function beginAttempt(trace: Trace, head: Buffer, upstream: Upstream, visit: TracedRequest, at: number): Buffer {
	const { attempts, nextSpanId } = trace;
	let own = head;
	if (attempts.length > 0) {
		endAttempt(trace, at, visit);
		trace.nextSpanId = newId(8);
		own = Buffer.from(head);
		// The last such line is the gateway's own: the client's is left out.
		own.write(trace.nextSpanId, own.lastIndexOf(nextSpanId), "latin1");
	}
	trace.knownError = visit.error;
	const { host, port } = upstream;
	const protocol = upstream.protocol === "h2" ? "2" : "1.1";
	attempts.push({ spanId: trace.nextSpanId, host, port, protocol, arm: visit.arm, startedAt: at, endedAt: 0, status: 0, error: null });
	return own;
}

/** Nothing more comes from the upstream that was asked last. */
export function endAttempt({ attempts, knownError }: Trace, at: number, { status, error }: TracedRequest): void {
	const attempt = attempts.at(-1);
	if (attempt === undefined || attempt.endedAt !== 0) return;
	attempt.endedAt = at;
	attempt.status = status;
	attempt.error = error === knownError ? null : error;
}

export function recordOf(trace: Trace, visit: TracedRequest, endedAt: number): TraceRecord {
	endAttempt(trace, endedAt, visit);
	const { traceId, parentId, spanId, protocol, attempts } = trace;
	const { method, target, client, route, arm, decision, planVersion, status, error, mirrored, isClientError, startedAt } = visit;
	return {
		...{ traceId, parentId, spanId, protocol, attempts, endedAt },
		...{ method, target, client, route, arm, decision, planVersion, status, error, mirrored, isClientError, startedAt },
	};
}
