import { expect, test } from "vitest";
import type { Verdict, VerdictKind } from "../contract/verdict.ts";
import { acceptedRounding } from "./accepted.ts";

const verdict = (kind: VerdictKind, ...pairs: [legacy: string, modern: string][]): Verdict => ({
	kind,
	differences: pairs.map(([legacy, modern]) => ({ field: "answer/TOTAL", legacy, modern, kind: "number", suspicion: "rounding" })),
	tolerated: [],
	reason: "",
});
const clean = verdict("identical");
const cents = [{ place: "f.py:3", digits: 2 }];

test.each([
	{ legacy: "12.35", modern: "12.34", is: "accepted" },
	{ legacy: "12.3", modern: "12.31", is: "accepted" },
	{ legacy: "-0.01", modern: "0", is: "accepted" },
	{ legacy: "-0.5", modern: "-0.49", is: "accepted" },
	{ legacy: "-0.5", modern: "-0.4", is: "mismatch" },
	{ legacy: "12.00", modern: "12.01", is: "accepted" },
	{ legacy: "99999999999999.99", modern: "100000000000000.00", is: "accepted" },
	{ legacy: "12.35", modern: "12.33", is: "mismatch" },
	{ legacy: "1000.50", modern: "1000.70", is: "mismatch" },
	{ legacy: "12.35", modern: "12.350001", is: "mismatch" },
	{ legacy: "12.35", modern: "", is: "mismatch" },
	{ legacy: "E203", modern: "E202", is: "mismatch" },
	{ legacy: "1e2", modern: "101", is: "mismatch" },
])("$legacy against $modern is $is where legacy's rounding explains it", ({ legacy, modern, is }) => {
	expect(acceptedRounding(verdict("mismatch", [legacy, modern]), clean, cents).kind).toBe(is);
});

test("a whole number may follow from an amount, alone it says nothing; of whole amounts each is one unit apart", () => {
	const yen = [{ place: "f.py:3", digits: 0 }];
	const told = (places: typeof yen, ...pairs: [string, string][]) => acceptedRounding(verdict("mismatch", ...pairs), clean, places).kind;
	expect(told(cents, ["12.35", "12.34"], ["5", "-3"])).toBe("accepted");
	expect(told(cents, ["5", "-3"])).toBe("mismatch");
	expect(told(cents, ["12.35", "12.34"], ["7.1", "7.3"])).toBe("mismatch");
	expect(told(yen, ["1235", "1234"], ["5", "6"])).toBe("accepted");
	expect(told(yen, ["1235", "1234"], ["5", "-3"])).toBe("mismatch");
});

test("nothing is accepted that legacy's rounding alone does not explain, to the last digit", () => {
	const differs = verdict("mismatch", ["12.35", "12.34"]);
	for (const kind of ["mismatch", "failed", "skewed", "accepted"] as const) {
		expect(acceptedRounding(differs, verdict(kind), cents)).toBe(differs);
	}
	expect(acceptedRounding(verdict("mismatch", ["12.35", "12.34"], ["N", "Y"]), clean, cents).kind).toBe("mismatch");
	expect(acceptedRounding(verdict("failed"), clean, cents).kind).toBe("failed");
});

test("it keeps what differs, and says where it was accepted", () => {
	const told = acceptedRounding(verdict("mismatch", ["12.35", "12.34"]), verdict("equivalent"), [{ place: "interests.py:88", digits: 2 }]);
	expect(told).toMatchObject({ kind: "accepted", reason: "rounded otherwise at interests.py:88, as was accepted" });
	expect(told.differences).toHaveLength(1);
});
