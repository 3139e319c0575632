import { randomBytes } from "node:crypto";

/** W3C Trace Context: the trace that a request belongs to, and the span of whoever sent it. */
export type TraceParent = { traceId: string; spanId: string; isSampled: boolean };

const pattern = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** null where the line is not what the recommendation asks for; then a trace begins here. */
export function readTraceParent(line: string): TraceParent | null {
	const [, version, traceId, spanId, flags, rest] = pattern.exec(line) ?? [];
	if (version === undefined || traceId === undefined || spanId === undefined || flags === undefined) return null;
	if (version === "ff" || (version === "00" && rest !== undefined)) return null;
	if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return null;
	return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

export const traceParentLine = (traceId: string, spanId: string): string => `traceparent: 00-${traceId}-${spanId}-01\r\n`;

/** Random bytes are fetched for many ids at once. */
let pool = Buffer.alloc(0);
let at = 0;

export function newId(bytes: 8 | 16): string {
	for (;;) {
		if (at + bytes > pool.length) {
			pool = randomBytes(4_096);
			at = 0;
		}
		const id = pool.toString("hex", at, at + bytes);
		at += bytes;
		if (!/^0+$/.test(id)) return id;
	}
}
