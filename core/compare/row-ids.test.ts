import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RowChange } from "../contract/effects.ts";
import type { Behaviour, ComparePolicy } from "../contract/verdict.ts";
import { compare } from "./compare.ts";

const policy: ComparePolicy = {
	...{ random: [], clock: [], clockSlackMs: 0, window: { from: 0, to: 1 } },
	ids: { orders: ["orders.id", "lines.parent", "answer/order"], lines: ["lines.id"] },
};
const insert = (table: string, key: number, columns: Record<string, number | string>): RowChange => ({
	...{ table, key: String(key), kind: "insert", before: null },
	after: Object.fromEntries(
		Object.entries({ id: key, ...columns }).map(([name, value]) => [name, typeof value === "number" ? { i: String(value) } : { t: value }]),
	),
});
const side = (changes: RowChange[], body: object = {}): Behaviour => ({
	...{ status: 200, contentType: "application/json", body: JSON.stringify(body) },
	changes,
});
const order = (id: number, lines: [id: number, text: string, parent?: number][], answer = id) =>
	side(
		[insert("orders", id, { total: lines.length }), ...lines.map(([key, text, parent = id]) => insert("lines", key, { parent, text }))],
		{ order: answer },
	);
const found = (legacy: Behaviour, modern: Behaviour) =>
	compare(legacy, modern, policy).differences.map((d) => `${d.field}: ${d.suspicion}`);

describe("numbers that the database gives to new rows", () => {
	const legacy = order(5, [
		[10, "salary"],
		[11, "pension"],
	]);
	it("[C34] may be others, and name the same rows wherever they stand", () => {
		const modern = order(9, [
			[31, "pension"],
			[30, "salary"],
		]);
		const verdict = compare(legacy, modern, policy);
		expect(verdict).toMatchObject({ kind: "equivalent", differences: [] });
		expect(verdict.tolerated.map(({ field }) => field)).toContain("answer/order");
	});
	it("[C34] may be the same in another order", () => {
		const modern = order(5, [
			[10, "pension"],
			[11, "salary"],
		]);
		expect(compare(legacy, modern, policy).kind).toBe("equivalent");
	});
	it("[C34] a reference or an answer that names another row is a difference", () => {
		const astray = order(9, [
			[30, "salary", 4],
			[31, "pension"],
		]);
		expect(found(legacy, astray)).toEqual(["rows/lines/parent: cross reference: the new row 5 of orders is 9 on the other side"]);
		const answered = order(9, [[30, "salary"], [31, "pension"]], 5); // biome-ignore format: one line
		expect(found(legacy, answered)).toEqual(["answer/order: cross reference: the new row 5 of orders is 9 on the other side"]);
		expect(found(side([], { order: 3 }), side([], { order: 4 }))).toEqual([
			"answer/order: cross reference: no new row of orders has this number",
		]);
		expect(found(side([], { order: 3 }), side([], { order: 3 }))).toEqual([]);
	});
	it("[C34] a row too few, or with other content, stays a difference", () => {
		expect(found(legacy, order(9, [[30, "salary"]]))).toEqual(["rows/orders/total: rounding", "rows/lines: missing row"]);
		expect(found(legacy, order(5, [[10, "salary"], [11, "bonus"]]))).toEqual(["rows/lines/text: value"]); // biome-ignore format: one line
	});
	it("[C34] numbers that the policy does not name are values", () => {
		const { ids: _, ...strict } = policy;
		expect(compare(legacy, order(6, [[10, "salary", 5], [11, "pension", 5]], 5), strict).kind).toBe("mismatch"); // biome-ignore format: one line
	});
	it("[C34] any renumbering of new rows is equivalent, and no change of a value in it is", () => {
		const rows = fc.array(fc.tuple(fc.constantFrom("a", "b", "c"), fc.nat(3)), { minLength: 1, maxLength: 8 });
		fc.assert(
			fc.property(rows, fc.integer({ min: 1, max: 500 }), fc.infiniteStream(fc.nat()), fc.nat(), (lines, shift, order, spoilt) => {
				const texts = lines.map(([text, n]) => `${text}${n}`);
				const legacySide = side(texts.map((text, index) => insert("lines", index + 1, { parent: 1, text })));
				const numbered = texts.map((text) => [order.next().value as number, text] as const).sort((a, b) => a[0] - b[0]);
				const renumbered = numbered.map(([, text], index) => insert("lines", index + shift, { parent: 1, text }));
				expect(["identical", "equivalent"]).toContain(compare(legacySide, side(renumbered), policy).kind);
				const at = spoilt % renumbered.length;
				const wrong = renumbered.map((change, index) =>
					index === at ? { ...change, after: { ...change.after, text: { t: "z" } } } : change,
				);
				expect(compare(legacySide, side(wrong), policy).kind).toBe("mismatch");
			}),
		);
	});
});
