import { expect, test } from "vitest";
import type { RoutePlan } from "../../../contract/traffic.ts";
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
	["http://bank?x=/a", "/"],
	["*", "*"],
	["//a", "//a"],
])("[R1] the path of %s is %s", (target, path) => expect(pathOf(target)).toBe(path));

test("[R1] method and path match exactly, and nothing near them does", () => {
	const table = createPlanTable(plan);
	const ids = ["GET /a", "POST /a?x=1", "PUT /a", "get /a", "GET /a/", "GET /A", "GET /%61", "GET //a"].map((line) => {
		const [method = "", target = ""] = line.split(" ");
		return table.match(method, target, () => null)?.id ?? null;
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

const legacy = { kind: "legacy" } as const;
const tableOf = (routes: Record<string, Partial<RoutePlan["routes"][number]>>) =>
	createPlanTable({
		...plan,
		routes: Object.entries(routes).map(([id, more]) => ({ id, method: "GET", path: "/", mode: legacy, ...more })),
	});

test("[R1] a variable stands for one segment that is not empty, and a plain path wins over it", () => {
	const table = tableOf({
		one: { path: "/accounts/{id}" },
		balance: { path: "/accounts/{id}/balance" },
		all: { path: "/accounts/all" },
		deep: { path: "/accounts/all/{x}" },
	});
	const ids = [
		"/accounts/7",
		"/accounts/7/balance",
		"/accounts/all",
		"/accounts/all/balance",
		"/accounts/",
		"/accounts/7/",
		"/accounts",
	].map((path) => table.match("GET", path, () => null)?.id ?? null);
	// `/accounts/all/balance`: the literal branch is walked first.
	expect(ids).toEqual(["one", "balance", "all", "deep", null, null, null]);
	expect(table.match("POST", "/accounts/7", () => null)).toBeNull();
	expect(table.byId("one")?.id).toBe("one");
	expect(table.byId("none")).toBeNull();
});

test("[R1] host and headers narrow a route, and who asks for more is asked first", () => {
	const table = tableOf({
		any: { path: "/x" },
		host: { path: "/x", host: "Bank.example" },
		both: { path: "/x", host: "bank.example", headers: { "X-Tenant": "a" } },
	});
	const idFor = (headers: Record<string, string>) => table.match("GET", "/x", (name) => headers[name] ?? null)?.id;
	expect(idFor({ host: "other" })).toBe("any");
	expect(idFor({ host: "BANK.example:8080" })).toBe("host");
	expect(idFor({ host: "bank.example", "x-tenant": "a" })).toBe("both");
	expect(idFor({ host: "bank.example", "x-tenant": "b" })).toBe("host");
});

test("[P2] the kill switch takes the connections of TCP listeners back too", () => {
	const streams = [{ id: "auth", listener: "cards", legacy: upstream, mode: { kind: "modern" as const, upstream } }];
	const stopped = legacyOnly({ ...plan, routes: [], streams }, "stop");
	expect(carriesModern({ ...plan, routes: [], streams })).toBe(true);
	expect(carriesModern(stopped)).toBe(false);
	expect(stopped.streams?.map(({ mode }) => mode)).toEqual([{ kind: "legacy" }]);
	expect(createPlanTable(stopped).streams.get("cards")?.route.mode).toEqual({ kind: "legacy" });
});
