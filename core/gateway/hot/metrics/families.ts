import type { GatewayStats, PlannedRoute, RoutePlan } from "../../../contract/traffic.ts";
import { refusals } from "../http1/refusal.ts";
import type { Panic } from "../protocol.ts";
import type { Family, Labels, Sample } from "./exposition.ts";
import type { WorkersSnapshot } from "./metrics-ledger.ts";
import type { ProcessFigures } from "./process-probe.ts";
import {
	ANSWER_BYTES,
	arms,
	CLIENT_ERRORS,
	DURATION_SUM,
	durationBounds,
	REQUEST_BYTES,
	requestsOf,
	routeLimit,
	type Series,
	STATUS,
} from "./traffic-meter.ts";

/** What the supervisor itself knows. `delivered`: mirrored exchanges that the core has acknowledged. */
export type GatewayState = {
	now: number;
	plan: RoutePlan;
	panic: Panic | null;
	stats: GatewayStats;
	delivered: number;
	isCoreAttached: boolean;
	isCapturing: boolean;
	supervisor: ProcessFigures;
	/** Of what else runs beside the traffic. */
	more: Family[];
};

const statusClasses = ["none", "1xx", "2xx", "3xx", "4xx", "5xx"];
const addressLimit = 100;
/** Shown as 0 before they happen, or the first ones would be lost on whoever looks at differences. */
const knownDrops = { "no-core": 0, backlog: 0, retry: 0 };
const knownCopyDrops = { "shadow-busy": 0, "shadow-open": 0, "shadow-late": 0, "shadow-backlog": 0, "shadow-lost": 0 };
const knownEvents = { connections: 0, sockets: 0, retired: 0, "framing-lost": 0, "pairing-lost": 0, "cut-message": 0, unsolicited: 0 };
const knownRefusals = Object.fromEntries(Object.keys(refusals).map((name) => [name, 0]));

/**
 * Every metric of the gateway, by the names of the OpenTelemetry conventions where they have one. Labels take their values from the plan,
 * the arms and this program's own tables, never from what a client sent.
 */
export function* familiesOf(state: GatewayState, seen: WorkersSnapshot): Generator<Family> {
	yield* trafficFamilies(state.plan, seen);
	yield* connectionFamilies(state, seen);
	yield* messageFamilies(state, seen);
	yield* shadowFamilies(state);
	yield* mirrorFamilies(state.stats);
	yield* planFamilies(state);
	yield* lifeFamilies(state, seen);
	yield* processFamilies(state, seen);
	yield* state.more;
}

const counter = (name: string, help: string, samples: Sample[]): Family => ({ kind: "counter", name, help, samples });
const gauge = (name: string, help: string, samples: Sample[]): Family => ({ kind: "gauge", name, help, samples });
function histogram(name: string, help: string, all: { labels: Labels; series: Series }[]): Family {
	const samples = all.map(({ labels, series }) => ({
		labels,
		counts: series.slice(0, durationBounds.length + 1),
		sum: series[DURATION_SUM] ?? 0,
	}));
	return { kind: "histogram", name, help, bounds: durationBounds, samples };
}
const one = (value: number): Sample[] => [{ labels: {}, value }];

function* trafficFamilies(plan: RoutePlan, { routes }: WorkersSnapshot): Generator<Family> {
	const all = seriesOf(routes, createRouteLabels(plan), 0);
	const each = (place: number) => all.map(({ labels, series }) => ({ labels, value: series[place] ?? 0 }));
	yield histogram(
		"http_server_request_duration_seconds",
		"From the first byte of a request's head to the last byte of its answer, by who answered.",
		all,
	);
	yield counter(
		"phoenix_gateway_requests",
		"Requests by class of the status that reached the client; none: no answer did.",
		all.flatMap(({ labels, series }) =>
			statusClasses.map((status_class, index) => ({ labels: { ...labels, status_class }, value: series[STATUS + index] ?? 0 })),
		),
	);
	yield counter(
		"phoenix_gateway_client_errors",
		"Requests that failed through the gateway or in spite of it: its own 502 and 504, cut answers, and a new service's 5xx passed on.",
		each(CLIENT_ERRORS),
	);
	yield counter("phoenix_gateway_request_body_bytes", "Bytes of request bodies, without their framing.", each(REQUEST_BYTES));
	yield counter("phoenix_gateway_response_body_bytes", "Bytes of answer bodies, without their framing.", each(ANSWER_BYTES));
}

