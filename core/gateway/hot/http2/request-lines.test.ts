import fc from "fast-check";
import { expect, test } from "vitest";
import { headerPairs } from "../http1/header-pairs.ts";
import { createRequestHead, scanRequestHead } from "../http1/request-head.ts";
import { requestLines, trailerLines } from "./request-lines.ts";

const usual = [":method", "POST", ":scheme", "https", ":path", "/a?b", ":authority", "bank"];

test("[H2] a head becomes the same request in HTTP/1.1", () => {
	const fields = ["x-b", "1", "cookie", "a=1", "te", "trailers", "x-b", "2", "cookie", "b=2"];
	expect(String(requestLines([...usual, ...fields], true))).toBe(
		"POST /a?b HTTP/1.1\r\nHost: bank\r\nx-b: 1\r\nx-b: 2\r\ncookie: a=1; b=2\r\nTransfer-Encoding: chunked\r\n\r\n",
	);
	expect(String(requestLines([...usual, "content-length", "3"], true))).not.toContain("chunked");
	expect(String(requestLines([":method", "GET", ":scheme", "http", ":path", "/", "host", "bank"], false))).toBe(
		"GET / HTTP/1.1\r\nHost: bank\r\n\r\n",
	);
});

test("[H3] what is malformed is no request", () => {
	const bad = [
		["x-a", "1", ...usual],
		usual.slice(0, 6),
		[...usual.slice(0, 7), ""],
		[...usual, "host", "other"],
		[...usual, ":path", "/"],
		[...usual, "content-length", "1", "content-length", "1"],
		[...usual, "connection", "close"],
		[...usual, "te", "gzip, trailers"],
		[...usual, "X-Upper", "1"],
		[...usual, "x-a", "\u0100"],
	];
	for (const raw of bad) expect([raw, requestLines(raw, true)]).toEqual([raw, null]);
	expect(requestLines([...usual, "content-length", "3"], false)).toBeNull();
	expect(trailerLines([":status", "200"])).toBeNull();
	expect(trailerLines(["x-a", "1\r\nX-B: 2"])).toBeNull();
});

test("[H3] whatever a head holds, no field becomes two lines and none is lost", () => {
	const nasty = fc.string({ unit: fc.constantFrom("a", "z", " ", "\t", ":", "\r", "\n", "\0", "%", "\u00e9", "/", "=", "-") });
	const field = fc.tuple(fc.oneof(fc.constantFrom("x-a", "accept", "cookie", "x-forwarded-for", "expect"), nasty), nasty);
	const head = createRequestHead();
	fc.assert(
		fc.property(fc.array(field, { maxLength: 6 }), nasty, nasty, (fields, path, authority) => {
			const raw = [":method", "GET", ":scheme", "http", ":path", `/${path}`, ":authority", authority, ...fields.flat()];
			const lines = requestLines(raw, false);
			if (lines === null) return;
			const end = scanRequestHead(lines, 0, lines.length, head);
			if (end < 0) return;
			expect(end).toBe(lines.length);
			expect(head.target).toBe(`/${path}`);
			const cookies = fields.filter(([name]) => name === "cookie").length;
			const expected = 1 + fields.filter(([name]) => name !== "te").length - Math.max(0, cookies - 1);
			expect(headerPairs(lines)).toHaveLength(expected);
		}),
		{ numRuns: 20_000 },
	);
});
