import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Fault } from "../base/index.ts";
import type { Choices, Site } from "../contract/blueprint.ts";
import { driftOf } from "../contract/ops.ts";
import { type Repair, type RepairProblem, searchRepair } from "./index.ts";

/** A case passes when one of `fixedBy` is wholly exact (an empty set: always) and none of `brokenBy` is. */
type World = Record<string, { fixedBy: string[][]; brokenBy?: string[] }>;

const siteOf = (expr: string, op = "float.round", line = 10): Site => {
	const drift = driftOf(op);
	if (!drift) throw new Error(`${op} has no drift`);
	return {
		expr,
		op,
		function: "fees.commission",
		cause: drift.cause,
		legacy: drift.legacy,
		idiom: drift.idiom,
		span: { file: "fees.py", line, column: 0, endLine: line, endColumn: 9 },
	};
};
const named = (...names: string[]): Site[] => names.map((name, index) => siteOf(name, "float.round", index + 1));

async function search(world: World, sites: Site[], extra: Partial<RepairProblem> = {}): Promise<Repair & { calls: number; runs: number }> {
	const choices: Choices = extra.choices ?? {};
	const already = Object.keys(choices).filter((id) => choices[id] === "exact");
	const holds = (exact: string[], id: string): boolean => {
		const { fixedBy, brokenBy = [] } = world[id] as World[string];
		return fixedBy.some((set) => set.every((site) => exact.includes(site))) && !brokenBy.some((site) => exact.includes(site));
	};
	let calls = 0;
	let runs = 0;
	const ids = Object.keys(world);
	const repair = await searchRepair({
		sites,
		choices,
		failing: ids.filter((id) => !holds(already, id)),
		clean: ids.filter((id) => holds(already, id)),
		evaluate: async (candidates, cases) => {
			calls++;
			runs += candidates.length * cases.length;
			return candidates.map((candidate) => cases.map((id) => holds([...already, ...candidate], id)));
		},
		...extra,
	});
	return { ...repair, calls, runs };
}
const chosen = (repair: Repair): string[] => repair.sites.map((site) => site.expr);
const many = (prefix: string, count: number, entry: World[string]): World =>
	Object.fromEntries(Array.from({ length: count }, (_, i) => [`${prefix}${i}`, entry]));
const fine: World[string] = { fixedBy: [[]] };

