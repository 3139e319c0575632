import { createServer, type Server, type Socket } from "node:net";
import { systemClock } from "../../base/clock.ts";
import type { RoutePlan, Upstream } from "../../contract/traffic.ts";
import type { SpillSink } from "./body-tap.ts";
import { type ClientConnection, createClientConnection } from "./client-connection.ts";
import { createCounters } from "./counters.ts";
import { createEjection } from "./ejection.ts";
import { createHttpFront, type HttpFront, type HttpListener } from "./http-front.ts";
import { createClientSession } from "./http2/client-session.ts";
import { createRetries } from "./mirror/retries.ts";
import { createOpenRequests } from "./open-requests.ts";
import { createPlanTable } from "./plan-table.ts";
import type { Plane } from "./plane.ts";
import type { Counters, Limits, WorkerReport } from "./protocol.ts";
import type { HandshakeLimits } from "./tls/tls-front.ts";
import { createUpstreamTls } from "./tls/upstream-tls.ts";
import { createUpgrader } from "./upgrade.ts";
import { connectWith, createUpstreamPool } from "./upstream-pool.ts";
import type { Visit } from "./visit.ts";

export type DataPlane = {
	/** Not listening yet. */
	server: Server;
	counters: Counters;
	setPlan(plan: RoutePlan): void;
	report(): WorkerReport;
	/** One more address to take connections from. Fault CERTIFICATE_UNUSABLE. */
	open(listener: HttpListener, secret: Buffer, handshakes?: HandshakeLimits): HttpFront;
	/** From now on every answer ends its connection. */
	drain(): void;
};

/** A visit that is over, numbered; bodies still raw. */
export type EndedVisit = { seq: number; endedAt: number; openSince: number; visit: Visit };

type DataPlaneDeps = {
	plan: RoutePlan;
	limits: Limits;
	lastSeq: number;
	isCapturing(): boolean;
	spills?: SpillSink;
	onEnded(ended: EndedVisit): void;
};

const sweepMs = 50;
const { now } = systemClock;

/** The HTTP face of the gateway: takes connections, has their requests served, keeps count. It knows nothing of the core. */
export function createDataPlane({ plan, limits, lastSeq, isCapturing, spills, onEnded }: DataPlaneDeps): DataPlane {
	let table = createPlanTable(plan);
	let seq = lastSeq;
	let isDraining = false;
	const counters = createCounters();
	const open = createOpenRequests();
	const retries = createRetries();
	const connections = new Set<ClientConnection>();
	const onModernSent = () => {
		counters.lastModernAt = now();
	};
	const upgrade = createUpgrader({ table: () => table, counters, onModernSent });
	const upstreamTls = createUpstreamTls();
	const plane: Plane = {
		limits,
		pool: createUpstreamPool(connectWith(upstreamTls)),
		counters,
		ejection: createEjection(limits.ejectAfter),
		spills: spills ?? null,
		table: () => table,
		isDraining: () => isDraining,
		isCapturing,
		onBegun: (visit) => open.enter(visit),
		onEnded: endVisit,
		onModernSent,
		onUpgrade: upgrade,
		onHttp2: (socket, bytes) => serveHttp2(socket, bytes, ""),
	};

	function endVisit(visit: Visit): number {
		const endedAt = now();
		open.leave(visit);
		counters.requests++;
		counters.byArm[visit.arm]++;
		if (visit.isClientError) counters.clientErrors++;
		if (visit.mirrored) {
			counters.mirrored++;
			if (retries.isRetry(visit, endedAt)) leaveOut(visit);
		}
		if (visit.arm === "failover") counters.failovers++;
		if (visit.arm !== "modern") {
			const id = visit.route ?? "-";
			counters.legacyByRoute[id] = (counters.legacyByRoute[id] ?? 0) + 1;
		}
		seq++;
		onEnded({ seq, endedAt, openSince: open.oldest(endedAt), visit });
		return endedAt;
	}

	/** A client's retry is in the book of what was to be mirrored, as dropped. */
	function leaveOut(visit: Visit): void {
		visit.mirrored = false;
		visit.decision = "retry";
		counters.dropped.retry = (counters.dropped.retry ?? 0) + 1;
	}

	function serveHttp1(socket: Socket, clientLines: string): void {
		const connection = createClientConnection(socket, plane, () => connections.delete(connection), clientLines);
		connections.add(connection);
	}

	function serveHttp2(socket: Socket, bytes: Buffer, clientLines: string): void {
		const session = createClientSession(socket, bytes, plane, () => connections.delete(session), clientLines);
		connections.add(session);
	}

	const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket: Socket) => serveHttp1(socket, ""));
	const sweeping = setInterval(() => {
		const at = now();
		for (const connection of connections) connection.sweep(at);
		plane.pool.sweep(at);
	}, sweepMs);
	server.once("close", () => clearInterval(sweeping));

	return {
		server,
		counters,
		setPlan(next) {
			table = createPlanTable(next);
			const named = upstreamsOf(next);
			plane.pool.retain(named);
			plane.ejection.retain(named);
		},
		report: () => ({
			counters,
			planVersion: table.version,
			lastSeq: seq,
			openRequests: open.size,
			openSince: open.oldest(now()),
			ejections: plane.ejection.stats(),
		}),
		open: (listener, secret, handshakes) => createHttpFront({ listener, secret, handshakes, serveHttp1, serveHttp2 }),
		drain() {
			isDraining = true;
			// Those that would wait for their next request are told at once.
			for (const connection of connections) connection.sweep(now());
		},
	};
}

/** Whoever the plan may have answer a client. */
function upstreamsOf({ legacy, routes }: RoutePlan): Upstream[] {
	const modern = routes.flatMap(({ mode }) => (mode.kind === "canary" || mode.kind === "modern" ? [mode.upstream] : []));
	return legacy === null ? modern : [legacy, ...modern];
}
