import fc from "fast-check";
import { expect, test } from "vitest";
import { createFrameReader, encodeFrame, type Frame, FrameTooLong, frameLimits } from "./frames.ts";

const text = fc.string({ unit: "binary", maxLength: 200 });
const frames = fc.array(fc.oneof(text, fc.uint8Array({ maxLength: 200 })), { maxLength: 20 });

test("every frame comes out as it went in, however the stream is cut", () => {
	fc.assert(
		fc.property(frames, fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (sent, cuts) => {
			const stream = Uint8Array.from(sent.flatMap((frame) => [...encodeFrame(frame, frameLimits.up)]));
			const received: Frame[] = [];
			const reader = createFrameReader(frameLimits.up, (frame) => received.push(frame));
			for (let at = 0, turn = 0; at < stream.length; turn++) {
				const next = at + (cuts[turn % cuts.length] ?? 1);
				reader.push(stream.subarray(at, next));
				at = next;
			}
			expect(received).toEqual(sent.map((frame) => (typeof frame === "string" ? asUtf8(frame) : frame)));
		}),
	);
});

test("a frame beyond the limit is refused by the sender, and by the receiver before its content came", () => {
	expect(() => encodeFrame("abc", 2)).toThrow(FrameTooLong);
	expect(() => encodeFrame("ü", 1)).toThrow(FrameTooLong);
	const seen: Frame[] = [];
	const reader = createFrameReader(2, (frame) => seen.push(frame));
	expect(() => reader.push(encodeFrame("abc", 3).subarray(0, 4))).toThrow(FrameTooLong);
	expect(() => createFrameReader(2, () => {}).push(Uint8Array.of(0, 0, 0, 0))).toThrow(FrameTooLong);
	expect(seen).toEqual([]);
});

test("a large frame costs time in step with its size", () => {
	const whole = encodeFrame("x".repeat(8 * 1024 * 1024), frameLimits.down);
	const received: number[] = [];
	const reader = createFrameReader(frameLimits.down, (frame) => received.push(frame.length));
	for (let at = 0; at < whole.length; at += 65_536) reader.push(whole.subarray(at, at + 65_536));
	expect(received).toEqual([8 * 1024 * 1024]);
});

/** Halves of surrogate pairs do not exist in UTF-8. */
const asUtf8 = (text: string) => new TextDecoder().decode(new TextEncoder().encode(text));
