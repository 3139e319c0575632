import type { Upstream } from "../../contract/traffic.ts";
import { type Arm, chooseArm, mayFailOver, stickyKeyOf, stillAllows } from "./choose-arm.ts";
import { codedAnswer } from "./coded-answer.ts";
import { collectAnswer } from "./collect-answer.ts";
import type { Answer, Failure, Forwarder, Outcome, RequestBody } from "./forward.ts";
import { upstreamHeaders, withoutHeader } from "./headers.ts";
import { type PlanTable, pathOf, type Route } from "./plan-table.ts";
import type { Limits } from "./protocol.ts";
import { hasBody, keepBody } from "./request-body.ts";
import { answerCoded, answerStreamed, answerWhole, letContinue, type Visit } from "./visit.ts";

export type Routing = {
	forwarder: Forwarder;
	limits: Limits;
	/** The plan of this moment; a visit may outlive the plan it began under. */
	table(): PlanTable;
	/** A byte leaves for a new service now. */
	onModernSent(): void;
};

const idempotent = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"]);

/** Bodies up to here are read before they are sent on, so that a stale pooled connection can be repeated. */
const smallBody = 64 * 1024;

/** Answers one request by the arm the plan chooses. Awaits nothing but sockets; every failure ends as an answer or a cut connection. */
export async function routeRequest(routing: Routing, visit: Visit, route: Route | null): Promise<void> {
	const table = routing.table();
	const arm = chooseArm(route, () => stickyKeyOf(visit.request, table.idempotencyHeader));
	if (arm.kind === "modern") return await askModern(routing, visit, arm);
	visit.mirrored = arm.mirrored;
	const body = await legacyBody(visit);
	if (body) await askLegacy(routing, visit, body);
}

async function legacyBody(visit: Visit): Promise<RequestBody | null> {
	if (!hasBody(visit.request)) return await keepBody(visit.request, visit.requestTap, 0);
	const length = visit.request.headers["content-length"];
	if (!visit.awaitsContinue && length !== undefined && Number(length) <= smallBody) {
		return await keepBody(visit.request, visit.requestTap, smallBody);
	}
	return { kind: "stream", source: visit.request, tap: visit.requestTap, head: null };
}

async function askLegacy(routing: Routing, visit: Visit, body: RequestBody): Promise<void> {
	const { legacy } = routing.table();
	if (legacy === null) {
		answerCoded(visit, codedAnswer(404, "ROUTE_RETIRED", { method: visit.method, path: pathOf(visit.target) }));
		return;
	}
	const outcome = await send(routing, visit, legacy, body, routing.limits.legacyTimeoutMs, () => {});
	if (visit.clientLeft) return;
	if (outcome.kind === "failure") return answerFailure(visit, outcome.failure);
	try {
		answerStreamed(visit, outcome.answer, null);
	} catch (error) {
		giveUpAnswer(visit, error);
	}
}

async function askModern(routing: Routing, visit: Visit, arm: Extract<Arm, { kind: "modern" }>): Promise<void> {
	letContinue(visit);
	const body = await keepBody(visit.request, visit.requestTap, routing.limits.bodyCap);
	if (body === null) return;
	// The body may have taken its time, and the kill switch may have been pressed meanwhile.
	const table = routing.table();
	if (!stillAllows(table.match(visit.method, visit.target), arm.upstream)) {
		visit.planVersion = table.version;
		return await askLegacy(routing, visit, body);
	}
	visit.arm = "modern";
	const tried = await tryModern(routing, visit, arm.upstream, body);
	if (visit.clientLeft || tried.kind === "answered") return;
	const { failure } = tried;
	visit.error = `modern: ${failure.reason}`;
	const canRepeat = body.kind !== "stream" || !failure.sent;
	if (canRepeat && routing.table().legacy !== null && mayFailOver(arm.failover, failure.sent, visit.isKeyed)) {
		visit.arm = "failover";
		return await askLegacy(routing, visit, body);
	}
	if (tried.answer) {
		visit.isClientError = true;
		answerWhole(visit, tried.answer.head, tried.answer.bytes);
	} else answerFailure(visit, failure);
}

/** `answer`: the whole error answer of the service, for the case that nobody else may be asked. */
type Tried = { kind: "answered" } | { kind: "failed"; failure: Failure; answer: { head: Answer; bytes: Buffer } | null };

