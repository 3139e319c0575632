import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newMigration, policies, upperBound } from "../../arbiter/index.ts";
import { confidenceOf, createCurve, pointsOf } from "./confidence.ts";

const steps = fc.array(fc.record({ clean: fc.boolean(), next: fc.boolean() }), { minLength: 1, maxLength: 3_000 });

describe("the curve of the evidence", () => {
	test("stays small, keeps its ends and every fault, and its counts are those of the journal", () => {
		fc.assert(
			fc.property(steps, (comparisons) => {
				const curve = createCurve();
				let version = 1;
				const counts = { clean: 0, against: 0 };
				for (const [index, { clean, next }] of comparisons.entries()) {
					if (next && index % 97 === 0 && index > 0) {
						version++;
						Object.assign(counts, { clean: 0, against: 0 });
					}
					counts[clean ? "clean" : "against"]++;
					curve.add(index + 1, index * 10, version, clean);
				}
				const samples = curve.samples();
				expect(samples.length).toBeLessThanOrEqual(600);
				expect(samples.at(-1)).toMatchObject({ seq: comparisons.length, version, ...counts });
				expect(new Set(samples.map((sample) => sample.version)).size).toBe(version);
				expect(samples.every((sample, index) => index === 0 || (samples[index - 1]?.seq ?? 0) < sample.seq)).toBe(true);
			}),
			{ numRuns: 60 },
		);
	});

	test("gives the bound that the arbiter decides by", () => {
		const curve = createCurve();
		for (let seq = 1; seq <= 40; seq++) curve.add(seq, seq, 1, seq !== 7);
		expect(pointsOf(curve, 0.05).at(-1)?.bound).toBe(upperBound({ n: 40, k: 1, alpha: 0.05 }));
	});

	test("measures the rate of the last minute alone", () => {
		const curve = createCurve();
		for (let second = 0; second < 300; second++) curve.add(second + 1, second * 1_000, 1, true);
		expect(curve.rate(299_000, 60_000)).toBeCloseTo(1, 1);
		expect(curve.rate(600_000, 60_000)).toBe(0);
	});
});

describe("the confidence of one function", () => {
	const evidence = { version: 1, clean: 400, mismatched: 0, failed: 0, bound: 0.0093, needed: 600 };
	const migration = { ...newMigration("a.f", 0), version: 1, evidence };

	test("says how long the missing requests take at the present traffic, and nothing without traffic", () => {
		const curve = createCurve();
		for (let second = 0; second < 60; second++)
			for (let each = 0; each < 5; each++) curve.add(second * 5 + each + 1, second * 1_000, 1, true);
		const tolerated = [
			{ version: 1, field: "answer/TOKEN", check: "random: 32 characters, lower-case hex" },
			{ version: 2, field: "answer/TIME", check: "clock" },
		];
		const told = confidenceOf(migration, policies.default, { curve, tolerated }, 60_000);
		expect(told.rate).toBeCloseTo(5, 0);
		expect(told.tolerated).toEqual([{ field: "answer/TOKEN", check: "random: 32 characters, lower-case hex" }]);
		expect(told.etaMs).toBeGreaterThan(110_000);
		expect(told.etaMs).toBeLessThan(130_000);
		expect(confidenceOf(migration, policies.default, null, 60_000)).toMatchObject({ rate: 0, etaMs: null, points: [] });
	});

	test("counts for the next version while mismatches stand", () => {
		const held = { ...migration, openFailures: 3, evidence: { ...evidence, mismatched: 3, needed: null } };
		const curve = createCurve();
		for (let seq = 1; seq <= 100; seq++) curve.add(seq, 59_000, 1, true);
		const told = confidenceOf(held, policies.default, { curve, tolerated: [] }, 60_000);
		expect(told).toMatchObject({ needed: null, openMismatches: 3 });
		expect(told.etaMs).toBeCloseTo((policies.default.shadow.minClean / told.rate) * 1_000, 3);
	});
});
