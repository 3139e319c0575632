import { expect, test } from "vitest";
import type { Exchange, ShadowAnswer } from "../../contract/traffic.ts";
import { createPairing } from "./pairing.ts";
import { createTally } from "./tally.ts";

const body = (text: string) => Buffer.from(text).toString("base64");

function exchange(seq: number, text: string): Exchange {
	return {
		...{ seq, route: "rates", mirrored: true, arm: "legacy", decision: "sampled", planVersion: 1, truncated: false },
		...{ startedAt: 0, endedAt: 1, openSince: 0, error: null },
		request: { method: "GET", target: "/rates", headers: [], body: "" },
		response: { status: 200, headers: [], body: body(text) },
	};
}

const answer = (seq: number, text: string): ShadowAnswer => ({
	...{ seq, startedAt: 1, endedAt: 2, truncated: false, error: null },
	response: { status: 200, headers: [], body: body(text) },
});

function start(limits = {}) {
	let time = 1_000_000;
	const now = () => time;
	const tally = createTally(now, null);
	const pairing = createPairing({
		...{ tally, now, limits },
		judge: (_id, one, other) =>
			one.response.body === other.response.body
				? { kind: "match" }
				: {
						kind: "mismatch",
						verdict: {
							...{ kind: "mismatch", tolerated: [], reason: "other" },
							differences: [{ field: "answer", legacy: "a", modern: "b", kind: "text", suspicion: "value" }],
						},
					},
	});
	const route = () => {
		const [only] = tally.report(time).routes;
		if (only === undefined) throw new Error("no route");
		const sum = (counts: Record<string, number>) => Object.values(counts).reduce((all, count) => all + count, 0);
		expect(only.seen).toBe(only.matched + only.mismatched + sum(only.failed) + sum(only.uncompared) + only.waiting);
		return only;
	};
	const wait = (ms: number) => {
		time += ms;
	};
	return { tally, pairing, route, wait, report: () => tally.report(time) };
}

test("[V1] what is handed over twice counts once, on both sides", async () => {
	const { pairing, route, report } = start();
	for (let time = 0; time < 2; time++) for (const seq of [1, 2, 3]) pairing.exchange("rates", exchange(seq, "a"));
	for (let time = 0; time < 2; time++) for (const seq of [1, 2, 3]) pairing.answer(answer(seq, seq === 2 ? "b" : "a"));
	await expect.poll(() => route().waiting).toBe(0);
	expect(route()).toMatchObject({ seen: 3, matched: 2, mismatched: 1 });
	expect(report()).toMatchObject({ strayAnswers: 0, groups: [{ field: "answer", count: 1 }] });
	pairing.answer(answer(9, "a"));
	expect(report().strayAnswers).toBe(1);
});

test("[V5] a copy that the gateway dropped ends as dropped when its time is up, and not before", () => {
	const { pairing, route, wait } = start({ patienceMs: 60_000 });
	pairing.exchange("rates", exchange(1, "a"));
	wait(59_999);
	pairing.sweep();
	expect(route()).toMatchObject({ waiting: 1, uncompared: {} });
	wait(2);
	pairing.sweep();
	expect(route()).toMatchObject({ waiting: 0, uncompared: { "copy-dropped": 1 } });
});

test("[V5] what waits is bounded by number and by bytes; the oldest goes, and is counted", () => {
	const few = start({ waiting: 10 });
	for (let seq = 1; seq <= 25; seq++) few.pairing.exchange("rates", exchange(seq, "a"));
	expect(few.route()).toMatchObject({ seen: 25, waiting: 10, uncompared: { "comparison-busy": 15 } });
	const small = start({ bytes: 4_000 });
	for (let seq = 1; seq <= 5; seq++) small.pairing.exchange("rates", exchange(seq, "a".repeat(1_500)));
	expect(small.route()).toMatchObject({ waiting: 2, uncompared: { "comparison-busy": 3 } });
});

test("[V5] [V6] a new gateway counts from 1 again, and a new life of the comparison goes on from the old figures", async () => {
	const { pairing, route, report } = start();
	pairing.exchange("rates", exchange(7, "a"));
	pairing.restart("gateway-restarted");
	pairing.exchange("rates", exchange(1, "a"));
	pairing.answer(answer(1, "a"));
	await expect.poll(() => route().matched).toBe(1);
	pairing.exchange("rates", exchange(2, "a"));
	const former = { ...report(), isRunning: false, gatewayPid: 1, taken: 3, copies: null };
	const [next] = createTally(() => 0, former).report(0).routes;
	expect(next).toMatchObject({ seen: 3, matched: 1, waiting: 0, uncompared: { "gateway-restarted": 1, "comparison-restarted": 1 } });
});
