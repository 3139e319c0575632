import { expect, test } from "vitest";
import { readFinalAnswer, readStrictly } from "./strict-reader.ts";

const head = "POST /x HTTP/1.1\r\nHost: a\r\n";

test("requests are read one behind the other, with their bodies", () => {
	const text = `${head}Content-Length: 5\r\n\r\nhello${head}Transfer-Encoding: Chunked\r\n\r\n2\r\nhi\r\n0\r\nX: y\r\n\r\nGET / HTTP/1.0\r\n\r\nGET /rest HT`;
	const { requests, fault, rest } = readStrictly(text);
	expect(requests.map(({ method, target, body }) => `${method} ${target} ${body}`)).toEqual(["POST /x hello", "POST /x hi", "GET / "]);
	expect(requests.map(({ raw }) => raw).join("") + rest).toBe(text);
	expect(fault).toBeNull();
	expect(rest).toBe("GET /rest HT");
});

test.each([
	["request line", "POST  /x HTTP/1.1\r\nHost: a\r\n\r\n"],
	["request line", "POST /x HTTP/1.1\nHost: a\r\n\r\n"],
	["header line", `${head}X : y\r\n\r\n`],
	["header line", `${head}X: y\r\n z\r\n\r\n`],
	["header line", `${head}X: \0\r\n\r\n`],
	["header line", `${head}X: a\nY: b\r\n\r\n`],
	["Host", `${head}Host: b\r\n\r\n`],
	["framed twice", `${head}Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n`],
	["framed twice", `${head}Content-Length: 0\r\nContent-Length: 0\r\n\r\n`],
	["coding", `${head}Transfer-Encoding: xchunked\r\n\r\n`],
	["length", `${head}Content-Length: +1\r\n\r\n`],
	["chunk size", `${head}Transfer-Encoding: chunked\r\n\r\n1;a\r\nx\r\n0\r\n\r\n`],
	["chunk end", `${head}Transfer-Encoding: chunked\r\n\r\n1\r\nxy\r\n0\r\n\r\n`],
	["trailer", `${head}Transfer-Encoding: chunked\r\n\r\n0\r\nX : y\r\n\r\n`],
])("%s: %j is no request", (fault, text) => {
	expect(readStrictly(text)).toMatchObject({ fault, requests: [] });
});

test("a head whose body is still to come is told", () => {
	expect(readStrictly(`${head}Content-Length: 5\r\n\r\nhell`)).toMatchObject({ openHead: `${head}Content-Length: 5`, requests: [] });
});

test("of answers, the final one counts, and whether it is whole", () => {
	const interim = "HTTP/1.1 103 Early Hints\r\n\r\n";
	expect(readFinalAnswer(`${interim}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok`, "GET", false)).toEqual({ status: 200, isWhole: true });
	expect(readFinalAnswer("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok", "GET", true)).toEqual({ status: 200, isWhole: false });
	expect(readFinalAnswer("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", "HEAD", false)).toEqual({ status: 200, isWhole: true });
	expect(readFinalAnswer("HTTP/1.0 200 OK\r\n\r\nok", "GET", true)).toEqual({ status: 200, isWhole: true });
	expect(readFinalAnswer("HTTP/1.0 200 OK\r\n\r\nok", "GET", false)).toEqual({ status: 200, isWhole: false });
	expect(readFinalAnswer(interim, "GET", true)).toBeNull();
});
