import type { TlsCounts } from "../tls/tls-front.ts";
import type { PoolFigures } from "../upstream/pool-figures.ts";
import { createProcessProbe, type ProcessFigures } from "./process-probe.ts";
import type { RouteSeries, TrafficMeter } from "./traffic-meter.ts";

/** What a worker counts beside the requests of its routes. `refused`: by the name of the refusal. */
export type WorkerFigures = {
	refused: Record<string, number>;
	upgrades: number;
	connections: { accepted: number; open: number; idle: number };
	network: { received: number; sent: number };
	pools: PoolFigures[];
	/** Handshakes, by listener. */
	tls: Record<string, TlsCounts>;
};

/** A part of a worker's report: some of the routes that have changed, all counted since the worker's start. */
export type WorkerMetrics = {
	routes: Record<string, RouteSeries>;
	/** With the last part of a round. */
	figures: (WorkerFigures & { process: ProcessFigures }) | null;
};

/** Figures of so many routes go at once: a report must not hold a request up. */
const routesAtOnce = 50;
/** What is lost with a worker that is killed: at most so much, of what nobody has asked for. */
const everyMs = 15_000;

export type WorkerMetering = {
	/** What goes with this report; undefined: nothing is due. */
	due(now: number): WorkerMetrics | undefined;
	/** Begins a round now. */
	begin(): void;
	/** A round is under way. */
	readonly isUnderWay: boolean;
};

export function createWorkerMetering(meter: TrafficMeter, figures: () => WorkerFigures): WorkerMetering {
	const look = createProcessProbe();
	let waiting: string[] | null = null;
	let lastAt = 0;
	let isAsked = false;
	return {
		begin() {
			isAsked = true;
			waiting = meter.changed();
		},
		due(now) {
			if (waiting === null) {
				if (now - lastAt < everyMs) return undefined;
				waiting = meter.changed();
			}
			lastAt = now;
			const part = waiting.splice(0, routesAtOnce);
			const routes = Object.fromEntries(part.map((route) => [route, meter.read(route)]));
			if (waiting.length > 0) return { routes, figures: null };
			const whole = { ...figures(), process: look(isAsked) };
			waiting = null;
			isAsked = false;
			return { routes, figures: whole };
		},
		get isUnderWay() {
			return waiting !== null;
		},
	};
}
