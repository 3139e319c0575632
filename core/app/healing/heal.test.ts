import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import type { Healed, HealInput } from "./bench/heal-subject.ts";

/** A defect in the source of an application of the bench, healed from what its service and the unchanged one answer. */
function heal(unit: string, file: string, old: string, now: string, budgetMs = 60_000): Promise<Healed> {
	const workerData: HealInput = { unit, plant: { family: "", file, old, now, nth: 0 }, seed: 5, budgetMs };
	return new Promise((resolve, reject) => {
		const worker = new Worker(new URL("./bench/heal-subject.ts", import.meta.url), { workerData });
		worker.once("message", resolve);
		worker.once("error", reject);
	});
}

const defects: [string, [unit: string, file: string, old: string, now: string], RegExp][] = [
	[
		"a constant is computed from the gap",
		["leasing.penalty", "leasing.py", "PENALTY_RATE = 0.0825", "PENALTY_RATE = 0.0801"],
		/legacy uses 0\.0825 \(constant\)/,
	],
	["a day count", ["leasing.penalty", "leasing.py", "365.0", "360.0"], /legacy uses 365\.0 \(day count\)/],
	[
		"a comparison that is off by its edge",
		["payroll.overtime", "payroll.py", "hours > 8.0", "hours >= 8.0"],
		/legacy tests above \(comparison boundary\)/,
	],
	[
		"a rounding that became a cut",
		["leasing.give_back", "leasing.py", "round(excess * EXCESS_KM_PRICE, 2)", "(int((excess * EXCESS_KM_PRICE) * 100.0) / 100.0)"],
		/legacy rounds there \(rounding mode\)/,
	],
	[
		"a branch that is missing",
		["payroll.overtime", "payroll.py", "    if hours > 8.0:\n        pay = pay + 5.0\n", ""],
		/plus 5 where hours is above .*\(missing branch\)/,
	],
];

test.each(defects)("%s, found by search alone, right for requests that it never saw", { timeout: 90_000 }, async (_, defect, words) => {
	const healed = await heal(...defect);
	expect(healed.explanation).toMatch(words);
	expect(healed).toMatchObject({ isHealed: true, regressions: 0, left: 0 });
});

test("a change that the operators cannot undo is left alone, and said so", { timeout: 90_000 }, async () => {
	const row = 'con.execute("INSERT INTO journal (line, amount) VALUES (?, ?)", ("overtime " + str(number), pay))';
	const healed = await heal("payroll.overtime", "payroll.py", row, "pass", 5000);
	expect(healed.shown).toBeGreaterThan(3);
	expect(healed).toMatchObject({ isAccepted: false, regressions: 0 });
	expect(healed.explanation).toMatch(/^No change .* explains/);
});
