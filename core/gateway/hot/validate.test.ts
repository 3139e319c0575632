import { expect, test } from "vitest";
import { routePlanShape } from "../../contract/traffic.ts";
import { asControlRequest, isPlan } from "./validate.ts";

const upstream = { host: "a", port: 1 };
const good = { version: 1, legacy: upstream, idempotencyHeader: "k", reason: "", routes: [] as unknown[] };
const route = (mode: unknown) => ({ ...good, routes: [{ id: "r", method: "GET", path: "/", mode }] });

const stream = (mode: unknown) => ({ ...good, streams: [{ id: "s", listener: "cards", legacy: upstream, mode }] });

const plans: unknown[] = [
	good,
	{ ...good, legacy: null },
	route({ kind: "legacy" }),
	route({ kind: "shadow", percent: 0.5 }),
	route({ kind: "canary", weight: 5, upstream, failover: "keyed" }),
	route({ kind: "modern", upstream, failover: "unsent" }),
	route({ kind: "shadow", percent: 5, mirror: { upstream } }),
	route({ kind: "modern", upstream, failover: "unsent", mirror: { upstream, timeoutMs: 5, inFlight: 1, orderBy: "cookie:sid" } }),
	route({ kind: "canary", weight: 5, upstream, failover: "keyed", mirror: { upstream, orderBy: "header:X-Account" } }),
	route({ kind: "shadow", percent: 5, mirror: {} }),
	route({ kind: "shadow", percent: 5, mirror: { upstream, timeoutMs: 0 } }),
	route({ kind: "canary", weight: 5, upstream, failover: "keyed", mirror: { upstream, inFlight: 1.5 } }),
	route({ kind: "modern", upstream, failover: "unsent", mirror: { upstream, orderBy: "query:x" } }),
	null,
	[],
	{ ...good, version: -1 },
	{ ...good, version: 1.5 },
	{ ...good, legacy: { host: "a", port: 0 } },
	{ ...good, legacy: { host: "a", port: 65_536 } },
	{ ...good, legacy: undefined },
	{ ...good, routes: [{ id: "r", method: "GET", path: "/" }] },
	route({ kind: "shadow", percent: 101 }),
	route({ kind: "shadow", percent: Number.NaN }),
	route({ kind: "canary", weight: 5, upstream }),
	route({ kind: "canary", weight: 5, failover: "always" }),
	route({ kind: "modern", upstream, failover: "never" }),
	route({ kind: "other" }),
	stream({ kind: "legacy" }),
	stream({ kind: "shadow" }),
	stream({ kind: "shadow", mirror: { upstream, timeoutMs: 1, inFlight: 2, orderBy: "cookie:sid" } }),
	stream({ kind: "canary", weight: 5, upstream }),
	stream({ kind: "modern", upstream }),
	{ ...good, streams: {} },
	{ ...good, streams: [{ id: "s", listener: "cards", mode: { kind: "legacy" } }] },
	stream({ kind: "shadow", mirror: {} }),
	stream({ kind: "shadow", mirror: { upstream, inFlight: 0 } }),
	stream({ kind: "shadow", mirror: { upstream, orderBy: "sid" } }),
	stream({ kind: "canary", weight: 101, upstream }),
	stream({ kind: "modern" }),
	stream({ kind: "other" }),
];

test.each(plans.map((plan, index) => [index, plan]))(
	"[L6] the supervisor's own check agrees with the contract on plan %i",
	(_index, plan) => {
		expect(isPlan(plan)).toBe(routePlanShape.safeParse(plan).success);
	},
);

test("requests of unknown verbs or with broken fields are none", () => {
	const requests = [
		{ id: 1, verb: "panic", reason: "x" },
		{ id: 1, verb: "panic" },
		{ verb: "hello" },
		{ id: -1, verb: "hello" },
		{ id: 1, verb: "format" },
		{ id: 1, verb: "stop", drainMs: "long" },
		"hello",
	];
	expect(requests.map((request) => asControlRequest(request) !== null)).toEqual([true, false, false, false, false, false, false]);
});

test("[K4] what is asked of metrics, access log and traces is checked field by field", () => {
	const log = { file: "/a", format: "json", route: null, headers: ["User-Agent"], maxBytes: 10_000, keep: 1 };
	const tracing = { endpoint: "http://a:4318/v1/traces", ratio: 0.5, headers: { "X-Key": "a" } };
	const isKnown = (request: object) => asControlRequest({ id: 1, ...request }) !== null;
	expect(isKnown({ verb: "metrics", format: "openmetrics" })).toBe(true);
	expect(isKnown({ verb: "metrics", format: "xml" })).toBe(false);
	expect([null, { host: "::1", port: 0 }].map((address) => isKnown({ verb: "serveMetrics", address }))).toEqual([true, true]);
	expect(
		[{ host: "", port: 1 }, { host: "a", port: 70_000 }, 9100].map((address) => isKnown({ verb: "serveMetrics", address })),
	).not.toContain(true);
	expect([null, log].map((one) => isKnown({ verb: "setAccessLog", log: one }))).toEqual([true, true]);
	const wrongLogs = [{ file: "" }, { format: "text" }, { route: 1 }, { headers: ["a b"] }, { maxBytes: 1 }, { keep: -1 }].map((field) => ({
		...log,
		...field,
	}));
	expect(wrongLogs.map((one) => isKnown({ verb: "setAccessLog", log: one }))).not.toContain(true);
	expect([null, tracing].map((one) => isKnown({ verb: "setTracing", tracing: one }))).toEqual([true, true]);
	const wrongTraces = [{ endpoint: "a" }, { endpoint: "file:///a" }, { ratio: 2 }, { headers: { "a b": "c" } }].map((field) => ({
		...tracing,
		...field,
	}));
	expect(wrongTraces.map((one) => isKnown({ verb: "setTracing", tracing: one }))).not.toContain(true);
});
