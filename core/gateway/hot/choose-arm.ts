import type { RouteMode, Upstream } from "../../contract/traffic.ts";
import { headerValue } from "./http1/head-lines.ts";
import type { RequestHead } from "./http1/request-head.ts";
import type { Route } from "./plan-table.ts";

type Failover = Extract<RouteMode, { kind: "modern" }>["failover"];

export type Arm = { kind: "legacy"; mirrored: boolean } | { kind: "modern"; upstream: Upstream; failover: Failover };

const toLegacy: Arm = { kind: "legacy", mirrored: false };
const toLegacyMirrored: Arm = { kind: "legacy", mirrored: true };

/**
 * Who answers this request. `stickyKey` keeps one client on one side of a canary whose weight only grows. A request that says nothing of
 * its client is sampled: by its address, all traffic of one application server would fall on one side, at any weight.
 */
export function chooseArm(route: Route | null, stickyKey: () => string | null): Arm {
	if (route === null) return toLegacy;
	const { mode } = route;
	switch (mode.kind) {
		case "legacy":
			return toLegacy;
		case "shadow":
			return isSampled(route, mode.percent) ? toLegacyMirrored : toLegacy;
		case "canary": {
			const key = stickyKey();
			const isChosen = key === null ? isSampled(route, mode.weight) : bucketOf(`${route.id} ${key}`) < mode.weight * 100;
			return isChosen ? { kind: "modern", upstream: mode.upstream, failover: mode.failover } : toLegacyMirrored;
		}
		case "modern":
			return { kind: "modern", upstream: mode.upstream, failover: mode.failover };
	}
}

/** True when the plan of this moment still lets the chosen service answer: asked again right before the bytes leave. */
export function stillAllows(route: Route | null, upstream: Upstream): boolean {
	if (route === null || (route.mode.kind !== "canary" && route.mode.kind !== "modern")) return false;
	return route.mode.upstream.host === upstream.host && route.mode.upstream.port === upstream.port;
}

/** Whether legacy may be asked after the new service failed. `sent`: at least one byte may have reached the service. */
export function mayFailOver(failover: Failover, sent: boolean, isKeyed: boolean): boolean {
	switch (failover) {
		case "unsent":
			return !sent;
		case "keyed":
			return !sent || isKeyed;
		case "always":
			return true;
	}
}

export function stickyKeyOf({ bytes, lines }: RequestHead, idempotencyHeader: string): string | null {
	return headerValue(bytes, lines, "x-session") || headerValue(bytes, lines, idempotencyHeader) || null;
}

/** Exactly `percent` of any long run, without chance: the remainder is carried over. */
function isSampled(route: Route, percent: number): boolean {
	route.share += percent;
	if (route.share < 100) return false;
	route.share -= 100;
	return true;
}

/** FNV-1a, 32 bits, finished as in MurmurHash3 so that near keys spread; 0 to 9,999. */
export function bucketOf(key: string): number {
	let hash = 0x811c9dc5;
	for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
	hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
	hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
	return ((hash ^ (hash >>> 16)) >>> 0) % 10_000;
}
