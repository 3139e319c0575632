import { expect, test } from "vitest";
import { Fault } from "../../base/fault.ts";
import { compilePlan, type PlannedRoute } from "./compile-plan.ts";

const legacy = { host: "127.0.0.1", port: 8_080 };
const modern = { kind: "modern", upstream: { host: "127.0.0.1", port: 9_000 }, failover: "always" } as const;
const compile = (routes: PlannedRoute[], version = 1, to: typeof legacy | null = legacy) =>
	compilePlan({ version, legacy: to, idempotencyHeader: "Idempotency-Key", routes, reason: "test" });

const reasonOf = (act: () => unknown): string => {
	try {
		act();
	} catch (error) {
		if (error instanceof Fault && error.code === "INPUT_INVALID") return error.data.reason ?? "";
		throw error;
	}
	return "accepted";
};

test("[R1] a plan is frozen data with upper-case methods, in the order given", () => {
	const plan = compile([
		{ routeId: "b", method: "post", path: "/b", mode: modern },
		{ routeId: "a", method: "GET", path: "/a", mode: { kind: "shadow", percent: 100 } },
	]);
	expect(plan.routes.map(({ id, method, path }) => [id, method, path])).toEqual([
		["b", "POST", "/b"],
		["a", "GET", "/a"],
	]);
	expect(Object.isFrozen(plan)).toBe(true);
});

test("what could not be routed is refused with the reason", () => {
	const a: PlannedRoute = { routeId: "a", method: "GET", path: "/a", mode: modern };
	expect(reasonOf(() => compile([a, { ...a, routeId: "b", method: "get" }]))).toBe("b and a both match GET /a");
	expect(reasonOf(() => compile([{ ...a, path: "a" }]))).toBe("the path of a is a");
	expect(reasonOf(() => compile([{ ...a, path: "/a?b" }]))).toBe("the path of a is /a?b");
	expect(reasonOf(() => compile([{ ...a, mode: { kind: "legacy" } }], 1, null))).toBe("legacy is retired, but a is in mode legacy");
	expect(reasonOf(() => compile([{ ...a, mode: { kind: "shadow", percent: 200 } }]))).toContain("routes.0.mode.percent");
	expect(reasonOf(() => compile([a], -1))).toContain("version");
	expect(reasonOf(() => compile([a], 1, null))).toBe("accepted");
});

test("[R1] routes of one shape must differ in what they ask for", () => {
	const route = (routeId: string, more: Partial<PlannedRoute>): PlannedRoute => ({
		routeId,
		method: "GET",
		path: "/a/{x}",
		mode: modern,
		...more,
	});
	expect(reasonOf(() => compile([route("a", {}), route("b", { path: "/a/{y}" })]))).toBe("b and a both match GET /a/{}");
	expect(reasonOf(() => compile([route("a", { host: "A" }), route("b", { host: "b" })]))).toBe("accepted");
	expect(reasonOf(() => compile([route("a", { host: "A" }), route("b", { headers: { x: "1" } })]))).toContain("both match");
	expect(reasonOf(() => compile([route("a", {}), route("b", { headers: { x: "1" } })]))).toBe("accepted");
	expect(reasonOf(() => compile([route("a", { path: "/a{x}" })]))).toBe("the path of a is /a{x}");
	expect(reasonOf(() => compile([route("a", { mode: { ...modern, kind: "canary", weight: 1, sticky: "cookie:" } })]))).toContain("sticky");
});

test("[S9] one stream route for each listener", () => {
	const stream = (id: string, listener: string) => ({ id, listener, legacy, mode: { kind: "legacy" as const } });
	const withStreams = (...streams: ReturnType<typeof stream>[]) =>
		compilePlan({ version: 1, legacy, idempotencyHeader: "K", routes: [], streams, reason: "test" });
	expect(withStreams(stream("a", "cards"), stream("b", "switch")).streams?.map(({ id }) => id)).toEqual(["a", "b"]);
	expect(reasonOf(() => withStreams(stream("a", "cards"), stream("b", "cards")))).toBe(
		"b and a both take the connections of the listener cards",
	);
});
