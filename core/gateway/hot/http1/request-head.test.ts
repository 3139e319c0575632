import { expect, test } from "vitest";
import { HEAD_LIMIT, INCOMPLETE, REFUSED } from "./head-lines.ts";
import { refusals } from "./refusal.ts";
import { CHUNKED, createRequestHead, NO_BODY, scanRequestHead } from "./request-head.ts";

const head = createRequestHead();

function scan(text: string): number {
	const bytes = Buffer.from(text, "latin1");
	return scanRequestHead(bytes, 0, bytes.length, head);
}

const get = (lines: string) => `GET / HTTP/1.1\r\nHost: a\r\n${lines}\r\n`;

test("an ordinary head is understood in every part", () => {
	const text =
		"\r\nPOST /a/../b?c=%zz HTTP/1.1\r\nhOST: Bank:80\r\nContent-Length: 0012\r\nX: \t two words \t\r\nConnection: x, Close\r\n\r\nbody";
	expect(scan(text)).toBe(text.length - 4);
	expect(head).toMatchObject({ start: 2, method: "POST", target: "/a/../b?c=%zz", minor: 1, body: 12, hasLength: true, hasHost: true });
	expect(head).toMatchObject({ isKeepAlive: false, expectsContinue: false, isWebSocket: false });
	expect(head.lines.count).toBe(4);
	expect(head.bytes.toString("latin1", head.lines.values[2], head.lines.ends[2])).toBe("two words");
});

test.each<[string, Partial<typeof head>]>([
	[get(""), { body: NO_BODY, isKeepAlive: true, minor: 1 }],
	[get("Transfer-Encoding:  CHUNKED \r\n"), { body: CHUNKED, hasLength: false }],
	[get("Content-Length: 0\r\n"), { body: 0, hasLength: true }],
	[get("Content-Length: 999999999999999\r\n"), { body: 999_999_999_999_999 }],
	[get("Expect: 100-Continue\r\n"), { expectsContinue: true }],
	[get("Connection: close, keep-alive\r\n"), { isKeepAlive: false }],
	[get("Connection: closed\r\n"), { isKeepAlive: true }],
	[get("Connection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n"), { isWebSocket: true }],
	[get("Upgrade: websocket\r\n"), { isWebSocket: false }],
	[get("Connection: upgrade\r\nUpgrade: h2c\r\n"), { isWebSocket: false }],
	// Where such a body ends and the other protocol begins, servers disagree.
	[get("Connection: upgrade\r\nUpgrade: websocket\r\nContent-Length: 5\r\n"), { isWebSocket: false, body: 5 }],
	[get("Connection: upgrade\r\nUpgrade: websocket\r\nTransfer-Encoding: chunked\r\n"), { isWebSocket: false, body: CHUNKED }],
	["GET / HTTP/1.0\r\n\r\n", { minor: 0, isKeepAlive: false, hasHost: false }],
	["GET / HTTP/1.0\r\nConnection: keep-alive\r\nExpect: 100-continue\r\n\r\n", { isKeepAlive: true, expectsContinue: false }],
	["OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", { target: "*" }],
	["GET http://A:80?x HTTP/1.1\r\nHost: a\r\n\r\n", { target: "http://A:80?x" }],
	["GET https://a/ HTTP/1.1\r\nHost: a:443\r\n\r\n", { target: "https://a/" }],
	["x-very.odd~method / HTTP/1.1\r\nHost:\r\n\r\n", { method: "x-very.odd~method" }],
	['GET /\xe9"<>\\^`{|} HTTP/1.1\r\nHost: [::1]:80\r\n\r\n', { target: '/\xe9"<>\\^`{|}' }],
])("%j is passed", (text, expected) => {
	expect(scan(text)).toBe(text.length);
	expect(head).toMatchObject(expected);
});

