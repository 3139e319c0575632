import type { Blueprint } from "../../contract/blueprint.ts";
import type { RouteMode, RoutePlan, Upstream } from "../../contract/traffic.ts";
import { compilePlan } from "../../gateway/control/index.ts";

/** What a migration asks of its routes. */
export type RouteWish = { routes: string[]; mode: RouteMode };

export function routeId(route: { method: string; path: string }): string {
	return `${route.method} ${route.path}`;
}

/** The whole routing from what is known of each route; routes without a wish stay with legacy. */
export function composePlan(options: {
	version: number;
	legacy: Upstream | null;
	idempotencyHeader: string;
	routes: { method: string; path: string }[];
	wishes: RouteWish[];
	/** The plan in force: what its file says of streams, and mirrors that are none of the engine's routes, go on. */
	present?: RoutePlan;
	reason: string;
}): RoutePlan {
	const modes = new Map(options.wishes.flatMap((wish) => wish.routes.map((route) => [route, wish.mode] as const)));
	const routes = options.routes.map(({ method, path }) => {
		const id = routeId({ method, path });
		return { routeId: id, method, path, mode: modes.get(id) ?? ({ kind: "legacy" } as const) };
	});
	const { present, legacy } = options;
	if (present === undefined) return compilePlan({ ...options, routes });
	const own = new Set(routes.map(shapeOf));
	const kept = present.routes.filter(
		(route) =>
			"mirror" in route.mode &&
			route.mode.mirror !== undefined &&
			!own.has(shapeOf(route)) &&
			(legacy !== null || route.mode.kind === "modern"),
	);
	return compilePlan({
		...options,
		routes: [...routes, ...kept.map(({ id, ...route }) => ({ ...route, routeId: id }))],
		...(present.streams === undefined ? {} : { streams: present.streams }),
	});
}

/** Two routes of one shape would fit the same requests. */
const shapeOf = ({ method, path }: { method: string; path: string }) => `${method.toUpperCase()} ${path.replace(/\{[^/]*\}/g, "{}")}`;

/** How a route's requests are split at this weight; `live` is the instance on the real database. */
export function modeOf(weight: number, live: Upstream | null, blueprint: Blueprint): RouteMode {
	if (weight <= 0 || live === null) return { kind: "shadow", percent: 100 };
	const failover = failoverOf(blueprint);
	return weight >= 100 ? { kind: "modern", upstream: live, failover } : { kind: "canary", weight, upstream: live, failover };
}

/**
 * A request may be asked again of legacy only if that cannot make a second effect: it changes no row, or it carries the key by
 * which legacy recognises a repeat. Anything else only while nothing was sent.
 */
function failoverOf(blueprint: Blueprint): "always" | "keyed" | "unsent" {
	if (blueprint.interface.readOnly) return "always";
	return blueprint.interface.idempotencyHeader === null ? "unsent" : "keyed";
}
