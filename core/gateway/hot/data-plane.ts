import type { Socket } from "node:net";
import { systemClock } from "../../base/clock.ts";
import type { Listener } from "../../contract/listeners.ts";
import type { RoutePlan, Upstream } from "../../contract/traffic.ts";
import type { SpillSink } from "./capture/body-tap.ts";
import { createCounters } from "./capture/counters.ts";
import { type ClientConnection, createClientConnection } from "./client/client-connection.ts";
import { createHttpFront, createStreamFront, type Front } from "./client/front.ts";
import { createOpenRequests } from "./client/open-requests.ts";
import { createUpgrader } from "./client/upgrade.ts";
import type { Visit } from "./client/visit.ts";
import { createClientSession } from "./http2/client-session.ts";
import { createClientTally } from "./metrics/client-tally.ts";
import { createTrafficMeter } from "./metrics/traffic-meter.ts";
import { createWorkerMetering, type WorkerMetering } from "./metrics/worker-metrics.ts";
import type { RawAnswer } from "./mirror/answer-codec.ts";
import { createRetries, createSeenNews } from "./mirror/retries.ts";
import type { Plane } from "./plane.ts";
import type { Counters, SharedNews, WorkerReport } from "./protocol.ts";
import { createEjection } from "./routing/ejection.ts";
import { createPlanTable } from "./routing/plan-table.ts";
import { createShadowCopies } from "./shadow/shadow-copies.ts";
import { connectStream, createStreamServer, type StreamTimes } from "./stream/stream-server.ts";
import { type ReadPem, readPem, type TlsKeys, upstreamsIn } from "./tls/pem-files.ts";
import type { HandshakeLimits } from "./tls/tls-front.ts";
import { createUpstreamTls } from "./tls/upstream-tls.ts";
import { createTracer } from "./tracing/trace-sender.ts";
import { connectWith, createUpstreamPool } from "./upstream/upstream-pool.ts";
import { createSocketWatch } from "./websocket/socket-watch.ts";

export type DataPlane = {
	counters: Counters;
	/** `files`: that it names; without them those of before. */
	setPlan(plan: RoutePlan, files?: ReadPem): void;
	report(): WorkerReport;
	readonly metering: WorkerMetering;
	/** How connections of this listener are taken; they are accepted elsewhere, with `allowHalfOpen`. Fault CERTIFICATE_UNUSABLE. */
	open(listener: Listener, keys: TlsKeys, handshakes?: HandshakeLimits): Front;
	/** From now on these files towards upstreams; connections that are open go on. */
	reload(files: ReadPem): void;
	/** What another worker has found out. */
	learn(news: SharedNews): void;
	/** From now on every answer ends its connection. */
	drain(): void;
	close(): void;
};

/** A visit that is over, numbered; bodies still raw. */
export type EndedVisit = { seq: number; endedAt: number; openSince: number; visit: Visit };

type DataPlaneDeps = Pick<Plane, "limits" | "isCapturing"> &
	Partial<Pick<Plane, "tracer" | "isKeepingBodies">> & {
		plan: RoutePlan;
		/** Of the files that the plan names. */
		read?: ReadPem;
		lastSeq: number;
		spills?: SpillSink;
		onEnded(ended: EndedVisit): void;
		/** Of a message of a stream; always after its exchange. */
		onShadowAnswer?(answer: RawAnswer): void;
		/** For the other workers; absent where there are none. */
		onNews?(news: SharedNews): void;
		streamTimes?: StreamTimes;
	};

const sweepMs = 50;
const { now } = systemClock;

