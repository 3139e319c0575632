import { addRecords } from "../capture/counters.ts";
import type { WorkerReport } from "../protocol.ts";
import type { PoolFigures } from "../upstream/pool-figures.ts";
import type { ProcessFigures } from "./process-probe.ts";
import { addSeries, type RouteSeries, requestsOf } from "./traffic-meter.ts";
import type { WorkerFigures, WorkerMetrics } from "./worker-metrics.ts";

/** The figures of all workers, of the dead ones too. `takenAt`: when a worker last told of itself. */
export type WorkersSnapshot = WorkerFigures & {
	routes: ReadonlyMap<string, RouteSeries>;
	workers: { key: number; takenAt: number; process: ProcessFigures }[];
	deaths: number;
	/** Requests that dead workers had counted, but whose route and duration died with them. */
	unattributed: number;
};

/** `isAsked`: it ended as it was told to. `isReplaced`: its successor has a place of its own already. */
export type WorkerEnd = { isAsked: boolean; isReplaced: boolean };

export type MetricsLedger = {
	/** `worker`: its place, which its successor takes over. */
	take(worker: number, report: WorkerReport): void;
	close(worker: number, how: WorkerEnd): void;
	/** Every living worker has told all there is to tell since then. */
	isFresh(since: number): boolean;
	snapshot(): WorkersSnapshot;
};

type Figures = WorkerFigures & { process: ProcessFigures };
type Live = { routes: Map<string, RouteSeries>; figures: Figures | null; takenAt: number; requests: number };

const unheard = (): Live => ({ routes: new Map(), figures: null, takenAt: 0, requests: 0 });

const noFigures: WorkerFigures = {
	refused: {},
	upgrades: 0,
	connections: { accepted: 0, open: 0, idle: 0 },
	network: { received: 0, sent: 0 },
	pools: [],
	tls: {},
};

export function createMetricsLedger(now: () => number): MetricsLedger {
	const live = new Map<number, Live>();
	const past = new Map<string, RouteSeries>();
	let pastFigures = noFigures;
	let deaths = 0;
	let unattributed = 0;

	function merge(known: Live, { routes, figures }: WorkerMetrics): void {
		for (const [route, series] of Object.entries(routes)) known.routes.set(route, series);
		if (figures === null) return;
		known.figures = figures;
		known.takenAt = now();
	}

	return {
		take(worker, { counters, metrics }) {
			const known = live.get(worker) ?? unheard();
			live.set(worker, known);
			known.requests = counters.requests;
			if (metrics) merge(known, metrics);
		},
		close(worker, { isAsked, isReplaced }) {
			const dead = live.get(worker);
			if (!isAsked) deaths++;
			// A successor that takes the place is expected: who asks now waits a moment for it.
			if (isReplaced) live.delete(worker);
			else live.set(worker, unheard());
			if (!dead) return;
			let counted = dead.figures?.upgrades ?? 0;
			for (const series of dead.routes.values()) for (const arm of series) if (arm) counted += requestsOf(arm);
			unattributed += Math.max(0, dead.requests - counted);
			addRoutes(past, dead.routes);
			if (dead.figures) pastFigures = addFigures(pastFigures, ended(dead.figures));
		},
		isFresh: (since) => [...live.values()].every(({ takenAt }) => takenAt >= since),
		snapshot() {
			const routes = new Map(past);
			let figures = pastFigures;
			const workers: WorkersSnapshot["workers"] = [];
			for (const [key, worker] of live) {
				addRoutes(routes, worker.routes);
				if (!worker.figures) continue;
				figures = addFigures(figures, worker.figures);
				workers.push({ key, takenAt: worker.takenAt, process: worker.figures.process });
			}
			return { ...figures, routes, workers, deaths, unattributed };
		},
	};
}

function addRoutes(to: Map<string, RouteSeries>, from: ReadonlyMap<string, RouteSeries>): void {
	for (const [route, series] of from) {
		const known = to.get(route);
		to.set(route, known === undefined ? series : series.map((arm, index) => addSeries(known[index] ?? null, arm)));
	}
}

function addFigures(a: WorkerFigures, b: WorkerFigures): WorkerFigures {
	return {
		refused: addRecords(a.refused, b.refused),
		upgrades: a.upgrades + b.upgrades,
		connections: {
			accepted: a.connections.accepted + b.connections.accepted,
			open: a.connections.open + b.connections.open,
			idle: a.connections.idle + b.connections.idle,
		},
		network: { received: a.network.received + b.network.received, sent: a.network.sent + b.network.sent },
		pools: addPools(a.pools, b.pools),
		tls: addHandshakes(a.tls, b.tls),
	};
}

/** With a process its connections end; what it counted stays. */
function ended({ refused, upgrades, connections, network, pools, tls }: WorkerFigures): WorkerFigures {
	return {
		...{ refused, upgrades, network, tls },
		connections: { accepted: connections.accepted, open: 0, idle: 0 },
		pools: pools.map((pool) => ({ ...pool, open: 0, idle: 0 })),
	};
}

function addHandshakes(a: WorkerFigures["tls"], b: WorkerFigures["tls"]): WorkerFigures["tls"] {
	const sum = { ...a };
	for (const [listener, { done, resumed, failed }] of Object.entries(b)) {
		const known = sum[listener] ?? { done: 0, resumed: 0, failed: {} };
		sum[listener] = { done: known.done + done, resumed: known.resumed + resumed, failed: addRecords(known.failed, failed) };
	}
	return sum;
}

function addPools(a: readonly PoolFigures[], b: readonly PoolFigures[]): PoolFigures[] {
	const sum = new Map<string, PoolFigures>();
	for (const pool of [...a, ...b]) {
		const key = `${pool.host}:${pool.port}`;
		const known = sum.get(key);
		const { connects, open, idle } = known ?? { connects: 0, open: 0, idle: 0 };
		sum.set(key, { ...pool, connects: connects + pool.connects, open: open + pool.open, idle: idle + pool.idle });
	}
	return [...sum.values()];
}
