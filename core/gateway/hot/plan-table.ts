import type { RouteMode, RoutePlan, Upstream } from "../../contract/traffic.ts";

/** One route, ready for the hot path. `share` carries the remainder of the sampled percent from request to request. */
export type Route = { id: string; mode: RouteMode; share: number };

export type PlanTable = {
	version: number;
	legacy: Upstream | null;
	/** Lower case, as node's parser names it. */
	idempotencyHeader: string;
	match(method: string, target: string): Route | null;
};

/** The whole plan as one Map; exact method and exact path, so that anything unusual goes to legacy. */
export function createPlanTable(plan: RoutePlan): PlanTable {
	const routes = new Map<string, Route>();
	for (const route of plan.routes) routes.set(`${route.method} ${route.path}`, { id: route.id, mode: route.mode, share: 0 });
	return {
		version: plan.version,
		legacy: plan.legacy,
		idempotencyHeader: plan.idempotencyHeader.toLowerCase(),
		match: (method, target) => routes.get(`${method} ${pathOf(target)}`) ?? null,
	};
}

/** The path of a request target: without query, and without scheme and authority in absolute form. */
export function pathOf(target: string): string {
	let from = 0;
	if (target.charCodeAt(0) !== 47) {
		const scheme = target.indexOf("://");
		if (scheme !== -1) {
			from = target.indexOf("/", scheme + 3);
			if (from === -1) return "/";
		}
	}
	const query = target.indexOf("?", from);
	return target.slice(from, query === -1 ? undefined : query);
}

/** Every route to legacy, as the kill switch and the alarm want it; the version grows so that exchanges tell before from after. */
export function legacyOnly(plan: RoutePlan, reason: string): RoutePlan {
	return {
		...plan,
		version: plan.version + 1,
		routes: plan.routes.map((route) => ({ ...route, mode: { kind: "legacy" } })),
		reason,
	};
}

export function carriesModern(plan: RoutePlan): boolean {
	return plan.routes.some((route) => route.mode.kind === "canary" || route.mode.kind === "modern");
}
