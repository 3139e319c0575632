import fc from "fast-check";
import { expect, test } from "vitest";
import { bucketOf, chooseArm, mayFailOver, stillAllows } from "./choose-arm.ts";
import type { Route } from "./plan-table.ts";

const upstream = { host: "127.0.0.1", port: 9_000 };
const canary = (weight: number): Route => ({ id: "r", share: 0, mode: { kind: "canary", weight, upstream, failover: "always" } });

test("[R2] any shadow percent is met exactly over a long run", () => {
	fc.assert(
		fc.property(fc.integer({ min: 0, max: 100 }), (percent) => {
			const route: Route = { id: "r", share: 0, mode: { kind: "shadow", percent } };
			let mirrored = 0;
			for (let n = 0; n < 1_000; n++) {
				const arm = chooseArm(route, () => null, "idempotency-key");
				if (arm.kind === "legacy" && arm.mirrored) mirrored++;
			}
			expect(mirrored).toBe(percent * 10);
		}),
	);
});

test("[R3] who is in a canary stays in it at every greater weight; 0 takes nobody and 100 everybody", () => {
	const isModern = (weight: number, key: string) =>
		chooseArm(canary(weight), (name) => (name === "x-session" ? `k${key}` : null), "idempotency-key").kind === "modern";
	fc.assert(
		fc.property(fc.string(), fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }), (key, a, b) => {
			const [low, high] = a < b ? [a, b] : [b, a];
			if (isModern(low, key)) expect(isModern(high, key)).toBe(true);
			expect(isModern(0, key)).toBe(false);
			expect(isModern(100, key)).toBe(true);
		}),
	);
});

test("[R3] near keys spread evenly over the buckets", () => {
	const tenths = new Array<number>(10).fill(0);
	for (let n = 0; n < 20_000; n++) {
		const tenth = Math.floor(bucketOf(`route session-${n}`) / 1_000);
		tenths[tenth] = (tenths[tenth] ?? 0) + 1;
	}
	for (const count of tenths) expect(Math.abs(count - 2_000)).toBeLessThan(200);
});

test("[R5] the table of permitted repeats", () => {
	const table = (["unsent", "keyed", "always"] as const).map((policy) => [
		policy,
		mayFailOver(policy, false, false),
		mayFailOver(policy, true, false),
		mayFailOver(policy, true, true),
	]);
	expect(table).toEqual([
		["unsent", true, false, false],
		["keyed", true, false, true],
		["always", true, true, true],
	]);
});

test("[R7] only the same upstream in a serving mode is still allowed", () => {
	expect(stillAllows(canary(1), upstream)).toBe(true);
	expect(stillAllows(canary(1), { ...upstream, port: 9_001 })).toBe(false);
	expect(stillAllows({ id: "r", share: 0, mode: { kind: "shadow", percent: 100 } }, upstream)).toBe(false);
	expect(stillAllows(null, upstream)).toBe(false);
});

test("[R3] the plan may name the header or the cookie that keeps a client on its side", () => {
	const route = (sticky: string): Route => ({
		id: "r",
		share: 0,
		mode: { kind: "canary", weight: 50, upstream, failover: "always", sticky },
	});
	const headers: Record<string, string> = { "x-customer": "ann", cookie: "a=1; sid=ann ;b=2", "x-session": "another" };
	const why = (sticky: string, of: Record<string, string>) => chooseArm(route(sticky), (name) => of[name] ?? null, "idempotency-key");
	expect(why("cookie:sid", headers)).toEqual(why("header:X-Customer", headers));
	expect(why("cookie:sid", headers).why).toMatch(/by key/);
	expect(why("cookie:other", headers).why).toMatch(/by share/);
});
