import fc from "fast-check";
import { expect, test } from "vitest";
import { readTrace } from "./iso8583-type.ts";
import { createKeyReader, createWaiting } from "./pairing.ts";

/** Published: a network message of a tutorial, a Base24 answer of a blog, and a sale of a terminal with its length and TPDU. */
const packed = Buffer.from("080020200000008000000000000000013239313130303031", "hex");
const base24 = Buffer.from(
	"0210723A00010A80840018593600141001099999011000000010000000100702153300000119153310061007" + "06565656100609010224000000090136",
	"latin1",
);
const sale = Buffer.from("600008000002003038058020C192010000000000000000010027551604001125002100080038", "hex");

test("[S7] the trace number is read from published messages", () => {
	expect(readTrace(packed, 0, "bcd")).toEqual({ type: "0800", trace: "000001" });
	expect(readTrace(base24, 0, "ascii")).toEqual({ type: "0210", trace: "000001" });
	expect(readTrace(sale, 5, "bcd")).toEqual({ type: "0200", trace: "002755" });
});

test("[S7] binary bitmaps behind a text type, and secondary ones of both kinds", () => {
	const fields = "000000000000001234000777";
	const text = (bitmap: Buffer, rest: string) => Buffer.concat([Buffer.from("0200"), bitmap, Buffer.from(rest)]);
	// Fields 3, 4 and 11; then the same with field 70 in a second bitmap.
	const primary = Buffer.from("3020000000000000", "hex");
	expect(readTrace(text(primary, fields), 0, "ascii")).toEqual({ type: "0200", trace: "000777" });
	const both = Buffer.from("B0200000000000000400000000000000", "hex");
	expect(readTrace(text(both, `${fields}301`), 0, "ascii")).toEqual({ type: "0200", trace: "000777" });
	expect(readTrace(Buffer.from(`0200${both.toString("hex")}${fields}301`), 0, "ascii")).toEqual({ type: "0200", trace: "000777" });
	expect(readTrace(Buffer.from(`0200${both.toString("hex")}${fields}0301`, "hex"), 0, "bcd")).toEqual({ type: "0200", trace: "000777" });
});

test("[S7] no bytes make the reader throw, and it takes nothing that breaks the standard", () => {
	for (const encoding of ["ascii", "bcd"] as const) {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
				const read = readTrace(Buffer.from(bytes), 0, encoding);
				if (read !== null) expect(`${read.type} ${read.trace}`).toMatch(/^[01][1-8]\d\d \d{6}$/);
			}),
			{ numRuns: 2_000 },
		);
		for (const whole of [packed, base24]) {
			for (let length = 0; length < 16; length++) expect(readTrace(whole.subarray(0, length), 0, encoding)).toBeNull();
		}
	}
	// Without field 11, with letters in the amount, of an edition with other lengths.
	expect(readTrace(Buffer.from("02002000000000000000000000"), 0, "ascii")).toBeNull();
	expect(readTrace(Buffer.from("0200302000000000000000000000000000x234000777"), 0, "ascii")).toBeNull();
	expect(readTrace(Buffer.from("22002020000000000000000000000777"), 0, "ascii")).toBeNull();
});

test("[S6] an answer has the key of its request, whatever repeats it", () => {
	const key = createKeyReader({ kind: "iso8583", encoding: "ascii" });
	const of = (type: string) => key(Buffer.from(`XX${type}2020000000000000000000000777`), 2, "client");
	expect(of("0200")).toEqual({ key: "020 000777", isReply: false });
	for (const [request, answer] of [
		["0200", "0210"],
		["0201", "0210"],
		["0220", "0230"],
		["0421", "0430"],
		["0800", "0810"],
	] as const) {
		expect(of(request)).toMatchObject({ isReply: false });
		expect(of(answer)).toEqual({ key: of(request)?.key, isReply: true });
	}
	expect(of("0400")?.key).not.toBe(of("0420")?.key);
	const field = createKeyReader({ kind: "field", at: 1, size: 3 });
	expect(field(Buffer.from("hhabcde"), 2, "client")).toEqual({ key: "bcd", isReply: false });
	expect(field(Buffer.from("hhabc"), 2, "server")).toBeNull();
});

test("[S6] entries of one key wait in their order, and all of them in the order of their coming", () => {
	const waiting = createWaiting<string>();
	waiting.add("a", "a1");
	waiting.add("b", "b1");
	waiting.add("a", "a2");
	expect(waiting.oldest()).toEqual({ key: "a", entry: "a1" });
	expect([waiting.take("a"), waiting.take("a"), waiting.take("a"), waiting.size]).toEqual(["a1", "a2", null, 1]);
	waiting.remove("b", "b1");
	expect(waiting.oldest()).toBeNull();
});
