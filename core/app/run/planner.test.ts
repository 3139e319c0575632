import { expect, test } from "vitest";
import type { Blueprint } from "../../contract/blueprint.ts";
import { compilePlan } from "../../gateway/control/index.ts";
import { composePlan, modeOf } from "./planner.ts";

const live = { host: "127.0.0.1", port: 9000 };
const blueprint = (readOnly: boolean, idempotencyHeader: string | null) => ({ interface: { readOnly, idempotencyHeader } }) as Blueprint;

test("routes without a wish stay with legacy", () => {
	const plan = composePlan({
		version: 3,
		legacy: { host: "127.0.0.1", port: 8000 },
		idempotencyHeader: "Idempotency-Key",
		routes: [
			{ method: "GET", path: "/balance" },
			{ method: "POST", path: "/transfer" },
		],
		wishes: [{ routes: ["POST /transfer"], mode: { kind: "shadow", percent: 100 } }],
		reason: "test",
	});
	expect(plan.routes.map((route) => route.mode.kind)).toEqual(["legacy", "shadow"]);
});

test("streams and mirrors of the plan in force go on, unless a route of the engine takes their place", () => {
	const legacy = { host: "127.0.0.1", port: 8000 };
	const mirrored = { kind: "shadow", percent: 100, mirror: { upstream: live } } as const;
	const given = { version: 4, idempotencyHeader: "Idempotency-Key", reason: "test", wishes: [] };
	const streams = [{ id: "authorisation", listener: "cards", legacy, mode: { kind: "legacy" } as const }];
	const present = compilePlan({
		...{ ...given, version: 3, legacy, streams },
		routes: [
			{ routeId: "rates", method: "GET", path: "/rates/{currency}", mode: mirrored },
			{ routeId: "account", method: "GET", path: "/accounts/{number}", mode: mirrored },
			{ routeId: "plain", method: "GET", path: "/plain", mode: { kind: "legacy" } },
		],
	});
	const routes = [{ method: "GET", path: "/accounts/{id}" }];
	const plan = composePlan({ ...given, legacy, routes, present });
	expect(plan.routes.map(({ id, mode }) => [id, mode.kind])).toEqual([
		["GET /accounts/{id}", "legacy"],
		["rates", "shadow"],
	]);
	expect(plan.streams).toEqual(streams);
	expect(composePlan({ ...given, legacy: null, routes: [], present }).routes).toEqual([]);
});

test("a request is asked again of legacy only where that makes no second effect", () => {
	expect(modeOf(5, live, blueprint(true, null))).toMatchObject({ kind: "canary", failover: "always" });
	expect(modeOf(5, live, blueprint(false, "idempotency-key"))).toMatchObject({ kind: "canary", failover: "keyed" });
	expect(modeOf(100, live, blueprint(false, null))).toMatchObject({ kind: "modern", failover: "unsent" });
});

test("without an instance on the real database nothing but shadow is possible", () => {
	expect(modeOf(50, null, blueprint(true, null))).toEqual({ kind: "shadow", percent: 100 });
	expect(modeOf(0, live, blueprint(true, null))).toEqual({ kind: "shadow", percent: 100 });
});
