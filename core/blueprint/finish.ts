import type { Expr, IrFunction, Param, Stmt } from "../contract/ir.ts";
import { visitExprs } from "../contract/ir.ts";
import type { FunctionState, Slice } from "./frame.ts";
import { irName } from "./frame.ts";
import { ANY, type Kind, plainType } from "./types.ts";

/** A copy in which every node is an object of its own, types are plain, and expressions are numbered in source order. */
export function finished<T extends Stmt[] | Expr>(tree: T, id: string): T {
	const copy = clean(structuredClone(tree)) as T;
	let next = 1;
	const number = (expr: Expr) => {
		expr.id = `${id}#${next++}`;
	};
	if (Array.isArray(copy)) for (const stmt of copy) visitExprs(stmt, number);
	else visitExprs(copy, number);
	return copy;
}

function clean(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(clean);
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, key === "type" ? plainType(item as Kind) : clean(item)]));
}

/** The functions of a slice with their final types, callees before callers where there is no cycle. */
export function finishFunctions(slice: Slice): IrFunction[] {
	const made = new Map<string, IrFunction>();
	for (const state of slice.functions.values()) made.set(state.id, finishFunction(state));
	const ordered: IrFunction[] = [];
	const seen = new Set<string>();
	const visit = (fn: IrFunction) => {
		if (seen.has(fn.id)) return;
		seen.add(fn.id);
		for (const callee of calleesOf(fn)) {
			const next = made.get(callee);
			if (next) visit(next);
		}
		ordered.push(fn);
	};
	for (const fn of [...made.values()].sort((a, b) => (a.id < b.id ? -1 : 1))) visit(fn);
	return ordered;
}

/** In the order of their first call. */
export function calleesOf(fn: IrFunction): string[] {
	const found = new Set<string>();
	visitExprs(fn, (expr) => {
		if (expr.kind === "call") found.add(expr.function);
	});
	return [...found];
}

function finishFunction(state: FunctionState): IrFunction {
	const params: Param[] = state.decl.params.map((param, at) => ({
		name: irName(param.name, 0),
		type: plainType(state.locals.get(param.name)?.[0] ?? state.params[at] ?? ANY),
	}));
	return {
		id: state.id,
		params,
		returns: plainType(state.returns.kind === "any" ? { kind: "none" } : state.returns),
		body: finished(state.body, state.id),
		span: state.decl.span,
		comment: state.decl.comment,
	};
}
