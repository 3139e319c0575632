import type { Exchange, RoutePlan } from "../../contract/traffic.ts";

const plansKept = 8;

/** Routes and streams whose copies the gateway sends itself, by plan: an exchange ends under the plan it began with. */
export function createOwnMirrors(present: () => RoutePlan): { owns(exchange: Exchange): boolean; longestMs(): number } {
	const plans = new Map<number, Map<string, number>>();

	function note(plan: RoutePlan): Map<string, number> {
		const known = plans.get(plan.version);
		if (known !== undefined) return known;
		const ids = new Map<string, number>();
		for (const { id, mode } of [...plan.routes, ...(plan.streams ?? [])])
			if ("mirror" in mode && mode.mirror !== undefined) ids.set(id, mode.mirror.timeoutMs ?? 5_000);
		plans.set(plan.version, ids);
		for (const version of plans.keys()) if (plans.size > plansKept) plans.delete(version);
		return ids;
	}

	note(present());
	return {
		owns({ mirrored, route, planVersion, decision }) {
			const current = note(present());
			if (!mirrored || route === null || decision === "retry") return false;
			return (plans.get(planVersion) ?? current).has(route);
		},
		longestMs: () => Math.max(5_000, ...[...plans.values()].flatMap((ids) => [...ids.values()])),
	};
}
