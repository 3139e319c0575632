import { describe, expect, it } from "vitest";
import { isBounded, isExceeded, logGamma } from "./confidence.ts";
import { cleanNeeded, policies, upperBound } from "./index.ts";

describe("ln Gamma", () => {
	// Values of the exact function (factorials; half integers; Abramowitz and Stegun, table 6.1).
	it.each([
		[0.1, 2.252712651734206],
		[0.5, 0.5723649429247001],
		[1, 0],
		[1.5, -0.1207822376352452],
		[2, 0],
		[3.1, 0.7873750832738625],
		[10, 12.801827480081469],
		[101, 363.7393755555635],
		[1e6, 12_815_504.569_147_61],
	])("of %d is %d", (x, expected) => {
		expect(Math.abs(logGamma(x) - expected)).toBeLessThanOrEqual(1e-13 * Math.max(1, Math.abs(expected)) * 4);
	});
	it("keeps x Gamma(x) = Gamma(x + 1) from 0.01 to 100,000", () => {
		for (let x = 0.01; x < 1e5; x *= 1.37) {
			const error = Math.abs(logGamma(x) + Math.log(x) - logGamma(x + 1));
			expect(error).toBeLessThan(1e-12 * Math.max(1, Math.abs(logGamma(x))));
		}
	});
});

describe("[A21] the bound", () => {
	it("is where the martingale reaches 1/alpha", () => {
		// k = 0 has a closed form: (1 - p)^n = alpha B(a, b + n) / B(a, b), here with a = 0.1, b = 1.
		for (const n of [1, 25, 299, 1000, 12345]) {
			const ratio = Math.exp(logGamma(1 + n) - logGamma(1.1 + n) + logGamma(1.1) - logGamma(1));
			expect(upperBound({ n, k: 0, alpha: 0.05 })).toBeCloseTo(1 - (0.05 * ratio) ** (1 / n), 10);
		}
	});
	it("says 1 without evidence and stays sensible from few to many requests", () => {
		expect(upperBound({ n: 0, k: 0, alpha: 0.05 })).toBe(1);
		expect(upperBound({ n: 3, k: 3, alpha: 0.05 })).toBe(1);
		expect(upperBound({ n: 25, k: 0, alpha: 0.05 })).toBeCloseTo(0.1261, 4);
		expect(upperBound({ n: 299, k: 0, alpha: 0.05 })).toBeCloseTo(0.012, 4);
		expect(upperBound({ n: 1000, k: 0, alpha: 0.05 })).toBeCloseTo(0.0037, 4);
	});
	it("is never below the observed rate, nor below the exact bound for a single look", () => {
		for (const n of [10, 59, 299, 2995]) {
			expect(upperBound({ n, k: 0, alpha: 0.05 })).toBeGreaterThan(1 - 0.05 ** (1 / n));
			for (const k of [1, 2, 5]) expect(upperBound({ n, k, alpha: 0.05 })).toBeGreaterThan(k / n);
		}
	});
	it("grows with every mismatch and falls with every clean request", () => {
		for (let n = 5; n < 500; n += 7) {
			for (let k = 0; k < 4; k++) {
				expect(upperBound({ n, k: k + 1, alpha: 0.05 })).toBeGreaterThan(upperBound({ n, k, alpha: 0.05 }));
				expect(upperBound({ n: n + 1, k, alpha: 0.05 })).toBeLessThan(upperBound({ n, k, alpha: 0.05 }));
			}
		}
	});
	it("agrees with the number of clean requests that it asks for", () => {
		for (const limit of [0.15, 0.01, 0.005]) {
			for (const [n, k] of [
				[0, 0],
				[10, 1],
				[40, 4],
			] as const) {
				const more = cleanNeeded({ n, k, alpha: 0.05, limit }) as number;
				expect(upperBound({ n: n + more, k, alpha: 0.05 })).toBeLessThanOrEqual(limit + 1e-9);
				expect(upperBound({ n: n + more - 1, k, alpha: 0.05 })).toBeGreaterThan(limit);
			}
		}
		expect(cleanNeeded({ n: 10, k: 0, alpha: 0.05, limit: 0 })).toBeNull();
		expect(cleanNeeded({ n: 10, k: 5, alpha: 0.05, limit: 1 })).toBe(0);
	});
});

describe("[A21] looking after every request", () => {
	/** mulberry32: a small seeded generator of numbers in [0, 1). */
	const random = (seed: number) => (): number => {
		seed = (seed + 0x6d2b79f5) | 0;
		let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
	/** Runs in which some look, at any time up to `horizon`, would have promoted a service with a rate just above the limit. */
	const wrongPromotions = (runs: number, horizon: number, limit: number, minClean: number, seed: number): number => {
		const next = random(seed);
		const memory = new Map<number, boolean>();
		let wrong = 0;
		for (let run = 0; run < runs; run++) {
			for (let n = 1, k = 0; n <= horizon; n++) {
				if (next() < limit * 1.001) k++;
				if (n - k < minClean) continue;
				const key = n * 4096 + k;
				const opens = memory.get(key) ?? isBounded({ n, k, alpha: 0.05, limit });
				memory.set(key, opens);
				if (!opens) continue;
				wrong++;
				break;
			}
		}
		return wrong;
	};
	it.each([
		["demo", policies.demo.shadow.maxMismatchRate, 1, 500],
		["1 %", 0.01, 1, 4000],
		["default", policies.default.shadow.maxMismatchRate, policies.default.shadow.minClean, 6000],
	])("promotes wrongly in at most 5 %% of 4,000 runs: %s", (_, limit, minClean, horizon) => {
		const wrong = wrongPromotions(4000, horizon, limit, minClean, 20261122);
		expect(wrong / 4000).toBeLessThanOrEqual(0.05);
		// The test has teeth: looking once at a fixed number of requests must not be what keeps the share low.
		expect(wrong).toBeGreaterThan(0);
	});
	it("shows that the exact single-look bound would break the promise", () => {
		const next = random(7);
		let wrong = 0;
		for (let run = 0; run < 2000; run++) {
			for (let n = 1, clean = 0; n <= 3000; n++) {
				clean = next() < 0.01 ? 0 : clean + 1;
				// Starting the count again after each mismatch is the usual mistake.
				if (clean >= 299) {
					wrong++;
					break;
				}
			}
		}
		expect(wrong / 2000).toBeGreaterThan(0.5);
	});
	it("calls a rate exceeded that is not in at most 5 % of 2,000 runs, looking after every answer, and sees one that is doubled", () => {
		const exceededAfter = (rate: number, next: () => number): number | null => {
			for (let n = 1, k = 0; n <= 1000; n++) {
				if (next() < rate) k++;
				if (isExceeded({ n, k, alpha: 0.05, limit: 0.05 })) return n;
			}
			return null;
		};
		const shareOf = (rate: number, seed: number) => {
			const next = random(seed);
			return Array.from({ length: 2000 }, () => exceededAfter(rate, next)).filter((n) => n !== null).length / 2000;
		};
		expect(shareOf(0.05, 3)).toBeLessThanOrEqual(0.05);
		expect(shareOf(0.1, 4)).toBeGreaterThan(0.9);
	});
});
