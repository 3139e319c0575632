import fc from "fast-check";
import { expect, test } from "vitest";
import { ambiguityOf, upstreamHeaders, withoutHopByHop } from "./headers.ts";

test("[F1] what Connection names goes, except what frames or addresses the request", () => {
	const raw = [
		"Connection",
		"X-A, Content-Length, host",
		"x-a",
		"1",
		"Content-Length",
		"3",
		"Host",
		"h",
		"connection",
		"X-B",
		"X-B",
		"2",
		"X-C",
		"3",
	];
	expect(withoutHopByHop(raw)).toEqual(["Content-Length", "3", "Host", "h", "X-C", "3"]);
});

test("[F1] a client's own X-Forwarded-Proto stays as it is", () => {
	expect(upstreamHeaders(["X-Forwarded-PROTO", "https"], "10.0.0.9")).toEqual([
		"X-Forwarded-PROTO",
		"https",
		"X-Forwarded-For",
		"10.0.0.9",
	]);
});

test("[F1] end-to-end lines keep order, case and number, whatever they are", () => {
	const name = fc
		.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,8}$/)
		.filter((text) => !/^(connection|keep-alive|te|upgrade|proxy-connection)$/i.test(text));
	fc.assert(
		fc.property(fc.array(fc.tuple(name, fc.string())), (pairs) => {
			expect(withoutHopByHop(pairs.flat())).toEqual(pairs.flat());
		}),
	);
});

test.each([
	[["Host", "a", "host", "a"], "1.1", "more than one Host"],
	[["Content-Length", "1", "content-length", "1"], "1.1", "more than one Content-Length"],
	[["Content-Length", "1,1"], "1.1", "not a plain number"],
	[["Content-Length", "1", "Transfer-Encoding", "chunked"], "1.1", "both"],
	[["Transfer-Encoding", "gzip, chunked"], "1.1", "not plain"],
	[["Transfer-Encoding", "chunked", "Transfer-Encoding", "chunked"], "1.1", "more than one Transfer-Encoding"],
	[["Transfer-Encoding", "chunked"], "1.0", "HTTP/1.0"],
])("[F9] %j in HTTP/%s is ambiguous: %s", (raw, version, reason) => expect(ambiguityOf(raw, version)).toContain(reason));

test("[F9] ordinary heads are not ambiguous", () => {
	expect(ambiguityOf(["Host", "a", "Transfer-Encoding", "Chunked"], "1.1")).toBeNull();
	expect(ambiguityOf(["Content-Length", "0"], "1.0")).toBeNull();
});
