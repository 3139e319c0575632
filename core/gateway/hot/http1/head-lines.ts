import { COLON, CR, HTAB, isToken, isValue, LF, SP } from "./characters.ts";
import { type Refusal, refusals } from "./refusal.ts";

export const HEAD_LIMIT = 16 * 1024;
const LINE_LIMIT = 200;

/** What a line is to the gateway; everything else is only passed on. */
export const PLAIN = 0;
export const CONNECTION = 1;
/** Meant for this connection only: Keep-Alive, Proxy-Connection, TE, Upgrade (RFC 9110, 7.6.1). */
export const HOP = 2;
export const LENGTH = 3;
export const CODING = 4;
export const HOST = 5;
export const EXPECT = 6;
export const FORWARDED_FOR = 7;
export const FORWARDED_PROTO = 8;
export const UPGRADE = 9;
/** Client-Cert, Client-Cert-Chain: only the gateway itself may say who a client has proved to be (RFC 9440, 2.4). */
export const CLIENT_CERT = 10;

/**
 * The header lines of one head, as offsets into its bytes; reused from head to head. Line `i` begins at `starts[i]`, its name ends at
 * `colons[i]`, its value without blanks around is `[values[i], ends[i])`, and the next line begins two bytes after its last blank.
 */
export type HeadLines = {
	count: number;
	readonly starts: Int32Array;
	readonly colons: Int32Array;
	readonly values: Int32Array;
	readonly ends: Int32Array;
	/** Where the next line begins. */
	readonly nexts: Int32Array;
	readonly kinds: Uint8Array;
	refusal: Refusal;
};

export function createHeadLines(): HeadLines {
	const offsets = () => new Int32Array(LINE_LIMIT);
	return {
		count: 0,
		starts: offsets(),
		colons: offsets(),
		values: offsets(),
		ends: offsets(),
		nexts: offsets(),
		kinds: new Uint8Array(LINE_LIMIT),
		refusal: refusals.requestLine,
	};
}

/** Results of a scan that found no end of the head. */
export const INCOMPLETE = -1;
/** Why stands in `HeadLines.refusal`. */
export const REFUSED = -2;

export function refuse(lines: HeadLines, refusal: Refusal): typeof REFUSED {
	lines.refusal = refusal;
	return REFUSED;
}

/**
 * Reads header lines from `at` up to and with the empty line. Returns the offset behind it, INCOMPLETE, or REFUSED with the reason in
 * `lines.refusal`. Strict: every line ends with CR LF, no line is folded, no blank stands before a colon. `lenient` allows a bare LF and control
 * characters in values but for NUL and CR, as answers of old systems have them.
 */
export function scanLines(bytes: Buffer, at: number, to: number, lines: HeadLines, lenient: boolean): number {
	lines.count = 0;
	let from = at;
	for (;;) {
		if (from >= to) return INCOMPLETE;
		const first = bytes[from] as number;
		if (first === CR) {
			if (from + 1 >= to) return INCOMPLETE;
			return bytes[from + 1] === LF ? from + 2 : refuse(lines, refusals.bareCr);
		}
		if (first === LF) return lenient ? from + 1 : refuse(lines, refusals.bareLf);
		if (first === SP || first === HTAB) return refuse(lines, refusals.folded);
		if (lines.count === LINE_LIMIT) return refuse(lines, refusals.headLines);

		let here = from;
		while (here < to && isToken(bytes[here] as number)) here++;
		if (here >= to) return INCOMPLETE;
		if (bytes[here] !== COLON || here === from) {
			const found = bytes[here];
			return refuse(lines, here > from && (found === SP || found === HTAB) ? refusals.blankBeforeColon : refusals.name);
		}
		const colon = here++;
		while (here < to && (bytes[here] === SP || bytes[here] === HTAB)) here++;
		const value = here;
		while (here < to && isValue(bytes[here] as number)) here++;
		if (lenient) while (here < to && bytes[here] !== CR && bytes[here] !== LF && bytes[here] !== 0) here++;
		if (here >= to) return INCOMPLETE;
		let end = here;
		while (end > value && (bytes[end - 1] === SP || bytes[end - 1] === HTAB)) end--;
		if (bytes[here] === CR) {
			if (here + 1 >= to) return INCOMPLETE;
			if (bytes[here + 1] !== LF) return refuse(lines, refusals.bareCr);
			here += 2;
		} else if (bytes[here] === LF) {
			if (!lenient) return refuse(lines, refusals.bareLf);
			here++;
		} else return refuse(lines, refusals.value);

		const index = lines.count++;
		lines.starts[index] = from;
		lines.colons[index] = colon;
		lines.values[index] = value;
		lines.ends[index] = end;
		lines.nexts[index] = here;
		lines.kinds[index] = kindOf(bytes, from, colon);
		from = here;
	}
}

