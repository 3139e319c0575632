import { systemClock } from "../../../base/clock.ts";
import type { Decision, Upstream } from "../../../contract/traffic.ts";
import { deadlineOf, isFailure, isPastUnary, isStream, statusIn } from "../grpc/call.ts";
import { headerValue } from "../http1/head-lines.ts";
import type { Refusal } from "../http1/refusal.ts";
import type { ResponseHead } from "../http1/response-head.ts";
import type { Plane } from "../plane.ts";
import { type Arm, effectsHeader, mayFailOver, stillAllows } from "../routing/choose-arm.ts";
import type { Pass } from "../routing/circuit.ts";
import { pathOf } from "../routing/plan-table.ts";
import { beginAttempt, endAttempt } from "../tracing/trace.ts";
import type { AnswerListener, Failure, UpstreamRequest } from "../upstream/upstream-connection.ts";
import type { ClientAnswer } from "./client-answer.ts";
import { codedAnswer } from "./coded-answer.ts";
import type { Visit } from "./visit.ts";

/** What serving needs of the connection it serves. */
export type ServedClient = {
	readonly answer: ClientAnswer;
	/** False: the upstream cannot take more of the body now. */
	letBodyFlow(isFlowing: boolean): void;
	/** The answer is out, or all that will ever come of it. */
	onDone(): void;
	/** The client must see that its answer is not whole. */
	cut(): void;
};

/** One request after the other: asks the arm that the plan chose, and legacy where that is allowed after a failure. */
export type Serving = {
	/** `head`: for the upstream. `isRepeatable`: a second time has no second effect. */
	begin(visit: Visit, head: Buffer, arm: Arm, hasBody: boolean, isRepeatable: boolean): void;
	/** A piece of the request's body, framing included. */
	body(wire: Buffer): void;
	bodyEnd(): void;
	/** All that has come from the client for now was given. */
	flush(): void;
	/** The client can take more. */
	drain(): void;
	/** The client is gone. */
	abandon(): void;
	/** The request's own body is malformed, or stands still. */
	refuse(refusal: Refusal): void;
	sweep(now: number): void;
};

/** Bodies up to here are kept while they pass, so that a stale pooled connection can be repeated. */
const REPEATED = 64 * 1024;
const JOINED = 8 * 1024;
/** A call whose answer has begun and is not over after so long is a stream. */
const heldMs = 100;
const noBytes = Buffer.alloc(0);
const { now } = systemClock;

