import type { Blueprint } from "../contract/blueprint.ts";
import type { Expr, IrFunction, Span, Stmt, Target, Type } from "../contract/ir.ts";
import { visitExprs } from "../contract/ir.ts";
import { type Op, ops } from "../contract/ops.ts";

export type Violation = { function: string; what: string; span: Span };
type Checked = Pick<Blueprint, "functions" | "constants" | "statements" | "exceptions">;

/** What the IR promises, checked: known operations with their arguments and types, bound names, known callees and columns. */
export function checkIr(blueprint: Checked): Violation[] {
	const found: Violation[] = [];
	const functions = new Map(blueprint.functions.map((fn) => [fn.id, fn]));
	const constants = new Map(blueprint.constants.map((constant) => [constant.id, constant]));
	const statements = new Map(blueprint.statements.map((statement) => [statement.id, statement]));
	const exceptions = new Map(blueprint.exceptions.map((exception) => [exception.id, exception]));
	const ids = new Set<string>();

	const checkExpr = (expr: Expr, owner: string, bound: ReadonlySet<string>): void => {
		const wrong = (what: string) => found.push({ function: owner, what, span: expr.span });
		if (expr.id === "" || ids.has(expr.id)) wrong(`the expression id ${JSON.stringify(expr.id)} is missing or not unique`);
		ids.add(expr.id);
		if (isOpen(expr.type) && !isEmpty(expr)) wrong(`the type of ${describe(expr)} could not be found`);
		switch (expr.kind) {
			case "local":
				if (!bound.has(expr.name)) wrong(`the local ${expr.name} is not bound`);
				return;
			case "global":
				if (!constants.has(expr.constant)) wrong(`the constant ${expr.constant} is unknown`);
				return;
			case "call": {
				const callee = functions.get(expr.function);
				if (!callee) wrong(`the function ${expr.function} is not in the blueprint`);
				else if (callee.params.length !== expr.args.length)
					wrong(`${expr.args.length} arguments for ${callee.id}, which takes ${callee.params.length}`);
				else {
					callee.params.forEach((param, at) => {
						const arg = expr.args[at];
						if (arg && !fits(arg.type, param.type)) wrong(`${show(arg.type)} given for ${param.name}: ${show(param.type)} of ${callee.id}`);
					});
				}
				return;
			}
			case "op": {
				const problem = opProblem(expr);
				if (problem) wrong(problem);
				return;
			}
			case "sql": {
				const statement = statements.get(expr.statement);
				if (!statement) wrong(`the statement ${expr.statement} is unknown`);
				if (expr.connection.type.kind !== "connection") wrong("SQL runs on a connection");
				return;
			}
			case "column": {
				const { type } = expr.row;
				if (type.kind !== "row" || !type.columns.some((column) => column.name === expr.name))
					wrong(`the column ${expr.name} is not in its row`);
				return;
			}
			case "field": {
				const { type } = expr.record;
				if (type.kind !== "record" || !type.fields.some((field) => field.name === expr.name))
					wrong(`the field ${expr.name} is not in its record`);
				return;
			}
			case "exceptionField": {
				const { type } = expr.exception;
				const fields = type.kind === "exception" ? exceptions.get(type.id)?.fields : undefined;
				if (!fields?.includes(expr.name)) wrong(`the field ${expr.name} is not in its exception`);
				return;
			}
			case "not":
				if (expr.of.type.kind !== "bool") wrong("`not` of other than a test");
				return;
			case "choose":
				if (expr.test.type.kind !== "bool") wrong("a choice by other than a test");
				return;
			case "template":
				for (const part of expr.parts) if (typeof part !== "string" && part.type.kind !== "str") wrong("a hole in text that is not text");
				return;
			default:
		}
	};

	for (const fn of blueprint.functions) {
		const bound = boundNames(fn);
		visitExprs(fn, (expr) => checkExpr(expr, fn.id, bound));
		checkStmts(fn.body, fn, exceptions, found);
	}
	for (const constant of blueprint.constants) {
		const bound = new Set<string>();
		visitExprs(constant.value, (expr) => checkExpr(expr, constant.id, bound));
	}
	return found;
}

