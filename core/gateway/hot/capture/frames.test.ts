import fc from "fast-check";
import { expect, test } from "vitest";
import { createLineReader } from "../lines.ts";
import { createCounters } from "./counters.ts";
import { createFrameReader, encodeFrame } from "./frames.ts";

const report = { counters: createCounters(), planVersion: 1, lastSeq: 9, openRequests: 0, openSince: 0 };

test("frames come out whole however the pipe cuts them", () => {
	const payload = fc.option(fc.uint8Array({ minLength: 1, maxLength: 50 }), { nil: null });
	fc.assert(
		fc.property(fc.array(payload, { maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }), (payloads, cuts) => {
			const counts = (items: number) => ({ items, mirrored: 0 });
			const wire = Buffer.concat(payloads.flatMap((bytes, index) => encodeFrame(report, counts(index), bytes && Buffer.from(bytes))));
			const got: (number[] | null)[] = [];
			const items: number[] = [];
			const feed = createFrameReader((head, bytes) => {
				items.push(head.items);
				got.push(bytes && [...bytes]);
			});
			for (let from = 0, cut = 0; from < wire.length; cut++) {
				const size = cuts[cut % cuts.length] ?? 1;
				feed(wire.subarray(from, from + size));
				from += size;
			}
			expect(got).toEqual(payloads.map((bytes) => bytes && [...bytes]));
			expect(items).toEqual(payloads.map((_bytes, index) => index));
		}),
	);
});

test("lines come out whole however the socket cuts them, and an endless one is noticed", () => {
	fc.assert(
		fc.property(
			fc.array(fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => !text.includes("\n"))),
			fc.integer({ min: 1, max: 9 }),
			(lines, size) => {
				const wire = Buffer.from(lines.map((line) => `${line}\n`).join(""));
				const got: string[] = [];
				const feed = createLineReader(
					(line) => got.push(line),
					1e6,
					() => {},
				);
				for (let from = 0; from < wire.length; from += size) feed(wire.subarray(from, from + size));
				expect(got).toEqual(lines);
			},
		),
	);
	let isTooLong = false;
	const feed = createLineReader(
		() => {},
		10,
		() => {
			isTooLong = true;
		},
	);
	feed(Buffer.from("0123456789"));
	expect(isTooLong).toBe(false);
	feed(Buffer.from("x"));
	expect(isTooLong).toBe(true);
});
