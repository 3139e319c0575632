import type { Blueprint } from "../../contract/blueprint.ts";
import type { Expr, ExprId, IrFunction, Span } from "../../contract/ir.ts";
import { visitExprs } from "../../contract/ir.ts";

export type EditKind =
	| "rounding mode"
	| "rounding scale"
	| "constant"
	| "comparison boundary"
	| "condition"
	| "day count"
	| "order of operations"
	| "operation"
	| "sign"
	| "wrong value"
	| "notation"
	| "missing branch";

/** One expression of the blueprint that means something else. What is new in `to` has ids below `at`. */
export type Edit = {
	at: ExprId;
	/** Function or module constant that holds it. */
	holder: string;
	kind: EditKind;
	/** How much is assumed: the least sum explains best. */
	cost: number;
	to: Expr;
	span: Span;
	/** What the service does now, and what legacy would do: two phrases. */
	now: string;
	then: string;
};

/** Ids of expressions that an edit brought. */
export const isNew = (id: ExprId): boolean => id.includes("~");

/** A blueprint in which these expressions are others; what no edit touches is shared. */
export function applyEdits(blueprint: Blueprint, edits: readonly Edit[]): Blueprint {
	if (edits.length === 0) return blueprint;
	const by = new Map(edits.map((edit) => [edit.at, edit.to]));
	const holders = new Set(edits.map((edit) => edit.holder));
	const functions = blueprint.functions.map((fn) => (holders.has(fn.id) ? (replaced(fn, by) as IrFunction) : fn));
	const constants = blueprint.constants.map((one) => (holders.has(one.id) ? (replaced(one, by) as typeof one) : one));
	return { ...blueprint, functions, constants };
}

/** Sites inside of what is new take the exact meaning: the edit says what legacy means. */
export function newSites(edits: readonly Edit[]): ExprId[] {
	const ids: ExprId[] = [];
	for (const edit of edits) visitExprs(edit.to, (expr) => void (isNew(expr.id) && ids.push(expr.id)));
	return ids;
}

function replaced(value: unknown, by: Map<ExprId, Expr>): unknown {
	if (Array.isArray(value)) {
		const items = value.map((item) => replaced(item, by));
		return items.some((item, index) => item !== value[index]) ? items : value;
	}
	if (typeof value !== "object" || value === null) return value;
	const found = "id" in value && "type" in value && "kind" in value ? by.get(value.id as ExprId) : undefined;
	if (found !== undefined) return found;
	let changed: Record<string, unknown> | null = null;
	for (const [key, item] of Object.entries(value)) {
		if (key === "type" || key === "span") continue;
		const next = replaced(item, by);
		if (next === item) continue;
		changed ??= { ...value };
		changed[key] = next;
	}
	return changed ?? value;
}
