import fc from "fast-check";
import { expect, test } from "vitest";
import type { ShadowAnswer } from "../../../contract/traffic.ts";
import { createBodyTap, tapBody } from "../capture/body-tap.ts";
import { answerSize, decodeAnswers, encodeAnswers, type RawAnswer } from "./answer-codec.ts";
import { copySize, decodeCopies, encodeCopies, type OutgoingCopy } from "./copy-batch.ts";

const bytes = fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array));
const digest = fc.record({ size: fc.nat(), sha256: fc.stringMatching(/^[0-9a-f]{64}$/) });

const rawAnswer: fc.Arbitrary<RawAnswer> = fc
	.record({
		seq: fc.nat(),
		truncated: fc.boolean(),
		status: fc.integer({ min: 0, max: 999 }),
		value: fc.stringMatching(/^[!-~]{0,12}$/),
		body: fc.array(bytes, { maxLength: 3 }),
		error: fc.option(fc.string({ unit: "grapheme" }), { nil: null }),
		whole: fc.option(fc.record({ shadow: digest, client: fc.option(digest, { nil: null }) }), { nil: null }),
	})
	.map(({ seq, value, whole, ...rest }) => ({
		...rest,
		seq,
		startedAt: seq + 0.5,
		endedAt: seq + 7.25,
		head: Buffer.from(`HTTP/1.1 200 OK\r\nA: ${value}\r\n\r\n`),
		...(whole === null ? {} : { whole }),
	}));

test("[M2] what the thread writes of answers is what the core reads", () => {
	fc.assert(
		fc.property(fc.array(rawAnswer, { maxLength: 5 }), (answers) => {
			const size = answers.reduce((sum, answer) => sum + answerSize(answer), 0);
			const wire = encodeAnswers(answers, size);
			expect(wire.readUInt32LE(1)).toBe(wire.length - 5);
			const expected: ShadowAnswer[] = answers.map(({ head, body, status, ...rest }) => ({
				...rest,
				response: {
					status,
					headers: [["A", head.toString("latin1").split("A: ")[1]?.trim() ?? ""]],
					body: Buffer.concat(body).toString("base64"),
				},
			}));
			expect(decodeAnswers(wire.subarray(5)).answers).toEqual(expected);
		}),
	);
});

test("a batch of answers that is cut short is no batch", () => {
	const [answer] = fc.sample(rawAnswer, { numRuns: 1, seed: 3 });
	if (answer === undefined) throw new Error("one was asked for");
	const whole = encodeAnswers([answer], answerSize(answer)).subarray(5);
	for (let length = 12; length < whole.length; length++) expect(() => decodeAnswers(whole.subarray(0, length))).toThrow(RangeError);
});

test("[M1] what the worker writes of copies is what its thread reads; a body in a file is not sent along", () => {
	const copy = fc
		.record({
			seq: fc.nat(),
			mirror: fc.nat(9),
			isRepeatable: fc.boolean(),
			requestSpill: fc.constantFrom(0, 0, 7),
			answerSpill: fc.nat(3),
			head: bytes,
			parts: fc.array(bytes, { maxLength: 3 }),
		})
		.map(({ parts, ...rest }): OutgoingCopy => {
			const body = createBodyTap(100);
			for (const part of parts) tapBody(body, part);
			return { ...rest, body };
		});
	fc.assert(
		fc.property(fc.array(copy, { maxLength: 5 }), (copies) => {
			const size = copies.reduce((sum, one) => sum + copySize(one), 0);
			const wire = encodeCopies(copies, size);
			expect([wire.length, wire.buffer.byteLength]).toEqual([4 + size, 4 + size]);
			expect(decodeCopies(wire)).toEqual(
				copies.map(({ body, ...rest }) => ({ ...rest, body: rest.requestSpill === 0 ? Buffer.concat(body.chunks) : Buffer.alloc(0) })),
			);
		}),
	);
});