/** The HTTP face of the gateway: takes connections, has their requests served, keeps count. It knows nothing of the core. */
export function createDataPlane({ plan, lastSeq, spills, onEnded, ...given }: DataPlaneDeps): DataPlane {
	const { limits, isCapturing, isKeepingBodies = isCapturing, tracer = createTracer(null, () => false) } = given;
	const { onShadowAnswer = () => {}, onNews, streamTimes, read = readPem } = given;
	let table = createPlanTable(plan);
	let seq = lastSeq;
	let isDraining = false;
	const counters = createCounters();
	const open = createOpenRequests();
	const retries = createRetries({ onSeen: onNews && createSeenNews(onNews) });
	const connections = new Set<ClientConnection>();
	const meter = createTrafficMeter();
	const tally = createClientTally(connections);
	const onModernSent = () => {
		counters.lastModernAt = now();
	};
	const upstreamTls = createUpstreamTls(read);
	upstreamTls.prepare(upstreamsIn(plan));
	const connectPlainOrTls = connectWith(upstreamTls);
	/** A WebSocket begins as HTTP/1.1, whatever else the upstream speaks. */
	const openHttp1 = (upstream: Upstream) => connectPlainOrTls({ ...upstream, protocol: "http/1.1" });
	const upgrade = createUpgrader({ table: () => table, counters, onModernSent, watch: () => sockets, open: openHttp1 });
	const plane: Plane = {
		...{ limits, tracer, isCapturing, isKeepingBodies },
		pool: createUpstreamPool(connectPlainOrTls),
		counters,
		ejection: createEjection(limits.ejectAfter, onNews && ((address) => onNews({ kind: "ejected", address }))),
		spills: spills ?? null,
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
		onHttp2(socket, bytes) {
			tally.goOn(socket);
			serveHttp2(socket, bytes, "");
		},
	};
	const metering = createWorkerMetering(meter, () => ({ ...tally.figures(), pools: plane.pool.figures() }));

	const copies = createShadowCopies({ bodyCap: limits.bodyCap, now, onAnswer: onShadowAnswer });
	const streams = createStreamServer({ plane, copies, open: connectStream(upstreamTls), ...(streamTimes && { times: streamTimes }) });
	const sockets = createSocketWatch({ plane, copies, open: openHttp1 });

	function endVisit(visit: Visit): number {
		const endedAt = now();
		open.leave(visit);
		meter.count(visit, endedAt);
		if (visit.trace !== null) tracer.end(visit.trace, visit, endedAt);
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
		visit.seq = seq;
		onEnded({ seq, endedAt, openSince: open.oldest(endedAt), visit });
		return endedAt;
	}

	/** A client's retry is in the book of what was to be mirrored, as dropped. */
	function leaveOut(visit: Visit): void {
		visit.mirrored = false;
		visit.decision = "retry";
		counters.dropped.retry = (counters.dropped.retry ?? 0) + 1;
	}

	function enter(connection: ClientConnection): void {
		connections.add(connection);
		tally.enter();
	}

	function leave(connection: ClientConnection): void {
		if (connections.delete(connection)) tally.leave(connection.socket);
	}

	function serveHttp1(socket: Socket, clientLines: string): void {
		const connection = createClientConnection(socket, plane, () => leave(connection), clientLines);
		enter(connection);
	}

	function serveHttp2(socket: Socket, bytes: Buffer, clientLines: string): void {
		const session = createClientSession(socket, bytes, plane, () => leave(session), clientLines);
		enter(session);
	}

	function sweep(): void {
		const at = now();
		for (const connection of connections) connection.sweep(at);
		plane.pool.sweep(at);
		streams.sweep(at);
		sockets.sweep(at);
	}
	// Behind what the sockets have: after a stall of this process, an answer that waits to be read is not late.
	const sweeping = setInterval(() => setImmediate(sweep), sweepMs);

	return {
		counters,
		setPlan(next, files) {
			table = createPlanTable(next);
			upstreamTls.prepare(upstreamsIn(next), files);
			const named = upstreamsOf(next);
			plane.pool.retain(named);
			plane.ejection.retain(named);
			streams.planned();
			sockets.planned();
		},
		report: () => ({
			counters,
			planVersion: table.version,
			lastSeq: seq,
			openRequests: open.size,
			openSince: open.oldest(now()),
			ejections: plane.ejection.stats(),
			copies: copies.report(),
			metrics: metering.due(now()),
		}),
		metering,
		open(listener, keys, handshakes) {
			const front =
				listener.kind === "tcp"
					? createStreamFront({ listener, keys, handshakes, serve: streams.serve })
					: createHttpFront({ listener, keys, handshakes, serveHttp1, serveHttp2 });
			tally.follow(listener.id, front.tls);
			return front;
		},
		learn(news) {
			if (news.kind === "seen") retries.learn(news.digests, now());
			else plane.ejection.learn(news.address, now());
		},
		reload: (files) => upstreamTls.reload(files),
		drain() {
			isDraining = true;
			// Those that would wait for their next request are told at once.
			for (const connection of connections) connection.sweep(now());
		},
		close: () => clearInterval(sweeping),
	};
}

/** Whoever the plan may have answer a client. */
function upstreamsOf({ legacy, routes }: RoutePlan): Upstream[] {
	const modern = routes.flatMap(({ mode }) => (mode.kind === "canary" || mode.kind === "modern" ? [mode.upstream] : []));
	return legacy === null ? modern : [legacy, ...modern];
}
