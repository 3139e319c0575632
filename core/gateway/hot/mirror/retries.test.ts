import { expect, test } from "vitest";
import { tapBody } from "../capture/body-tap.ts";
import { createVisit, type Visit } from "../client/visit.ts";
import { createRetries } from "./retries.ts";

function visit(fields: Partial<Visit> & { body?: string } = {}): Visit {
	const { body = "pay 5", key = "k", route = "r", target = "/t", mirror = null, ...rest } = fields;
	const made = createVisit(
		{
			startedAt: 0,
			method: "POST",
			target,
			minor: 1,
			route,
			isCaptured: true,
			requestHead: Buffer.alloc(0),
			isKeyed: key !== null,
			key,
			mirror,
			awaitsContinue: false,
			isLast: false,
			decision: "sampled",
			planVersion: 1,
		},
		20,
	);
	tapBody(made.requestTap, Buffer.from(body));
	return Object.assign(made, { isAnswered: true, status: 200 }, rest);
}

const minute = 60_000;

test("[M7] the same key, route and body within ten minutes is a retry, and seen anew from then on", () => {
	const retries = createRetries();
	const at = (time: number, fields?: Parameters<typeof visit>[0]) => retries.isRetry(visit(fields), time);
	expect([at(0), at(1), at(9 * minute), at(18 * minute), at(29 * minute)]).toEqual([false, true, true, true, false]);
});

test("[M7] what differs in anything is none, nor is one without a key, or longer than what is kept of it", () => {
	const retries = createRetries();
	const is = (fields: Parameters<typeof visit>[0]) => retries.isRetry(visit(fields), 1);
	const others = [{}, { body: "pay 6" }, { key: "k2" }, { route: "r2" }, { target: "/u" }, { body: "" }];
	expect(others.map(is)).toEqual(Array(others.length).fill(false));
	expect(others.map(is)).toEqual(Array(others.length).fill(true));
	for (const never of [{ key: null }, { body: "x".repeat(21) }]) expect([is(never), is(never)]).toEqual([false, false]);
});

test("[M7] after an answer that invites a repeat the next try is the one that counts", () => {
	for (const status of [408, 409, 425, 429, 500, 503]) {
		const retries = createRetries();
		expect([retries.isRetry(visit({ status }), 1), retries.isRetry(visit(), 2), retries.isRetry(visit({ status }), 3)]).toEqual([
			false,
			false,
			true,
		]);
	}
	const unanswered = createRetries();
	expect([unanswered.isRetry(visit({ isAnswered: false, status: 502 }), 1), unanswered.isRetry(visit(), 2)]).toEqual([false, false]);
	// Who left had its copy sent all the same, where the gateway sends it.
	const left = createRetries();
	const mirror = { upstream: { host: "a", port: 1 } };
	expect([left.isRetry(visit({ status: 0 }), 1), left.isRetry(visit(), 2)]).toEqual([false, false]);
	expect([left.isRetry(visit({ status: 0, mirror, key: "m" }), 1), left.isRetry(visit({ mirror, key: "m" }), 2)]).toEqual([false, true]);
});

test("[M7] the table is bounded: the oldest is forgotten first", () => {
	const retries = createRetries({ most: 3 });
	const is = (key: string) => retries.isRetry(visit({ key }), 1);
	expect(["a", "b", "c"].map(is)).toEqual([false, false, false]);
	expect([is("a"), is("d")]).toEqual([true, false]);
	expect(["a", "c", "d"].map(is)).toEqual([true, true, true]);
	expect(is("b")).toBe(false);
});
