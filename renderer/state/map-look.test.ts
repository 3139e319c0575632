import fc from "fast-check";
import { expect, it } from "vitest";
import { type MapLook, mapClasses, readLook, writeLook } from "./map-look.ts";

const id = fc.constantFrom("function:a.b", "table:accounts", "package:cards_core", "module:x");
const ends = fc.option(fc.record({ from: fc.option(id), to: fc.option(id) }));
const looks: fc.Arbitrary<MapLook> = fc.record({
	find: fc.constantFrom("", "complexity > 10 and not module:tests"),
	hide: fc.constantFrom("", "route:"),
	off: fc.subarray([...mapClasses]),
	depth: fc.constantFrom(1, 2, 3),
	only: fc.boolean(),
	path: ends,
	grouped: fc.boolean(),
	opened: fc.uniqueArray(id),
	lines: ends,
	minimap: fc.boolean(),
	bubble: fc.option(id),
	camera: fc.option(
		fc.record({ x: fc.integer({ min: -9999, max: 9999 }), y: fc.integer({ min: -9999, max: 9999 }), zoom: fc.constantFrom(0.07, 1, 2.5) }),
	),
});

it("what the address says of the map is read back as it was written", () => {
	fc.assert(
		fc.property(looks, (look) => {
			const details = Object.fromEntries(Object.entries(writeLook(look)).filter((entry): entry is [string, string] => entry[1] !== null));
			expect(readLook(details)).toEqual(look);
		}),
	);
});

it("an address written by hand is taken as far as it makes sense", () => {
	expect(readLook({ depth: "9", at: "1,2", off: "red,table", group: "perhaps" })).toMatchObject({
		depth: 1,
		camera: null,
		off: ["table"],
		grouped: false,
	});
});
