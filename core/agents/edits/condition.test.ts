import { describe, expect, test } from "vitest";
import type { Type } from "../../contract/ir.ts";
import { learnCondition } from "./condition.ts";

const origin = (field: string, kind: "int" | "float" | "str") => ({ name: field, field, type: { kind } as Type });
const origins = [origin("amount", "float"), origin("months", "int"), origin("segment", "str")];
const told = (condition: ReturnType<typeof learnCondition>) =>
	condition?.map(({ origin: { field }, relation, value }) => `${field} ${relation} ${value}`);
const facts = (amount: number, months: number, segment: string) => ({ amount: String(amount), months: String(months), segment });

describe("a condition over the request", () => {
	test("one threshold between what must change and what must stay, as short as it can be said", () => {
		const inside = [facts(1012.5, 12, "vip"), facts(2400, 24, "std")];
		const outside = [facts(998.75, 12, "vip"), facts(20, 24, "std")];
		expect(told(learnCondition(inside, outside, origins))).toEqual(["amount gt 1000"]);
	});

	test("a text that all have and no other has", () => {
		const inside = [facts(10, 12, "vip"), facts(900, 36, "vip")];
		const outside = [facts(5, 12, "std"), facts(950, 48, "business"), facts(100, 20, "std")];
		expect(told(learnCondition(inside, outside, origins))).toEqual(["segment eq vip"]);
	});

	test("two tests where one is not enough", () => {
		const inside = [facts(500, 48, "vip"), facts(800, 60, "vip")];
		const outside = [facts(600, 12, "vip"), facts(700, 24, "vip"), facts(700, 48, "std"), facts(600, 60, "std")];
		expect(told(learnCondition(inside, outside, origins))?.toSorted()).toEqual(["months gt 40", "segment eq vip"].toSorted());
	});

	test("none where the request does not tell them apart", () => {
		expect(learnCondition([facts(1, 1, "a")], [facts(1, 1, "a")], origins)).toBeNull();
	});
});