describe("the repair search", () => {
	it("finds a single bug in two batches and says what it is", async () => {
		const world = { ...many("f", 14, { fixedBy: [["b"]] }), ...many("c", 40, fine) };
		const repair = await search(world, [siteOf("a", "int.mod", 3), siteOf("b", "float.round", 41), siteOf("z", "date.parse", 50)]);
		expect(chosen(repair)).toEqual(["b"]);
		expect(repair).toMatchObject({
			cause: "rounding",
			unexplained: [],
			ties: [],
			gate: { failing: { passed: 14, total: 14 }, clean: { passed: 40, total: 40 } },
		});
		expect(repair.explanation).toBe(
			"commission: legacy rounds the exact binary value, ties to even; the draft multiplies, rounds half up, divides. 14 of 14 failures explained by fees.py:41; no clean case changed.",
		);
		expect(repair.calls).toBe(2);
		expect(repair.candidatesTried).toBe(4);
	});
	it("finds two independent bugs", async () => {
		const world = { ...many("f", 5, { fixedBy: [["a"]] }), ...many("g", 5, { fixedBy: [["c"]] }), ...many("c", 20, fine) };
		const repair = await search(world, [siteOf("a", "int.floordiv", 1), ...named("b"), siteOf("c", "float.round", 3)]);
		expect(chosen(repair)).toEqual(["a", "c"]);
		expect(repair.cause).toBe("integer division, rounding");
		expect(repair.explanation).toContain("10 of 10 failures explained by fees.py:1 (needed by 5) and fees.py:3 (needed by 5)");
	});
	it("finds two bugs that meet in the same cases", async () => {
		const repair = await search({ ...many("f", 6, { fixedBy: [["a", "d"]] }), ...many("c", 5, fine) }, named("a", "b", "c", "d", "e"));
		expect(chosen(repair)).toEqual(["a", "d"]);
	});
	it("finds three bugs that meet in the same cases", async () => {
		const repair = await search(
			{ ...many("f", 6, { fixedBy: [["a", "c", "e"]] }), ...many("g", 3, { fixedBy: [["c"]] }) },
			named("a", "b", "c", "d", "e", "f", "g"),
		);
		expect(chosen(repair)).toEqual(["a", "c", "e"]);
		expect(repair.explanation).toContain("there was no clean case to check");
	});
	it("chooses among alternatives by what the differences look like, and reports the tie", async () => {
		const world = { ...many("f", 4, { fixedBy: [["a"], ["b"]] }), ...many("g", 4, { fixedBy: [["c"]] }), ...many("c", 4, fine) };
		const suspicions = Object.fromEntries(Object.keys(world).map((id) => [id, ["integer division"]]));
		const sites = [siteOf("a", "float.round", 1), siteOf("b", "int.floordiv", 2), siteOf("c", "int.mod", 3)];
		const repair = await search(world, sites, { suspicions });
		expect(chosen(repair)).toEqual(["b", "c"]);
		expect(repair.ties).toEqual([["a", "c"]]);
		expect(repair.explanation).toContain("would be explained as well by fees.py:1 with fees.py:3");
		expect(chosen(await search(world, sites))).toEqual(["a", "c"]);
	});
	it("weighs alternatives also beside many other bugs", async () => {
		const certain = Array.from({ length: 11 }, (_, index) => `s${String(index).padStart(2, "0")}`);
		const world: World = {
			either: { fixedBy: [["x"], ["y"]] },
			...Object.fromEntries(certain.map((site) => [`of ${site}`, { fixedBy: [[site]] }])),
		};
		const sites = [...named(...certain), siteOf("x", "float.round", 20), siteOf("y", "int.mod", 30)];
		const repair = await search(world, sites, { suspicions: { either: ["modulo of negatives"] } });
		expect(chosen(repair)).toEqual([...certain, "y"]);
		expect(repair.ties).toEqual([[...certain, "x"]]);
	});
	it("finds one of two alternative pairs by minimising from all", async () => {
		const repair = await search(
			many("f", 3, {
				fixedBy: [
					["a", "b"],
					["g", "h"],
				],
			}),
			named("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"),
		);
		expect([
			["a", "b"],
			["g", "h"],
		]).toContainEqual(chosen(repair));
	});
	it("repairs what it can and names what it cannot", async () => {
		const repair = await search(
			{ ...many("f", 3, { fixedBy: [["a"]] }), u1: { fixedBy: [] }, u2: { fixedBy: [] }, ...many("c", 5, fine) },
			named("a", "b"),
		);
		expect(chosen(repair)).toEqual(["a"]);
		expect(repair).toMatchObject({
			explained: ["f0", "f1", "f2"],
			unexplained: ["u1", "u2"],
			gate: { failing: { passed: 3, total: 5 }, clean: { passed: 5, total: 5 } },
		});
		expect(repair.explanation).toContain("3 of 5 failures explained by fees.py:1");
		expect(repair.explanation).toContain("Unexplained: u1 and u2.");
	});
	it("changes nothing when no site explains anything, or none is left", async () => {
		const none = await search({ u: { fixedBy: [] }, ...many("c", 5, fine) }, named("a", "b"));
		expect(none).toMatchObject({
			sites: [],
			unexplained: ["u"],
			gate: { failing: { passed: 0, total: 1 }, clean: { passed: 5, total: 5 } },
		});
		expect(none.explanation).toContain("No choice among 2 sites explains any of 1 failure");
		const spent = await search({ u: { fixedBy: [] } }, named("a"), { choices: { a: "exact" } });
		expect(spent.explanation).toContain("the cause lies elsewhere");
	});
	it("leaves out a failure that does not occur again, and a clean case that cannot be repeated", async () => {
		const world: World = { ...many("f", 2, { fixedBy: [["a"]] }), once: fine, odd: { fixedBy: [] }, c: fine };
		const repair = await search(world, named("a", "b"), { failing: ["f0", "f1", "once"], clean: ["c", "odd"] });
		expect(repair).toMatchObject({
			notReproduced: ["once"],
			unexplained: [],
			gate: { failing: { passed: 3, total: 3 }, clean: { passed: 1, total: 1 } },
		});
		expect(repair.explanation).toContain("1 failure did not occur again. 1 clean case could not be repeated");
		const gone = await search({ once: fine }, named("a"), { failing: ["once"], clean: [] });
		expect(gone).toMatchObject({ sites: [], explanation: "None of 1 failure occurred again." });
	});
	it("takes the other explanation when the first would change a clean case", async () => {
		const world: World = { ...many("f", 3, { fixedBy: [["a"], ["b"]] }), keeps: { fixedBy: [[]], brokenBy: ["a"] } };
		expect(chosen(await search(world, named("a", "b")))).toEqual(["b"]);
	});
	it("takes a second site along when one alone would change a clean case", async () => {
		// Two errors that cancel each other in the clean case: only both together are right.
		const repair = await search(
			{ ...many("f", 3, { fixedBy: [["a"]] }), cancels: { fixedBy: [["a", "b"]] }, ...many("c", 3, fine) },
			named("a", "b", "c"),
			{
				failing: ["f0", "f1", "f2"],
				clean: ["cancels", "c0", "c1", "c2"],
				evaluate: async (candidates, cases) =>
					candidates.map((exact) =>
						cases.map((id) =>
							id.startsWith("f") ? exact.includes("a") : id === "cancels" ? exact.includes("a") === exact.includes("b") : true,
						),
					),
			},
		);
		expect(chosen(repair)).toEqual(["a", "b"]);
		expect(repair.gate.clean).toEqual({ passed: 4, total: 4 });
	});
	it("refuses a site that explains failures but breaks clean cases whatever stands beside it", async () => {
		const world: World = {
			...many("f", 3, { fixedBy: [["bad"]] }),
			...many("g", 2, { fixedBy: [["a"]] }),
			keeps: { fixedBy: [[]], brokenBy: ["bad"] },
		};
		const repair = await search(world, named("a", "bad"));
		expect(chosen(repair)).toEqual(["a"]);
		expect(repair).toMatchObject({ unexplained: ["f0", "f1", "f2"], gate: { clean: { passed: 1, total: 1 } } });
		const only = await search({ f: { fixedBy: [["bad"]] }, keeps: { fixedBy: [[]], brokenBy: ["bad"] } }, named("bad"));
		expect(only).toMatchObject({ sites: [], gate: { failing: { passed: 0, total: 1 }, clean: { passed: 1, total: 1 } } });
	});
	it("starts from what is exact already", async () => {
		const repair = await search({ f: { fixedBy: [["a", "b"]] }, c: { fixedBy: [["a"]] } }, named("a", "b", "c"), {
			choices: { a: "exact" },
		});
		expect(chosen(repair)).toEqual(["b"]);
	});
	it("stops when it is cancelled", async () => {
		const controller = new AbortController();
		let calls = 0;
		const running = searchRepair(
			{
				sites: named("a", "b", "c"),
				choices: {},
				failing: ["f"],
				clean: [],
				evaluate: async (candidates, cases) => {
					calls++;
					controller.abort();
					return candidates.map((candidate) => cases.map(() => candidate.length > 1));
				},
			},
			controller.signal,
		);
		await expect(running).rejects.toThrow(Fault);
		expect(calls).toBe(1);
	});
});

