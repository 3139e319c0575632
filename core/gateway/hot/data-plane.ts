import { createServer, type Server, type Socket } from "node:net";
import { systemClock } from "../../base/clock.ts";
import type { RoutePlan, ShadowAnswer } from "../../contract/traffic.ts";
import { type ClientConnection, createClientConnection } from "./client-connection.ts";
import { createCounters } from "./counters.ts";
import { createOpenRequests } from "./open-requests.ts";
import { createPlanTable } from "./plan-table.ts";
import type { Plane } from "./plane.ts";
import type { Counters, Limits, WorkerReport } from "./protocol.ts";
import { createShadowCopies } from "./shadow/shadow-copies.ts";
import type { TcpListener } from "./stream/conversation.ts";
import { createStreamServer, type StreamTimes } from "./stream/stream-server.ts";
import { createUpgrader } from "./upgrade.ts";
import { createUpstreamPool } from "./upstream-pool.ts";
import type { Visit } from "./visit.ts";
import { createSocketWatch } from "./websocket/socket-watch.ts";

export type DataPlane = {
	/** Not listening yet. */
	server: Server;
	counters: Counters;
	/** A connection of a TCP listener, accepted with `allowHalfOpen`. */
	serveStream(socket: Socket, listener: TcpListener): void;
	setPlan(plan: RoutePlan): void;
	report(): WorkerReport;
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
	onEnded(ended: EndedVisit): void;
	/** Of a message of a stream; always after its exchange. */
	onShadowAnswer(answer: ShadowAnswer): void;
	streamTimes?: StreamTimes;
};

const sweepMs = 50;
const { now } = systemClock;

/** The HTTP face of the gateway: takes connections, has their requests served, keeps count. It knows nothing of the core. */
export function createDataPlane({ plan, limits, lastSeq, isCapturing, onEnded, onShadowAnswer, streamTimes }: DataPlaneDeps): DataPlane {
	let table = createPlanTable(plan);
	let seq = lastSeq;
	let isDraining = false;
	const counters = createCounters();
	const open = createOpenRequests();
	const connections = new Set<ClientConnection>();
	const onModernSent = () => {
		counters.lastModernAt = now();
	};
	const upgrade = createUpgrader({ table: () => table, counters, onModernSent, watch: () => sockets });
	const plane: Plane = {
		limits,
		pool: createUpstreamPool(),
		counters,
		table: () => table,
		isDraining: () => isDraining,
		isCapturing,
		onBegun: (visit) => open.enter(visit),
		onEnded: endVisit,
		onModernSent,
		onUpgrade: upgrade,
	};

	const copies = createShadowCopies({ bodyCap: limits.bodyCap, dropped: counters.dropped, now, onShadowAnswer });
	const streams = createStreamServer({ plane, copies, ...(streamTimes && { times: streamTimes }) });
	const sockets = createSocketWatch({ plane, copies });

	function endVisit(visit: Visit): number {
		const endedAt = now();
		open.leave(visit);
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
		visit.seq = seq;
		onEnded({ seq, endedAt, openSince: open.oldest(endedAt), visit });
		return endedAt;
	}

	const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket: Socket) => {
		const connection = createClientConnection(socket, plane, () => connections.delete(connection));
		connections.add(connection);
	});
	const sweeping = setInterval(() => {
		const at = now();
		for (const connection of connections) connection.sweep(at);
		plane.pool.sweep(at);
		streams.sweep(at);
		sockets.sweep(at);
	}, sweepMs);
	server.once("close", () => clearInterval(sweeping));

	return {
		server,
		counters,
		serveStream: streams.serve,
		setPlan(next) {
			table = createPlanTable(next);
			streams.planned();
			sockets.planned();
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
