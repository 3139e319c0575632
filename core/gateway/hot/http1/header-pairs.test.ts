import { expect, test } from "vitest";
import { headerPairs } from "./header-pairs.ts";

test("names and values come as they were, without the blanks around values", () => {
	const head = "GET / HTTP/1.1\r\nhOST: a\r\nX: \t two words \r\nX:\r\nB: \xe9\r\n\r\n";
	expect(headerPairs(Buffer.from(head, "latin1"))).toEqual([
		["hOST", "a"],
		["X", "two words"],
		["X", ""],
		["B", "\xe9"],
	]);
	expect(headerPairs(Buffer.from("HTTP/1.1 200 OK\nA: 1\n\n"))).toEqual([["A", "1"]]);
});

test("what is no head has no lines", () => {
	for (const text of ["", "GET / HTTP/1.1", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nA: 1\r\n", "x\r\n: 1\r\n\r\n"])
		expect(headerPairs(Buffer.from(text))).toEqual([]);
});
