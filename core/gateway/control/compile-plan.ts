import { Fault } from "../../base/fault.ts";
import { type RouteMode, type RoutePlan, routePlanShape, type Upstream } from "../../contract/traffic.ts";

export type PlannedRoute = { routeId: string; method: string; path: string; mode: RouteMode };

export type PlanInput = {
	version: number;
	legacy: Upstream | null;
	idempotencyHeader: string;
	routes: PlannedRoute[];
	reason: string;
};

/**
 * The whole routing as one immutable value. Routes match by exact method and path, so two routes may not share them;
 * with legacy retired every route must be `modern`, or it would have nobody to answer it. Fault INPUT_INVALID otherwise.
 */
export function compilePlan({ version, legacy, idempotencyHeader, routes, reason }: PlanInput): RoutePlan {
	const seen = new Map<string, string>();
	for (const { routeId, method, path, mode } of routes) {
		const key = `${method.toUpperCase()} ${path}`;
		const other = seen.get(key);
		if (other !== undefined) throw invalid(`${routeId} and ${other} both match ${key}`);
		if (!path.startsWith("/") || path.includes("?")) throw invalid(`the path of ${routeId} is ${path}`);
		if (legacy === null && mode.kind !== "modern") throw invalid(`legacy is retired, but ${routeId} is in mode ${mode.kind}`);
		seen.set(key, routeId);
	}
	return checkPlan({
		version,
		legacy,
		idempotencyHeader,
		routes: routes.map(({ routeId, method, path, mode }) => ({ id: routeId, method: method.toUpperCase(), path, mode })),
		reason,
	});
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
