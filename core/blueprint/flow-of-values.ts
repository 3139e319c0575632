import type { Expr, IrFunction, Stmt, Target } from "../contract/ir.ts";
import { visitExprs } from "../contract/ir.ts";
import type { SqlParam } from "../graph/index.ts";

/** Where values of one kind end: `answer/TOKEN` (by the tag or key that is written next to them), `sessions.token`. */
export type Sinks = { fields: Set<string>; written: Set<string>; compared: Set<string> };

/**
 * Follows values forward from the expressions that `isSource` names, through locals, parameters and results, by name.
 * An approximation: flow-insensitive (a name that ever holds such a value always does), and only data flow (a branch that was
 * decided by such a value is not followed). `stops` names the results that no longer are such a value. A dict does not carry its values on: each is noted at its key, as `answer/KEY`.
 */
export function followValues(
	functions: readonly IrFunction[],
	params: (statement: string) => SqlParam[],
	isSource: (expr: Expr) => boolean,
	stops: (expr: Expr) => boolean = () => false,
): Sinks {
	const byId = new Map(functions.map((fn) => [fn.id, fn]));
	const names = new Set<string>();
	const returns = new Set<string>();
	const sinks: Sinks = { fields: new Set(), written: new Set(), compared: new Set() };
	let grown = true;
	const mark = (set: Set<string>, key: string) => {
		if (set.has(key)) return;
		set.add(key);
		grown = true;
	};

	const carries = (expr: Expr, fn: string): boolean => {
		if (isSource(expr)) return true;
		if (stops(expr)) return false;
		switch (expr.kind) {
			case "const":
			case "global":
			case "lambda":
				return false;
			case "local":
				return names.has(`${fn} ${expr.name}`);
			case "call":
				return returns.has(expr.function);
			case "op":
				// Comparisons and lengths tell something of the value, but are not the value.
				if (expr.type.kind === "bool") return false;
				return expr.args.some((arg) => carries(arg, fn));
			case "logic":
				return expr.type.kind !== "bool" && (carries(expr.left, fn) || carries(expr.right, fn));
			case "choose":
				return carries(expr.then, fn) || carries(expr.otherwise, fn);
			case "list":
				return expr.items.some((item) => carries(item, fn));
			case "tuple":
				return !isPair(expr) && expr.items.some((item) => carries(item, fn));
			case "template":
				return expr.parts.some((part) => typeof part !== "string" && carries(part, fn));
			case "comprehension":
				return carries(expr.element, fn) || expr.clauses.some((clause) => carries(clause.iterable, fn));
			case "field":
				return carries(expr.record, fn);
			case "exceptionField":
			case "dict":
			case "sql":
			case "column":
			case "not":
			case "truth":
				return false;
		}
	};
	const bindTarget = (target: Target, fn: string) => {
		if (target.kind === "name") mark(names, `${fn} ${target.name}`);
		else if (target.kind === "unpack") for (const item of target.items) bindTarget(item, fn);
	};

	const visitStmts = (body: readonly Stmt[], fn: IrFunction): void => {
		for (const stmt of body) {
			switch (stmt.kind) {
				case "assign":
					if (stmt.target.kind === "item") {
						const { index } = stmt.target;
						if (carries(stmt.value, fn.id) && index.kind === "const" && index.value.kind === "str") mark(sinks.fields, index.value.value);
					} else if (carries(stmt.value, fn.id)) bindTarget(stmt.target, fn.id);
					break;
				case "forEach":
					if (carries(stmt.iterable, fn.id)) bindTarget(stmt.target, fn.id);
					visitStmts(stmt.body, fn);
					break;
				case "return":
					if (stmt.value && carries(stmt.value, fn.id)) mark(returns, fn.id);
					break;
				case "if":
					visitStmts(stmt.then, fn);
					visitStmts(stmt.otherwise, fn);
					break;
				case "while":
				case "forRange":
					visitStmts(stmt.body, fn);
					break;
				case "try":
					for (const inner of [stmt.body, ...stmt.handlers.map((handler) => handler.body), stmt.otherwise, stmt.finally])
						visitStmts(inner, fn);
					break;
				default:
			}
		}
	};

	const visitExpr = (expr: Expr, fn: IrFunction): void => {
		if (expr.kind === "call") {
			const callee = byId.get(expr.function);
			expr.args.forEach((arg, at) => {
				const param = callee?.params[at];
				if (callee && param && carries(arg, fn.id)) mark(names, `${callee.id} ${param.name}`);
			});
			// element("TOKEN", token): a helper that writes a tag.
			const [tag, ...values] = expr.args;
			if (tag?.kind === "const" && tag.value.kind === "str" && isTag(tag.value.value) && values.some((value) => carries(value, fn.id)))
				mark(sinks.fields, tag.value.value);
		} else if (expr.kind === "sql") {
			const places = params(expr.statement);
			expr.params.forEach((param, at) => {
				const place = places[at];
				if (!place || place.table === null || !carries(param, fn.id)) return;
				mark(place.written ? sinks.written : sinks.compared, `${place.table}.${place.column}`);
			});
		} else if (expr.kind === "dict") {
			for (const { key, value } of expr.entries) {
				if (key.kind === "const" && key.value.kind === "str" && carries(value, fn.id)) mark(sinks.fields, key.value.value);
			}
		} else if (expr.kind === "tuple" && isPair(expr)) {
			const [key, value] = expr.items;
			if (key?.kind === "const" && key.value.kind === "str" && value && carries(value, fn.id)) mark(sinks.fields, key.value.value);
		} else if (expr.kind === "template") {
			expr.parts.forEach((part, at) => {
				const before = expr.parts[at - 1];
				const tag = typeof before === "string" ? /<([A-Za-z_][\w.-]*)(?:\s[^<>]*)?>\s*$|([A-Za-z_][\w.-]*)="$/.exec(before) : null;
				if (typeof part !== "string" && tag && carries(part, fn.id)) mark(sinks.fields, tag[1] ?? tag[2] ?? "");
			});
		}
	};

	while (grown) {
		grown = false;
		for (const fn of functions) {
			visitStmts(fn.body, fn);
			visitExprs(fn, (expr) => visitExpr(expr, fn));
		}
	}
	return sinks;
}

const isTag = (text: string) => /^[A-Z][A-Z0-9_.-]*$/.test(text);

/** `("TOKEN", token)`: a key with its value. */
function isPair(expr: Extract<Expr, { kind: "list" | "tuple" }>): boolean {
	const [key] = expr.items;
	return expr.items.length === 2 && key?.kind === "const" && key.value.kind === "str";
}
