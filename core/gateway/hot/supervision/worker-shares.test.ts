import { expect, test } from "vitest";
import type { RoutePlan } from "../../../contract/traffic.ts";
import { defaultLimits } from "../protocol.ts";
import { limitsOfOne, planOfOne } from "./worker-shares.ts";

const upstream = { host: "127.0.0.1", port: 1 };

const plan: RoutePlan = {
	...{ version: 3, legacy: upstream, idempotencyHeader: "Idempotency-Key", reason: "test" },
	routes: [
		{ id: "a", method: "GET", path: "/a", mode: { kind: "shadow", percent: 50, mirror: { upstream, inFlight: 10 } } },
		{ id: "b", method: "GET", path: "/b", mode: { kind: "modern", upstream, failover: "always", mirror: { upstream, inFlight: 2 } } },
		{ id: "c", method: "GET", path: "/c", mode: { kind: "shadow", percent: 1, mirror: { upstream } } },
		{ id: "d", method: "GET", path: "/d", mode: { kind: "legacy" } },
	],
	streams: [{ id: "s", listener: "cards", legacy: upstream, mode: { kind: "shadow", mirror: { upstream, inFlight: 9 } } }],
};

test("[N7] one worker has everything", () => {
	expect(planOfOne(plan, 1)).toBe(plan);
	expect(limitsOfOne(defaultLimits, 1)).toBe(defaultLimits);
});

test("[N7] of several each has its part of what is meant for all, and at least one copy", () => {
	const mirrors = planOfOne(plan, 3).routes.map(({ mode }) => (mode.kind === "legacy" ? null : mode.mirror?.inFlight));
	expect(mirrors).toEqual([3, 1, 85, null]);
	expect(planOfOne(plan, 3).streams?.[0]?.mode).toEqual({ kind: "shadow", mirror: { upstream, inFlight: 3 } });
	expect(limitsOfOne(defaultLimits, 4)).toMatchObject({ spillDiskBytes: 256 * 1024 * 1024, mirrorBytes: 8 * 1024 * 1024 });
});
