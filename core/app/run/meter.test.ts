import { expect, test } from "vitest";
import type { Exchange } from "../../contract/traffic.ts";
import { latencyTails } from "./latency-tails.ts";
import { createMeter, quantile } from "./meter.ts";

const guards = { maxErrorRate: 0, minRequests: 1, maxLatencyRatio: 1.5, latencySlackMs: 20 };

function exchange(fields: Partial<Exchange> & { status?: number }): Exchange {
	return {
		seq: 1,
		route: "GET /balance",
		mirrored: false,
		arm: "legacy",
		decision: "sampled",
		planVersion: 1,
		truncated: false,
		startedAt: 0,
		endedAt: 10,
		openSince: 0,
		request: { method: "GET", target: "/balance", headers: [], body: "" },
		response: { status: fields.status ?? 200, headers: [], body: "" },
		error: null,
		...fields,
	};
}

test("a second is shown once it is over, with rates and latencies of both sides", () => {
	let now = 1_000_000;
	const meter = createMeter(() => now);
	meter.exchange(exchange({ startedAt: 0, endedAt: 4 }));
	meter.exchange(exchange({ startedAt: 0, endedAt: 8 }));
	meter.compared(3, "mismatched");
	meter.compared(3, "failed");
	meter.compared(3, "clean");
	expect(meter.points()).toEqual([]);
	now += 1_000;
	expect(meter.points()).toMatchObject([
		{ at: 1_000_000, legacyRps: 2, modernRps: 0, legacyP50: 4, legacyP95: 8, modernP95: 3, compared: 3, mismatched: 1, failed: 1 },
	]);
});

test("a failed-over request counts as an error of the canary, and only from the step's start on", () => {
	const meter = createMeter(() => 0);
	meter.exchange(exchange({ arm: "modern", startedAt: 5, endedAt: 6 }));
	meter.exchange(exchange({ arm: "modern", startedAt: 20, endedAt: 22 }));
	meter.exchange(exchange({ arm: "failover", startedAt: 30, endedAt: 35 }));
	expect(meter.canary(["GET /balance"], 10, guards)).toMatchObject({ requests: 2, errors: 1, modernP95: 2 });
	expect(meter.canary(["GET /other"], 10, guards)).toMatchObject({ requests: 0, errors: 0 });
});

test("a request whose new service was ejected counts as an error of the canary too: it failed before", () => {
	const meter = createMeter(() => 0);
	meter.exchange(exchange({ arm: "modern", startedAt: 20, endedAt: 22 }));
	meter.exchange(exchange({ arm: "legacy", decision: "ejected", startedAt: 30, endedAt: 35 }));
	expect(meter.canary(["GET /balance"], 10, guards)).toMatchObject({ requests: 2, errors: 1, modernP95: 2 });
	expect(meter.lastLegacyAt).toBe(30);
});

test("only what legacy itself answered keeps it needed", () => {
	const meter = createMeter(() => 0);
	meter.exchange(exchange({ arm: "legacy", startedAt: 7 }));
	meter.exchange(exchange({ arm: "modern", startedAt: 90 }));
	expect(meter.lastLegacyAt).toBe(7);
});

test("a quantile is one of the values, by nearest rank", () => {
	expect(quantile([], 0.95)).toBe(0);
	expect(quantile([3, 1, 2], 0.5)).toBe(2);
	expect(quantile([5], 0.95)).toBe(5);
});

test("the new service's answers are held against legacy's of the same time, and against the last before where those are few", () => {
	const meter = createMeter(() => 0);
	// Long ago legacy was ten times as slow.
	for (let at = 0; at < 500; at++) meter.exchange(exchange({ startedAt: at, endedAt: at + 100 }));
	for (let at = 500; at < 1_000; at++) meter.exchange(exchange({ startedAt: at, endedAt: at + 10 }));
	for (let at = 600; at < 700; at++) meter.exchange(exchange({ arm: "modern", startedAt: at, endedAt: at + (at < 610 ? 36 : 5) }));
	const { tails } = meter.canary(["GET /balance"], 500, guards);
	expect(tails).toEqual([0.5, 0.95, 0.99].map((quantile) => ({ quantile, limitMs: 35, answered: 100, over: 10 })));
	expect(meter.canary(["GET /balance"], 990, guards).tails[0]).toMatchObject({ limitMs: 35 });
});

test("a quantile that legacy has answered too few for is not tested", () => {
	const quantilesOf = (legacy: number) => latencyTails([1], Array(legacy).fill(10), guards).map(({ quantile }) => quantile);
	expect([2, 3, 52, 51, 268, 267, 0].map(quantilesOf)).toEqual([[], [0.5], [0.5, 0.95], [0.5], [0.5, 0.95, 0.99], [0.5, 0.95], []]);
});
