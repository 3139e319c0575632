import type { Expr } from "../../contract/ir.ts";
import type { Edit } from "./edit.ts";
import { BOOL, makerAt, shortName } from "./nodes.ts";
import type { Origin } from "./origins.ts";

type Facts = Readonly<Record<string, string>>;
type Test = { origin: Origin; relation: "gt" | "le" | "eq" | "ne"; value: number | string };
/** All of them hold for what must change, and for nothing that must stay. */
export type Condition = Test[];

const deepest = 2;

/**
 * A path of a decision tree that holds for every case of `inside` and none of `outside`, over variables that hold request fields: at most
 * two tests, each the one that leaves the least of `outside`. Null when no such path exists.
 */
export function learnCondition(inside: readonly Facts[], outside: readonly Facts[], origins: readonly Origin[]): Condition | null {
	const chosen: Condition = [];
	let left = outside;
	while (left.length > 0 && chosen.length < deepest) {
		let best: { test: Test; left: readonly Facts[] } | null = null;
		for (const test of testsOf(inside, left, origins)) {
			const remaining = left.filter((facts) => holds(test, facts));
			if (remaining.length < (best?.left.length ?? left.length)) best = { test, left: remaining };
		}
		if (best === null) return null;
		chosen.push(best.test);
		left = best.left;
	}
	return left.length === 0 && chosen.length > 0 ? chosen : null;
}

function testsOf(inside: readonly Facts[], outside: readonly Facts[], origins: readonly Origin[]): Test[] {
	const tests: Test[] = [];
	for (const origin of origins) {
		const [ins, outs] = [inside, outside].map((cases) => cases.map((facts) => facts[origin.field] ?? ""));
		if (ins === undefined || outs === undefined) continue;
		if (origin.type.kind === "str") {
			if (new Set(ins).size === 1) tests.push({ origin, relation: "eq", value: ins[0] as string });
			const others = new Set(outs);
			if (others.size === 1 && !ins.includes(outs[0] as string)) tests.push({ origin, relation: "ne", value: outs[0] as string });
			continue;
		}
		const [a, b] = [ins, outs].map((texts) => texts.map(Number).filter((value) => !Number.isNaN(value)));
		if (a === undefined || b === undefined || a.length < ins.length || b.length === 0) continue;
		const [low, high] = [Math.min(...a), Math.max(...a)];
		const below = Math.max(...b.filter((value) => value < low));
		const above = Math.min(...b.filter((value) => value > high));
		if (Number.isFinite(below)) tests.push({ origin, relation: "gt", value: between(below, low, origin.type.kind === "int") });
		if (Number.isFinite(above)) tests.push({ origin, relation: "le", value: between(high, above, origin.type.kind === "int") });
		if (low === high) tests.push({ origin, relation: "eq", value: low });
	}
	return tests;
}

function holds({ origin, relation, value }: Test, facts: Facts): boolean {
	const text = facts[origin.field] ?? "";
	const given = typeof value === "number" ? Number(text) : text;
	switch (relation) {
		case "gt":
			return given > value;
		case "le":
			return given <= value;
		case "eq":
			return given === value;
		case "ne":
			return given !== value;
	}
}

/** The shortest number at or above `low` and below `high`. */
function between(low: number, high: number, isWhole: boolean): number {
	for (let digits = 1; digits <= 15; digits++) {
		for (const value of [Number(high.toPrecision(digits)), Number(((low + high) / 2).toPrecision(digits)), Number(low.toPrecision(digits))])
			if (value >= low && value < high && (!isWhole || Number.isInteger(value))) return value;
	}
	return low;
}

/** The same change, only where the condition holds; `before` is the expression as it is. */
export function under(condition: Condition, edit: Edit, before: Expr): Edit {
	const make = makerAt({ ...before, id: `${before.id}~if` });
	const tests = condition.map(({ origin, relation, value }) => {
		const kind = origin.type.kind;
		const constant = typeof value === "string" ? make.text(value) : kind === "int" ? make.int(value) : make.float(value);
		return make.op(`${kind}.${relation}`, BOOL, [make.local(origin.name, origin.type), constant]);
	});
	const test = tests.reduce(
		(left, right): Expr => ({ kind: "logic", id: `${right.id}~and`, type: BOOL, span: before.span, op: "and", left, right }),
	);
	const signs = { gt: "above", le: "at most", eq: "equal to", ne: "other than" };
	const words = condition.map(({ origin, relation, value }) => `${origin.field} is ${signs[relation]} ${value}`).join(" and ");
	return {
		...edit,
		kind: "missing branch",
		cost: edit.cost + 2 + condition.length,
		to: make.choose(test, edit.to, before),
		now: `${edit.now} in every case`,
		then: `${edit.then} where ${words} (in ${shortName(edit.holder)})`,
	};
}