async function tryModern(routing: Routing, visit: Visit, upstream: Upstream, body: RequestBody): Promise<Tried> {
	const { bodyCap, modernTimeoutMs } = routing.limits;
	const deadline = performance.now() + modernTimeoutMs;
	const outcome = await send(routing, visit, upstream, body, modernTimeoutMs, routing.onModernSent);
	if (outcome.kind === "failure") return { kind: "failed", failure: outcome.failure, answer: null };
	const { answer } = outcome;
	const isBad = answer.status >= 500;
	try {
		if (!isBad && isEventStream(answer)) {
			answerStreamed(visit, answer, null);
			return { kind: "answered" };
		}
		const collected = await collectAnswer(answer, bodyCap, Math.max(1, deadline - performance.now()));
		if (visit.clientLeft) return { kind: "answered" };
		if (collected.kind === "cut") {
			visit.sent?.abort();
			const kind = collected.isTimeout ? "timeout" : "reset";
			return { kind: "failed", failure: { kind, sent: true, reason: collected.reason }, answer: null };
		}
		if (isBad) {
			if (collected.kind === "large") visit.sent?.abort();
			const failure: Failure = { kind: "reset", sent: true, reason: `status ${answer.status}` };
			return { kind: "failed", failure, answer: collected.kind === "whole" ? { head: answer, bytes: collected.bytes } : null };
		}
		if (collected.kind === "whole") answerWhole(visit, answer, collected.bytes);
		else answerStreamed(visit, answer, collected.head);
		return { kind: "answered" };
	} catch (error) {
		if (visit.response.headersSent) throw error;
		visit.sent?.abort();
		return { kind: "failed", failure: malformed(error), answer: null };
	}
}

async function send(
	routing: Routing,
	visit: Visit,
	upstream: Upstream,
	body: RequestBody,
	timeoutMs: number,
	onSent: () => void,
): Promise<Outcome> {
	let headers = upstreamHeaders(visit.request.rawHeaders, visit.request.socket.remoteAddress ?? "");
	if (!visit.awaitsContinue) headers = withoutHeader(headers, "expect");
	if (body.kind === "none" && !/^(GET|HEAD|DELETE|OPTIONS|TRACE|CONNECT)$/.test(visit.method)) {
		// Without it node would announce a chunked body that the client never sent.
		if (visit.request.headers["content-length"] === undefined) headers.push("Content-Length", "0");
	}
	visit.sent = routing.forwarder.send({
		upstream,
		method: visit.method,
		target: visit.target,
		headers,
		body,
		timeoutMs,
		isRepeatable: visit.isKeyed || idempotent.has(visit.method),
		onContinue: visit.awaitsContinue ? () => letContinue(visit) : null,
		onSent,
	});
	return await visit.sent.outcome;
}

function answerFailure(visit: Visit, failure: Failure): void {
	visit.error ??= failure.reason;
	visit.isClientError = true;
	const data = { method: visit.method, path: pathOf(visit.target), reason: reasonForClient(failure) };
	const status = failure.kind === "timeout" ? 504 : 502;
	answerCoded(visit, codedAnswer(status, failure.sent ? "UPSTREAM_LOST" : "UPSTREAM_UNREACHED", data));
}

/** Legacy's own answer cannot be written: node refuses its head, or nothing of it has left yet. */
function giveUpAnswer(visit: Visit, error: unknown): void {
	visit.sent?.abort();
	if (visit.response.headersSent) {
		visit.isClientError = true;
		visit.response.destroy();
	} else answerFailure(visit, malformed(error));
}

function malformed(error: unknown): Failure {
	return { kind: "reset", sent: true, reason: `the head of the answer is malformed (${error instanceof Error ? error.message : error})` };
}

/** Addresses inside the company are no business of the client. */
function reasonForClient(failure: Failure): string {
	switch (failure.kind) {
		case "refused":
			return "no connection";
		case "timeout":
			return "no answer in time";
		case "reset":
		case "aborted":
			return "the connection was cut or the answer malformed";
	}
}

function isEventStream(answer: Answer): boolean {
	const type = answer.body.headers["content-type"];
	return type?.startsWith("text/event-stream") === true;
}
