import fc from "fast-check";
import { expect, test } from "vitest";
import type { Value } from "../../value-tree.ts";
import type { Malformed } from "../malformed.ts";
import { fieldTable } from "./field-table.ts";
import { formOf, iso8583Type, readIso8583 } from "./read-message.ts";

const bytes = (hex: string) => (hex.match(/../g) ?? []).map((pair) => String.fromCharCode(Number.parseInt(pair, 16))).join("");

function plain(value: Value | Malformed): Record<string, string> | Malformed {
	if ("malformed" in value || value.kind !== "record") return value as Malformed;
	return Object.fromEntries([...value.fields].map(([name, leaf]) => [name, leaf.kind === "leaf" ? leaf.text : "?"]));
}

test("[C16] the table is whole: 2 to 128, each with a size that its notation can hold", () => {
	expect([...fieldTable.keys()]).toEqual(Array.from({ length: 127 }, (_, index) => index + 2));
	for (const { size, prefix } of fieldTable.values()) {
		expect(size).toBeGreaterThan(0);
		if (prefix > 0) expect(String(size).length).toBeLessThanOrEqual(prefix);
	}
});

test("[C16] a published network message: packed, binary bitmap", () => {
	// CodeProject, "Introduction to ISO 8583": 0800 2020000000800000 000000 000001 3239313130303031
	expect(plain(readIso8583(bytes("080020200000008000000000000000013239313130303031"), { encoding: "bcd", skip: 0 }))).toEqual({
		type: "0800",
		"field 3": "000000",
		"field 11": "000001",
		"field 41": "29110001",
	});
});

test("[C16] a published Base24 answer: characters, bitmap in hexadecimal", () => {
	// on-september.blogspot.com, "Read ISO 8583 message", 2010.
	const message =
		"0210723A00010A8084001859360014100109999901100000001000000010070215330000011915331006100706565656100609010224000000090136" +
		"0020100236C0102240000000";
	expect(plain(readIso8583(message, { encoding: "ascii", skip: 0 }))).toEqual({
		type: "0210",
		"field 2": "593600141001099999",
		"field 3": "011000",
		"field 4": "000010000000",
		"field 7": "1007021533",
		"field 11": "000001",
		"field 12": "191533",
		"field 13": "1006",
		"field 15": "1007",
		"field 32": "565656",
		"field 37": "100609010224",
		"field 39": "00",
		"field 41": "00000901",
		"field 49": "360",
		"field 54": "100236C0102240000000",
	});
});

test("[C16] a published sale of a terminal: packed, behind a TPDU, with track 2, EMV data and a MAC", () => {
	// docs.rs, iso8583_parser 0.2.4, tests/integration_test.rs.
	const message =
		"600008000002003038058020C1920100000000000000000100275516040011250021000800388362143741176336D28112011861000000000F" +
		"3031313434303231303131323936333020202020202020" +
		"00321101313131313131313131311002312E312E312E312E31020330022231021532333634000000000000000000335F2A0203648202080095058000000000" +
		"9A032311259C01009F02060000000000011111111111111111";
	expect(plain(readIso8583(bytes(message), { encoding: "bcd", skip: 5 }))).toEqual({
		type: "0200",
		"field 3": "000000",
		"field 4": "000000000001",
		"field 11": "002755",
		"field 12": "160400",
		"field 13": "1125",
		"field 22": "021",
		"field 24": "008",
		"field 25": "00",
		"field 35": "8362143741176336=28112011861000000000F",
		"field 41": "01144021",
		"field 42": "01129630       ",
		"field 48": bytes("1101313131313131313131311002312E312E312E312E31020330022231021532"),
		"field 49": "364",
		"field 52": "0000000000000000",
		"field 55": bytes("5F2A02036482020800950580000000009A032311259C01009F0206000000000001"),
		"field 64": "1111111111111111",
	});
});

test("[C16] published bitmaps name their fields, of the second half too", () => {
	// Wikipedia's 4210001102C04804, and C000000000000001 0000000000000003 of chileoffshore.com.
	const both = readIso8583(`0200C0000000000000010000000000000003045678${"0".repeat(16)}005hello${"F".repeat(16)}`, {
		encoding: "ascii",
		skip: 0,
	});
	expect(plain(both)).toEqual({
		type: "0200",
		"field 2": "5678",
		"field 64": "0".repeat(16),
		"field 127": "hello",
		"field 128": "F".repeat(16),
	});
	const named = plain(readIso8583(`0200${bytes("4210001102C04804")}`, { encoding: "ascii", skip: 0 }));
	expect(named).toEqual({ malformed: "the message ends inside the length of field 2", at: 12 });
});

test("[C16] what breaks the table is told with its place", () => {
	const of = (text: string) => plain(readIso8583(text, { encoding: "ascii", skip: 0 }));
	expect(of("02A0")).toEqual({ malformed: "the message type is not of digits", at: 0 });
	expect(of("02003000000000000000000000x23456789012")).toEqual({ malformed: "field 4 is not of digits", at: 26 });
	expect(of("0200400000000000000020")).toEqual({ malformed: "field 2 says 20, and may have 19", at: 20 });
	expect(of("02000000001000000000X00000001")).toEqual({ malformed: "field 28 begins with no sign", at: 20 });
	expect(of("02002000000000000000000000more")).toEqual({ malformed: "4 bytes behind the last field", at: 26 });
});

test("[C16] odd digits are packed in the ways that are met", () => {
	const pan = (hex: string) => plain(readIso8583(bytes(`02004000000000000000${hex}`), { encoding: "bcd", skip: 0 }));
	expect(pan("0512345F")).toMatchObject({ "field 2": "12345" });
	expect(pan("05012345")).toMatchObject({ "field 2": "12345" });
	expect(pan("05123450")).toMatchObject({ "field 2": "12345" });
	expect(pan("05123456")).toEqual({ malformed: "field 2 is filled up with something else than a zero or F", at: 11 });
});

test("[C16] no bytes make the reader throw", () => {
	fc.assert(
		fc.property(
			fc.uint8Array({ maxLength: 80 }),
			fc.boolean(),
			fc.constantFrom("ascii" as const, "bcd" as const),
			(array, isTyped, encoding) => {
				const text = `${isTyped ? (encoding === "bcd" ? "\u0002\u0000" : "0200") : ""}${String.fromCharCode(...array)}`;
				const read = readIso8583(text, { encoding, skip: 0 });
				if ("malformed" in read) expect(read.at).toBeLessThanOrEqual(text.length);
				else expect(read.kind).toBe("record");
			},
		),
		{ numRuns: 3_000 },
	);
});

test("[C16] the content type says how to read", () => {
	for (const form of [{ encoding: "ascii", skip: 2 } as const, { encoding: "bcd", skip: 7 } as const])
		expect(formOf(iso8583Type(form))).toEqual(form);
	expect(formOf("application/json")).toBeNull();
});
