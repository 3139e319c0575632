import fc from "fast-check";
import { expect, test } from "vitest";
import { createBodyReader } from "./body-reader.ts";
import { HEAD_LIMIT } from "./head-lines.ts";
import { type Refusal, refusals } from "./refusal.ts";
import { CHUNKED, UNTIL_CLOSE } from "./request-head.ts";

type Result = { wire: string; payload: string; isDone: boolean; taken: number; refusal: Refusal | null };

/** `text` in pieces that end at `cuts`; `taken`: how much of it belonged to the body. */
function read(body: number, text: string, cuts: readonly number[] = []): Result {
	const reader = createBodyReader();
	const bytes = Buffer.from(text, "latin1");
	const result: Result = { wire: "", payload: "", isDone: false, taken: 0, refusal: null };
	const sink = {
		onWire(piece: Buffer) {
			result.wire += piece.toString("latin1");
		},
		onPayload(piece: Buffer) {
			result.payload += piece.toString("latin1");
		},
	};
	reader.begin(body);
	let from = 0;
	for (const cut of [...cuts, bytes.length]) {
		// Each piece is a buffer of its own, as the sockets give them.
		const piece = Buffer.from(bytes.subarray(from, cut));
		const next = reader.read(piece, 0, piece.length, sink);
		if (next < 0) return { ...result, refusal: reader.refusal() };
		result.taken = from + next;
		from = cut;
		if (reader.isDone()) break;
	}
	return { ...result, isDone: reader.isDone() };
}

const text = "5;a=b\r\nhello\r\n0A\r\n0123456789\r\n1;x\r\n!\r\n0;end\r\nX-Sum: 1\r\nX-B:\r\n\r\n";
const passed = "5\r\nhello\r\n0A\r\n0123456789\r\n1\r\n!\r\n0\r\nX-Sum: 1\r\nX-B:\r\n\r\n";

test("[F3] a chunked body is passed in its own chunks, trailers too, without extensions", () => {
	expect(read(CHUNKED, `${text}GET /next`)).toEqual({
		wire: passed,
		payload: "hello0123456789!",
		isDone: true,
		taken: text.length,
		refusal: null,
	});
	expect(read(CHUNKED, "0\r\n\r\n")).toMatchObject({ wire: "0\r\n\r\n", payload: "", isDone: true });
});

test("every cut into two and every cut into three gives the same body", () => {
	const whole = { wire: passed, payload: "hello0123456789!", isDone: true, taken: text.length, refusal: null };
	for (let first = 0; first <= text.length; first++) {
		for (let second = first; second <= text.length; second++) expect(read(CHUNKED, text, [first, second])).toEqual(whole);
	}
	expect(
		read(
			CHUNKED,
			text,
			Array.from(text, (_, index) => index),
		),
	).toEqual(whole);
});

const refused: [keyof typeof refusals, string][] = [
	["chunkSize", "g\r\n"],
	["chunkSize", "\r\n"],
	["chunkSize", "-1\r\n"],
	["chunkSize", "+1\r\n"],
	["chunkSize", " 1\r\n"],
	["chunkSize", "1 \r\n"],
	["chunkSize", "0x1\r\n"],
	["chunkSize", ";a\r\n"],
	["chunkSize", "1234567890abc\r\n"],
	["bareLf", "1\nx"],
	["bareCr", "1\rx"],
	["chunkExtension", "1;a\0\r\n"],
	["chunkExtension", "1;a\nb\r\n"],
	["bareCr", "1;a\rb\r\n"],
	["chunkExtension", `1;${"x".repeat(1_025)}\r\n`],
	["chunkEnd", "1\r\nxy\r\n"],
	["chunkEnd", "2\r\nx\r\n0\r\n\r\n"],
	["chunkEnd", "1\r\nx\n0\r\n\r\n"],
	["chunkEnd", "1\r\nx\rx"],
	["trailer", "0\r\nX : y\r\n\r\n"],
	["trailer", "0\r\n X: y\r\n\r\n"],
	["trailer", "0\r\nX: y\n\r\n"],
	["trailer", "0\r\n\n"],
	["trailerName", "0\r\nContent-Length: 5\r\n\r\n"],
	["trailerName", "0\r\nHost: b\r\n\r\n"],
	["trailerName", "0\r\nTransfer-Encoding: chunked\r\n\r\n"],
	["trailerName", "0\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n"],
	["trailerSize", `0\r\nX: ${"x".repeat(HEAD_LIMIT)}\r\n\r\n`],
];

test.each(refused)("%s: %.40j is refused, whole and byte by byte", (name, bytes) => {
	expect(read(CHUNKED, bytes).refusal).toBe(refusals[name]);
	const step = bytes.length > 2_000 ? 401 : 1;
	const cuts = Array.from({ length: Math.floor(bytes.length / step) }, (_, index) => index * step);
	const split = read(CHUNKED, bytes, cuts);
	expect(split.refusal).toBe(refusals[name]);
	expect(split.isDone).toBe(false);
});

test("a body with a length ends with its last byte, one without at no byte", () => {
	expect(read(5, "hello, GET")).toMatchObject({ wire: "hello", payload: "hello", taken: 5, isDone: true });
	expect(read(5, "hell")).toMatchObject({ wire: "hell", isDone: false });
	expect(read(0, "GET")).toMatchObject({ wire: "", taken: 0, isDone: true });
	expect(read(UNTIL_CLOSE, "anything\0")).toMatchObject({ wire: "anything\0", isDone: false });
});

test("what was cut off is forgotten with the next body", () => {
	const reader = createBodyReader();
	const sink = { onWire() {}, onPayload() {} };
	for (const broken of ["1;a", "0\r\nX: half", "ff\r\nx", "12345"]) {
		reader.begin(CHUNKED);
		reader.read(Buffer.from(broken), 0, broken.length, sink);
		expect(reader.isDone()).toBe(false);
		reader.begin(CHUNKED);
		expect(reader.read(Buffer.from("1\r\nx\r\n0\r\n\r\n"), 0, 11, sink)).toBe(11);
		expect(reader.isDone()).toBe(true);
	}
});

const chunk = fc.record({
	data: fc.string({ unit: "binary-ascii", minLength: 1, maxLength: 40 }),
	isUpper: fc.boolean(),
	zeros: fc.nat(3),
	extension: fc.constantFrom("", ";a", ';a="b c"'),
});

test("law: whatever is framed in chunks comes out, however it is chunked, cut and extended", () => {
	const property = fc.property(fc.array(chunk, { maxLength: 8 }), fc.array(fc.nat(400), { maxLength: 12 }), (chunks, places) => {
		let framed = "";
		let bare = "";
		for (const { data, isUpper, zeros, extension } of chunks) {
			const digits = "0".repeat(zeros) + data.length.toString(16);
			const size = isUpper ? digits.toUpperCase() : digits;
			framed += `${size}${extension}\r\n${data}\r\n`;
			bare += `${size}\r\n${data}\r\n`;
		}
		framed += "0\r\n\r\n";
		bare += "0\r\n\r\n";
		const cuts = places.filter((place) => place <= framed.length).sort((a, b) => a - b);
		const payload = chunks.map(({ data }) => data).join("");
		expect(read(CHUNKED, `${framed}more`, cuts)).toEqual({ wire: bare, payload, isDone: true, taken: framed.length, refusal: null });
	});
	fc.assert(property, { numRuns: 300 });
});
