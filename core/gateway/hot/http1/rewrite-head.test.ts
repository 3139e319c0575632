import { expect, test } from "vitest";
import { createRequestHead, scanRequestHead } from "./request-head.ts";
import { createResponseHead, scanResponseHead } from "./response-head.ts";
import { type RequestRewrite, type ResponseRewrite, requestHeadFor, responseHeadFor } from "./rewrite-head.ts";

const plain: RequestRewrite = { address: "10.9.8.7", scheme: "https", extra: "", keepsExpect: false };

function request(text: string, rewrite: Partial<RequestRewrite> = {}): string[] {
	const head = createRequestHead();
	const bytes = Buffer.from(text, "latin1");
	expect(scanRequestHead(bytes, 0, bytes.length, head)).toBeGreaterThan(0);
	const out = requestHeadFor(head, { ...plain, ...rewrite }).toString("latin1");
	expect(out.endsWith("\r\n\r\n")).toBe(true);
	return out.slice(0, -4).split("\r\n");
}

function answer(text: string, rewrite: Partial<ResponseRewrite> = {}, isLenient = false): string[] {
	const head = createResponseHead();
	const bytes = Buffer.from(text, "latin1");
	expect(scanResponseHead(bytes, 0, bytes.length, "GET", isLenient, head)).toBe(bytes.length);
	const out = responseHeadFor(head, { connection: "", withoutCoding: false, addsCoding: false, ...rewrite }).toString("latin1");
	expect(out.endsWith("\r\n\r\n")).toBe(true);
	return out.slice(0, -4).split("\r\n");
}

const added = ["X-Forwarded-For: 10.9.8.7", "X-Forwarded-Proto: https"];
const get = (...lines: string[]) => `GET /x HTTP/1.1\r\nHost: a\r\n${lines.map((line) => `${line}\r\n`).join("")}\r\n`;
const start = ["GET /x HTTP/1.1", "Host: a"];

test("[F1] lines keep bytes, order and number; the hop's own are left out, wherever they stand", () => {
	expect(
		request(
			get(
				"A:1",
				"Connection: x-hop, keep-alive",
				"b:\t2 ",
				"X-Hop: 1",
				"TE: trailers",
				"A: 3",
				"Keep-Alive: 5",
				"Upgrade: h2c",
				"Proxy-Connection: x",
			),
		),
	).toEqual([...start, "A:1", "b:\t2 ", "A: 3", ...added]);
	expect(request(get("Connection: close"))).toEqual([...start, ...added]);
	expect(request("\r\nGET /x HTTP/1.1\r\nConnection: close\r\nHost: a\r\n\r\n")).toEqual([...start, ...added]);
});

test("[F1] what frames, routes or names the sender stays, even if a `Connection` line names it", () => {
	const lines = ["Content-Length: 3", "X-Forwarded-For: 1.1.1.1", "X-Forwarded-For: 2.2.2.2", "X-Forwarded-Proto: http"];
	expect(request(get("Connection: Host, content-length, X-Forwarded-For, X-Forwarded-Proto, Cookie", ...lines, "Cookie: a"))).toEqual([
		...start,
		"Content-Length: 3",
		"X-Forwarded-For: 1.1.1.1",
		"X-Forwarded-Proto: http",
		"X-Forwarded-For: 2.2.2.2, 10.9.8.7",
	]);
	expect(request(get("Connection: transfer-encoding", "Transfer-Encoding: chunked"))).toEqual([
		...start,
		"Transfer-Encoding: chunked",
		...added,
	]);
});

test("[F1] the client's address joins the last X-Forwarded-For, also an empty one", () => {
	expect(request(get("x-forwarded-for: 1.1.1.1 "))).toEqual([...start, "x-forwarded-for: 1.1.1.1, 10.9.8.7", "X-Forwarded-Proto: https"]);
	expect(request(get("X-Forwarded-For:"))).toEqual([...start, "X-Forwarded-For: 10.9.8.7", "X-Forwarded-Proto: https"]);
	expect(request(get("X-Forwarded-For:  "))).toEqual([...start, "X-Forwarded-For:   10.9.8.7", "X-Forwarded-Proto: https"]);
});

test("[F1] Expect stays only where the upstream decides; further lines come last", () => {
	const head = get("Expect: 100-continue", "Content-Length: 1");
	expect(request(head)).toEqual([...start, "Content-Length: 1", ...added]);
	expect(request(head, { keepsExpect: true, extra: "X-More: 1\r\n" })).toEqual([
		...start,
		"Expect: 100-continue",
		"Content-Length: 1",
		...added,
		"X-More: 1",
	]);
});

test("[F1] HTTP/1.0 goes on as HTTP/1.1 if it has a Host, else as it is", () => {
	expect(request("GET /x HTTP/1.0\r\nHost: a\r\n\r\n")).toEqual([...start, ...added]);
	expect(request("GET /x HTTP/1.0\r\n\r\n")).toEqual(["GET /x HTTP/1.0", ...added, "Connection: close"]);
	expect(request("GET /x HTTP/1.0\r\nA: 1\r\n\r\n")).toEqual(["GET /x HTTP/1.0", "A: 1", ...added, "Connection: close"]);
});

test("[F2] an answer keeps its lines; the hop's own are left out, the connection's added", () => {
	const text =
		"HTTP/1.0 200 Quite Fine\r\nsET-cookie: a\r\nKeep-Alive: 5\r\nConnection: X-Hop, close\r\nX-Hop: 1\r\nContent-Length: 3\r\nSet-Cookie: b\r\n\r\n";
	expect(answer(text, { connection: "Connection: close\r\n" })).toEqual([
		"HTTP/1.1 200 Quite Fine",
		"sET-cookie: a",
		"Content-Length: 3",
		"Set-Cookie: b",
		"Connection: close",
	]);
	expect(answer("HTTP/1.1 200\r\n\r\n", { addsCoding: true })).toEqual(["HTTP/1.1 200 ", "Transfer-Encoding: chunked"]);
	expect(answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", { withoutCoding: true })).toEqual(["HTTP/1.1 200 OK"]);
});

test("what frames a body is not passed where none may follow: a client that believed it would wait for one", () => {
	for (const line of ["Content-Length: 5", "Transfer-Encoding: chunked"]) {
		expect(answer(`HTTP/1.1 204 No Content\r\n${line}\r\nA: 1\r\n\r\n`)).toEqual(["HTTP/1.1 204 No Content", "A: 1"]);
	}
	expect(answer("HTTP/1.1 103 Early Hints\r\nContent-Length: 0\r\nLink: x\r\n\r\n")).toEqual(["HTTP/1.1 103 Early Hints", "Link: x"]);
	expect(answer("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n")).toEqual(["HTTP/1.1 304 Not Modified", "Content-Length: 5"]);
});

test("[F10] what was read leniently is written strictly", () => {
	expect(answer("HTTP/1.1 200 OK\nX: a\x01b\nContent-Length: 5\nContent-Length: 5\n\n", {}, true)).toEqual([
		"HTTP/1.1 200 OK",
		"X: a b",
		"Content-Length: 5",
	]);
	// Also where every line ends as it should.
	expect(answer("HTTP/1.1 200 OK\r\nX: a\x01\x7fb\r\n\r\n", {}, true)).toEqual(["HTTP/1.1 200 OK", "X: a  b"]);
});
