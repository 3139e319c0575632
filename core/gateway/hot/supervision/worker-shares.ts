import type { RouteMode, RoutePlan } from "../../../contract/traffic.ts";
import type { Limits } from "../protocol.ts";

const inFlightOfAll = 256;

/** What one of several workers may take of what is meant for all of them. */
export function limitsOfOne(limits: Limits, workers: number): Limits {
	if (workers === 1) return limits;
	return {
		...limits,
		spillDiskBytes: Math.floor(limits.spillDiskBytes / workers),
		mirrorBytes: Math.floor(limits.mirrorBytes / workers),
	};
}

type Mirrored = { mirror?: Extract<RouteMode, { kind: "shadow" }>["mirror"] };

/** The plan as one worker gets it: of the copies that may be under way to a shadow at once it has its part, at least one. */
export function planOfOne(plan: RoutePlan, workers: number): RoutePlan {
	if (workers === 1) return plan;
	const share = <T extends Mirrored>(mode: T): T =>
		mode.mirror === undefined
			? mode
			: { ...mode, mirror: { ...mode.mirror, inFlight: Math.max(1, Math.floor((mode.mirror.inFlight ?? inFlightOfAll) / workers)) } };
	return {
		...plan,
		routes: plan.routes.map((route) => (route.mode.kind === "legacy" ? route : { ...route, mode: share(route.mode) })),
		...(plan.streams && {
			streams: plan.streams.map((stream) => (stream.mode.kind === "shadow" ? { ...stream, mode: share(stream.mode) } : stream)),
		}),
	};
}
