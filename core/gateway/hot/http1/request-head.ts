import { CR, isDigit, isHost, isTarget, isToken, LF, SP } from "./characters.ts";
import {
	CODING,
	CONNECTION,
	createHeadLines,
	decimalOf,
	EXPECT,
	HEAD_LIMIT,
	type HeadLines,
	HOST,
	hasTab,
	hasToken,
	INCOMPLETE,
	isText,
	LENGTH,
	REFUSED,
	refuse,
	scanLines,
	UPGRADE,
} from "./head-lines.ts";
import { refusals } from "./refusal.ts";

/** Of a body: its length, or one of these. */
export const NO_BODY = 0;
export const CHUNKED = -1;
export const UNTIL_CLOSE = -2;

/** One request head, as found in `bytes`; reused from request to request, so what outlives the request is copied out of it. */
export type RequestHead = {
	bytes: Buffer;
	start: number;
	/** Behind the empty line. */
	end: number;
	method: string;
	/** As the client sent it, byte for byte (latin1). */
	target: string;
	/** `[targetStart, targetEnd)` in `bytes`. */
	targetStart: number;
	targetEnd: number;
	/** HTTP/1.`minor`. */
	minor: number;
	/** NO_BODY, CHUNKED, or a length in bytes. */
	body: number;
	hasLength: boolean;
	hasHost: boolean;
	/** The client lets the connection be used again. */
	isKeepAlive: boolean;
	expectsContinue: boolean;
	isWebSocket: boolean;
	readonly lines: HeadLines;
};

export function createRequestHead(): RequestHead {
	return {
		bytes: Buffer.alloc(0),
		start: 0,
		end: 0,
		method: "",
		target: "",
		targetStart: 0,
		targetEnd: 0,
		minor: 1,
		body: NO_BODY,
		hasLength: false,
		hasHost: false,
		isKeepAlive: true,
		expectsContinue: false,
		isWebSocket: false,
		lines: createHeadLines(),
	};
}

/**
 * Finds one request head in `[from, to)` of `bytes` (RFC 9112). Returns the offset behind it, INCOMPLETE, or REFUSED with the reason in
 * `head.lines.refusal`. Whatever two servers could read differently is refused: there is no lenient mode for requests.
 */
export function scanRequestHead(bytes: Buffer, from: number, to: number, head: RequestHead): number {
	// The same window however the bytes are cut, so that the verdict is the same too.
	const limit = Math.min(to, from + HEAD_LIMIT);
	const isFull = to - from > HEAD_LIMIT;
	let at = from;
	// Empty lines before a request are ignored (RFC 9112, 2.2): old clients end a body with one.
	while (at + 1 < limit && bytes[at] === CR && bytes[at + 1] === LF) at += 2;
	if (at < limit && bytes[at] === LF) return refuse(head.lines, refusals.bareLf);
	if (at >= limit || (at + 1 === limit && bytes[at] === CR)) return isFull ? refuse(head.lines, refusals.headSize) : INCOMPLETE;
	head.bytes = bytes;
	head.start = at;
	at = scanRequestLine(bytes, at, limit, head);
	if (at === INCOMPLETE) return isFull ? refuse(head.lines, refusals.targetSize) : INCOMPLETE;
	if (at > 0) at = scanLines(bytes, at, limit, head.lines, false);
	if (at === INCOMPLETE) return isFull ? refuse(head.lines, refusals.headSize) : INCOMPLETE;
	if (at === REFUSED) return REFUSED;
	head.end = at;
	return understand(head) ? at : REFUSED;
}

function scanRequestLine(bytes: Buffer, from: number, to: number, head: RequestHead): number {
	const { lines } = head;
	let at = from;
	while (at < to && isToken(bytes[at] as number)) at++;
	if (at >= to) return INCOMPLETE;
	if (at === from || bytes[at] !== SP) return refuse(lines, bytes[at] === LF ? refusals.bareLf : refusals.method);
	head.method = methodAt(bytes, from, at);
	const target = ++at;
	while (at < to && isTarget(bytes[at] as number)) at++;
	if (at >= to) return INCOMPLETE;
	if (at === target) return refuse(lines, refusals.requestLine);
	if (bytes[at] !== SP) return refuse(lines, bytes[at] === CR || bytes[at] === LF ? refusals.requestLine : refusals.target);
	head.targetStart = target;
	head.targetEnd = at;
	head.target = bytes.toString("latin1", target, at);
	at++;
	if (to - at < 10) return INCOMPLETE;
	// "HTTP/1." digit CR LF
	for (let index = 0; index < protocol.length; index++)
		if (bytes[at + index] !== protocol[index]) return refuse(lines, refusals.requestLine);
	const isVersion = isDigit(bytes[at + 5] as number) && bytes[at + 6] === 0x2e;
	if (!isVersion || !isDigit(bytes[at + 7] as number)) return refuse(lines, refusals.requestLine);
	const minor = (bytes[at + 7] as number) - 0x30;
	if (bytes[at + 5] !== 0x31 || minor > 1) return refuse(lines, refusals.version);
	if (bytes[at + 8] !== CR) return refuse(lines, bytes[at + 8] === LF ? refusals.bareLf : refusals.requestLine);
	if (bytes[at + 9] !== LF) return refuse(lines, refusals.bareCr);
	head.minor = minor;
	return at + 10;
}