/** Whether `[from, to)` is this lower-case ASCII text, in any case. */
export function isText(bytes: Buffer, from: number, to: number, lower: string): boolean {
	if (to - from !== lower.length) return false;
	for (let index = 0; index < lower.length; index++) {
		const byte = bytes[from + index] as number;
		const folded = byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
		if (folded !== lower.charCodeAt(index)) return false;
	}
	return true;
}

/** Most names differ in length or first letter from all that matter here. */
function kindOf(bytes: Buffer, from: number, to: number): number {
	const is = (lower: string) => isText(bytes, from, to, lower);
	switch (to - from) {
		case 2:
			return is("te") ? HOP : PLAIN;
		case 4:
			return is("host") ? HOST : PLAIN;
		case 6:
			return is("expect") ? EXPECT : PLAIN;
		case 7:
			return is("upgrade") ? UPGRADE : PLAIN;
		case 10:
			return is("connection") ? CONNECTION : is("keep-alive") ? HOP : PLAIN;
		case 11:
			return is("client-cert") ? CLIENT_CERT : PLAIN;
		case 14:
			return is("content-length") ? LENGTH : PLAIN;
		case 15:
			return is("x-forwarded-for") ? FORWARDED_FOR : PLAIN;
		case 16:
			return is("proxy-connection") ? HOP : PLAIN;
		case 17:
			if (is("transfer-encoding")) return CODING;
			return is("x-forwarded-proto") ? FORWARDED_PROTO : is("client-cert-chain") ? CLIENT_CERT : PLAIN;
		default:
			return PLAIN;
	}
}

/** The value of the first line of this name, or null; `lower` in lower case. */
export function headerValue(bytes: Buffer, lines: HeadLines, lower: string): string | null {
	for (let index = 0; index < lines.count; index++) {
		if (isText(bytes, lines.starts[index] as number, lines.colons[index] as number, lower))
			return bytes.toString("latin1", lines.values[index], lines.ends[index]);
	}
	return null;
}

/** Whether a `Connection` line says that lines of this name (lower case) are meant for this hop only. */
export function isNamedByConnection(bytes: Buffer, lines: HeadLines, lower: string): boolean {
	for (let line = 0; line < lines.count; line++) {
		if (lines.kinds[line] !== CONNECTION) continue;
		if (hasToken(bytes, lines.values[line] as number, lines.ends[line] as number, lower)) return true;
	}
	return false;
}

/** Around the value of this line. A tab beside `chunked` or a length is allowed (RFC 9110, 5.6.3) and still read differently by parsers in use. */
export function hasTab(bytes: Buffer, lines: HeadLines, line: number): boolean {
	for (let at = lines.nexts[line] as number, first = lines.colons[line] as number; at > first; at--)
		if (bytes[at - 1] === HTAB) return true;
	return false;
}

/** A plain decimal of at most 15 digits, or -1. */
export function decimalOf(bytes: Buffer, from: number, to: number): number {
	if (to === from || to - from > 15) return -1;
	let number = 0;
	for (let at = from; at < to; at++) {
		const digit = (bytes[at] as number) - 0x30;
		if (digit < 0 || digit > 9) return -1;
		number = number * 10 + digit;
	}
	return number;
}

/** Whether one of the comma-separated tokens of a value is this one. */
export function hasToken(bytes: Buffer, from: number, to: number, lower: string): boolean {
	let start = from;
	while (start <= to) {
		let end = start;
		while (end < to && bytes[end] !== 0x2c) end++;
		let [first, last] = [start, end];
		while (first < last && (bytes[first] === SP || bytes[first] === HTAB)) first++;
		while (last > first && (bytes[last - 1] === SP || bytes[last - 1] === HTAB)) last--;
		if (isText(bytes, first, last, lower)) return true;
		start = end + 1;
	}
	return false;
}
