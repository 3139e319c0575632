import fc from "fast-check";
import { expect, test } from "vitest";
import { withoutHopByHop } from "./headers.ts";

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
