import { expect, test } from "vitest";
import type { RoutePlan } from "../../contract/traffic.ts";
import { carriesModern, createPlanTable, legacyOnly, pathOf } from "./plan-table.ts";

const upstream = { host: "127.0.0.1", port: 9_000 };
const plan: RoutePlan = {
	version: 7,
	legacy: upstream,
	idempotencyHeader: "Idempotency-Key",
	routes: [
		{ id: "a", method: "GET", path: "/a", mode: { kind: "modern", upstream, failover: "always" } },
		{ id: "b", method: "POST", path: "/a", mode: { kind: "shadow", percent: 5 } },
	],
	reason: "test",
};

test.each([
	["/a?x=/b", "/a"],
	["/a", "/a"],
	["http://bank/a?x", "/a"],
	["http://bank", "/"],
	["*", "*"],
	["//a", "//a"],
])("[R1] the path of %s is %s", (target, path) => expect(pathOf(target)).toBe(path));

test("[R1] method and path match exactly, and nothing near them does", () => {
	const table = createPlanTable(plan);
	const ids = ["GET /a", "POST /a?x=1", "PUT /a", "get /a", "GET /a/", "GET /A", "GET /%61", "GET //a"].map((line) => {
		const [method = "", target = ""] = line.split(" ");
		return table.match(method, target)?.id ?? null;
	});
	expect(ids).toEqual(["a", "b", null, null, null, null, null, null]);
});

test("[P2] the plan of the kill switch is newer, keeps the routes, and carries nothing modern", () => {
	const safe = legacyOnly(plan, "pressed");
	expect(carriesModern(plan)).toBe(true);
	expect(carriesModern(safe)).toBe(false);
	expect(safe).toMatchObject({ version: 8, legacy: upstream, reason: "pressed", routes: [{ id: "a" }, { id: "b" }] });
	expect(safe.routes.map(({ mode }) => mode.kind)).toEqual(["legacy", "legacy"]);
});