function checkStmts(
	body: readonly Stmt[],
	fn: IrFunction,
	exceptions: ReadonlyMap<string, { fields: string[] }>,
	found: Violation[],
): void {
	const inner = (list: readonly Stmt[]) => checkStmts(list, fn, exceptions, found);
	for (const stmt of body) {
		const wrong = (what: string) => found.push({ function: fn.id, what, span: stmt.span });
		switch (stmt.kind) {
			case "if":
				if (stmt.test.type.kind !== "bool") wrong("a condition that is not a test");
				inner(stmt.then);
				inner(stmt.otherwise);
				break;
			case "while":
				if (stmt.test.type.kind !== "bool") wrong("a condition that is not a test");
				inner(stmt.body);
				break;
			case "forRange":
				for (const bound of [stmt.from, stmt.to, stmt.step])
					if (bound.type.kind !== "int") wrong("a bound of a range that is not an integer");
				inner(stmt.body);
				break;
			case "forEach":
				if (stmt.iterable.type.kind !== "list") wrong(`a walk over ${show(stmt.iterable.type)}`);
				inner(stmt.body);
				break;
			case "assign":
				if (stmt.target.kind === "name" && !fits(stmt.value.type, stmt.target.type))
					wrong(`${show(stmt.value.type)} assigned to ${stmt.target.name}: ${show(stmt.target.type)}`);
				break;
			case "return":
				if (stmt.value && !fits(stmt.value.type, fn.returns)) wrong(`${show(stmt.value.type)} returned as ${show(fn.returns)}`);
				if (!stmt.value && fn.returns.kind !== "none" && fn.returns.kind !== "optional") wrong(`nothing returned as ${show(fn.returns)}`);
				break;
			case "raise": {
				const exception = exceptions.get(stmt.exception);
				if (exception && exception.fields.length !== stmt.args.length)
					wrong(`${stmt.args.length} values for the ${exception.fields.length} fields of ${stmt.exception}`);
				break;
			}
			case "try":
				for (const list of [stmt.body, ...stmt.handlers.map((handler) => handler.body), stmt.otherwise, stmt.finally]) inner(list);
				break;
			case "transaction":
				if (stmt.connection.type.kind !== "connection") wrong("a transaction runs on a connection");
				break;
			default:
		}
	}
}

/** Whether a value of one type may stand where another is asked for, without any conversion. */
function fits(from: Type, to: Type): boolean {
	if (from.kind === "any" || to.kind === "any") return from.kind === "any" || to.kind === "any";
	if (to.kind === "optional") return from.kind === "none" || fits(from.kind === "optional" ? from.of : from, to.of);
	if (from.kind === "list" && to.kind === "list") return fits(from.of, to.of);
	if (from.kind === "dict" && to.kind === "dict") return fits(from.key, to.key) && fits(from.value, to.value);
	if (from.kind === "tuple" && to.kind === "tuple") {
		return from.items.length === to.items.length && from.items.every((item, at) => fits(item, to.items[at] ?? item));
	}
	return from.kind === to.kind;
}

function opProblem(expr: Extract<Expr, { kind: "op" }>): string | null {
	const known = (ops as Record<string, Op>)[expr.op];
	if (!known) return `the operation ${expr.op} is unknown`;
	const wanted = splitArgs(known.args);
	const many = wanted.length === 1 && wanted[0]?.endsWith("...");
	const least = wanted.filter((arg) => !arg.endsWith("?") || expr.op.endsWith(".slice")).length;
	if (!many && (expr.args.length < least || expr.args.length > wanted.length))
		return `${expr.op} with ${expr.args.length} arguments, not ${known.args || "none"}`;
	for (const [at, arg] of expr.args.entries()) {
		const form = (many ? wanted[0] : wanted[at])?.replace(/\.\.\.$/, "") ?? "";
		if (!matches(arg, form)) return `${expr.op} with ${show(arg.type)} as argument ${at + 1}, not ${form}`;
	}
	if (!matchesType(expr.type, known.result)) return `${expr.op} gives ${known.result}, not ${show(expr.type)}`;
	if (expr.op === "float.round" && expr.detail?.digits === undefined) return "float.round without digits";
	if (/^(date|datetime)\.(parse|format)$/.test(expr.op) && expr.detail?.format === undefined) return `${expr.op} without a format`;
	if (/^str\.format_/.test(expr.op) && expr.detail?.spec === undefined) return `${expr.op} without a specification`;
	return null;
}