describe("laws", () => {
	/** Worlds as real drift makes them: a case passes when all sites that matter to it are exact. */
	const names = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
	const needs = fc.subarray(names, { minLength: 0, maxLength: 3 });
	it("explains everything by exactly the union of what the cases need, in few batches", async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(needs, { minLength: 1, maxLength: 25 }), async (cases) => {
				const world: World = Object.fromEntries(cases.map((set, index) => [`case${index}`, { fixedBy: [set] }]));
				const repair = await search(world, named(...names));
				expect(chosen(repair)).toEqual([...new Set(cases.flat())].sort());
				expect(repair.unexplained).toEqual([]);
				expect(repair.gate.clean.passed).toBe(repair.gate.clean.total);
				expect(repair.calls).toBeLessThanOrEqual(6);
				expect(repair.runs).toBeLessThanOrEqual(25 * 100);
			}),
			{ numRuns: 300 },
		);
	});
	it("never proposes a set that breaks a clean case or that has a part which would do", async () => {
		const dnf = fc.array(fc.subarray(names, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 2 });
		const failing = fc.record({ fixedBy: dnf }, { noNullPrototype: true });
		const clean = fc.record(
			{ fixedBy: fc.constant([[]] as string[][]), brokenBy: fc.subarray(names, { maxLength: 1 }) },
			{ noNullPrototype: true },
		);
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.oneof({ weight: 3, arbitrary: failing }, { weight: 1, arbitrary: clean }), { minLength: 1, maxLength: 15 }),
				async (cases) => {
					const world: World = Object.fromEntries(cases.map((entry, index) => [`case${index}`, entry]));
					const repair = await search(world, named(...names));
					const exact = chosen(repair);
					const holds = (set: string[], { fixedBy, brokenBy = [] }: World[string]): boolean =>
						fixedBy.some((sites) => sites.every((site) => set.includes(site))) && !brokenBy.some((site) => set.includes(site));
					for (const entry of cases) if ("brokenBy" in entry) expect(holds(exact, entry)).toBe(true);
					const explained = repair.explained.map((id) => world[id] as World[string]);
					for (const entry of explained) expect(holds(exact, entry)).toBe(true);
					for (const site of exact) {
						const part = exact.filter((other) => other !== site);
						expect(
							explained.every((entry) => holds(part, entry)),
							`without ${site}`,
						).toBe(false);
					}
					expect(repair.calls).toBeLessThanOrEqual(40);
				},
			),
			{ numRuns: 400 },
		);
	});
});
