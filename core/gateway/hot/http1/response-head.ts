import { CR, isDigit, isValue, LF, SP } from "./characters.ts";
import {
	CODING,
	CONNECTION,
	createHeadLines,
	decimalOf,
	HEAD_LIMIT,
	type HeadLines,
	hasTab,
	hasToken,
	INCOMPLETE,
	isText,
	LENGTH,
	REFUSED,
	refuse,
	scanLines,
} from "./head-lines.ts";
import { refusals } from "./refusal.ts";
import { CHUNKED, NO_BODY, UNTIL_CLOSE } from "./request-head.ts";

/** Heads of answers may be longer than those of requests: old applications set many cookies. */
const ANSWER_HEAD_LIMIT = 4 * HEAD_LIMIT;

/** One answer head, as found in `bytes`; reused from answer to answer. */
export type ResponseHead = {
	bytes: Buffer;
	start: number;
	/** Behind the empty line. */
	end: number;
	minor: number;
	status: number;
	/** Where the status line ends, before its line end, and where the first header line begins. */
	statusEnd: number;
	linesStart: number;
	/** NO_BODY, CHUNKED, UNTIL_CLOSE, or a length in bytes; already what it is for this request's method and this status. */
	body: number;
	/** A length is told, also where no body follows (HEAD, 304). */
	hasLength: boolean;
	isKeepAlive: boolean;
	/** Read leniently: its lines are to be written anew, not copied. */
	isLenient: boolean;
	readonly lines: HeadLines;
};

export function createResponseHead(): ResponseHead {
	return {
		bytes: Buffer.alloc(0),
		start: 0,
		end: 0,
		minor: 1,
		status: 0,
		statusEnd: 0,
		linesStart: 0,
		body: NO_BODY,
		hasLength: false,
		isKeepAlive: false,
		isLenient: false,
		lines: createHeadLines(),
	};
}

/**
 * Finds one answer head in `[from, to)` of `bytes`, for a request by `method`. Returns the offset behind it, INCOMPLETE, or REFUSED with
 * the reason in `head.lines.refusal`. `lenient`: for an upstream that is known to answer badly, lines may end with LF alone, values may
 * hold control characters, and a length may be told twice if it is the same.
 */
export function scanResponseHead(bytes: Buffer, from: number, to: number, method: string, lenient: boolean, head: ResponseHead): number {
	head.bytes = bytes;
	head.start = from;
	head.isLenient = lenient;
	// The same window however the bytes are cut, so that the verdict is the same too.
	const limit = Math.min(to, from + ANSWER_HEAD_LIMIT);
	let at = scanStatusLine(bytes, from, limit, lenient, head);
	if (at > 0) {
		head.linesStart = at;
		at = scanLines(bytes, at, limit, head.lines, lenient);
	}
	if (at === INCOMPLETE) return to - from > ANSWER_HEAD_LIMIT ? refuse(head.lines, refusals.answerHeadSize) : INCOMPLETE;
	if (at === REFUSED) return REFUSED;
	head.end = at;
	return understand(head, method, lenient) ? at : REFUSED;
}

/** `HTTP/1.1 200 Fine`; the words may be missing, with or without the blank before them. */
function scanStatusLine(bytes: Buffer, from: number, to: number, lenient: boolean, head: ResponseHead): number {
	if (to - from < 12) return isPrefix(bytes, from, to) ? INCOMPLETE : refuse(head.lines, refusals.statusLine);
	const digit = (at: number) => isDigit(bytes[at] as number);
	const isStart = isPrefix(bytes, from, to) && (bytes[from + 7] === 0x30 || bytes[from + 7] === 0x31) && bytes[from + 8] === SP;
	if (!isStart || !digit(from + 9) || !digit(from + 10) || !digit(from + 11)) return refuse(head.lines, refusals.statusLine);
	head.minor = (bytes[from + 7] as number) - 0x30;
	head.status = ((bytes[from + 9] as number) - 48) * 100 + ((bytes[from + 10] as number) - 48) * 10 + ((bytes[from + 11] as number) - 48);
	if (head.status < 100) return refuse(head.lines, refusals.statusLine);
	let at = from + 12;
	if (at < to && bytes[at] === SP) {
		at++;
		while (at < to && isValue(bytes[at] as number)) at++;
	}
	head.statusEnd = at;
	if (at >= to || (bytes[at] === CR && at + 1 >= to)) return INCOMPLETE;
	if (bytes[at] === CR && bytes[at + 1] === LF) return at + 2;
	return lenient && bytes[at] === LF ? at + 1 : refuse(head.lines, refusals.statusLine);
}

const start = Buffer.from("HTTP/1.");

function isPrefix(bytes: Buffer, from: number, to: number): boolean {
	for (let at = 0; at < start.length && from + at < to; at++) if (bytes[from + at] !== start[at]) return false;
	return true;
}

function understand(head: ResponseHead, method: string, lenient: boolean): boolean {
	const { bytes, lines, status } = head;
	let [lengths, codings, length] = [0, 0, -1];
	let closes = false;
	let keeps = false;
	for (let line = 0; line < lines.count; line++) {
		const kind = lines.kinds[line];
		if (kind === 0) continue;
		const from = lines.values[line] as number;
		const to = lines.ends[line] as number;
		if ((kind === LENGTH || kind === CODING) && hasTab(bytes, lines, line)) return no(head, refusals.framingTab);
		if (kind === LENGTH) {
			const told = decimalOf(bytes, from, to);
			if (told < 0) return no(head, refusals.length);
			if (lengths++ > 0 && !(lenient && told === length)) return no(head, refusals.lengths);
			length = told;
		} else if (kind === CODING) {
			if (codings++ > 0) return no(head, refusals.codings);
			if (!isText(bytes, from, to, "chunked")) return no(head, refusals.coding);
		} else if (kind === CONNECTION) {
			if (hasToken(bytes, from, to, "close")) closes = true;
			if (hasToken(bytes, from, to, "keep-alive")) keeps = true;
		}
	}
	head.hasLength = lengths > 0;
	head.isKeepAlive = head.minor === 1 ? !closes : keeps && !closes;
	if (codings > 0 && lengths > 0) return no(head, refusals.lengthAndCoding);
	if (codings > 0 && head.minor === 0) return no(head, refusals.oldCoding);
	const isFramed = codings > 0 || length > 0;
	if (status < 200 && isFramed) return no(head, refusals.framedInterim);
	// Whether a body comes all the same is only known from the next bytes, so nothing else is asked on this connection.
	if (status === 204 && isFramed) head.isKeepAlive = false;
	// RFC 9112, 6.3.
	if (method === "HEAD" || status < 200 || status === 204 || status === 304) head.body = NO_BODY;
	else if (codings > 0) head.body = CHUNKED;
	else head.body = lengths > 0 ? length : UNTIL_CLOSE;
	return true;
}

function no(head: ResponseHead, refusal: HeadLines["refusal"]): false {
	head.lines.refusal = refusal;
	return false;
}
