import type { Blueprint } from "../contract/blueprint.ts";
import type { Expr, IrFunction, Type } from "../contract/ir.ts";
import { visitExprs } from "../contract/ir.ts";

type Read = Blueprint["interface"]["request"][number];

/**
 * Which parameters and headers the slice reads, by names that are constant where they are read, or handed on as a constant
 * to the function that reads them. `type` is what the text is made into at once (`float(params.get("amount"))`).
 */
export function requestReads(functions: readonly IrFunction[]): { reads: Read[]; computed: Expr[] } {
	const byId = new Map(functions.map((fn) => [fn.id, fn]));
	const origins = dictOrigins(functions);
	const reads = new Map<string, Read>();
	const computed: Expr[] = [];
	for (const fn of functions) {
		const targets = conversions(fn);
		visitExprs(fn, (expr) => {
			if (expr.kind !== "op" || !["dict.get", "dict.at", "dict.contains"].includes(expr.op)) return;
			const [dict, key, fallback] = expr.args;
			const origin = dict ? origins.of(fn.id, dict) : null;
			if (!origin || !key) return;
			const place = origin === "headers" ? "header" : "query-or-form";
			const names = constantsOf(key, fn, functions, byId);
			if (!names) computed.push(expr);
			for (const name of names ?? []) {
				const text = fallback?.kind === "const" && fallback.value.kind === "str" ? fallback.value.value : null;
				const id = `${place} ${name}`;
				if (!reads.has(id))
					reads.set(id, { name, in: place, type: targets.get(expr.id) ?? { kind: "str" }, default: text, span: expr.span });
			}
		});
	}
	return { reads: [...reads.values()], computed };
}

function conversions(fn: IrFunction): Map<string, Type> {
	const found = new Map<string, Type>();
	visitExprs(fn, (expr) => {
		if (expr.kind !== "op") return;
		const [first] = expr.args;
		if (first && (expr.op === "float.of_str" || expr.op === "int.of_str" || expr.op === "date.parse" || expr.op === "date.of_iso"))
			found.set(first.id, expr.type);
	});
	return found;
}

/** The constant texts that an expression can be, through parameters; null when it can be anything else. */
function constantsOf(
	expr: Expr,
	fn: IrFunction,
	functions: readonly IrFunction[],
	byId: ReadonlyMap<string, IrFunction>,
	depth = 0,
): string[] | null {
	if (expr.kind === "const") return expr.value.kind === "str" ? [expr.value.value] : null;
	if (expr.kind !== "local" || depth > 4) return null;
	const at = fn.params.findIndex((param) => param.name === expr.name);
	if (at < 0) return null;
	const found: string[] = [];
	for (const caller of functions) {
		let open = false;
		visitExprs(caller, (call) => {
			if (call.kind !== "call" || call.function !== fn.id) return;
			const arg = call.args[at];
			const names = arg ? constantsOf(arg, caller, functions, byId, depth + 1) : null;
			if (names) found.push(...names);
			else open = true;
		});
		if (open) return null;
	}
	return found.length > 0 ? found : null;
}

type Origin = "params" | "headers";

/** Follows `request["params"]` through locals and parameters, by name, within the whole slice. */
function dictOrigins(functions: readonly IrFunction[]): { of(fn: string, expr: Expr): Origin | null } {
	const known = new Map<string, Origin>();
	const of = (fn: string, expr: Expr): Origin | null => {
		if (expr.kind === "field") return expr.name === "params" || expr.name === "headers" ? expr.name : null;
		return expr.kind === "local" ? (known.get(`${fn} ${expr.name}`) ?? null) : null;
	};
	const byId = new Map(functions.map((fn) => [fn.id, fn]));
	for (let grown = true; grown; ) {
		grown = false;
		const set = (key: string, origin: Origin | null) => {
			if (!origin || known.has(key)) return;
			known.set(key, origin);
			grown = true;
		};
		for (const fn of functions) {
			for (const { name, value } of assignmentsOf(fn)) set(`${fn.id} ${name}`, of(fn.id, value));
			visitExprs(fn, (expr) => {
				if (expr.kind !== "call") return;
				const callee = byId.get(expr.function);
				expr.args.forEach((arg, at) => {
					const param = callee?.params[at];
					if (callee && param) set(`${callee.id} ${param.name}`, of(fn.id, arg));
				});
			});
		}
	}
	return { of };
}

/** Every `name = value` of a function. */
export function assignmentsOf(fn: IrFunction): { name: string; value: Expr }[] {
	const found: { name: string; value: Expr }[] = [];
	const visit = (value: unknown): void => {
		if (Array.isArray(value)) {
			value.forEach(visit);
			return;
		}
		if (typeof value !== "object" || value === null) return;
		if ("kind" in value && value.kind === "assign" && "target" in value && "value" in value) {
			const target = value.target as { kind: string; name?: string };
			if (target.kind === "name" && target.name) found.push({ name: target.name, value: value.value as Expr });
		}
		for (const [key, item] of Object.entries(value)) if (key !== "type" && key !== "span") visit(item);
	};
	visit(fn.body);
	return found;
}
