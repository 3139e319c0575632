import fc from "fast-check";
import { expect, test } from "vitest";
import {
	ANY,
	BOOL,
	DATE,
	dictOf,
	FLOAT,
	INT,
	isMixed,
	join,
	type Kind,
	listOf,
	MIXED,
	NONE,
	optionalOf,
	STR,
	sameKind,
	tupleOf,
} from "./types.ts";

const flat = fc.constantFrom<Kind>(ANY, INT, FLOAT, MIXED, BOOL, STR, DATE, NONE);
const kinds = fc.letrec<{ kind: Kind }>((tie) => ({
	kind: fc.oneof(
		{ maxDepth: 2 },
		flat,
		tie("kind").map(listOf),
		tie("kind").map(optionalOf),
		fc.tuple(tie("kind"), tie("kind")).map((items) => tupleOf(items)),
		fc.tuple(fc.constantFrom(STR, INT), tie("kind")).map(([key, value]) => dictOf(key, value)),
	),
})).kind;

const show = (kind: Kind | null) => JSON.stringify(kind);

test("the joined type does not depend on the order of the two", () => {
	fc.assert(
		fc.property(kinds, kinds, (a, b) => {
			expect(show(join(a, b))).toBe(show(join(b, a)));
		}),
	);
});

test("a type joined with itself, or with what is not known, stays as it is", () => {
	fc.assert(
		fc.property(kinds, (a) => {
			expect(show(join(a, a))).toBe(show(a));
			expect(show(join(a, ANY))).toBe(show(a));
		}),
	);
});

test("a joined type holds both: joining one of them again changes nothing", () => {
	fc.assert(
		fc.property(kinds, kinds, (a, b) => {
			const both = join(a, b);
			if (both) expect(sameKind(join(both, a) ?? NONE, both)).toBe(true);
		}),
	);
});

test("int with float may be either, and says so; text with a number is no type at all", () => {
	expect(isMixed(join(INT, FLOAT) ?? NONE)).toBe(true);
	expect(isMixed(join(MIXED, FLOAT) ?? NONE)).toBe(true);
	expect(join(STR, INT)).toBeNull();
	expect(join(listOf(STR), listOf(INT))).toBeNull();
	expect(join(NONE, listOf(STR))).toEqual(optionalOf(listOf(STR)));
});