/** `from`: the first place of requests, or of messages. */
function seriesOf(
	routes: WorkersSnapshot["routes"],
	labelsOf: (route: string) => Labels,
	from: number,
): { labels: Labels; series: Series }[] {
	const all: { labels: Labels; series: Series }[] = [];
	for (const [route, series] of routes)
		for (const [index, arm] of arms.entries()) {
			const own = series[from + index];
			if (own) all.push({ labels: { ...labelsOf(route), arm }, series: own });
		}
	return all;
}

/** Requests and answers that are told apart on TCP connections and WebSockets. */
function* messageFamilies({ stats }: GatewayState, { routes, tls }: WorkersSnapshot): Generator<Family> {
	const all = seriesOf(routes, (route) => ({ route }), arms.length);
	yield histogram("phoenix_gateway_message_duration_seconds", "From a message on a TCP connection or WebSocket to its answer.", all);
	yield counter(
		"phoenix_gateway_messages",
		"Messages on TCP connections and WebSockets, by whether an answer came.",
		all.flatMap(({ labels, series }) => {
			const unanswered = series[STATUS] ?? 0;
			return [
				{ labels: { ...labels, outcome: "answered" }, value: requestsOf(series) - unanswered },
				{ labels: { ...labels, outcome: "unanswered" }, value: unanswered },
			];
		}),
	);
	yield counter(
		"phoenix_gateway_stream_events",
		"Connections and WebSockets that were carried, and what befell their messages.",
		Object.entries({ ...knownEvents, ...stats.streams }).map(([event, value]) => ({ labels: { event }, value })),
	);
	const listeners = Object.entries(tls);
	yield counter(
		"phoenix_gateway_tls_handshakes",
		"TLS handshakes of clients that were done; resumed ones are among them.",
		listeners.map(([listener, { done }]) => ({ labels: { listener }, value: done })),
	);
	yield counter(
		"phoenix_gateway_tls_resumed_handshakes",
		"TLS handshakes of clients that went on with an earlier session.",
		listeners.map(([listener, { resumed }]) => ({ labels: { listener }, value: resumed })),
	);
	yield counter(
		"phoenix_gateway_tls_failed_handshakes",
		"TLS handshakes of clients that failed.",
		listeners.flatMap(([listener, { failed }]) =>
			Object.entries(failed).map(([reason, value]) => ({ labels: { listener, reason }, value })),
		),
	);
}

/** Copies that the gateway itself sends, and services that it leaves out for a while. */
function* mirrorFamilies({ copies, mirrors = {}, ejections = {} }: GatewayStats): Generator<Family> {
	const { taken, delivered, dropped } = copies ?? { taken: 0, delivered: 0, dropped: {} };
	yield counter("phoenix_gateway_shadow_copies", "Mirrored requests of which the gateway itself was to send a copy.", one(taken));
	yield counter("phoenix_gateway_delivered_shadow_answers", "Answers to copies that the core has taken over.", one(delivered));
	yield counter(
		"phoenix_gateway_dropped_shadow_copies",
		"Copies that were not sent, or whose answers the core will never see.",
		Object.entries({ ...knownCopyDrops, ...dropped }).map(([reason, value]) => ({ labels: { reason }, value })),
	);
	const all = Object.entries(mirrors).slice(0, addressLimit);
	const each = (read: (mirror: (typeof mirrors)[string]) => number) =>
		all.map(([address, mirror]) => ({ labels: { address }, value: read(mirror) }));
	yield counter(
		"phoenix_gateway_shadow_requests",
		"Copies sent to a shadow.",
		each(({ sent }) => sent),
	);
	yield counter(
		"phoenix_gateway_shadow_failures",
		"Copies that got no whole answer.",
		each(({ failed }) => failed),
	);
	yield gauge(
		"phoenix_gateway_shadow_active_requests",
		"Copies under way.",
		each(({ inFlight }) => inFlight),
	);
	yield gauge(
		"phoenix_gateway_shadow_circuit_open",
		"1: the circuit breaker lets nothing through.",
		each(({ state }) => Number(state === "open")),
	);
	const ejected = Object.entries(ejections).slice(0, addressLimit);
	yield counter(
		"phoenix_gateway_ejections",
		"How often a new service was left out because it failed again and again.",
		ejected.map(([address, { ejected: times }]) => ({ labels: { address }, value: times })),
	);
	yield gauge(
		"phoenix_gateway_ejected",
		"1: the new service is left out now.",
		ejected.map(([address, { state }]) => ({ labels: { address }, value: Number(state === "open") })),
	);
}

