import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { systemClock } from "../../base/clock.ts";
import type { RoutePlan } from "../../contract/traffic.ts";
import { codedAnswer, sendCoded, writeCoded } from "./coded-answer.ts";
import { createCounters } from "./counters.ts";
import { createForwarder } from "./forward.ts";
import { ambiguityOf } from "./headers.ts";
import { createOpenRequests } from "./open-requests.ts";
import { createPlanTable } from "./plan-table.ts";
import type { Counters, Limits, WorkerReport } from "./protocol.ts";
import { type Routing, routeRequest } from "./route-request.ts";
import { createUpgrader } from "./upgrade.ts";
import { createVisit, type Visit } from "./visit.ts";

export type DataPlane = {
	/** Not listening yet. */
	server: Server;
	counters: Counters;
	setPlan(plan: RoutePlan): void;
	report(): WorkerReport;
	/** From now on every answer ends its connection. */
	drain(): void;
};

/** A visit that is over, numbered; bodies still raw. */
export type EndedVisit = { seq: number; endedAt: number; openSince: number; visit: Visit };

type DataPlaneDeps = { plan: RoutePlan; limits: Limits; lastSeq: number; onEnded(ended: EndedVisit): void };

const { now } = systemClock;

/** The HTTP face of the gateway: takes requests, has them routed, keeps count. It knows nothing of the core. */
export function createDataPlane({ plan, limits, lastSeq, onEnded }: DataPlaneDeps): DataPlane {
	let table = createPlanTable(plan);
	let seq = lastSeq;
	let isDraining = false;
	const counters = createCounters();
	const open = createOpenRequests();
	/** Connections that got their refusal; what the parser finds in them afterwards is told to nobody. */
	const refused = new WeakSet<object>();
	const lastAnswer = new WeakMap<object, ServerResponse>();
	const onModernSent = () => {
		counters.lastModernAt = now();
	};
	const routing: Routing = { forwarder: createForwarder(), limits, table: () => table, onModernSent };

	function serve(request: IncomingMessage, response: ServerResponse, awaitsContinue: boolean): void {
		response.on("error", () => {});
		lastAnswer.set(request.socket, response);
		const ambiguity = ambiguityOf(request.rawHeaders, request.httpVersion);
		if (ambiguity) {
			refused.add(request.socket);
			sendCoded(response, codedAnswer(400, "REQUEST_REFUSED", { reason: ambiguity }), true);
			return;
		}
		const startedAt = now();
		const leave = open.enter(startedAt);
		const route = table.match(request.method ?? "", request.url ?? "");
		const isKeyed = request.headers[table.idempotencyHeader] !== undefined;
		const start = { request, response, startedAt, awaitsContinue, isKeyed, isLast: isDraining, planVersion: table.version };
		const visit = createVisit({ ...start, route: route?.id ?? null }, limits.bodyCap);
		let isOver = false;
		const end = () => {
			if (isOver) return;
			isOver = true;
			leave();
			endVisit(visit);
		};
		response.once("finish", end);
		response.once("close", () => {
			if (!isOver && !visit.isClientError) {
				visit.clientLeft = true;
				visit.error = "the client left";
				visit.sent?.abort();
			}
			end();
		});
		routeRequest(routing, visit, route).catch((error: unknown) => {
			// A bug of the gateway; the client must not hang on it.
			visit.error = `gateway: ${error instanceof Error ? error.message : error}`;
			visit.isClientError = true;
			visit.sent?.abort();
			response.destroy();
		});
	}

	function endVisit(visit: Visit): void {
		const endedAt = now();
		if (!visit.response.writableFinished) visit.status = 0;
		counters.requests++;
		counters.byArm[visit.arm]++;
		if (visit.isClientError) counters.clientErrors++;
		if (visit.mirrored) counters.mirrored++;
		if (visit.arm === "failover") counters.failovers++;
		if (visit.arm !== "modern") {
			const id = visit.route ?? "-";
			counters.legacyByRoute[id] = (counters.legacyByRoute[id] ?? 0) + 1;
		}
		seq++;
		onEnded({ seq, endedAt, openSince: open.oldest(endedAt), visit });
	}

	const server = createServer({
		insecureHTTPParser: false,
		// What legacy tolerates is legacy's to judge; more than one Host is refused as ambiguous.
		requireHostHeader: false,
		keepAliveTimeout: 65_000,
		headersTimeout: 30_000,
		requestTimeout: 0,
		shouldUpgradeCallback: (request) => request.method === "GET" && request.headers.upgrade?.toLowerCase() === "websocket",
	});
	server.on("request", (request, response) => serve(request, response, false));
	server.on("checkContinue", (request, response) => serve(request, response, true));
	server.on("clientError", (error, socket) => {
		const answer = lastAnswer.get(socket);
		const isMidAnswer = answer?.headersSent === true && !answer.writableFinished;
		if (refused.has(socket) || isMidAnswer) socket.destroy();
		else onClientError(error, socket as Socket);
	});
	server.on("connect", (_request, socket) => {
		writeCoded(socket as Socket, codedAnswer(501, "REQUEST_REFUSED", { reason: "CONNECT is not served here" }));
	});
	const upgrade = createUpgrader({ table: () => table, counters, onModernSent });
	server.on("upgrade", (request, socket, head) => upgrade(request, socket as Socket, head));

	return {
		server,
		counters,
		setPlan(next) {
			table = createPlanTable(next);
		},
		report: () => ({
			counters,
			planVersion: table.version,
			lastSeq: seq,
			openRequests: open.size,
			openSince: open.oldest(now()),
		}),
		drain() {
			isDraining = true;
		},
	};
}

function onClientError(error: NodeJS.ErrnoException, connection: Socket): void {
	if (error.code === "ECONNRESET" || !connection.writable) {
		connection.destroy();
		return;
	}
	if (error.code === "HPE_HEADER_OVERFLOW") {
		writeCoded(connection, codedAnswer(431, "REQUEST_REFUSED", { reason: "its head is longer than 16 KiB" }));
	} else if (error.code === "ERR_HTTP_REQUEST_TIMEOUT") {
		writeCoded(connection, codedAnswer(408, "REQUEST_REFUSED", { reason: "its head did not come in time" }));
	} else {
		writeCoded(connection, codedAnswer(400, "REQUEST_REFUSED", { reason: `it is not valid HTTP/1.1 (${error.code ?? error.message})` }));
	}
}
