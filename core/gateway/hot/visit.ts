import type { Decision, Exchange } from "../../contract/traffic.ts";
import { type BodyTap, createBodyTap } from "./body-tap.ts";

/** One request on its way through the gateway, and what will be told of it. Mutable; lives as long as the request is open. */
export type Visit = {
	readonly startedAt: number;
	readonly method: string;
	/** As the client sent it (latin1). */
	readonly target: string;
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
	/** The upstream's head as it came, or the gateway's own. */
	answerHead: Buffer;
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

export function createVisit(start: Pick<Visit, Given>, bodyCap: number): Visit {
	return {
		startedAt: start.startedAt,
		method: start.method,
		target: start.target,
		minor: start.minor,
		route: start.route,
		isCaptured: start.isCaptured,
		requestHead: start.requestHead,
		requestTap: createBodyTap(start.isCaptured ? bodyCap : 0),
		answerTap: createBodyTap(start.isCaptured ? bodyCap : 0),
		isKeyed: start.isKeyed,
		answerHead: noBytes,
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
		before: null,
		after: null,
	};
}

const noBytes = Buffer.alloc(0);
