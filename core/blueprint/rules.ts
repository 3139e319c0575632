import type { Rule, Statement } from "../contract/blueprint.ts";
import type { Expr, IrFunction, Span, Stmt } from "../contract/ir.ts";
import { visitExprs } from "../contract/ir.ts";
import type { Program } from "../graph/index.ts";

type Draft = Omit<Rule, "id">;

/** The business rules that can be read off the slice, in the order of the source, each with its place. */
export function rulesOf(functions: readonly IrFunction[], constants: ReadonlyMap<string, Expr>, statements: readonly Statement[], program: Program): Rule[] {
	const text = sourceText(program);
	const found: Draft[] = [];
	const seen = new Set<string>();
	const add = (kind: Rule["kind"], words: string, span: Span) => {
		const key = `${kind} ${span.file}:${span.line}:${span.column}`;
		if (seen.has(key)) return;
		seen.add(key);
		found.push({ kind, text: words, span });
	};
	for (const fn of functions) {
		visitStmts(fn.body, (stmt) => {
			if (stmt.kind === "if") ruleOfTest(stmt, add, text, constants);
		});
		visitExprs(fn, (expr) => ruleOfExpr(expr, add, text, constants));
	}
	for (const statement of statements) {
		if (statement.kind === "select") add("lookup", `Looks up ${statement.columns.map((column) => column.name).join(", ") || "rows"} in ${statement.tables.join(", ")}.`, statement.span);
	}
	found.sort((a, b) => (a.span.file < b.span.file ? -1 : a.span.file > b.span.file ? 1 : a.span.line - b.span.line || a.span.column - b.span.column));
	return found.map((rule, at) => ({ id: `R${at + 1}`, ...rule }));
}

type Add = (kind: Rule["kind"], words: string, span: Span) => void;

function ruleOfTest(stmt: Extract<Stmt, { kind: "if" }>, add: Add, text: (span: Span) => string, constants: ReadonlyMap<string, Expr>): void {
	const condition = text(stmt.test.span);
	const [only] = stmt.then;
	if (stmt.then.length === 1 && only?.kind === "raise") {
		const words = only.args.map((arg) => (arg.kind === "const" && arg.value.kind === "str" ? arg.value.value : text(arg.span))).join(" ");
		add("validation", `Refused with ${lastName(only.exception)}${words ? ` ${words}` : ""} when ${condition}.`, stmt.span);
		return;
	}
	const compared = comparesConstant(stmt.test, constants);
	if (compared) add("threshold", `When ${condition}${compared === condition ? "" : ` (${compared})`}: ${firstAction(stmt.then, text)}.`, stmt.span);
}

function ruleOfExpr(expr: Expr, add: Add, text: (span: Span) => string, constants: ReadonlyMap<string, Expr>): void {
	if (expr.kind !== "op") return;
	const [first] = expr.args;
	switch (expr.op) {
		case "float.round":
			return add("rounding", `${first ? text(first.span) : "The value"} is rounded to ${expr.detail?.digits} decimals, ties to even by the binary value.`, expr.span);
		case "float.round_int":
			return add("rounding", `${first ? text(first.span) : "The value"} is rounded to a whole number, ties to even.`, expr.span);
		case "int.of_float":
			return add("rounding", `${first ? text(first.span) : "The value"} is cut to a whole number, towards zero.`, expr.span);
		case "int.floordiv":
		case "float.floordiv":
			return add("rounding", `${text(expr.span)} is divided and rounded down, also below zero.`, expr.span);
		case "date.parse":
		case "datetime.parse":
			return add("date", `${first ? text(first.span) : "Text"} is read as a date written ${expr.detail?.format}.`, expr.span);
		case "date.add_days":
		case "date.days_between":
		case "date.month_days":
			return add("date", `${text(expr.span)} by the calendar.`, expr.span);
		case "int.mod":
		case "float.mod":
		case "int.mod_of_text":
			return add("calculation", `${text(expr.span)}: remainder with the sign of the divisor.`, expr.span);
		case "float.mul":
		case "float.div": {
			const rate = expr.args.find((arg) => arg.kind === "global");
			const name = rate?.kind === "global" ? rate.constant : null;
			const value = name === null ? undefined : constants.get(name);
			if (name !== null && value) add("rate", `${text(expr.span)}, with ${lastName(name)} = ${text(value.span)}.`, expr.span);
			return;
		}
		case "dict.at":
			if (first?.kind === "global") add("lookup", `${text(expr.span)} is looked up in the table ${lastName(first.constant)}.`, expr.span);
			return;
		default:
	}
}

/** What a comparison with a number or a constant says once the constants are written out; null for other tests. */
function comparesConstant(test: Expr, constants: ReadonlyMap<string, Expr>): string | null {
	if (test.kind === "logic") {
		const parts = [comparesConstant(test.left, constants), comparesConstant(test.right, constants)].filter((part) => part !== null);
		return parts.length > 0 ? parts.join(", ") : null;
	}
	if (test.kind === "not") return comparesConstant(test.of, constants);
	if (test.kind !== "op" || !/^(int|float|date|str)\.(lt|le|gt|ge|eq|ne)$/.test(test.op)) return null;
	for (const arg of test.args) {
		const inner = arg.kind === "op" && arg.op === "float.of_int" ? (arg.args[0] ?? arg) : arg;
		if (inner.kind === "global") {
			const value = constants.get(inner.constant);
			return value?.kind === "const" && "value" in value.value ? `${lastName(inner.constant)} = ${value.value.value}` : lastName(inner.constant);
		}
		if (inner.kind === "const" && inner.value.kind !== "none") return inner.value.kind === "float" ? inner.value.text : String(inner.value.value);
	}
	return null;
}

function firstAction(body: readonly Stmt[], text: (span: Span) => string): string {
	const [only] = body;
	if (!only) return "nothing more is done";
	const words = text(only.span).split("\n")[0] ?? "";
	return words.length > 100 ? `${words.slice(0, 97)}...` : words;
}

const lastName = (dotted: string) => dotted.slice(dotted.lastIndexOf(".") + 1);

function visitStmts(body: readonly Stmt[], visit: (stmt: Stmt) => void): void {
	for (const stmt of body) {
		visit(stmt);
		if (stmt.kind === "if") for (const inner of [stmt.then, stmt.otherwise]) visitStmts(inner, visit);
		else if (stmt.kind === "while" || stmt.kind === "forEach" || stmt.kind === "forRange") visitStmts(stmt.body, visit);
		else if (stmt.kind === "try") {
			for (const inner of [stmt.body, ...stmt.handlers.map((handler) => handler.body), stmt.otherwise, stmt.finally]) visitStmts(inner, visit);
		}
	}
}

/** The source of a span, its lines joined by blanks when it is an expression over several lines. */
function sourceText(program: Program): (span: Span) => string {
	const lines = new Map(program.modules.map((module) => [module.file, module.lines]));
	return (span) => {
		const all = lines.get(span.file) ?? [];
		const taken = all.slice(span.line - 1, span.endLine);
		if (taken.length === 0) return "";
		taken[taken.length - 1] = (taken.at(-1) ?? "").slice(0, span.endColumn - 1);
		taken[0] = (taken[0] ?? "").slice(span.column - 1);
		return taken.map((line) => line.trim()).join(" ");
	};
}
