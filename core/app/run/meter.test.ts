import { expect, test } from "vitest";
import type { Exchange } from "../../contract/traffic.ts";
import { createMeter, quantile } from "./meter.ts";

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
	expect(meter.canary(["GET /balance"], 10)).toMatchObject({ requests: 2, errors: 1, modernP95: 2 });
	expect(meter.canary(["GET /other"], 10)).toMatchObject({ requests: 0, errors: 0 });
});

test("a request whose new service was ejected counts as an error of the canary too: it failed before", () => {
	const meter = createMeter(() => 0);
	meter.exchange(exchange({ arm: "modern", startedAt: 20, endedAt: 22 }));
	meter.exchange(exchange({ arm: "legacy", decision: "ejected", startedAt: 30, endedAt: 35 }));
	expect(meter.canary(["GET /balance"], 10)).toMatchObject({ requests: 2, errors: 1, modernP95: 2 });
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