const long = "x".repeat(HEAD_LIMIT);
const refused: [keyof typeof refusals, string][] = [
	["method", "GE(T / HTTP/1.1\r\n"],
	["method", " GET / HTTP/1.1\r\n"],
	["method", "GET\t/ HTTP/1.1\r\n"],
	["method", "\rGET / HTTP/1.1\r\n"],
	["bareLf", "\nGET / HTTP/1.1\r\n"],
	["bareLf", "GET\n"],
	["bareLf", "GET / HTTP/1.1\nHost: a\n\n"],
	["bareCr", "GET / HTTP/1.1\rHost: a\r\n"],
	["requestLine", "GET  / HTTP/1.1\r\n"],
	["requestLine", "GET /\r\n"],
	["requestLine", "GET / HTTP/1.1 \r\nHost: a\r\n"],
	["requestLine", "GET / Http/1.1\r\nHost: a\r\n"],
	["requestLine", "GET / HTTP/11\r\nHost: a\r\n"],
	["requestLine", "GET / HTTP/x.y\r\nHost: a\r\n"],
	["target", "GET /a\tb HTTP/1.1\r\n"],
	["target", "GET /a#b HTTP/1.1\r\n"],
	["target", "GET /\0 HTTP/1.1\r\n"],
	["target", "GET /\x7f HTTP/1.1\r\n"],
	["targetForm", "GET a HTTP/1.1\r\nHost: a\r\n\r\n"],
	["targetForm", "GET * HTTP/1.1\r\nHost: a\r\n\r\n"],
	["targetForm", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"],
	["targetForm", "GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n"],
	["targetForm", "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n"],
	["authority", "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n"],
	["authority", "GET http://a:443/ HTTP/1.1\r\nHost: a\r\n\r\n"],
	["version", "GET / HTTP/1.2\r\nHost: a\r\n\r\n"],
	["version", "GET / HTTP/0.9\r\nHost: a\r\n\r\n"],
	["version", "PRI * HTTP/2.0\r\n\r\n"],
	["connect", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n"],
	["hostMissing", "GET / HTTP/1.1\r\n\r\n"],
	["hosts", get("Host: a\r\n")],
	["host", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"],
	["host", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"],
	["host", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"],
	["host", "GET / HTTP/1.1\r\nHost: a,b\r\n\r\n"],
	["name", get(": x\r\n")],
	["name", get("X\r\n")],
	["name", get("X\xe9: x\r\n")],
	["name", get("X\0: x\r\n")],
	["blankBeforeColon", get("X : x\r\n")],
	["blankBeforeColon", get("Content-Length\t: 5\r\n")],
	["folded", get("X: a\r\n b\r\n")],
	["folded", get("X: a\r\n\tb\r\n")],
	["folded", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"],
	["value", get("X: \0\r\n")],
	["value", get("X: a\x01\r\n")],
	["value", get("X: a\x7f\r\n")],
	["bareLf", get("X: a\nY: b\r\n")],
	["bareCr", get("X: a\rY: b\r\n")],
	["bareCr", `${get("")}`.replace(/\r\n$/, "\rX")],
	["bareLf", `${get("")}`.replace(/\r\n$/, "\n")],
	["length", get("Content-Length: +5\r\n")],
	["length", get("Content-Length: -1\r\n")],
	["length", get("Content-Length: 0x5\r\n")],
	["length", get("Content-Length: 5, 5\r\n")],
	["length", get("Content-Length: 5 5\r\n")],
	["length", get("Content-Length: 1e3\r\n")],
	["length", get("Content-Length:\r\n")],
	["length", get("Content-Length: 1000000000000000\r\n")],
	["lengths", get("Content-Length: 5\r\ncontent-length: 5\r\n")],
	["lengthAndCoding", get("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")],
	["coding", get("Transfer-Encoding: identity\r\n")],
	["coding", get("Transfer-Encoding: gzip, chunked\r\n")],
	["coding", get("Transfer-Encoding: chunked;q=1\r\n")],
	["coding", get("Transfer-Encoding:\r\n")],
	["coding", get("Transfer-Encoding: \xe3hunked\r\n")],
	["codings", get("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")],
	["oldCoding", "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"],
	["framingTab", get("Transfer-Encoding:\tchunked\r\n")],
	["framingTab", get("Transfer-Encoding: chunked\t\r\n")],
	["framingTab", get("Content-Length: 5\t\r\n")],
	["expectation", get("Expect: 200-ok\r\n")],
	["headLines", get("X: y\r\n".repeat(200))],
	["headSize", get(`X: ${long}\r\n`)],
	["headSize", "\r\n".repeat(HEAD_LIMIT / 2 + 1)],
	["targetSize", `GET /${long} HTTP/1.1\r\n`],
	["targetSize", `${long}x`],
];

test.each(refused)("%s: %.60j is refused, however it comes", (name, text) => {
	expect(scan(text)).toBe(REFUSED);
	expect(head.lines.refusal).toBe(refusals[name]);
	// Byte after byte: waited for, then refused for the same reason, and never passed.
	const bytes = Buffer.from(text, "latin1");
	const step = bytes.length > 1_000 ? 97 : 1;
	for (let to = 0; to <= bytes.length; to += step) {
		const result = scanRequestHead(bytes, 0, to, head);
		expect([INCOMPLETE, REFUSED]).toContain(result);
		if (result === REFUSED) expect(head.lines.refusal).toBe(refusals[name]);
	}
});

test("a head of exactly the limit is passed, one byte more is not", () => {
	const fill = (size: number) => get(`X: ${"x".repeat(size - get("X: \r\n").length)}\r\n`);
	expect(scan(fill(HEAD_LIMIT))).toBe(HEAD_LIMIT);
	expect(scan(fill(HEAD_LIMIT + 1))).toBe(REFUSED);
});
