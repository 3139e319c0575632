import { expect, test } from "vitest";
import type { Behaviour } from "../../../contract/verdict.ts";
import { compare, iso8583Type } from "../../index.ts";

const policy = { random: ["field 37"], clock: [], clockSlackMs: 2_000, window: { from: 0, to: 1 } };
const answer = (body: string): Behaviour => ({ status: 200, contentType: iso8583Type({ encoding: "ascii", skip: 0 }), body, changes: [] });
const differences = (legacy: string, modern: string) =>
	compare(answer(legacy), answer(modern), policy).differences.map(
		({ field, legacy: a, modern: b, suspicion }) => `${field}: "${a}" against "${b}" (${suspicion})`,
	);
/** Fields 4, 11, 37, 39. */
const message = (amount: string, code: string, reference = "KLMNPQ123456") => `021010200000${"0A"}000000${amount}000777${reference}${code}`;

test("[C16] the differing field is named, with a first suspicion", () => {
	expect(differences(message("000000010050", "00"), message("000000010050", "51"))).toEqual(['answer/field 39: "00" against "51" (value)']);
	expect(differences(message("000000010051", "00"), message("000000010050", "00"))).toEqual([
		'answer/field 4: "000000010051" against "000000010050" (rounding)',
	]);
});

test("[C16] fields that may vary are checked as in any other notation", () => {
	const verdict = compare(answer(message("000000010050", "00")), answer(message("000000010050", "00", "ZYXWVU654321")), policy);
	expect(verdict.kind).toBe("equivalent");
	expect(verdict.tolerated.map(({ field }) => field)).toEqual(["answer/field 37"]);
});

test("[C16] an answer that is no message is compared as bytes, and the reason says where it breaks", () => {
	const verdict = compare(answer(message("000000010050", "00")), answer("0210x"), policy);
	expect(verdict.kind).toBe("mismatch");
	expect(verdict.reason).toContain("the new service's answer is no ISO 8583 message at byte 5");
});
