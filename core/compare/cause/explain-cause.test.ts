import { describe, expect, it } from "vitest";
import type { CauseCase } from "../../contract/cause.ts";
import type { Behaviour } from "../../contract/verdict.ts";
import { compare } from "../compare.ts";
import { causeOf } from "./explain-cause.ts";

const policy = { random: [], clock: [], clockSlackMs: 0, window: { from: 0, to: 0 } };
type Answer = Record<string, unknown>;

function caseOf(legacy: Answer, modern: Answer, asked: Answer = {}, more: Partial<Behaviour> = {}): CauseCase {
	const side = (answer: Answer): Behaviour => ({ status: 200, contentType: "application/json", body: JSON.stringify(answer), changes: [] });
	const [left, right] = [side(legacy), { ...side(modern), ...more }];
	const request = { target: "/x", body: JSON.stringify(asked) };
	return { request, legacy: left, modern: right, differences: compare(left, right, policy).differences };
}

function explain(cases: CauseCase[]) {
	const failing = cases.filter(({ differences }) => differences.length > 0);
	const clean = cases.filter(({ differences }) => differences.length === 0);
	return causeOf(failing, clean).finding;
}

const amounts = [120.35, 8.1, 999.99, 4310.07, 77.77, 2500.5, 61.3, 15.25];
const each = (modern: (amount: number, index: number) => number) =>
	amounts.map((amount, index) => caseOf({ fee: amount }, { fee: modern(amount, index) }));
const cents = (value: number) => Math.round(value * 100) / 100;

describe("[C51] one recomputation that explains every case", () => {
	it.each([
		["sign", (a: number) => -a],
		["offset", (a: number) => cents(a + 2.5)],
		["day count", (a: number) => cents((a * 365) / 360)],
		["unit", (a: number) => a * 100],
		["rate", (a: number) => cents(a * 1.013)],
	])("%s", (cause, modern) => {
		const found = explain(each(modern));
		expect(found).toMatchObject({ cause, probability: 1, how: "hypothesis", only: null });
		for (const { by } of found.refuted) expect(by).toBeLessThan(amounts.length);
	});
	it("is refuted by one case that it cannot explain", () => {
		const found = explain(each((a, index) => (index === 5 ? cents(a + 1) : cents(a + 2.5))));
		expect(found.cause).not.toBe("offset");
		expect(found.refuted).toContainEqual({ hypothesis: "the same amount is added: 2.5", by: 5 });
	});
	it("tells 0.05 % from 0.05001 %, however small each difference is", () => {
		const large = Array.from({ length: 20 }, (_, index) => 1e6 + index * 137_911.13);
		const cases = large.map((amount) => caseOf({ fee: cents(amount * 0.0005) }, { fee: cents(amount * 0.0005001) }));
		expect(explain(cases)).toMatchObject({ cause: "rate", evidence: [expect.stringMatching(/^times 1\.000\d+, the same for all/)] });
	});
});

describe("[C52] another rounding", () => {
	const exact = Array.from({ length: 40 }, (_, index) => 10 + index * 1.37 + ((index * 7) % 10) / 1000);
	const rounded = (modern: (value: number) => number) => exact.map((value) => caseOf({ fee: cents(value) }, { fee: modern(value) }));
	it("cut instead of rounded", () => {
		expect(explain(rounded((value) => Math.floor(value * 100) / 100)).cause).toBe("truncation");
	});
	it("to another number of decimals", () => {
		expect(explain(rounded((value) => Math.round(value * 10) / 10)).cause).toBe("rounding scale");
		expect(explain(rounded((value) => Math.round(value * 1000) / 1000)).cause).toBe("rounding scale");
	});
	it("is none where only the large amounts are a unit apart: a factor that is almost 1", () => {
		const wide = exact.flatMap((value) => [value, value + 1900]);
		const found = explain(wide.map((value) => caseOf({ fee: cents(value) }, { fee: cents(value * 1.000004) })));
		expect(found).toMatchObject({ cause: "rate", evidence: [expect.stringMatching(/the large ones$/)] });
	});
	it("in ties only: another mode", () => {
		const found = explain(
			exact.map((value, index) => caseOf({ fee: cents(value) }, { fee: cents(cents(value) + (index % 13 === 0 ? 0.01 : 0)) })),
		);
		expect(found.cause).toBe("rounding mode");
	});
});

describe("[C53] a part of the population", () => {
	const many = [...amounts, ...amounts.map((amount) => amount * 3.3), ...amounts.map((amount) => amount + 41.7)].map(cents);
	const each = (modern: (amount: number, index: number) => number) =>
		many.map((amount, index) => caseOf({ fee: amount }, { fee: modern(amount, index) }, asked(amount, index)));
	const asked = (_: number, index: number) => ({ segment: index % 2 === 0 ? "vip" : "standard", days: index });
	it("is named, beside what happens to it", () => {
		expect(explain(each((a, index) => (index % 2 === 0 ? cents(a + 5) : a)))).toMatchObject({
			...{ cause: "offset", only: "only where request/segment is “vip”" },
		});
	});
	it("is the cause where nothing else explains it", () => {
		const found = explain(each((a, index) => (index % 2 === 0 ? cents(a * 1.1 + index * index * 3) : a)));
		expect(found).toMatchObject({ cause: "attribute", how: "population" });
	});
	it("is a boundary where it is one number with clean ones on both sides", () => {
		const cases = Array.from({ length: 30 }, (_, index) => {
			const days = index % 10;
			return caseOf({ fee: days > 5 ? 3 : 0 }, { fee: days >= 5 ? 3 : 0 }, { days });
		});
		expect(explain(cases)).toMatchObject({ cause: "boundary", evidence: ["only where request/days is 5"] });
	});
});

describe("[C50] what the kinds of the differences say", () => {
	it("status, text, date, another field, a refusal", () => {
		const two = (legacy: (index: number) => Answer, modern: (index: number) => Answer, more: Partial<Behaviour> = {}) =>
			explain([1, 2, 3].map((index) => caseOf(legacy(index), modern(index), {}, more))).cause;
		expect(
			two(
				(a) => ({ a }),
				(a) => ({ a }),
				{ status: 201 },
			),
		).toBe("status");
		expect(
			two(
				(n) => ({ name: `Rossi ${n}` }),
				(n) => ({ name: `ROSSI ${n}` }),
			),
		).toBe("text format");
		expect(
			two(
				(n) => ({ day: `2026-01-0${n}` }),
				(n) => ({ day: `2026-01-1${n}` }),
			),
		).toBe("date or zone");
		expect(
			two(
				(n) => ({ net: n, gross: n * 3.5 }),
				(n) => ({ net: n * 3.5, gross: n * 3.5 }),
			),
		).toBe("wrong field");
		expect(
			two(
				(n) => ({ amount: n }),
				() => ({ error: "LIMIT" }),
				{ status: 422 },
			),
		).toBe("boundary");
	});
	it("says that it does not know", () => {
		expect(explain([caseOf({ a: "left" }, { a: "right" })])).toMatchObject({ cause: "unknown", probability: 0 });
	});
});