/** Splits at commas outside < >. */
function splitArgs(text: string): string[] {
	return text === "" ? [] : text.split(/,(?![^<]*>)/);
}

function matches(arg: Expr, form: string): boolean {
	const optional = form.endsWith("?");
	const name = optional ? form.slice(0, -1) : form;
	if (optional && arg.type.kind === "none") return true;
	if (name === "lambda") return arg.kind === "lambda";
	return matchesType(arg.type, name);
}

function matchesType(type: Type, name: string): boolean {
	if (["item", "value", "key", "any", "iterable"].includes(name) || type.kind === "any") return true;
	if (name === "optional") return true;
	const inner = /^list<(.*)>$/.exec(name)?.[1];
	if (inner !== undefined) {
		if (type.kind === "tuple") return type.items.every((item) => matchesType(item, inner));
		return type.kind === "list" && matchesType(type.of, inner);
	}
	return type.kind === name;
}

const isOpen = (type: Type): boolean => {
	if (type.kind === "any") return true;
	if (type.kind === "optional" || type.kind === "list") return isOpen(type.of);
	if (type.kind === "tuple") return type.items.some(isOpen);
	if (type.kind === "dict") return isOpen(type.key) || isOpen(type.value);
	return type.kind === "record" && type.fields.some((field) => isOpen(field.type));
};

/** An empty list or dict that nothing was ever put into needs no item type. */
const isEmpty = (expr: Expr) => (expr.kind === "list" && expr.items.length === 0) || (expr.kind === "dict" && expr.entries.length === 0);

function describe(expr: Expr): string {
	if (expr.kind === "local") return expr.name;
	if (expr.kind === "call") return `the call of ${expr.function}`;
	return expr.kind === "op" ? expr.op : `a ${expr.kind}`;
}

function show(type: Type): string {
	if (type.kind === "optional") return `optional ${show(type.of)}`;
	if (type.kind === "list") return `list<${show(type.of)}>`;
	if (type.kind === "tuple") return `tuple<${type.items.map(show).join(",")}>`;
	if (type.kind === "dict") return `dict<${show(type.key)},${show(type.value)}>`;
	return type.kind;
}

function boundNames(fn: IrFunction): Set<string> {
	const bound = new Set(fn.params.map((param) => param.name));
	const bind = (target: Target): void => {
		if (target.kind === "name") bound.add(target.name);
		else if (target.kind === "unpack") target.items.forEach(bind);
	};
	const visit = (body: readonly Stmt[]): void => {
		for (const stmt of body) {
			if (stmt.kind === "assign") bind(stmt.target);
			else if (stmt.kind === "forEach") bind(stmt.target);
			else if (stmt.kind === "forRange") bound.add(stmt.name);
			if (stmt.kind === "if") for (const inner of [stmt.then, stmt.otherwise]) visit(inner);
			else if (stmt.kind === "while" || stmt.kind === "forEach" || stmt.kind === "forRange") visit(stmt.body);
			else if (stmt.kind === "try") {
				for (const handler of stmt.handlers) if (handler.name) bound.add(handler.name);
				for (const inner of [stmt.body, ...stmt.handlers.map((handler) => handler.body), stmt.otherwise, stmt.finally]) visit(inner);
			}
		}
	};
	visit(fn.body);
	visitExprs(fn, (expr) => {
		if (expr.kind === "comprehension") for (const clause of expr.clauses) bind(clause.target);
		if (expr.kind === "lambda") for (const name of expr.params) bound.add(name);
	});
	return bound;
}
