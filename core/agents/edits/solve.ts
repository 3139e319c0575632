import type { Blueprint } from "../../contract/blueprint.ts";
import type { Expr, ExprId } from "../../contract/ir.ts";
import type { CaseId } from "../trials.ts";
import type { Edit } from "./edit.ts";
import { constantLike, FLOAT, makerAt, numberOf, told } from "./nodes.ts";
import type { EvaluateEdits, Outcome } from "./problem.ts";
import { visitPlaces } from "./scope.ts";

/** A number in the text of the service, or a factor or term that it does not have (1 or 0). */
type Unknown = { expr: Expr; value: number; edit(value: number): Edit | null };

/** Numeric constants at these places. */
export function constantsAt(blueprint: Blueprint, places: ReadonlySet<ExprId>): Unknown[] {
	const found: Unknown[] = [];
	visitPlaces(blueprint, (expr, { holder }) => {
		const value = numberOf(expr);
		if (value === null || !places.has(expr.id)) return;
		const edit = (other: number): Edit | null => {
			const to = constantLike(expr, expr.type.kind === "int" ? Math.round(other) : other);
			if (to === null) return null;
			return { at: expr.id, holder, kind: "constant", cost: 2, to, span: expr.span, now: `uses ${told(expr)}`, then: `uses ${told(to)}` };
		};
		found.push({ expr, value, edit });
	});
	return found;
}

/** Factors and terms that legacy may have at these places and the service has not. */
export function factorsAt(blueprint: Blueprint, places: ReadonlySet<ExprId>): Unknown[] {
	const found: Unknown[] = [];
	visitPlaces(blueprint, (expr, { holder }) => {
		if (!places.has(expr.id) || expr.type.kind !== "float" || !["op", "call", "local", "column"].includes(expr.kind)) return;
		const shapes: [string, number, string][] = [
			["float.mul", 1, "multiplied by"],
			["float.add", 0, "plus"],
		];
		for (const [op, neutral, words] of shapes)
			found.push({
				expr,
				value: neutral,
				edit(value) {
					const make = makerAt(expr);
					const to = make.op(op, FLOAT, [expr, make.float(value)]);
					const then = `uses it ${words} ${value}`;
					return { at: expr.id, holder, kind: "operation", cost: 5, to, span: expr.span, now: `uses ${told(expr)} as it is`, then };
				},
			});
	});
	return found;
}

const digitsTried = [1, 2, 3, 4, 5, 6, 8];

/**
 * The value of each unknown that closes the gap of the cases, by the secant through two runs of the service, as the shortest decimals near
 * it. Every proposal is still to be tried: where the calculation is not straight, none may fit.
 */
export async function solve(
	unknowns: readonly Unknown[],
	cases: readonly CaseId[],
	base: readonly Outcome[],
	evaluate: EvaluateEdits,
): Promise<Edit[]> {
	const step = ({ value, expr }: Unknown): number =>
		value === 0 ? 10 : expr.type.kind === "int" ? value + Math.max(1, Math.round(value / 10)) : value * 1.1;
	const moved = unknowns.flatMap((unknown) => {
		const edit = unknown.edit(step(unknown));
		return edit === null ? [] : [{ unknown, edit }];
	});
	const first = await evaluate(
		moved.map(({ edit }) => [edit]),
		cases,
	);
	const guesses = moved.flatMap(({ unknown }, index) => {
		const at = secant(unknown.value, base, step(unknown), first[index] as Outcome[]);
		return at === null ? [] : [{ unknown, at }];
	});
	// A second step from the first guess, for what is rounded or not straight.
	const near = guesses.flatMap(({ unknown, at }) => {
		const edit = unknown.edit(at);
		return edit === null ? [] : [{ unknown, at, edit }];
	});
	const second = await evaluate(
		near.map(({ edit }) => [edit]),
		cases,
	);
	const proposals: Edit[] = [];
	for (const [index, { unknown, at }] of near.entries()) {
		const outcomes = second[index] as Outcome[];
		const better = outcomes.every(({ agrees }) => agrees) ? at : (secant(unknown.value, base, at, outcomes) ?? at);
		const tried = new Set<number>([unknown.value]);
		for (const digits of digitsTried)
			for (const guess of [better, at]) {
				const value = Number(guess.toPrecision(digits));
				if (tried.has(value)) continue;
				tried.add(value);
				const edit = unknown.edit(value);
				if (edit !== null) proposals.push({ ...edit, cost: edit.cost + digits / 10 });
			}
	}
	return proposals;
}

/** Where the gap that moved most becomes zero; null when none moves. */
function secant(x0: number, before: readonly Outcome[], x1: number, after: readonly Outcome[]): number | null {
	let best: { at: number; moved: number } | null = null;
	for (const [index, { gaps }] of before.entries())
		for (const gap of gaps) {
			const g0 = gapOf(gap);
			const next = after[index]?.gaps.find(({ field }) => field === gap.field);
			const g1 = next === undefined ? 0 : gapOf(next);
			if (g0 === null || g1 === null || g0 === g1) continue;
			const moved = Math.abs(g0 - g1);
			if (best === null || moved > best.moved) best = { at: x0 + ((x1 - x0) * g0) / (g0 - g1), moved };
		}
	return best !== null && Number.isFinite(best.at) ? best.at : null;
}

function gapOf({ legacy, modern }: { legacy: string; modern: string }): number | null {
	const [a, b] = [legacy, modern].map((text) => Number(text.trim().replaceAll(",", "") || Number.NaN));
	return a === undefined || b === undefined || Number.isNaN(a - b) ? null : a - b;
}
