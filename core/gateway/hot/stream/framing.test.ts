import fc from "fast-check";
import { expect, test } from "vitest";
import type { Framing } from "../../../contract/listeners.ts";
import { createFramer } from "./framing.ts";

type Seen = { messages: string[]; lost: string | null; isBetween: boolean };

/** What a framer sees in `wire` when it comes in pieces of these sizes, over and over. */
function read(framing: Framing, wire: Buffer, sizes: readonly number[]): Seen {
	const messages: string[] = [];
	let lost: string | null = null;
	const framer = createFramer(framing, {
		onMessage: (frame, head) => messages.push(`${head}:${frame.toString("hex")}`),
		onLost: (reason) => {
			expect(lost).toBeNull();
			lost = reason;
		},
	});
	for (let at = 0, turn = 0; at < wire.length; turn++) {
		const size = sizes[turn % sizes.length] ?? 1;
		framer.push(wire.subarray(at, at + size));
		at += size;
	}
	return { messages, lost, isBetween: framer.isBetween() };
}

const framing: fc.Arbitrary<Framing> = fc.oneof(
	fc.record({
		kind: fc.constant("length" as const),
		at: fc.integer({ min: 0, max: 5 }),
		size: fc.constantFrom(1 as const, 2 as const, 4 as const),
		order: fc.constantFrom("big" as const, "little" as const),
		counts: fc.constantFrom("rest" as const, "whole" as const),
		limit: fc.integer({ min: 1, max: 60 }),
	}),
	fc.record({
		kind: fc.constant("delimiter" as const),
		hex: fc.constantFrom("0a", "0d0a", "0a0a0b", "00000000", "0a0b0a0b0c"),
		limit: fc.integer({ min: 1, max: 40 }),
	}),
	fc.record({ kind: fc.constant("fixed" as const), size: fc.integer({ min: 1, max: 20 }) }),
);
const sizes = fc.array(fc.integer({ min: 1, max: 17 }), { minLength: 1, maxLength: 6 });
/** Few different bytes, so that marks, small lengths and near misses are frequent. */
const noise = fc.array(fc.constantFrom(0, 0, 1, 3, 10, 11, 12, 13, 200), { maxLength: 160 }).map((bytes) => Buffer.from(bytes));

/** The message with its own head, or null where it cannot be framed so. */
function frame(by: Framing, content: Buffer): Buffer | null {
	switch (by.kind) {
		case "length": {
			const head = by.at + by.size;
			const value = by.counts === "whole" ? head + content.length : content.length;
			if (value >= 256 ** by.size || head + content.length > by.limit) return null;
			const whole = Buffer.concat([Buffer.alloc(head, 7), content]);
			if (by.order === "big") whole.writeUIntBE(value, by.at, by.size);
			else whole.writeUIntLE(value, by.at, by.size);
			return whole;
		}
		case "delimiter": {
			const mark = Buffer.from(by.hex, "hex");
			const whole = Buffer.concat([content, mark]);
			return whole.length > by.limit || whole.indexOf(mark) !== content.length ? null : whole;
		}
		case "fixed":
			return content.length >= by.size ? content.subarray(0, by.size) : null;
	}
}

test("[S4] any cutting of any bytes gives the same messages, and the same loss", () => {
	fc.assert(
		fc.property(framing, noise, sizes, (by, wire, cuts) => {
			const whole = read(by, wire, [wire.length || 1]);
			const cut = read(by, wire, cuts);
			expect(cut.messages).toEqual(whole.messages);
			expect(cut.lost === null).toBe(whole.lost === null);
			if (cut.lost === null) expect(cut.isBetween).toBe(whole.isBetween);
		}),
		{ numRuns: 3_000 },
	);
});

test("[S4] what was framed comes out, one message after the other, byte for byte", () => {
	fc.assert(
		fc.property(framing, fc.array(noise, { maxLength: 6 }), sizes, (by, contents, cuts) => {
			const frames = contents.map((content) => frame(by, content)).filter((whole) => whole !== null);
			const { messages, lost, isBetween } = read(by, Buffer.concat(frames), cuts);
			expect(lost).toBeNull();
			expect(isBetween).toBe(true);
			const head = by.kind === "length" ? by.at + by.size : 0;
			expect(messages).toEqual(frames.map((whole) => `${head}:${whole.toString("hex")}`));
		}),
		{ numRuns: 1_000 },
	);
});

test("[S5] a message above the limit, or shorter than its own head, is the loss of the framing; what came before counts", () => {
	const by: Framing = { kind: "length", at: 0, size: 2, order: "big", counts: "rest", limit: 10 };
	const wire = Buffer.from("0003616263" + "0009616263", "hex");
	expect(read(by, wire, [3])).toMatchObject({ messages: ["2:0003616263"], lost: "a message of 11 bytes, above the limit of 10" });
	const whole: Framing = { ...by, counts: "whole" };
	expect(read(whole, Buffer.from("0001", "hex"), [1]).lost).toBe("a length of 1, which is less than its own head");
	expect(read(whole, Buffer.from("00020005616263", "hex"), [1]).messages).toEqual(["2:0002", "2:0005616263"]);
	expect(read({ kind: "delimiter", hex: "0a", limit: 4 }, Buffer.from("abc\nabcd\n"), [2])).toMatchObject({
		messages: ["0:6162630a"],
		lost: "a message above the limit of 4 bytes",
	});
});
