import { expect, test } from "vitest";
import { orderKeyOf, shadowHeadOf } from "./shadow-head.ts";

const head = (...lines: string[]) => Buffer.from(`POST /x?y HTTP/1.1\r\n${lines.map((line) => `${line}\r\n`).join("")}\r\n`, "latin1");
const linesOf = (bytes: Buffer | undefined) => bytes?.toString("latin1").split("\r\n").slice(0, -2);

test("[M1] the copy has legacy's lines byte for byte, without Expect and forged marks, and with its own", () => {
	const made = shadowHeadOf(
		head("Host: a", "x-phoenix-SHADOW: 0", "b:\t2 ", "EXPECT: 100-continue", "Content-Length: 3", "X-Phoenix-Request:", "A: \xe9"),
		"g1-42",
	);
	const marks = ["X-Phoenix-Shadow: 1", "X-Phoenix-Request: g1-42"];
	expect(linesOf(made?.bytes)).toEqual(["POST /x?y HTTP/1.1", "Host: a", "b:\t2 ", "Content-Length: 3", "A: \xe9", ...marks]);
	expect(made).toMatchObject({ method: "POST", isChunked: false });
	expect(shadowHeadOf(head("Host: a", "Transfer-Encoding: chunked"), "1")).toMatchObject({ isChunked: true });
	expect(linesOf(shadowHeadOf(head(), "1")?.bytes)).toEqual(["POST /x?y HTTP/1.1", "X-Phoenix-Shadow: 1", "X-Phoenix-Request: 1"]);
	expect(shadowHeadOf(Buffer.from("POST / HTTP/1.1\r\nHost"), "1")).toBeNull();
	expect(shadowHeadOf(Buffer.alloc(0), "1")).toBeNull();
});

test("[M5] the key of an order comes from a header or a cookie; without one there is no order to keep", () => {
	const bytes = head("Host: a", "X-Account: 7", "Cookie: a=1; sid = s9; b=2");
	expect(["header:X-Account", "cookie:sid", "header:X-Other", "cookie:si"].map((by) => orderKeyOf(bytes, by))).toEqual([
		"7",
		"s9",
		null,
		null,
	]);
	expect(orderKeyOf(head("X-Account:"), "header:x-account")).toBeNull();
});