export function createServing(plane: Plane, client: ServedClient): Serving {
	const { limits, pool } = plane;
	const { answer } = client;
	let visit: Visit | null = null;
	let head: Buffer = noBytes;
	let modern: Extract<Arm, { kind: "modern" }> | null = null;
	/** What the new service was asked with; given back when it is known what came of it. */
	let ticket: Pass | null = null;
	let upstream: UpstreamRequest | null = null;
	/** The head while it waits to leave together with the first of the body. */
	let unsent: Buffer = noBytes;
	/** The body so far, from its first byte; null when some of it has been let go. */
	let kept: Buffer[] | null = [];
	let keptBytes = 0;
	let isCollecting = false;
	let isBodyDone = false;
	/** A byte has left for the upstream; before that nothing of the body is let go. */
	let hasLeft = false;
	let isRepeatable = false;
	/** The new service answered with an error; its answer is only used when nobody else may be asked. */
	let isBad = false;
	/** The new service failed and says that no row was changed. */
	let isUnchanged = false;
	/** When the head of a call's answer came. */
	let headAt = 0;

	function send(bytes: Buffer): void {
		if (upstream === null) return;
		const first = unsent;
		unsent = noBytes;
		let isTaken: boolean;
		if (first.length === 0) isTaken = upstream.write(bytes);
		else if (first.length + bytes.length <= JOINED) isTaken = upstream.write(Buffer.concat([first, bytes]));
		else {
			upstream.write(first);
			isTaken = upstream.write(bytes);
		}
		if (!isTaken) client.letBodyFlow(false);
	}

	function flush(): void {
		if (unsent.length === 0 || upstream === null) return;
		const first = unsent;
		unsent = noBytes;
		upstream.write(first);
	}

	/** A kept connection was closed by the other side in the moment it was used; on a fresh one the request is as good as new. */
	function isStale(failure: Failure): boolean {
		if (failure.kind !== "reset" || upstream?.isReused() !== true || upstream.isAnswered() || kept === null) return false;
		return isRepeatable || failure.isUnprocessed === true;
	}

	/** The head, and of the body what is there. */
	function ask(address: Upstream, listener: AnswerListener, limitMs: number, isFresh: boolean): void {
		if (visit === null) return;
		hasLeft = false;
		const at = now();
		visit.deadline = visit.call === null ? at + limitMs : deadlineOf(visit.call, at, limitMs, listener === modernAnswer, isBodyDone);
		upstream = pool.open(address, visit.method, listener, at, isFresh);
		if (visit.trace !== null) head = beginAttempt(visit.trace, head, address, visit, at);
		unsent = head;
		// Whoever was asked before may have held the client up.
		if (!isBodyDone) client.letBodyFlow(true);
		for (const piece of kept ?? []) send(piece);
		if (isBodyDone) {
			flush();
			upstream.finish();
		}
	}

	function askLegacy(isFresh = false): void {
		if (visit === null) return;
		const { legacy } = plane.table();
		isCollecting = false;
		answer.begin(visit, false);
		if (legacy === null) {
			giveCoded(404, "ROUTE_RETIRED", { method: visit.method, path: pathOf(visit.target) });
			return;
		}
		ask(legacy, legacyAnswer, limits.legacyTimeoutMs, isFresh);
	}

	/** Legacy answers what the new service was chosen for, so there is nothing left that a copy could be compared with. */
	function askLegacyInstead(why: Decision): void {
		if (visit === null) return;
		visit.decision = why;
		visit.mirrored = false;
		askLegacy();
	}

	function settle(isGood: boolean): void {
		if (ticket !== null && modern !== null) plane.ejection.settle(modern.upstream, ticket, isGood, now());
		ticket = null;
	}

	/** The request ends without a word on how the new service is. */
	function giveBack(): void {
		if (ticket !== null && modern !== null) plane.ejection.release(modern.upstream, ticket);
		ticket = null;
	}

	function askModern(isFresh = false): void {
		if (visit === null || modern === null) return;
		isCollecting = false;
		// The body may have taken its time, and the kill switch may have been pressed meanwhile.
		const table = plane.table();
		if (!stillAllows(table.byId(visit.route), modern.upstream)) {
			giveBack();
			visit.planVersion = table.version;
			askLegacyInstead("plan changed");
			return;
		}
		// When legacy is retired nobody else is there to ask.
		if (table.legacy !== null) ticket ??= plane.ejection.ask(modern.upstream, now());
		if (ticket === "open") {
			askLegacyInstead("ejected");
			return;
		}
		visit.arm = "modern";
		isBad = false;
		isUnchanged = false;
		answer.begin(visit, true);
		ask(modern.upstream, modernAnswer, limits.modernTimeoutMs, isFresh);
	}

	function done(): void {
		if (visit !== null && visit.trace !== null) endAttempt(visit.trace, now(), visit);
		visit = null;
		upstream = null;
		kept = null;
		unsent = noBytes;
		client.onDone();
	}

	/** What is left of the body has nobody to go to, and the client must not take it for lost silently. */
	function giveCoded(status: number, code: Parameters<typeof codedAnswer>[1], data: Record<string, string>): void {
		if (visit === null) return;
		if (!isBodyDone) visit.isLast = true;
		const connection = visit.isLast ? "Connection: close\r\n" : visit.minor === 0 ? "Connection: keep-alive\r\n" : "";
		answer.coded(codedAnswer(status, code, data, connection));
		done();
	}

	function giveFailure(failure: Failure): void {
		if (visit === null) return;
		visit.error ??= failure.reason;
		visit.isClientError = true;
		const data = { method: visit.method, path: pathOf(visit.target), reason: reasonForClient(failure) };
		giveCoded(failure.kind === "timeout" ? 504 : 502, failure.isSent ? "UPSTREAM_LOST" : "UPSTREAM_UNREACHED", data);
	}

	function breakOff(reason: string): void {
		if (visit === null) return;
		visit.error = `the answer broke off (${reason})`;
		visit.isClientError = true;
		client.cut();
		done();
	}

	/** Answered before all of the request was there: what is left of it has nobody to go to, so this connection ends with the answer. */
	function noteEarly(): void {
		if (visit !== null && !isBodyDone) visit.isLast = true;
	}

	function pass(piece: Buffer): void {
		answer.onWire(piece);
		if (answer.isFull()) upstream?.pause();
	}

	function passPayload(piece: Buffer): void {
		answer.onPayload(piece);
		if (answer.isFull()) upstream?.pause();
	}

	const legacyAnswer: AnswerListener = {
		onSent() {
			hasLeft = true;
		},
		onInterim: (interim) => answer.interim(interim),
		onHead(found) {
			if (visit !== null) visit.deadline = visit.call?.latest ?? Number.POSITIVE_INFINITY;
			noteEarly();
			answer.start(found);
		},
		onWire: pass,
		onPayload: passPayload,
		onTrailers: (lines) => answer.onTrailers?.(lines),
		onPause: () => answer.flush(),
		onEnd() {
			if (visit !== null) visit.isAnswered = true;
			answer.end();
			done();
		},
		onFailure(failure) {
			if (answer.isStarted()) return breakOff(failure.reason);
			if (isStale(failure)) return askLegacy(true);
			answer.discard();
			giveFailure(failure);
		},
		onDrain: () => client.letBodyFlow(true),
	};

	const modernAnswer: AnswerListener = {
		onSent() {
			hasLeft = true;
			plane.onModernSent();
		},
		onInterim() {},
		onHead(found) {
			isBad = found.status >= 500;
			if (visit !== null && visit.call !== null) {
				isBad ||= isFailure(headerValue(found.bytes, found.lines, "grpc-status"));
				headAt = now();
			}
			isUnchanged = isBad && headerValue(found.bytes, found.lines, effectsHeader) === "none";
			noteEarly();
			answer.start(found);
			if (!isBad && isEventStream(found)) release();
		},
		onWire(piece) {
			pass(piece);
			if (answer.heldBytes() > limits.bodyCap) overflow();
		},
		onPayload(piece) {
			passPayload(piece);
			if (visit !== null && visit.call !== null && !isBad && !answer.isStarted() && isPastUnary(visit.call, isBodyDone)) release();
		},
		onTrailers(lines) {
			if (visit !== null && visit.call !== null) isBad ||= isFailure(statusIn(lines));
			answer.onTrailers?.(lines);
		},
		onPause: () => answer.flush(),
		onEnd() {
			settle(!isBad);
			if (isBad && visit !== null) {
				const failure: Failure = { kind: "reset", isSent: true, reason: `status ${visit.status}` };
				if (!answer.isStarted() && failOver(failure)) return;
				visit.isClientError = true;
			}
			if (visit !== null) visit.isAnswered = true;
			answer.release();
			answer.end();
			done();
		},
		onFailure(failure) {
			if (!answer.isStarted() && isStale(failure)) return askModern(true);
			settle(false);
			if (answer.isStarted()) return breakOff(failure.reason);
			if (failOver(failure)) return;
			answer.discard();
			giveFailure(failure);
		},
		onDrain: () => client.letBodyFlow(true),
	};

	function release(): void {
		// It may go on for hours.
		settle(true);
		if (visit !== null) visit.deadline = visit.call?.latest ?? Number.POSITIVE_INFINITY;
		answer.release();
		answer.flush();
	}

	/** The answer is longer than what is held back. */
	function overflow(): void {
		if (!isBad) {
			release();
			return;
		}
		const status = visit?.status ?? 0;
		upstream?.fail("reset", `status ${status}, and its answer is too long to be held`);
	}

	/** Asks legacy after the new service failed, where the plan permits it. */
	function failOver(failure: Failure): boolean {
		if (visit === null || modern === null) return false;
		// Who no longer waits is not worth a second attempt.
		if (visit.call !== null && visit.call.latest <= now()) return false;
		visit.error = `modern: ${failure.reason}`;
		const canRepeat = kept !== null && (keptBytes <= limits.bodyCap || !failure.isSent);
		if (!canRepeat || plane.table().legacy === null || !mayFailOver(modern.failover, failure.isSent && !isUnchanged, visit.isKeyed))
			return false;
		visit.arm = "failover";
		visit.mirrored = false;
		answer.discard();
		askLegacy();
		return true;
	}

	return {
		begin(next, forwarded, arm, hasBody, canRepeat) {
			visit = next;
			head = forwarded;
			kept = [];
			keptBytes = 0;
			isBodyDone = !hasBody;
			isRepeatable = canRepeat;
			upstream = null;
			ticket = null;
			next.isRepeatable = canRepeat;
			next.isRequestWhole = !hasBody;
			if (next.mirror !== null) next.forwarded = forwarded;
			if (arm.kind === "legacy") {
				modern = null;
				visit.mirrored = arm.mirrored;
				askLegacy();
				return;
			}
			modern = arm;
			visit.mirrored = arm.mirror !== undefined;
			// The messages of a call may depend on each other's answers, so they are not waited for.
			isCollecting = hasBody && visit.call === null;
			if (!isCollecting) askModern();
		},
		body(wire) {
			if (visit === null) return;
			const isStreaming = !isCollecting;
			if (kept !== null) {
				const limit = modern === null ? REPEATED : limits.bodyCap;
				if (isStreaming && hasLeft && keptBytes + wire.length > limit) kept = null;
				else {
					kept.push(wire);
					keptBytes += wire.length;
				}
			}
			if (isStreaming) send(wire);
			else if (keptBytes > limits.bodyCap) askModern();
		},
		bodyEnd() {
			isBodyDone = true;
			if (visit !== null) visit.isRequestWhole = true;
			if (isCollecting) return askModern();
			flush();
			upstream?.finish();
			if (visit === null || visit.call === null || answer.isStarted() || upstream === null || upstream.isAnswered()) return;
			const isModern = visit.arm === "modern";
			visit.deadline = deadlineOf(visit.call, now(), isModern ? limits.modernTimeoutMs : limits.legacyTimeoutMs, isModern, true);
		},
		flush,
		drain() {
			answer.drained();
			upstream?.resume();
		},
		abandon() {
			if (visit === null) return;
			giveBack();
			visit.clientLeft = true;
			visit.error = "the client left";
			visit.status = 0;
			upstream?.abort();
			done();
		},
		refuse(refusal) {
			if (visit === null) return;
			giveBack();
			upstream?.abort();
			visit.error = `broken: ${refusal.reason}`;
			visit.isLast = true;
			if (answer.isStarted()) {
				client.cut();
				return done();
			}
			answer.begin(visit, false);
			giveCoded(refusal.status, "REQUEST_BROKEN", { reason: refusal.reason });
		},
		sweep(at) {
			if (visit === null) return;
			if (visit.call !== null && answer.heldBytes() > 0 && !isBad && at >= headAt + heldMs && isStream(visit.call, isBodyDone)) release();
			if (at < visit.deadline) return;
			const limit = upstream !== null && visit.arm === "modern" ? limits.modernTimeoutMs : limits.legacyTimeoutMs;
			const isClients = visit.call !== null && visit.call.latest <= at;
			upstream?.fail("timeout", isClients ? "the client's deadline has passed" : `no answer within ${limit} ms`);
		},
	};
}

/** Addresses inside the company are no business of the client. */
function reasonForClient(failure: Failure): string {
	switch (failure.kind) {
		case "refused":
			return "no connection";
		case "untrusted":
			return "no trusted connection";
		case "timeout":
			return "no answer in time";
		case "reset":
		case "malformed":
			return "the connection was cut or the answer malformed";
	}
}

function isEventStream({ bytes, lines }: ResponseHead): boolean {
	return headerValue(bytes, lines, "content-type")?.startsWith("text/event-stream") === true;
}
