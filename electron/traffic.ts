import { join } from "node:path";
import { gatewayLeaseShape, storedPlanShape } from "../core/contract/host.ts";
import { isRunning, readJson } from "./processes.ts";

/** A route that the new service answers; `percent` of its requests, 100 when it is promoted. */
export type LiveRoute = { id: string; percent: number };

/** `retired`: legacy is stopped, so there is nothing to go back to. */
export type Traffic = { live: LiveRoute[]; retired: boolean };

/** What the gateway of a state directory does now. It is read from its files, because it serves with the core dead too. */
export function readTraffic(stateDir: string): Traffic {
	const lease = gatewayLeaseShape.safeParse(readJson(join(stateDir, "gateway/gateway.json")));
	const stored = storedPlanShape.safeParse(readJson(join(stateDir, "gateway/plan.json")));
	if (!lease.success || !stored.success || !isRunning(lease.data.pid)) return { live: [], retired: false };
	const { routes, legacy } = stored.data.plan;
	const live = routes.flatMap(({ id, mode }) => {
		if (mode.kind === "modern") return [{ id, percent: 100 }];
		return mode.kind === "canary" && mode.weight > 0 ? [{ id, percent: mode.weight }] : [];
	});
	return { live, retired: legacy === null };
}
