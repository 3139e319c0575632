import type { Decision, StreamRoute, Upstream } from "../../../contract/traffic.ts";

/** One route of the plan. `share` carries the remainder of the weight from connection to connection. */
export type StreamEntry = { route: StreamRoute; share: number };

/** By the id of the listener. */
export type StreamTable = ReadonlyMap<string, StreamEntry>;

/** Who takes a connection. `failover`: legacy, when the new service cannot be reached. */
export type StreamArm = { kind: "legacy" | "modern"; upstream: Upstream; why: Decision };

export function createStreamTable(routes: readonly StreamRoute[]): StreamTable {
	return new Map(routes.map((route) => [route.listener, { route, share: 0 }]));
}

/** A whole connection goes to one side. It says nothing of who opens it, so exactly `weight` percent of any long run go to the new one. */
export function chooseStreamArm(entry: StreamEntry): StreamArm {
	const { legacy, mode } = entry.route;
	switch (mode.kind) {
		case "legacy":
			return { kind: "legacy", upstream: legacy, why: "legacy" };
		case "shadow":
			return { kind: "legacy", upstream: legacy, why: "sampled" };
		case "modern":
			return { kind: "modern", upstream: mode.upstream, why: "modern" };
		case "canary":
			entry.share += mode.weight;
			if (entry.share < 100) return { kind: "legacy", upstream: legacy, why: "outside by share" };
			entry.share -= 100;
			return { kind: "modern", upstream: mode.upstream, why: "inside by share" };
	}
}

/** The plan of this moment still lets this new service have connections of the listener. */
export function stillCarries(entry: StreamEntry | undefined, upstream: Upstream): boolean {
	if (entry === undefined) return false;
	const { mode } = entry.route;
	if (mode.kind !== "modern" && !(mode.kind === "canary" && mode.weight > 0)) return false;
	return mode.upstream.host === upstream.host && mode.upstream.port === upstream.port;
}
