import { Fault } from "../../base/fault.ts";
import { type RouteMode, type RoutePlan, routePlanShape, type StreamRoute, type Upstream } from "../../contract/traffic.ts";
import { isVariable } from "../hot/index.ts";

export type PlannedRoute = {
	routeId: string;
	method: string;
	/** As on the wire; `{name}` stands for one segment. */
	path: string;
	host?: string;
	headers?: Record<string, string>;
	mode: RouteMode;
};

export type PlanInput = {
	version: number;
	legacy: Upstream | null;
	idempotencyHeader: string;
	routes: PlannedRoute[];
	/** Of TCP listeners. */
	streams?: StreamRoute[];
	reason: string;
};

/**
 * The whole routing as one immutable value. No two routes may fit the same request equally well; with legacy retired every route must be
 * `modern`, or it would have nobody to answer it. Fault INPUT_INVALID otherwise.
 */
export function compilePlan({ version, legacy, idempotencyHeader, routes, streams, reason }: PlanInput): RoutePlan {
	checkStreams(streams ?? []);
	const seen: { route: PlannedRoute; shape: string }[] = [];
	for (const route of routes) {
		const { routeId, method, path, mode } = route;
		checkPath(routeId, path);
		const shape = `${method.toUpperCase()} ${path
			.split("/")
			.map((segment) => (isVariable(segment) ? "{}" : segment))
			.join("/")}`;
		for (const other of seen) {
			if (other.shape === shape && !areApart(route, other.route))
				throw invalid(`${routeId} and ${other.route.routeId} both match ${shape}`);
		}
		if (legacy === null && mode.kind !== "modern") throw invalid(`legacy is retired, but ${routeId} is in mode ${mode.kind}`);
		seen.push({ route, shape });
	}
	return checkPlan({
		version,
		legacy,
		idempotencyHeader,
		routes: routes.map(({ routeId, method, path, host, headers, mode }) => ({
			id: routeId,
			method: method.toUpperCase(),
			path,
			...(host === undefined ? {} : { host }),
			...(headers === undefined ? {} : { headers }),
			mode,
		})),
		...(streams === undefined ? {} : { streams }),
		reason,
	});
}

function checkStreams(streams: readonly StreamRoute[]): void {
	const byListener = new Map<string, string>();
	for (const { id, listener } of streams) {
		const other = byListener.get(listener);
		if (other !== undefined) throw invalid(`${id} and ${other} both take the connections of the listener ${listener}`);
		byListener.set(listener, id);
	}
}

function checkPath(routeId: string, path: string): void {
	const isPlain = path.startsWith("/") && !/[?#\s]/.test(path);
	const segments = path.split("/");
	if (!isPlain || segments.some((segment) => /[{}]/.test(segment) && !isVariable(segment)))
		throw invalid(`the path of ${routeId} is ${path}`);
}

/** Two routes of one shape never fit the same request, or one asks for more than the other. */
function areApart(a: PlannedRoute, b: PlannedRoute): boolean {
	const [first, second] = [demandsOf(a), demandsOf(b)];
	for (const [name, value] of first) if (second.has(name) && second.get(name) !== value) return true;
	return first.size !== second.size;
}

function demandsOf({ host, headers }: PlannedRoute): Map<string, string> {
	const demands = new Map(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
	// Not a header of the table: a host is compared without its port.
	if (host !== undefined) demands.set(":host", host.toLowerCase());
	return demands;
}

/** The plan, frozen, or a Fault INPUT_INVALID that names the field. */
export function checkPlan(plan: RoutePlan): RoutePlan {
	const checked = routePlanShape.safeParse(plan);
	if (!checked.success) {
		throw invalid(checked.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; "));
	}
	return Object.freeze(checked.data);
}

function invalid(reason: string): Fault {
	return new Fault("INPUT_INVALID", { subject: "The route plan", reason });
}
