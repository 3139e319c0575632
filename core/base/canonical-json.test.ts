import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "./index.ts";

test("means the same as JSON.stringify for every JSON value", () => {
	fc.assert(
		fc.property(fc.jsonValue(), (value) => {
			expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
		}),
	);
});

test("gives equal bytes for equal values, whatever the order of their keys", () => {
	const shuffled = fc.dictionary(fc.string(), fc.jsonValue()).chain((record) =>
		fc.shuffledSubarray(Object.entries(record), { minLength: Object.keys(record).length }).map((entries) => ({
			one: record,
			other: Object.fromEntries(entries),
		})),
	);
	fc.assert(
		fc.property(shuffled, ({ one, other }) => {
			expect(canonicalJson(other)).toBe(canonicalJson(one));
		}),
	);
});

test("sorts keys by code units at every depth", () => {
	expect(canonicalJson({ b: [{ z: 1, a: 2 }], a: "è", B: null, 10: 0, 9: 0 })).toBe('{"10":0,"9":0,"B":null,"a":"è","b":[{"a":2,"z":1}]}');
});

test("leaves out undefined properties and calls toJSON", () => {
	expect(canonicalJson({ a: undefined, at: new Date(0) })).toBe('{"at":"1970-01-01T00:00:00.000Z"}');
});

test.each([[Number.NaN], [Number.POSITIVE_INFINITY], [1n], [undefined], [[undefined]], [() => 1], [{ deep: [Number.NaN] }]])(
	"refuses what JSON cannot carry: %s",
	(value) => {
		expect(() => canonicalJson(value)).toThrow(TypeError);
	},
);
