import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { share } from "./share.ts";

describe("share", () => {
	it("gives back a value equal to the next one, whatever came before", () => {
		fc.assert(
			fc.property(fc.jsonValue(), fc.jsonValue(), (before, next) => {
				expect(share(before, next)).toEqual(next);
			}),
		);
	});

	it("gives back the very same object when nothing changed", () => {
		fc.assert(
			fc.property(fc.jsonValue(), (value) => {
				expect(share(value, structuredClone(value))).toBe(value);
			}),
		);
	});

	it("keeps the parts that did not change and replaces only the path to what did", () => {
		const before = { services: [{ pid: 1 }], totals: { requests: 1 } };
		const after = share(before, { services: [{ pid: 1 }], totals: { requests: 2 } });
		expect(after.services).toBe(before.services);
		expect(after.totals).not.toBe(before.totals);
	});

	it("sees that a name was added or taken away", () => {
		expect(share({ a: 1, b: undefined }, { a: 1, c: undefined })).toEqual({ a: 1, c: undefined });
		expect(share({ a: 1, b: 2 }, { a: 1 } as object)).toEqual({ a: 1 });
	});
});
