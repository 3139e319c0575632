import fc from "fast-check";
import { expect, test } from "vitest";
import { BINARY, CLOSE, createWebSocketReader, encodeClientFrame, PING, TEXT } from "./frames.ts";

type Seen = { told: string[]; lost: string | null; isBetween: boolean };

function read(isMasked: boolean, wire: Buffer, sizes: readonly number[], cap = 1_000): Seen {
	const told: string[] = [];
	let lost: string | null = null;
	const reader = createWebSocketReader(isMasked, cap, {
		onMessage: ({ isText, size, chunks }) => told.push(`${isText ? "text" : "binary"} ${size} ${Buffer.concat(chunks).toString("hex")}`),
		onControl: (opcode, payload) => told.push(`control ${opcode} ${payload.toString("hex")}`),
		onLost: (reason) => {
			expect(lost).toBeNull();
			lost = reason;
		},
	});
	for (let at = 0, turn = 0; at < wire.length; turn++) {
		const size = sizes[turn % sizes.length] ?? 1;
		reader.push(wire.subarray(at, at + size));
		at += size;
	}
	return { told, lost, isBetween: reader.isBetween() };
}

/** By the book, byte for byte; independent of what reads it. */
function frame(opcode: number, payload: Buffer, isFinal: boolean, mask: Buffer | null): Buffer {
	const first = (isFinal ? 128 : 0) | opcode;
	const bit = mask === null ? 0 : 128;
	const { length } = payload;
	const head = length < 126 ? Buffer.from([first, bit | length]) : Buffer.from([first, bit | 126, length >> 8, length & 255]);
	if (mask === null) return Buffer.concat([head, payload]);
	return Buffer.concat([head, mask, payload.map((byte, index) => byte ^ (mask[index % 4] as number))]);
}

const sizes = fc.array(fc.integer({ min: 1, max: 29 }), { minLength: 1, maxLength: 6 });
const payload = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
const mask = fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => Buffer.from(bytes));

test("[W5] any cutting of any bytes gives the same messages, and the same loss", () => {
	const noise = fc.array(fc.constantFrom(0, 1, 2, 128, 129, 130, 136, 137, 3, 126, 127, 255), { maxLength: 120 });
	fc.assert(
		fc.property(fc.boolean(), noise, sizes, (isMasked, bytes, cuts) => {
			const wire = Buffer.from(bytes);
			expect(read(isMasked, wire, cuts)).toEqual(read(isMasked, wire, [wire.length || 1]));
		}),
		{ numRuns: 3_000 },
	);
});

test("[W5] fragments become one message, and control frames between them do not disturb it", () => {
	const fragments = fc.array(payload, { minLength: 1, maxLength: 5 });
	fc.assert(
		fc.property(
			fc.boolean(),
			fc.array(fragments, { maxLength: 4 }),
			mask,
			sizes,
			fc.integer({ min: 0, max: 300 }),
			(isMasked, messages, key, cuts, cap) => {
				const used = isMasked ? key : null;
				const wire = messages.flatMap((parts) =>
					parts.flatMap((part, index) => [
						frame(index === 0 ? BINARY : 0, part, index === parts.length - 1, used),
						frame(PING, Buffer.from("hi"), true, used),
					]),
				);
				const { told, lost, isBetween } = read(isMasked, Buffer.concat(wire), cuts, cap);
				expect([lost, isBetween]).toEqual([null, true]);
				expect(told.filter((one) => one.startsWith("binary"))).toEqual(
					messages.map((parts) => {
						const whole = Buffer.concat(parts);
						return `binary ${whole.length} ${whole.subarray(0, cap).toString("hex")}`;
					}),
				);
				expect(told.filter((one) => one === `control ${PING} 6869`)).toHaveLength(messages.flat().length);
			},
		),
		{ numRuns: 500 },
	);
});

test("[W5] the frames of RFC 6455, 5.7, and long lengths", () => {
	const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");
	expect(read(false, hex("81 05 48 65 6c 6c 6f"), [1]).told).toEqual(["text 5 48656c6c6f"]);
	expect(read(true, hex("81 85 37 fa 21 3d 7f 9f 4d 51 58"), [1]).told).toEqual(["text 5 48656c6c6f"]);
	expect(read(false, hex("01 03 48 65 6c 80 02 6c 6f"), [1]).told).toEqual(["text 5 48656c6c6f"]);
	for (const length of [125, 126, 65_535, 65_536, 70_000]) {
		const sent = Buffer.alloc(length, 0x5a);
		expect(read(true, encodeClientFrame(TEXT, sent), [1_000], 4).told).toEqual([`text ${length} 5a5a5a5a`]);
	}
});

test("[W5] what is no WebSocket is the loss of the framing, by name", () => {
	const of = (isMasked: boolean, bytes: number[]) => read(isMasked, Buffer.from(bytes), [1]).lost;
	expect(of(false, [0xc1, 0])).toMatch(/a reserved bit is set/);
	expect(of(true, [0x81, 0])).toBe("a client's frame without a mask");
	expect(of(false, [0x81, 0x80, 0, 0, 0, 0])).toBe("a server's frame with a mask");
	expect(of(false, [0x83, 0])).toBe("the opcode 3");
	expect(of(false, [0x80, 0])).toBe("a continuation of nothing");
	expect(of(false, [0x01, 0, 0x81, 0])).toBe("a message inside another");
	expect(of(false, [0x09, 0])).toBe("a control frame in pieces, or too long");
	expect(of(false, [0x82, 127, 255, 255, 255, 255, 255, 255, 255, 255])).toBe("a frame without end");
});

test("[W5] after a close nothing counts", () => {
	const wire = Buffer.concat([frame(CLOSE, Buffer.from([3, 232]), true, null), frame(TEXT, Buffer.from("late"), true, null)]);
	expect(read(false, wire, [5]).told).toEqual([`control ${CLOSE} 03e8`]);
});

test("[W5] ten thousand fragments of one byte are held in few pieces", () => {
	const parts = Array.from({ length: 10_000 }, (_, index) => frame(index === 0 ? TEXT : 0, Buffer.from("x"), index === 9_999, null));
	let pieces = 0;
	const reader = createWebSocketReader(false, 1_000_000, {
		onMessage: ({ chunks, size }) => {
			pieces = chunks.length;
			expect(size).toBe(10_000);
			expect(Buffer.concat(chunks).toString()).toBe("x".repeat(10_000));
		},
		onControl: () => {},
		onLost: () => expect.unreachable(),
	});
	reader.push(Buffer.concat(parts));
	expect(pieces).toBeLessThan(300);
});
