import fc from "fast-check";
import { expect, test } from "vitest";
import { beginTrace } from "./trace.ts";
import { newId, readTraceParent, traceParentLine } from "./trace-context.ts";

const [traceId, spanId] = ["4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"];

test("[X2] a traceparent is read as the W3C recommendation has it", () => {
	expect(readTraceParent(`00-${traceId}-${spanId}-01`)).toEqual({ traceId, spanId, isSampled: true });
	expect(readTraceParent(`00-${traceId}-${spanId}-02`)).toEqual({ traceId, spanId, isSampled: false });
	// A later version may say more.
	expect(readTraceParent(`cc-${traceId}-${spanId}-01-what-comes`)).toEqual({ traceId, spanId, isSampled: true });
	const wrong = [
		"",
		`00-${traceId}-${spanId}`,
		`00-${traceId}-${spanId}-1`,
		`00-${traceId}-${spanId}-01-more`,
		`00-${traceId}-${spanId}-01.`,
		`ff-${traceId}-${spanId}-01`,
		`00-${traceId.toUpperCase()}-${spanId}-01`,
		`00-${"0".repeat(32)}-${spanId}-01`,
		`00-${traceId}-${"0".repeat(16)}-01`,
		`00-${traceId.slice(1)}-${spanId}-01`,
		`00_${traceId}_${spanId}_01`,
	];
	expect(wrong.map(readTraceParent)).toEqual(wrong.map(() => null));
});

test("[X2] ids are new, never zero, and read back", () => {
	const ids = Array.from({ length: 2_000 }, () => newId(16));
	expect(new Set(ids).size).toBe(ids.length);
	fc.assert(
		fc.property(fc.constant(0), () => {
			const [trace, span] = [newId(16), newId(8)];
			const line = traceParentLine(trace, span);
			expect(line.endsWith("\r\n")).toBe(true);
			expect(readTraceParent(line.slice("traceparent: ".length, -2))).toEqual({ traceId: trace, spanId: span, isSampled: true });
		}),
	);
});

test("[X2] the caller's choice is kept; of those without one, the share is traced", () => {
	for (const ratio of [0, 0.5, 1]) {
		expect(beginTrace(`00-${traceId}-${spanId}-01`, 1, ratio)).toMatchObject({ traceId, parentId: spanId });
		expect(beginTrace(`00-${traceId}-${spanId}-00`, 1, ratio)).toBeNull();
	}
	const traced = Array.from({ length: 20_000 }, () => beginTrace(null, 1, 0.1)).filter((trace) => trace !== null).length;
	// Six standard deviations of chance.
	expect(Math.abs(traced - 2_000)).toBeLessThan(6 * Math.sqrt(20_000 * 0.1 * 0.9));
});
