import { isValue, SP } from "./characters.ts";
import {
	CLIENT_CERT,
	CODING,
	CONNECTION,
	EXPECT,
	FORWARDED_FOR,
	FORWARDED_PROTO,
	type HeadLines,
	HOP,
	HOST,
	isNamedByConnection,
	isText,
	LENGTH,
	PLAIN,
	UPGRADE,
} from "./head-lines.ts";
import type { RequestHead } from "./request-head.ts";
import type { ResponseHead } from "./response-head.ts";

/** Heads are put together here and copied out at their final length. Longest head, and what is added to it. */
const desk = Buffer.allocUnsafe(80 * 1024);

/** Lines between two that are left out are copied in one piece. */
function copyLines(bytes: Buffer, lines: HeadLines, from: number, at: number, isLeft: (line: number) => boolean): number {
	let end = at;
	let run = from;
	for (let line = 0; line < lines.count; line++) {
		if (!isLeft(line)) continue;
		const start = lines.starts[line] as number;
		if (start > run) end += bytes.copy(desk, end, run, start);
		run = lines.nexts[line] as number;
	}
	const last = lines.count === 0 ? run : (lines.nexts[lines.count - 1] as number);
	return last > run ? end + bytes.copy(desk, end, run, last) : end;
}

/** A line that a `Connection` line names goes with it, but never one that frames or routes the message or says where it came from. */
function isNamed(bytes: Buffer, lines: HeadLines, line: number, connections: number): boolean {
	if (connections === 0) return false;
	const kind = lines.kinds[line];
	if (kind === HOST || kind === LENGTH || kind === CODING || kind === FORWARDED_FOR || kind === FORWARDED_PROTO) return false;
	return isNamedByConnection(bytes, lines, bytes.toString("latin1", lines.starts[line], lines.colons[line]).toLowerCase());
}

/** `Connection` lines that name more than `close`, `keep-alive` and what is left out anyway. */
function namingConnections(bytes: Buffer, lines: HeadLines): number {
	let count = 0;
	for (let line = 0; line < lines.count; line++) {
		if (lines.kinds[line] !== CONNECTION) continue;
		const from = lines.values[line] as number;
		const to = lines.ends[line] as number;
		if (!isText(bytes, from, to, "keep-alive") && !isText(bytes, from, to, "close")) count++;
	}
	return count;
}

/** What was put together on the desk, on its own. */
function takeFromDesk(length: number): Buffer {
	const taken = Buffer.allocUnsafe(length);
	desk.copy(taken, 0, 0, length);
	return taken;
}

export type RequestRewrite = {
	/** Of the client; added to `X-Forwarded-For`. */
	address: string;
	/** `http` or `https`; added as `X-Forwarded-Proto` where the client's own proxy did not. */
	scheme: string;
	/** Whole lines with their ends, added last. */
	extra: string;
	/** Whole; takes the place of the client's own `traceparent` lines. Empty or absent: those are passed on. */
	traceLine?: string;
	/** The client waits for `100 Continue` and the upstream decides. */
	keepsExpect: boolean;
};

/**
 * The head for the upstream: method, target and lines byte for byte, without those of the client's own hop. In HTTP/1.1, so that the
 * connection can be kept; a request without Host stays in its HTTP/1.0, where that is allowed.
 */
export function requestHeadFor(head: RequestHead, { address, scheme, extra, traceLine = "", keepsExpect }: RequestRewrite): Buffer {
	const { bytes, lines } = head;
	if (extra === "" && traceLine === "" && isPassedWhole(head, keepsExpect)) {
		const added = usualLines(address, scheme);
		const length = head.end - 2 - head.start;
		const whole = Buffer.allocUnsafe(length + added.length);
		bytes.copy(whole, 0, head.start, head.end - 2);
		added.copy(whole, length);
		return whole;
	}
	let at = head.bytes.copy(desk, 0, head.start, head.targetEnd);
	at += desk.write(head.hasHost ? " HTTP/1.1\r\n" : " HTTP/1.0\r\n", at, "latin1");
	const naming = namingConnections(bytes, lines);
	let forwarded = -1;
	let hasScheme = false;
	for (let line = 0; line < lines.count; line++) {
		if (lines.kinds[line] === FORWARDED_FOR) forwarded = line;
		else if (lines.kinds[line] === FORWARDED_PROTO) hasScheme = true;
	}
	const from = lines.count === 0 ? head.end : (lines.starts[0] as number);
	at = copyLines(bytes, lines, from, at, (line) => {
		const kind = lines.kinds[line];
		if (kind === CONNECTION || kind === HOP || kind === UPGRADE || kind === CLIENT_CERT || line === forwarded) return true;
		if (kind === EXPECT) return !keepsExpect;
		if (traceLine !== "" && isText(bytes, lines.starts[line] as number, lines.colons[line] as number, "traceparent")) return true;
		return isNamed(bytes, lines, line, naming);
	});
	if (forwarded === -1) at += desk.write(`X-Forwarded-For: ${address}\r\n`, at, "latin1");
	else {
		at += bytes.copy(desk, at, lines.starts[forwarded], lines.ends[forwarded]);
		const isEmpty = lines.ends[forwarded] === lines.values[forwarded];
		at += desk.write(`${isEmpty ? "" : ","} ${address}\r\n`, at, "latin1");
	}
	if (!hasScheme) at += desk.write(`X-Forwarded-Proto: ${scheme}\r\n`, at, "latin1");
	if (!head.hasHost) at += desk.write("Connection: close\r\n", at, "latin1");
	at += desk.write(extra, at, "latin1");
	at += desk.write(traceLine, at, "latin1");
	at += desk.write("\r\n", at, "latin1");
	return takeFromDesk(at);
}

