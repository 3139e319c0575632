import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bank } from "../../fixtures/memory-core.ts";
import { layOut } from "./layout.ts";
import { enclose, packDiscs } from "./pack.ts";

const discs = fc
	.array(fc.double({ min: 1, max: 50, noNaN: true }), { maxLength: 24 })
	.map((radii) => radii.map((r, index) => ({ id: String(index), r })));

describe("packing", () => {
	it("never lets two discs overlap", () => {
		fc.assert(
			fc.property(discs, fc.double({ min: 0, max: 20, noNaN: true }), (input, gap) => {
				const placed = packDiscs(input, gap);
				for (const [i, a] of placed.entries()) {
					for (const b of placed.slice(i + 1)) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThanOrEqual(a.r + b.r + gap - 1e-3);
				}
			}),
			{ numRuns: 60 },
		);
	});

	it("is enclosed by the circle around it", () => {
		fc.assert(
			fc.property(discs, (input) => {
				const placed = packDiscs(input, 4);
				const { x, y, r } = enclose(placed);
				for (const disc of placed) expect(Math.hypot(disc.x - x, disc.y - y) + disc.r).toBeLessThanOrEqual(r + 1e-6);
			}),
			{ numRuns: 60 },
		);
	});
});

describe("the layout of the sample bank", () => {
	const layout = layOut(bank);

	it("gives every node a place", () => {
		expect([...layout.spots.keys()].sort()).toEqual(bank.nodes.map((node) => node.id).sort());
	});

	it("is the same for the same graph, in whatever order its nodes come", () => {
		const shuffled = { ...bank, nodes: [...bank.nodes].reverse() };
		expect(new Map([...layOut(shuffled).spots].sort())).toEqual(new Map([...layout.spots].sort()));
	});

	it("puts each function inside its module, routes to the left and tables to the right of all modules", () => {
		const at = (id: string) => layout.spots.get(id) ?? { x: Number.NaN, y: Number.NaN, r: 0 };
		const modules = bank.nodes.filter((node) => node.kind === "module").map((node) => at(node.id));
		for (const node of bank.nodes) {
			const spot = at(node.id);
			if (node.kind === "function" && node.parent !== null) {
				const module = at(node.parent);
				expect(Math.hypot(spot.x - module.x, spot.y - module.y) + spot.r).toBeLessThanOrEqual(module.r);
			}
			if (node.kind === "route") expect(spot.x).toBeLessThan(Math.min(...modules.map((module) => module.x - module.r)));
			if (node.kind === "table") expect(spot.x).toBeGreaterThan(Math.max(...modules.map((module) => module.x + module.r)));
		}
	});
});
