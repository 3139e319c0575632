import type { Visit } from "../client/visit.ts";

/**
 * What is known of the requests of one route and arm: plain numbers, bumped in place when a request ends.
 *
 *     0 .. 18   requests by duration: one place per bound, and one for what took longer
 *     19        seconds, together
 *     20 .. 25  requests by class of the status: none reached the client, 1xx .. 5xx
 *     26        answers that failed through the gateway or in spite of it
 *     27, 28    bytes of bodies: of requests, of answers
 */
export type Series = number[];

/** Upper bounds in seconds: those of the OpenTelemetry conventions, with finer ones below, where a gateway's own share lies. */
export const durationBounds = [
	0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
] as const;
export const DURATION_SUM = durationBounds.length + 1;
export const STATUS = DURATION_SUM + 1;
export const CLIENT_ERRORS = STATUS + 6;
export const REQUEST_BYTES = CLIENT_ERRORS + 1;
export const ANSWER_BYTES = REQUEST_BYTES + 1;
const SERIES_LENGTH = ANSWER_BYTES + 1;

export const arms = ["legacy", "modern", "failover"] as const;
/** One place per arm for requests, behind them one per arm for messages of streams; null: that arm has served nothing. */
export type RouteSeries = (Series | null)[];

/** Routes that are told apart in one life of a worker; the requests of what comes later are counted together, as `(other)`. */
export const routeLimit = 500;
export const noRoute = "-";
export const otherRoutes = "(other)";

const nothing: RouteSeries = [null, null, null, null, null, null];
const boundsMs = durationBounds.map((seconds) => seconds * 1_000);
const zeros = Object.freeze(Array.from({ length: SERIES_LENGTH }, () => 0));
export const createSeries = (): Series => zeros.slice();

export type TrafficMeter = {
	/** The visit is over. */
	count(visit: Visit, endedAt: number): void;
	/** Routes whose figures have changed since they were last given by `read`. */
	changed(): string[];
	read(route: string): RouteSeries;
};

type Metered = { arms: RouteSeries; isChanged: boolean };

/** Free of objects, strings and looks at the clock: everything counted is there when a request ends. */
export function createTrafficMeter(): TrafficMeter {
	const byRoute = new Map<string, Metered>();

	function meteredOf(route: string): Metered {
		const known = byRoute.get(route);
		if (known !== undefined) return known;
		const name = byRoute.size < routeLimit || route === noRoute ? route : otherRoutes;
		const metered = byRoute.get(name) ?? { arms: nothing.slice(), isChanged: false };
		byRoute.set(name, metered);
		return metered;
	}

	return {
		count(visit, endedAt) {
			const metered = meteredOf(visit.route ?? noRoute);
			metered.isChanged = true;
			const arm = (visit.arm === "legacy" ? 0 : visit.arm === "modern" ? 1 : 2) + (visit.protocol === "http" ? 0 : arms.length);
			let series = metered.arms[arm] as Series | null;
			if (series === null) {
				series = createSeries();
				metered.arms[arm] = series;
			}
			const ms = endedAt - visit.startedAt;
			let bucket = 0;
			while (bucket < boundsMs.length && ms > (boundsMs[bucket] as number)) bucket++;
			const status = STATUS + (visit.status < 600 ? (visit.status / 100) | 0 : 0);
			(series[bucket] as number)++;
			(series[DURATION_SUM] as number) += ms / 1_000;
			(series[status] as number)++;
			if (visit.isClientError) (series[CLIENT_ERRORS] as number)++;
			(series[REQUEST_BYTES] as number) += visit.requestTap.size;
			(series[ANSWER_BYTES] as number) += visit.answerTap.size;
		},
		changed: () => [...byRoute].flatMap(([route, { isChanged }]) => (isChanged ? [route] : [])),
		read(route) {
			const metered = byRoute.get(route);
			if (metered === undefined) return nothing;
			metered.isChanged = false;
			return metered.arms;
		},
	};
}

export function addSeries(a: Series | null, b: Series | null): Series | null {
	if (a === null || b === null) return a ?? b;
	return a.map((value, index) => value + (b[index] ?? 0));
}

/** Requests of a series, whatever became of them. */
export function requestsOf(series: Series): number {
	let sum = 0;
	for (let index = 0; index <= durationBounds.length; index++) sum += series[index] ?? 0;
	return sum;
}