/**
 * The head as it is kept for the record: the client's own, but for what it says of its certificate. There stands what it has proved
 * (`clientLines`), so that a copy of the request carries that too and nothing else.
 */
export function recordedHeadFor({ bytes, start, end, lines }: RequestHead, clientLines: string): Buffer {
	let claims = 0;
	for (let line = 0; line < lines.count; line++) if (lines.kinds[line] === CLIENT_CERT) claims++;
	if (claims === 0 && clientLines === "") return bytes.subarray(start, end);
	const from = lines.count === 0 ? end - 2 : (lines.starts[0] as number);
	let at = bytes.copy(desk, 0, start, from);
	at = copyLines(bytes, lines, from, at, (line) => lines.kinds[line] === CLIENT_CERT);
	at += desk.write(`${clientLines}\r\n`, at, "latin1");
	return takeFromDesk(at);
}

/** Nothing is to be taken away or changed, as with most requests: the head is copied in one piece. */
function isPassedWhole({ lines, minor, hasHost }: RequestHead, keepsExpect: boolean): boolean {
	if (minor !== 1 || !hasHost) return false;
	for (let line = 0; line < lines.count; line++) {
		const kind = lines.kinds[line];
		if (kind !== PLAIN && kind !== HOST && kind !== LENGTH && kind !== CODING && !(kind === EXPECT && keepsExpect)) return false;
	}
	return true;
}

const usual = { http: new Map<string, Buffer>(), https: new Map<string, Buffer>() };
const usualLimit = 1_024;

/** What is added to a request of this client that was forwarded by nobody before, with the empty line. */
function usualLines(address: string, scheme: string): Buffer {
	const known = scheme === "https" ? usual.https : usual.http;
	let added = known.get(address);
	if (added === undefined) {
		if (known.size === usualLimit) known.clear();
		added = Buffer.from(`X-Forwarded-For: ${address}\r\nX-Forwarded-Proto: ${scheme}\r\n\r\n`, "latin1");
		known.set(address, added);
	}
	return added;
}

export type ResponseRewrite = {
	/** `Connection` lines for the client, whole, with their ends; may be empty. */
	connection: string;
	/** The body is not passed in chunks: the client is too old for them, or there is none. */
	withoutCoding: boolean;
	/** The upstream gave no length; the client gets chunks. */
	addsCoding: boolean;
};

/** The head for the client: status line and lines byte for byte, without those of the upstream's own hop; `Connection` last. */
export function responseHeadFor(head: ResponseHead, { connection, withoutCoding, addsCoding }: ResponseRewrite): Buffer {
	const { bytes, lines } = head;
	// The gateway's own version: what is passed on is framed by HTTP/1.1.
	let at = desk.write("HTTP/1.1", 0, "latin1");
	at += bytes.copy(desk, at, head.start + 8, head.statusEnd);
	if (head.statusEnd - head.start === 12) at += desk.write(" ", at, "latin1");
	at += desk.write("\r\n", at, "latin1");
	const naming = namingConnections(bytes, lines);
	// No body can follow, and a client that believed the line would wait for one (RFC 9110, 8.6; RFC 9112, 6.1).
	const isUnframed = head.status < 200 || head.status === 204;
	const isLeft = (line: number) => {
		const kind = lines.kinds[line];
		if (kind === PLAIN) return naming > 0 && isNamed(bytes, lines, line, naming);
		if (kind === CONNECTION || kind === HOP || kind === UPGRADE) return true;
		if (kind === CODING) return withoutCoding || isUnframed;
		return kind === LENGTH ? isUnframed || isRepeated(lines, line) : isNamed(bytes, lines, line, naming);
	};
	if (head.isLenient) at = writeLines(head, at, isLeft);
	else at = copyLines(bytes, lines, head.linesStart, at, isLeft);
	if (addsCoding) at += desk.write("Transfer-Encoding: chunked\r\n", at, "latin1");
	at += desk.write(connection, at, "latin1");
	at += desk.write("\r\n", at, "latin1");
	return takeFromDesk(at);
}

/** The head can go to the client as it is, byte for byte. */
export function isUnchanged(head: ResponseHead, { connection, withoutCoding, addsCoding }: ResponseRewrite): boolean {
	if (head.isLenient || head.minor !== 1 || connection !== "" || addsCoding || head.statusEnd - head.start === 12) return false;
	if (head.status < 200 || head.status === 204) return false;
	const { count, kinds } = head.lines;
	for (let line = 0; line < count; line++) {
		const kind = kinds[line];
		if (kind === CONNECTION || kind === HOP || kind === UPGRADE || (kind === CODING && withoutCoding)) return false;
	}
	return true;
}

/** Only lenient reading lets a second line of the same kind pass. */
function isRepeated({ kinds }: HeadLines, line: number): boolean {
	for (let before = 0; before < line; before++) if (kinds[before] === kinds[line]) return true;
	return false;
}

/** Line by line, each ended as it should be, with blanks in place of control characters. */
function writeLines({ bytes, lines }: ResponseHead, at: number, isLeft: (line: number) => boolean): number {
	let end = at;
	for (let line = 0; line < lines.count; line++) {
		if (isLeft(line)) continue;
		const start = end;
		end += bytes.copy(desk, end, lines.starts[line], lines.ends[line]);
		for (let here = start; here < end; here++) if (!isValue(desk[here] as number)) desk[here] = SP;
		end += desk.write("\r\n", end, "latin1");
	}
	return end;
}
