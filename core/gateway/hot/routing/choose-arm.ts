import type { Decision, Mirror, RouteMode, Upstream } from "../../../contract/traffic.ts";
import type { HeaderOf, Route } from "./plan-table.ts";

type Failover = Extract<RouteMode, { kind: "modern" }>["failover"];

/** `why`: what the choice stood on, for the record. `mirror`: where a copy goes, of what this arm answers. */
export type Arm =
	| { kind: "legacy"; mirrored: boolean; why: Decision; mirror?: Mirror }
	| { kind: "modern"; upstream: Upstream; failover: Failover; why: Decision; mirror?: Mirror };

const unrouted: Arm = { kind: "legacy", mirrored: false, why: "no route" };
const held: Arm = { kind: "legacy", mirrored: false, why: "legacy" };
const mirrored: Arm = { kind: "legacy", mirrored: true, why: "sampled" };
const passed: Arm = { kind: "legacy", mirrored: false, why: "not sampled" };
const outsideByKey: Arm = { kind: "legacy", mirrored: true, why: "outside by key" };
const outsideByShare: Arm = { kind: "legacy", mirrored: true, why: "outside by share" };

/**
 * Who answers this request. A key keeps one client on one side of a canary whose weight only grows. A request that says nothing of its
 * client is sampled: by its address, all traffic of one application server would fall on one side, at any weight.
 */
export function chooseArm(route: Route | null, headerOf: HeaderOf, idempotencyHeader: string): Arm {
	if (route === null) return unrouted;
	const { mode } = route;
	switch (mode.kind) {
		case "legacy":
			return held;
		case "shadow":
			return isSampled(route, mode.percent) ? withMirror(mirrored, mode.mirror) : passed;
		case "canary": {
			const { upstream, failover } = mode;
			const key = stickyKeyOf(mode.sticky, headerOf, idempotencyHeader);
			if (key === null)
				return isSampled(route, mode.weight)
					? { kind: "modern", upstream, failover, why: "inside by share" }
					: withMirror(outsideByShare, mode.mirror);
			return bucketOf(`${route.id} ${key}`) < mode.weight * 100
				? { kind: "modern", upstream, failover, why: "inside by key" }
				: withMirror(outsideByKey, mode.mirror);
		}
		case "modern":
			return withMirror({ kind: "modern", upstream: mode.upstream, failover: mode.failover, why: "modern" }, mode.mirror);
	}
}

const withMirror = (arm: Arm, mirror: Mirror | undefined): Arm => (mirror === undefined ? arm : { ...arm, mirror });

/** True when the plan of this moment still lets the chosen service answer: asked again right before the bytes leave. */
export function stillAllows(route: Route | null, upstream: Upstream): boolean {
	if (route === null || (route.mode.kind !== "canary" && route.mode.kind !== "modern")) return false;
	return route.mode.upstream.host === upstream.host && route.mode.upstream.port === upstream.port;
}

/** `none` in an answer of 500 or more: the new service says that nothing was changed, so legacy may be asked as if nothing had been sent. */
export const effectsHeader = "x-phoenix-effects";

/** Whether legacy may be asked after the new service failed. `sent`: at least one byte may have reached the service, and changed something. */
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

/** `sticky`: `header:X-Customer` or `cookie:sid`; without it the session header, else the idempotency header. */
function stickyKeyOf(sticky: string | undefined, headerOf: HeaderOf, idempotencyHeader: string): string | null {
	if (sticky === undefined) return headerOf("x-session") || headerOf(idempotencyHeader) || null;
	const name = sticky.slice(sticky.indexOf(":") + 1);
	return (sticky.startsWith("cookie:") ? cookieOf(headerOf("cookie"), name) : headerOf(name.toLowerCase())) || null;
}

function cookieOf(line: string | null, name: string): string | null {
	for (const pair of line?.split(";") ?? []) {
		const equals = pair.indexOf("=");
		if (equals !== -1 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
	}
	return null;
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
