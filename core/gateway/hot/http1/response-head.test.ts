import { expect, test } from "vitest";
import { INCOMPLETE, REFUSED } from "./head-lines.ts";
import { refusals } from "./refusal.ts";
import { CHUNKED, NO_BODY, UNTIL_CLOSE } from "./request-head.ts";
import { createResponseHead, scanResponseHead } from "./response-head.ts";

const head = createResponseHead();

function scan(text: string, { method = "GET", isLenient = false } = {}): number {
	const bytes = Buffer.from(text, "latin1");
	return scanResponseHead(bytes, 0, bytes.length, method, isLenient, head);
}

const ok = (lines: string) => `HTTP/1.1 200 OK\r\n${lines}\r\n`;

test.each<[string, string, Partial<typeof head>]>([
	["GET", ok("Content-Length: 5\r\n"), { status: 200, minor: 1, body: 5, isKeepAlive: true }],
	["GET", ok("Transfer-Encoding: chunked\r\nConnection: close\r\n"), { body: CHUNKED, isKeepAlive: false }],
	["GET", ok(""), { body: UNTIL_CLOSE }],
	["HEAD", ok("Content-Length: 5\r\n"), { body: NO_BODY, hasLength: true }],
	["HEAD", ok("Transfer-Encoding: chunked\r\n"), { body: NO_BODY }],
	["GET", "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", { body: NO_BODY, isKeepAlive: true }],
	["GET", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", { body: NO_BODY, isKeepAlive: false }],
	["GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", { body: NO_BODY, hasLength: true }],
	["GET", "HTTP/1.1 100 Continue\r\n\r\n", { status: 100, body: NO_BODY }],
	["GET", "HTTP/1.0 200 OK\r\n\r\n", { minor: 0, body: UNTIL_CLOSE, isKeepAlive: false }],
	["GET", "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n", { isKeepAlive: true, body: NO_BODY }],
	["GET", "HTTP/1.1 200\r\n\r\n", { status: 200 }],
	["GET", "HTTP/1.1 200 \r\n\r\n", { status: 200 }],
	["GET", "HTTP/1.1 200 Tr\xe8s bien\r\n\r\n", { status: 200 }],
])("%s %j is passed", (method, text, expected) => {
	expect(scan(text, { method })).toBe(text.length);
	expect(head).toMatchObject(expected);
});

test.each<[keyof typeof refusals, string]>([
	["statusLine", "HTTP/1.1 20 OK\r\n\r\n"],
	["statusLine", "HTTP/1.1 2000 OK\r\n\r\n"],
	["statusLine", "HTTP/1.1 099 OK\r\n\r\n"],
	["statusLine", "HTTP/1.1  200 OK\r\n\r\n"],
	["statusLine", "HTTP/1.1 200 a\0\r\n\r\n"],
	["statusLine", "HTTP/1.1 200 OK\nX: y\r\n\r\n"],
	["statusLine", "HTTP/1.1 200 OK\rX: y\r\n\r\n"],
	["statusLine", "HTTP/2.0 200 OK\r\n\r\n"],
	["statusLine", "http/1.1 200 OK\r\n\r\n"],
	["statusLine", "<html>"],
	["statusLine", "\r\nHTTP/1.1 200 OK\r\n\r\n"],
	["lengths", ok("Content-Length: 5\r\nContent-Length: 5\r\n")],
	["length", ok("Content-Length: 5, 5\r\n")],
	["lengthAndCoding", ok("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")],
	["coding", ok("Transfer-Encoding: gzip, chunked\r\n")],
	["codings", ok("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")],
	["oldCoding", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"],
	// Node's own client reads such an answer up to the connection's end.
	["framingTab", ok("Transfer-Encoding: chunked\t\r\n")],
	["framingTab", ok("Content-Length:\t5\r\n")],
	["framedInterim", "HTTP/1.1 103 Early Hints\r\nContent-Length: 5\r\n\r\n"],
	["framedInterim", "HTTP/1.1 100 Continue\r\nTransfer-Encoding: chunked\r\n\r\n"],
	["folded", ok("X: a\r\n b\r\n")],
	["bareLf", ok("X: a\n")],
	["bareCr", ok("X: a\rb\r\n")],
	["value", ok("X: \x01\r\n")],
	["blankBeforeColon", ok("X : a\r\n")],
	["answerHeadSize", ok(`X: ${"x".repeat(64 * 1024)}\r\n`)],
])("%s: %.60j is refused, however it comes", (name, text) => {
	expect(scan(text)).toBe(REFUSED);
	expect(head.lines.refusal).toBe(refusals[name]);
	const bytes = Buffer.from(text, "latin1");
	for (let to = 0; to <= bytes.length; to += bytes.length > 1_000 ? 997 : 1) {
		const result = scanResponseHead(bytes, 0, to, "GET", false, head);
		expect([INCOMPLETE, REFUSED]).toContain(result);
		if (result === REFUSED) expect(head.lines.refusal).toBe(refusals[name]);
	}
});

test("[F10] leniently, lines may end with LF, values hold control characters, and a length be told twice", () => {
	const text = "HTTP/1.1 200 OK\nX: a\x01b\x7f\nContent-Length: 5\r\nContent-Length: 5\n\n";
	expect(scan(text, { isLenient: true })).toBe(text.length);
	expect(head).toMatchObject({ body: 5, isLenient: true });
	expect(head.lines.count).toBe(3);
});

test.each<[keyof typeof refusals, string]>([
	["lengths", "HTTP/1.1 200 OK\nContent-Length: 5\nContent-Length: 6\n\n"],
	["lengthAndCoding", "HTTP/1.1 200 OK\nContent-Length: 5\nTransfer-Encoding: chunked\n\n"],
	["value", "HTTP/1.1 200 OK\nX: a\0b\n\n"],
	["bareCr", "HTTP/1.1 200 OK\nX: a\rb\n\n"],
	["folded", "HTTP/1.1 200 OK\nX: a\n b\n\n"],
])("[F10] leniently, too, %s is refused", (name, text) => {
	expect(scan(text, { isLenient: true })).toBe(REFUSED);
	expect(head.lines.refusal).toBe(refusals[name]);
});
