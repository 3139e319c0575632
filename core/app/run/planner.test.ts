import { expect, test } from "vitest";
import type { Blueprint } from "../../contract/blueprint.ts";
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

test("a request is asked again of legacy only where that makes no second effect", () => {
	expect(modeOf(5, live, blueprint(true, null))).toMatchObject({ kind: "canary", failover: "always" });
	expect(modeOf(5, live, blueprint(false, "idempotency-key"))).toMatchObject({ kind: "canary", failover: "keyed" });
	expect(modeOf(100, live, blueprint(false, null))).toMatchObject({ kind: "modern", failover: "unsent" });
});

test("without an instance on the real database nothing but shadow is possible", () => {
	expect(modeOf(50, null, blueprint(true, null))).toEqual({ kind: "shadow", percent: 100 });
	expect(modeOf(0, live, blueprint(true, null))).toEqual({ kind: "shadow", percent: 100 });
});