/** An id says which route of the plan it is; method and path are added as dashboards of others know them. */
function createRouteLabels(plan: RoutePlan): (route: string) => Labels {
	const planned = new Map(plan.routes.map((route) => [route.id, route]));
	return (route): Labels => {
		const known = planned.get(route);
		return known === undefined ? { route } : { route, http_request_method: known.method, http_route: known.path };
	};
}

function* connectionFamilies({ stats }: GatewayState, seen: WorkersSnapshot): Generator<Family> {
	const { connections, network, upgrades } = seen;
	yield gauge("http_server_active_requests", "Requests in flight.", one(stats.openRequests));
	yield gauge("http_server_open_connections", "Connections of clients; idle: between two requests.", [
		{ labels: { http_connection_state: "active" }, value: connections.open - connections.idle },
		{ labels: { http_connection_state: "idle" }, value: connections.idle },
	]);
	yield counter("phoenix_gateway_client_connections", "Connections taken from clients.", one(connections.accepted));
	yield counter("phoenix_gateway_client_network_io_bytes", "Bytes on the connections of clients, heads and framing included.", [
		{ labels: { network_io_direction: "receive" }, value: network.received },
		{ labels: { network_io_direction: "transmit" }, value: network.sent },
	]);
	yield counter("phoenix_gateway_upgrades", "WebSocket handshakes.", one(upgrades));
	yield counter("phoenix_gateway_refused_requests", "Requests that reached no upstream because two servers could read them differently.", [
		...Object.entries({ ...knownRefusals, ...seen.refused }).map(([reason, value]) => ({ labels: { reason }, value })),
	]);
	const pools = [...seen.pools].sort((a, b) => b.open - a.open || b.connects - a.connects).slice(0, addressLimit);
	const address = (pool: { host: string; port: number }) => ({ server_address: pool.host, server_port: pool.port });
	yield gauge(
		"http_client_open_connections",
		`Connections to upstreams; the ${addressLimit} addresses with most of them.`,
		pools.flatMap((pool) => [
			{ labels: { ...address(pool), http_connection_state: "active" }, value: pool.open - pool.idle },
			{ labels: { ...address(pool), http_connection_state: "idle" }, value: pool.idle },
		]),
	);
	yield counter(
		"phoenix_gateway_upstream_connects",
		"Connections opened to upstreams, failed ones too.",
		pools.map((pool) => ({ labels: address(pool), value: pool.connects })),
	);
}

function* shadowFamilies({ stats, delivered, isCapturing, isCoreAttached }: GatewayState): Generator<Family> {
	const dropped = Object.values(stats.dropped).reduce((sum, count) => sum + count, 0);
	yield counter("phoenix_gateway_mirrored_exchanges", "Requests that the plan wants compared.", one(stats.mirrored));
	yield counter("phoenix_gateway_delivered_exchanges", "Mirrored exchanges that the core has taken over.", one(delivered));
	yield counter(
		"phoenix_gateway_dropped_exchanges",
		"Mirrored exchanges that the core will never see.",
		Object.entries({ ...knownDrops, ...stats.dropped }).map(([reason, value]) => ({ labels: { reason }, value })),
	);
	yield gauge(
		"phoenix_gateway_waiting_exchanges",
		"Mirrored exchanges on their way to the core.",
		one(stats.mirrored - delivered - dropped),
	);
	yield gauge("phoenix_gateway_capture_enabled", "1: exchanges are kept for somebody.", one(Number(isCapturing)));
	yield gauge("phoenix_gateway_core_attached", "1: a core takes the exchanges.", one(Number(isCoreAttached)));
	yield counter("phoenix_gateway_failovers", "Requests that legacy answered after the new service had failed.", one(stats.failovers));
}