/** In capitals only (RFC 9112, 2.3). */
const protocol = Buffer.from("HTTP/");

const GET = 0x47;
const POST = 0x50;

function methodAt(bytes: Buffer, from: number, to: number): string {
	// The two that nearly all requests have; a string for them need not be made.
	if (to - from === 3 && bytes[from] === GET && bytes[from + 1] === 0x45 && bytes[from + 2] === 0x54) return "GET";
	if (to - from === 4 && bytes[from] === POST && bytes[from + 1] === 0x4f && bytes[from + 2] === 0x53 && bytes[from + 3] === 0x54)
		return "POST";
	return bytes.toString("latin1", from, to);
}

/** What the lines say together; false with `head.lines.refusal`. */
function understand(head: RequestHead): boolean {
	const { bytes, lines } = head;
	let [hosts, lengths, codings, host] = [0, 0, 0, -1];
	let length = 0;
	let closes = false;
	let keeps = false;
	let upgradeLine = -1;
	let namesUpgrade = false;
	head.expectsContinue = false;
	for (let line = 0; line < lines.count; line++) {
		const kind = lines.kinds[line];
		if (kind === 0) continue;
		const from = lines.values[line] as number;
		const to = lines.ends[line] as number;
		switch (kind) {
			case HOST:
				hosts++;
				host = line;
				break;
			case LENGTH:
				lengths++;
				if (hasTab(bytes, lines, line)) return no(head, refusals.framingTab);
				length = decimalOf(bytes, from, to);
				if (length < 0) return no(head, refusals.length);
				break;
			case CODING:
				codings++;
				if (hasTab(bytes, lines, line)) return no(head, refusals.framingTab);
				if (!isText(bytes, from, to, "chunked")) return no(head, refusals.coding);
				break;
			case CONNECTION:
				if (hasToken(bytes, from, to, "close")) closes = true;
				if (hasToken(bytes, from, to, "keep-alive")) keeps = true;
				if (hasToken(bytes, from, to, "upgrade")) namesUpgrade = true;
				break;
			case EXPECT:
				if (!isText(bytes, from, to, "100-continue")) return no(head, refusals.expectation);
				// A 1.0 client cannot wait for it (RFC 9110, 10.1.1).
				head.expectsContinue = head.minor === 1;
				break;
			case UPGRADE:
				upgradeLine = line;
		}
	}
	if (lengths > 1) return no(head, refusals.lengths);
	if (codings > 1) return no(head, refusals.codings);
	if (codings > 0 && lengths > 0) return no(head, refusals.lengthAndCoding);
	if (codings > 0 && head.minor === 0) return no(head, refusals.oldCoding);
	if (hosts > 1) return no(head, refusals.hosts);
	if (hosts === 0 && head.minor === 1) return no(head, refusals.hostMissing);
	head.body = codings > 0 ? CHUNKED : length;
	head.hasLength = lengths > 0;
	head.hasHost = hosts > 0;
	head.isKeepAlive = head.minor === 1 ? !closes : keeps && !closes;
	if (host !== -1 && !isHostLine(bytes, lines.values[host] as number, lines.ends[host] as number)) return no(head, refusals.host);
	// With a body it is an ordinary request (RFC 9110, 7.8): where the body ends and the other protocol begins, servers disagree.
	head.isWebSocket =
		upgradeLine !== -1 &&
		namesUpgrade &&
		head.body === NO_BODY &&
		head.method === "GET" &&
		head.minor === 1 &&
		isText(bytes, lines.values[upgradeLine] as number, lines.ends[upgradeLine] as number, "websocket");
	return isTargetForm(head, host);
}

function no(head: RequestHead, refusal: HeadLines["refusal"]): false {
	head.lines.refusal = refusal;
	return false;
}

function isHostLine(bytes: Buffer, from: number, to: number): boolean {
	for (let at = from; at < to; at++) if (!isHost(bytes[at] as number)) return false;
	return true;
}

/** Origin form; absolute form whose authority is the Host's; `*` for OPTIONS (RFC 9112, 3.2). */
function isTargetForm(head: RequestHead, host: number): boolean {
	const { bytes, targetStart, targetEnd, method, target, lines } = head;
	if (method === "CONNECT") return no(head, refusals.connect);
	if (bytes[targetStart] === 0x2f) return true;
	if (target === "*") return method === "OPTIONS" || no(head, refusals.targetForm);
	const scheme = /^https?:\/\//i.exec(target)?.[0];
	if (scheme === undefined) return no(head, refusals.targetForm);
	const from = targetStart + scheme.length;
	let to = from;
	while (to < targetEnd && bytes[to] !== 0x2f && bytes[to] !== 0x3f) to++;
	if (to === from || !isHostLine(bytes, from, to)) return no(head, refusals.targetForm);
	if (host === -1) return true;
	const named = bytes.toString("latin1", lines.values[host], lines.ends[host]).toLowerCase();
	const authority = bytes.toString("latin1", from, to).toLowerCase();
	const usual = scheme.length === 8 ? ":443" : ":80";
	const bare = (text: string) => (text.endsWith(usual) ? text.slice(0, -usual.length) : text);
	return bare(named) === bare(authority) || no(head, refusals.authority);
}
