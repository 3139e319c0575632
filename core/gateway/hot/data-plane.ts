import { createServer, type Server, type Socket } from "node:net";
import { systemClock } from "../../base/clock.ts";
import type { RoutePlan } from "../../contract/traffic.ts";
import { type ClientConnection, createClientConnection } from "./client-connection.ts";
import { createCounters } from "./counters.ts";
import { createClientTally } from "./metrics/client-tally.ts";
import { createTrafficMeter } from "./metrics/traffic-meter.ts";
import { createWorkerMetering, type WorkerMetering } from "./metrics/worker-metrics.ts";
import { createOpenRequests } from "./open-requests.ts";
import { createPlanTable } from "./plan-table.ts";
import type { Plane } from "./plane.ts";
import type { Counters, WorkerReport } from "./protocol.ts";
import { createUpgrader } from "./upgrade.ts";
import { createUpstreamPool } from "./upstream-pool.ts";
import type { Visit } from "./visit.ts";

export type DataPlane = {
	/** Not listening yet. */
	server: Server;
	counters: Counters;
	setPlan(plan: RoutePlan): void;
	report(): WorkerReport;
	readonly metering: WorkerMetering;
	/** From now on every answer ends its connection. */
	drain(): void;
};

/** A visit that is over, numbered; bodies still raw. */
export type EndedVisit = { seq: number; endedAt: number; openSince: number; visit: Visit };

type DataPlaneDeps = Pick<Plane, "limits" | "tracer" | "isCapturing" | "isKeepingBodies"> & {
	plan: RoutePlan;
	lastSeq: number;
	onEnded(ended: EndedVisit): void;
};

const sweepMs = 50;
const { now } = systemClock;

/** The HTTP face of the gateway: takes connections, has their requests served, keeps count. It knows nothing of the core. */
export function createDataPlane({ plan, lastSeq, onEnded, ...shared }: DataPlaneDeps): DataPlane {
	let table = createPlanTable(plan);
	let seq = lastSeq;
	let isDraining = false;
	const counters = createCounters();
	const open = createOpenRequests();
	const connections = new Set<ClientConnection>();
	const meter = createTrafficMeter();
	const tally = createClientTally(connections);
	const onModernSent = () => {
		counters.lastModernAt = now();
	};
	const upgrade = createUpgrader({ table: () => table, counters, onModernSent });
	const plane: Plane = {
		...shared,
		pool: createUpstreamPool(),
		counters,
		table: () => table,
		isDraining: () => isDraining,
		onBegun: (visit) => open.enter(visit),
		onEnded: endVisit,
		onModernSent,
		onRefused: tally.refuse,
		onUpgrade(socket, bytes) {
			tally.upgrade();
			upgrade(socket, bytes);
		},
	};
	const metering = createWorkerMetering(meter, () => ({ ...tally.figures(), pools: plane.pool.figures() }));

	function endVisit(visit: Visit): number {
		const endedAt = now();
		open.leave(visit);
		meter.count(visit, endedAt);
		if (visit.trace !== null) shared.tracer.end(visit.trace, visit, endedAt);
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
		return endedAt;
	}

	const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket: Socket) => {
		const connection = createClientConnection(socket, plane, () => {
			if (connections.delete(connection)) tally.leave(socket);
		});
		connections.add(connection);
		tally.enter();
	});
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
		},
		report: () => ({
			counters,
			planVersion: table.version,
			lastSeq: seq,
			openRequests: open.size,
			openSince: open.oldest(now()),
			metrics: metering.due(now()),
		}),
		metering,
		drain() {
			isDraining = true;
		},
	};
}
