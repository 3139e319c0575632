import type { Decision, Exchange, Mirror } from "../../../contract/traffic.ts";
import { type BodyTap, createBodyTap, type SpillSink } from "../capture/body-tap.ts";
import type { Call } from "../grpc/call.ts";
import type { Trace } from "../tracing/trace.ts";

/** One request on its way through the gateway, and what will be told of it. Mutable; lives as long as the request is open. */
export type Visit = {
	readonly startedAt: number;
	readonly method: string;
	/** As the client sent it (latin1). */
	readonly target: string;
	/** Others than HTTP count their messages, and are told as requests. */
	readonly protocol: "http" | "tcp" | "websocket";
	/** The client's address; empty of messages. */
	readonly client: string;
	/** HTTP/1.`minor` of the client. */
	readonly minor: number;
	readonly route: string | null;
	/** Somebody takes exchanges: heads and bodies are kept for them. */
	readonly isCaptured: boolean;
	/** The client's head as it came, empty line included; empty when nobody takes it. */
	readonly requestHead: Buffer;
	readonly requestTap: BodyTap;
	answerTap: BodyTap;
	readonly isKeyed: boolean;
	/** What tells a client's retry; null: nothing does. */
	readonly key: string | null;
	/** Where the copy goes if this is mirrored; null: the core sends it. */
	readonly mirror: Mirror | null;
	/** The head that the upstream got; empty without a mirror. */
	forwarded: Buffer;
	/** All of the request has come. */
	isRequestWhole: boolean;
	/** All of the upstream's answer has come; whether the client took it is another matter. */
	isAnswered: boolean;
	/** A second time has no second effect. */
	isRepeatable: boolean;
	/** The upstream's head as it came, or the gateway's own. */
	answerHead: Buffer;
	/** Trailer lines with the empty line; empty where there are none. */
	requestTrailers: Buffer;
	answerTrailers: Buffer;
	/** It is a gRPC call. */
	call: Call | null;
	/** The client sent `Expect: 100-continue` and nobody has answered it yet. */
	awaitsContinue: boolean;
	/** This connection is not to be used again. */
	isLast: boolean;
	mirrored: boolean;
	arm: Exchange["arm"];
	decision: Decision;
	planVersion: number;
	status: number;
	error: string | null;
	/** The client met a failure that the gateway caused or could not prevent. */
	isClientError: boolean;
	clientLeft: boolean;
	/** Of its exchange; 0 until it has ended. */
	seq: number;
	/** When the upstream must have answered; infinite while nothing is waited for. */
	deadline: number;
	/** null: this request is not traced. */
	trace: Trace | null;
	/** Its neighbours among the requests in flight. */
	before: Visit | null;
	after: Visit | null;
};

type Given =
	| "startedAt"
	| "method"
	| "target"
	| "minor"
	| "route"
	| "isCaptured"
	| "requestHead"
	| "isKeyed"
	| "awaitsContinue"
	| "isLast"
	| "decision"
	| "planVersion";

/** `spills`: of what has a mirror, bodies above the cap. */
export function createVisit(
	start: Pick<Visit, Given> & Partial<Pick<Visit, "key" | "mirror" | "client" | "protocol">>,
	bodyCap: number,
	spills: SpillSink | null = null,
): Visit {
	const { key = null, mirror = null, client = "", protocol = "http" } = start;
	const sink = mirror === null ? null : spills;
	return {
		startedAt: start.startedAt,
		method: start.method,
		target: start.target,
		protocol,
		client,
		minor: start.minor,
		route: start.route,
		isCaptured: start.isCaptured,
		requestHead: start.requestHead,
		requestTap: createBodyTap(start.isCaptured ? bodyCap : 0, sink, true),
		answerTap: createBodyTap(start.isCaptured ? bodyCap : 0, sink),
		isKeyed: start.isKeyed,
		key,
		mirror,
		forwarded: noBytes,
		isRequestWhole: false,
		isAnswered: false,
		isRepeatable: false,
		answerHead: noBytes,
		requestTrailers: noBytes,
		answerTrailers: noBytes,
		call: null,
		awaitsContinue: start.awaitsContinue,
		isLast: start.isLast,
		mirrored: false,
		arm: "legacy",
		decision: start.decision,
		planVersion: start.planVersion,
		status: 0,
		error: null,
		isClientError: false,
		clientLeft: false,
		seq: 0,
		deadline: Number.POSITIVE_INFINITY,
		trace: null,
		before: null,
		after: null,
	};
}

const noBytes = Buffer.alloc(0);
