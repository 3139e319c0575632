import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Behaviour, ComparePolicy } from "../contract/verdict.ts";
import { compare } from "./compare.ts";
import { compareTyped } from "./typed-values.ts";

const strict: ComparePolicy = { random: [], clock: [], clockSlackMs: 0, window: { from: 0, to: 1 } };
const json = (value: unknown): Behaviour => ({ status: 200, contentType: "application/json", body: JSON.stringify(value), changes: [] });
const fieldsOf = (legacy: unknown, modern: unknown, policy: Partial<ComparePolicy>) =>
	compare(json(legacy), json(modern), { ...strict, ...policy }).differences.map((d) => `${d.field}: ${d.suspicion}`);

describe("[C18] lists", () => {
	const rows = [
		{ id: 1, fee: "5.00" },
		{ id: 2, fee: "7.00" },
		{ id: 3, fee: "9.00" },
	];
	it("as a set find the row that differs, not those that moved", () => {
		const policy = { lists: { "answer/rows": "set" as const } };
		const verdict = compare(json({ rows }), json({ rows: rows.toReversed() }), { ...strict, ...policy });
		expect(verdict).toMatchObject({
			kind: "equivalent",
			tolerated: [{ field: "answer/rows", check: "list: the same items in another order" }],
		});
		expect(fieldsOf({ rows }, { rows: [rows[2], { id: 1, fee: "5.01" }, rows[1]] }, policy)).toEqual(["answer/rows[1]/fee: rounding"]);
		expect(fieldsOf({ rows }, { rows: rows.slice(1) }, policy)).toEqual(["answer/rows[1]: missing row"]);
		expect(fieldsOf({ rows }, { rows: [...rows, rows[0]] }, policy)).toEqual(["answer/rows[4]: extra row"]);
	});
	it("by key hold each row against its own", () => {
		const policy = { lists: { rows: { key: ["id"] } } };
		expect(fieldsOf({ rows }, { rows: [rows[1], rows[0], { id: 4, fee: "9.00" }] }, policy)).toEqual([
			"answer/rows[3]: missing row",
			"answer/rows[3]: extra row",
		]);
		expect(fieldsOf({ rows }, { rows: [rows[1], { id: 1, fee: "-5.00" }, rows[2]] }, policy)).toEqual(["answer/rows[1]/fee: sign"]);
	});
	it("without a rule their order counts", () => {
		expect(fieldsOf({ rows }, { rows: rows.toReversed() }, {})).toEqual(["answer/rows: dictionary order"]);
	});
	it("as a set: any order is equal, and no changed leaf is", () => {
		const item = fc.record({ a: fc.integer({ min: 0, max: 4 }), b: fc.constantFrom("x", "y") }, { noNullPrototype: true });
		const policy: ComparePolicy = { ...strict, lists: { answer: "set" } };
		fc.assert(
			fc.property(
				fc
					.array(item, { minLength: 1, maxLength: 8 })
					.chain((items) => fc.tuple(fc.constant(items), fc.shuffledSubarray(items, { minLength: items.length }), fc.nat())),
				([items, shuffled, spoilt]) => {
					expect(["identical", "equivalent"]).toContain(compare(json(items), json(shuffled), policy).kind);
					const wrong = shuffled.map((one, index) => (index === spoilt % shuffled.length ? { ...one, a: one.a + 100 } : one));
					expect(compare(json(items), json(wrong), policy).kind).toBe("mismatch");
				},
			),
		);
	});
});

describe("[C35] typed values", () => {
	it.each([
		["amount", "1.50", "1.5", "equal"],
		["amount", "EUR 1,234.50", "1234.5 EUR", "equal"],
		["amount", "1.234,50", "1234.50", "equal"],
		["amount", "-0.00", "0", "equal"],
		["amount", "007.10", "7.1", "equal"],
		["amount", "1.50 EUR", "1.50 USD", "unequal"],
		["amount", "1.50", "1.50 EUR", "unequal"],
		["amount", "1.50", "1.51", "unequal"],
		["amount", "0.1", "0.10000000000000001", "unequal"],
		["amount", "1,234", "1234", "unread"],
		["amount", "1.5e3", "1500", "unread"],
		["date", "2026-03-29", "29.03.2026", "equal"],
		["date", "20260329", "2026-03-29", "equal"],
		["date", "2026-03-29", "2026-03-30", "unequal"],
		["date", "03/04/2026", "2026-04-03", "unread"],
		["date", "2026-02-30", "2026-03-02", "unread"],
		["instant", "2026-03-29T01:30:00+01:00", "2026-03-29T00:30Z", "equal"],
		["instant", "2026-03-29T01:30:00.500Z", "2026-03-29T01:30:00.5+00:00", "equal"],
		["instant", "2026-03-29T01:30:00Z", "2026-03-29T01:30:00+01:00", "unequal"],
		["instant", "2026-03-29T01:30:00", "2026-03-29T01:30:00Z", "unread"],
	] as const)("%s: %s and %s are %s", (type, legacy, modern, is) => {
		expect(compareTyped(type, legacy, modern).is).toBe(is);
	});
	it("equal amounts of any spelling read alike, others never do", () => {
		const cents = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
		const spell = (value: bigint, zeros: number): string => {
			const digits = (value < 0n ? -value : value).toString().padStart(3, "0");
			return `${value < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}${"0".repeat(zeros)}`;
		};
		fc.assert(
			fc.property(cents, cents, fc.nat(3), fc.nat(3), (a, b, x, y) => {
				expect(compareTyped("amount", spell(a, x), spell(b, y)).is).toBe(a === b ? "equal" : "unequal");
			}),
		);
	});
	it("in an answer and in a column; a field of another type in JSON stays a difference", () => {
		const policy = { types: { "answer/total": "amount" as const, "k.total": "amount" as const } };
		expect(fieldsOf({ total: "1.50" }, { total: "1.5" }, policy)).toEqual([]);
		expect(fieldsOf({ total: "1.50" }, { total: 1.5 }, policy)).toHaveLength(1);
		expect(fieldsOf({ total: "1.50" }, { total: "1.49" }, policy)).toEqual(["answer/total: rounding"]);
		expect(fieldsOf({ total: "1,234" }, { total: "1234" }, policy)).toEqual(["answer/total: text format: 1,234 is no amount"]);
		const row = (text: string): Behaviour => ({
			...json({}),
			changes: [{ table: "k", key: "1", kind: "insert", before: null, after: { total: { t: text } } }],
		});
		expect(compare(row("1.50"), row("1.5"), { ...strict, ...policy }).kind).toBe("equivalent");
	});
});
