import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Label, placeLabels } from "./labels.ts";

const measure = (text: string) => text.length * 7;
const view = { width: 800, height: 600 };
const options = { measure, view, size: 12 };
const label = (id: string, x: number, y: number, more: Partial<Label> = {}): Label => ({
	id,
	text: id.padEnd(8, "x"),
	x,
	y,
	r: 10,
	rank: 1,
	side: "around",
	bold: false,
	...more,
});

describe("names on the map", () => {
	it("never cover one another", () => {
		const many = fc.array(fc.record({ x: fc.integer({ min: 0, max: 800 }), y: fc.integer({ min: 0, max: 600 }) }), { maxLength: 60 });
		fc.assert(
			fc.property(many, (spots) => {
				const boxes = placeLabels(
					spots.map(({ x, y }, index) => label(`n${index}`, x, y)),
					options,
				);
				for (const [i, a] of boxes.entries()) {
					for (const b of boxes.slice(i + 1)) {
						expect(a.left + a.width <= b.left || b.left + b.width <= a.left || a.top + 15 <= b.top || b.top + 15 <= a.top).toBe(true);
					}
				}
			}),
		);
	});

	it("go to the more important mark where there is room for one only", () => {
		const walls = [label("wall1", 300, 330, { r: 14, text: "" }), label("wall2", 300, 262, { r: 14, text: "" })];
		const close = [label("minor", 300, 300, { r: 5, side: "right" }), label("major", 302, 301, { r: 5, side: "right", rank: 9 })];
		const named = placeLabels([...walls, ...close], options).map((box) => box.label.id);
		expect(named).toContain("major");
		expect(named).not.toContain("minor");
	});

	it("of the neighbourhood in focus are written even over other marks", () => {
		const crowd = Array.from({ length: 81 }, (_, index) => label(`c${index}`, 300 + (index % 9) * 18, 300 + Math.floor(index / 9) * 18));
		const middle = "c40";
		expect(placeLabels(crowd, options).map((box) => box.label.id)).not.toContain(middle);
		expect(placeLabels(crowd, { ...options, forced: new Set([middle]) }).map((box) => box.label.id)).toContain(middle);
	});
});
