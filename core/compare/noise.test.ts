import { expect, test } from "vitest";
import type { Repeat } from "../contract/noise.ts";
import type { Behaviour, ComparePolicy } from "../contract/verdict.ts";
import { compare } from "./compare.ts";
import { learnNoise } from "./noise.ts";

const at = 1_790_000_000_000;
const policy = (from: number): ComparePolicy => ({ random: [], clock: [], clockSlackMs: 0, window: { from, to: from + 60_000 } });
const side = (body: object): Behaviour => ({ status: 200, contentType: "application/json", body: JSON.stringify(body), changes: [] });
const hex = (seed: number) => (BigInt(seed + 1) * 0x9e3779b97f4a7c15n).toString(16).padStart(20, "0").slice(-16);
const repeat = (index: number, of: (turn: number) => object): Repeat => ({
	differences: compare(side(of(2 * index)), side(of(2 * index + 1)), policy(at)).differences,
	window: { from: at, to: at + 60_000 },
});
const learned = (count: number, of: (turn: number) => object) =>
	Object.fromEntries(learnNoise(Array.from({ length: count }, (_, index) => repeat(index, of))).map((one) => [one.field, one]));

test("[C36] what varies is told by its kind, with what it kept and the largest bug that it would hide", () => {
	const found = learned(40, (turn) => ({
		...{ fee: "5.00", token: hex(turn), printed: new Date(at + turn * 100).toISOString() },
		rows: turn % 2 ? ["a", "b"] : ["b", "a"],
		load: (0.5 + (turn % 7) / 100).toFixed(2),
		note: turn % 2 ? "x" : `other ${turn}`,
	}));
	expect(Object.keys(found).sort()).toEqual(["answer/load", "answer/note", "answer/printed", "answer/rows", "answer/token"]);
	expect(found["answer/token"]).toMatchObject({ kind: "random", varied: 40, repeats: 40 });
	expect(found["answer/token"]?.kept).toMatch(/^16 characters, lower-case/);
	expect(found["answer/token"]?.hides).toContain("in at most 7.2 % of requests (95 %)");
	expect(found["answer/printed"]).toMatchObject({ kind: "clock", kept: "yyyy-mm-ddThh:mm:ss.fzone" });
	expect(found["answer/rows"]?.kind).toBe("order");
	expect(found["answer/load"]).toMatchObject({ kind: "number", kept: "numbers, up to 0.06 apart" });
	expect(found["answer/note"]?.kind).toBe("unexplained");
});

test("[C36] amounts, counters and what came twice are never taken for random", () => {
	const found = learned(20, (turn) => ({
		fee: `${(turn % 9) + 1}.5${turn % 10}`,
		count: String(100_000 + turn),
		again: turn % 2 ? hex(1) : hex(2),
	}));
	expect(Object.values(found).map(({ kind }) => kind)).toEqual(["number", "number", "unexplained"]);
});

test("[C36] a clock outside its request's time is none; two variations are too few", () => {
	const stale = learned(5, (turn) => ({ due: new Date(at + (turn + 1) * 86_400_000).toISOString() }));
	expect(stale["answer/due"]?.kind).not.toBe("clock");
	expect(learned(2, (turn) => ({ token: hex(turn) }))["answer/token"]?.kind).toBe("too few");
});
