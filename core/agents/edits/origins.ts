import type { Blueprint } from "../../contract/blueprint.ts";
import { type Expr, type IrFunction, type Stmt, type Type, visitExprs } from "../../contract/ir.ts";
import { visitStatements } from "./scope.ts";

export type Origin = { name: string; type: Type; field: string };

/** Variables of each function that hold a request field, or what one call or operation made of it alone. */
export function requestVariables(blueprint: Blueprint): Map<string, Origin[]> {
	const fields = new Set(blueprint.interface.request.map((each) => each.name));
	const known = new Map<string, string | null>();
	const functions = new Map(blueprint.functions.map((fn) => [fn.id, fn]));
	const values = new Map<string, Expr[]>();
	const types = new Map<string, Type>();
	const callers = new Map<string, { fn: IrFunction; args: Expr[] }[]>();
	for (const fn of blueprint.functions) {
		for (const { name, type } of fn.params) types.set(`${fn.id} ${name}`, type);
		visitStatements(fn.body, (stmt: Stmt) => {
			if (stmt.kind !== "assign" || stmt.target.kind !== "name") return;
			const key = `${fn.id} ${stmt.target.name}`;
			types.set(key, stmt.target.type);
			values.set(key, [...(values.get(key) ?? []), stmt.value]);
		});
		visitExprs(fn, (expr) => {
			if (expr.kind === "call") callers.set(expr.function, [...(callers.get(expr.function) ?? []), { fn, args: expr.args }]);
		});
	}

	function ofLocal(fn: IrFunction, name: string): string | null {
		const key = `${fn.id} ${name}`;
		const present = known.get(key);
		if (present !== undefined) return present;
		known.set(key, null);
		const at = fn.params.findIndex((param) => param.name === name);
		const own = (values.get(key) ?? []).map((value) => ofExpr(fn, value));
		const given =
			at < 0 ? [] : (callers.get(fn.id) ?? []).map(({ fn: caller, args }) => (args[at] === undefined ? null : ofExpr(caller, args[at])));
		const all = new Set([...own, ...given]);
		const [one = null] = all;
		const origin = all.size === 1 ? one : null;
		known.set(key, origin);
		return origin;
	}
	function ofExpr(fn: IrFunction, expr: Expr): string | null {
		if (expr.kind === "local") return ofLocal(fn, expr.name);
		if (expr.kind === "field") return fields.has(expr.name) ? expr.name : null;
		if (expr.kind !== "op" && expr.kind !== "call") return null;
		if (expr.kind === "op" && (expr.op === "dict.get" || expr.op === "dict.at")) {
			const key = expr.args[1];
			return key?.kind === "const" && key.value.kind === "str" && fields.has(key.value.value) ? key.value.value : null;
		}
		const parts = expr.args.filter((arg) => arg.kind !== "const").map((arg) => ofExpr(fn, arg));
		return parts.length === 1 ? (parts[0] ?? null) : null;
	}

	const found = new Map<string, Origin[]>();
	for (const [key, type] of types) {
		const [id = "", name = ""] = key.split(" ");
		const fn = functions.get(id);
		if (fn === undefined || !["int", "float", "str"].includes(type.kind)) continue;
		const field = ofLocal(fn, name);
		if (field !== null) found.set(id, [...(found.get(id) ?? []), { name, type, field }]);
	}
	return found;
}
