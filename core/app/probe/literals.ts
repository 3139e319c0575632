import type { Blueprint } from "../../contract/blueprint.ts";
import { type Branch, branchesOf } from "../../contract/branches.ts";
import { type Constant, type Expr, visitExprs } from "../../contract/ir.ts";

/**
 * What the code of a slice compares with: of each branch the constants of its own condition first, then all others. Numbers come with
 * their neighbours, because a bug of `<` against `<=` shows only there.
 */
export type Literals = {
	/** By place in the blueprint's list of branches. */
	near: ReadonlyMap<number, readonly string[]>;
	all: readonly string[];
};

export function literalsOf(blueprint: Blueprint): Literals {
	const values = new Map(blueprint.constants.map(({ id, value }) => [id, value]));
	const byExpr = new Map<string, Expr>();
	const all = new Set<string>();
	for (const fn of blueprint.functions)
		visitExprs(fn, (expr) => {
			byExpr.set(expr.id, expr);
			if (expr.kind === "const") for (const text of spelled(expr.value)) all.add(text);
		});
	for (const value of values.values()) for (const text of within(value, values)) all.add(text);
	const near = new Map(
		branchesOf(blueprint).map((branch, index) => {
			const expr = byExpr.get(conditionOf(branch));
			return [index, expr === undefined ? [] : [...new Set(within(expr, values))]] as const;
		}),
	);
	return { near, all: [...all] };
}

/** The id of the expression that a branch is an outcome of: `scoring.band_of#12:yes`. */
export const conditionOf = ({ id }: Pick<Branch, "id">): string => id.slice(0, id.lastIndexOf(":"));

function within(expr: Expr, constants: ReadonlyMap<string, Expr>, seen = new Set<string>()): string[] {
	const found: string[] = [];
	const texts: string[] = [];
	visitExprs(expr, (part) => {
		if (part.kind === "const") {
			found.push(...spelled(part.value));
			if (part.value.kind === "str") texts.push(part.value.value);
		}
		const value = part.kind === "global" && !seen.has(part.constant) ? constants.get(part.constant) : undefined;
		if (value === undefined || part.kind !== "global") return;
		seen.add(part.constant);
		found.push(...within(value, constants, seen));
		if (value.kind === "const" && value.value.kind === "str") texts.push(value.value.value);
	});
	// What a condition puts together is compared as a whole.
	if (texts.length > 1 && texts.length <= 4) found.push(texts.join(""));
	return found;
}

function spelled(constant: Constant): string[] {
	switch (constant.kind) {
		case "int":
			return [constant.value, ...neighbours(Number(constant.value))];
		case "float":
			return [constant.text, ...neighbours(Number(constant.text))];
		case "str":
			return constant.value.length > 0 && constant.value.length <= 40 ? [constant.value] : [];
		case "bool":
		case "none":
			return [];
	}
}

/** One step of a whole number and one of a cent, to both sides. */
export function neighbours(value: number): string[] {
	if (!Number.isFinite(value)) return [];
	const cents = [value - 0.01, value + 0.01].map((near) => String(Math.round(near * 1e6) / 1e6));
	return Number.isInteger(value) ? [String(value - 1), String(value + 1), ...cents] : cents;
}
