import type { Expr } from "../../../contract/ir.ts";
import { cut, type Doc } from "./layout.ts";
import type { FunctionScope } from "./scope.ts";

/**
 * What a shadow build says about its branches. The texts stand in cuts: the build that clients reach has none of them and is otherwise
 * the same, letter by letter. The numbers are places in `branchesOf`.
 *
 *     if (amount > limit)   ->   if ($branches.eitherBranch(3, 4, amount > limit))
 */
export const branchFile = "runtime/branches.ts";

type Watching = Pick<FunctionScope, "service">;

/** A condition, or the first value of a choice. */
export function watchedTest(expr: Expr, doc: Doc, scope: Watching): Doc {
	return wrapped("eitherBranch", [`${expr.id}:yes`, `${expr.id}:no`], doc, scope);
}

/** What a loop or comprehension walks. */
export function watchedItems(iterable: Expr, doc: Doc, as: "eachBranch" | "listBranch", scope: Watching): Doc {
	return wrapped(as, [`${iterable.id}:some`, `${iterable.id}:none`], doc, scope);
}

/** For a loop by a condition: what stands before it, and the condition. */
export function watchedTurns(expr: Expr, doc: Doc, scope: Watching): { before: Doc; test: Doc } {
	const [some, none] = [numberOf(`${expr.id}:some`, scope), numberOf(`${expr.id}:none`, scope)];
	if (some === undefined || none === undefined) return { before: "", test: doc };
	return {
		before: cut(`const turns$${some} = $branches.turnsBranch(${some}, ${none}); `),
		test: [cut(`turns$${some}(`), doc, cut(")")],
	};
}

/** For the start of a block. */
export function tookBranch(id: string, scope: Watching): Doc[] {
	const number = numberOf(id, scope);
	return number === undefined ? [] : [cut(`$branches.tookBranch(${number}); `)];
}

/** Cuts in front of the first line, so that they take no line of their own. */
export function opened(cuts: Doc[], lines: Doc[]): Doc[] {
	const [first, ...rest] = lines;
	return first === undefined ? cuts : [[...cuts, first], ...rest];
}

function wrapped(name: string, [one, other]: [string, string], doc: Doc, scope: Watching): Doc {
	const [first, second] = [numberOf(one, scope), numberOf(other, scope)];
	if (first === undefined || second === undefined) return doc;
	return [cut(`$branches.${name}(${first}, ${second}, `), doc, cut(")")];
}

const numberOf = (id: string, { service }: Watching): number | undefined => service.branches.get(id);