function* planFamilies({ plan, panic, stats }: GatewayState): Generator<Family> {
	const routes = plan.routes.slice(0, routeLimit);
	const share = ({ mode }: PlannedRoute) => (mode.kind === "canary" ? mode.weight / 100 : mode.kind === "modern" ? 1 : 0);
	const mirrored = ({ mode }: PlannedRoute) =>
		mode.kind === "shadow" ? mode.percent / 100 : mode.kind === "canary" ? 1 - mode.weight / 100 : 0;
	yield gauge("phoenix_gateway_plan_version", "Version of the plan in force.", one(plan.version));
	yield gauge(
		"phoenix_gateway_route_info",
		"Always 1: what the plan says of a route.",
		routes.map(({ id, method, path, mode }) => ({
			labels: { route: id, http_request_method: method, http_route: path, mode: mode.kind },
			value: 1,
		})),
	);
	yield gauge(
		"phoenix_gateway_canary_weight_ratio",
		"Share of a route's requests that the new service answers by plan.",
		routes.map((route) => ({ labels: { route: route.id }, value: share(route) })),
	);
	yield gauge(
		"phoenix_gateway_shadow_ratio",
		"Share of a route's requests that are mirrored by plan.",
		routes.map((route) => ({ labels: { route: route.id }, value: mirrored(route) })),
	);
	yield gauge("phoenix_gateway_kill_switch", "1: pressed; everything goes to legacy.", one(Number(panic !== null)));
	yield gauge("phoenix_gateway_kill_switch_alarm", "1: pressed by the gateway itself.", one(Number(panic?.alarm === true)));
	yield gauge("phoenix_gateway_legacy_retired", "1: no legacy is in the plan.", one(Number(plan.legacy === null)));
	yield gauge(
		"phoenix_gateway_last_modern_request_timestamp_seconds",
		"When a request was last sent to any new service; 0: never.",
		one(stats.lastModernAt / 1_000),
	);
}

function* lifeFamilies({ now }: GatewayState, { workers, deaths, unattributed }: WorkersSnapshot): Generator<Family> {
	yield gauge("phoenix_gateway_workers", "Workers that serve.", one(workers.length));
	yield counter("phoenix_gateway_worker_exits", "Workers that ended unasked; each is replaced.", one(deaths));
	yield counter(
		"phoenix_gateway_unattributed_requests",
		"Requests whose route, arm and duration died with a worker; they are in no other metric.",
		one(unattributed),
	);
	yield gauge(
		"phoenix_gateway_worker_report_age_seconds",
		"How old a worker's figures are; more than a second means that it did not answer in time.",
		workers.map(({ key, takenAt }) => ({ labels: { process: `worker-${key}` }, value: Math.max(0, now - takenAt) / 1_000 })),
	);
}

function* processFamilies({ supervisor }: GatewayState, { workers }: WorkersSnapshot): Generator<Family> {
	const all = [
		{ labels: { process: "supervisor" }, figures: supervisor },
		...workers.map(({ key, process }) => ({ labels: { process: `worker-${key}` }, figures: process })),
	];
	const each = (read: (figures: ProcessFigures) => number) => all.map(({ labels, figures }) => ({ labels, value: read(figures) }));
	const split = (name: string, parts: Record<string, (figures: ProcessFigures) => number>) =>
		all.flatMap(({ labels, figures }) =>
			Object.entries(parts).map(([part, read]) => ({ labels: { ...labels, [name]: part }, value: read(figures) })),
		);
	const delays = (read: (delay: NonNullable<ProcessFigures["delay"]>) => number) =>
		all.flatMap(({ labels, figures }) => (figures.delay === null ? [] : [{ labels, value: read(figures.delay) }]));
	yield gauge(
		"process_start_time_seconds",
		"When the process began.",
		each(({ startedAt }) => startedAt),
	);
	yield counter(
		"process_cpu_time_seconds",
		"Processor time.",
		split("cpu_mode", { user: ({ cpuUser }) => cpuUser, system: ({ cpuSystem }) => cpuSystem }),
	);
	yield gauge(
		"process_resident_memory_bytes",
		"Memory that the process holds.",
		each(({ residentBytes }) => residentBytes),
	);
	yield gauge(
		"nodejs_heap_used_bytes",
		"Of it, what JavaScript uses.",
		each(({ heapUsedBytes }) => heapUsedBytes),
	);
	yield counter(
		"nodejs_eventloop_time_seconds",
		"Time that the event loop worked or waited; the share of active is its saturation.",
		split("nodejs_eventloop_state", { active: ({ loopActive }) => loopActive, idle: ({ loopIdle }) => loopIdle }),
	);
	yield gauge(
		"nodejs_eventloop_delay_p50_seconds",
		"Delay of the event loop since the last look, median.",
		delays(({ p50 }) => p50),
	);
	yield gauge(
		"nodejs_eventloop_delay_p99_seconds",
		"Delay of the event loop since the last look, 99th percentile.",
		delays(({ p99 }) => p99),
	);
	yield gauge(
		"nodejs_eventloop_delay_max_seconds",
		"Delay of the event loop since the last look, longest.",
		delays(({ max }) => max),
	);
}
