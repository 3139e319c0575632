import type { Rule, Statement } from "../contract/blueprint.ts";
import type { Constant, Expr, IrFunction, Span, Stmt } from "../contract/ir.ts";
import { visitExprs } from "../contract/ir.ts";
import type { Program } from "../graph/index.ts";

type Draft = Omit<Rule, "id">;

/** The business rules that can be read off the slice, in the order of the source, each with its place. */
export function rulesOf(
	functions: readonly IrFunction[],
	constants: ReadonlyMap<string, Expr>,
	statements: readonly Statement[],
	program: Program,
): Rule[] {
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
			else if (stmt.kind === "try") ruleOfFailure(stmt, add, text);
			else if (stmt.kind === "assign" || stmt.kind === "return") ruleOfRate(stmt, add, text, constants);
			else if (stmt.kind === "forEach") ruleOfTable(stmt, add, text, constants);
		});
		visitExprs(fn, (expr) => ruleOfExpr(expr, add, text, constants));
	}
	for (const statement of statements) {
		if (statement.kind === "select")
			add(
				"lookup",
				`Looks up ${statement.columns.map((column) => column.name).join(", ") || "rows"} in ${statement.tables.join(", ")}.`,
				statement.span,
			);
	}
	found.sort((a, b) =>
		a.span.file < b.span.file ? -1 : a.span.file > b.span.file ? 1 : a.span.line - b.span.line || a.span.column - b.span.column,
	);
	return found.map((rule, at) => ({ id: `R${at + 1}`, ...rule }));
}

type Add = (kind: Rule["kind"], words: string, span: Span) => void;

function ruleOfTest(
	stmt: Extract<Stmt, { kind: "if" }>,
	add: Add,
	text: (span: Span) => string,
	constants: ReadonlyMap<string, Expr>,
): void {
	const condition = text(stmt.test.span);
	const compared = comparesConstant(stmt.test, constants);
	const named = compared ? ` (${compared})` : "";
	const [only] = stmt.then;
	if (stmt.then.length === 1 && only?.kind === "raise") add("validation", `${refusal(only, text)} when ${condition}${named}.`, stmt.span);
	else if (compared !== null) add("threshold", `When ${condition}${named}: ${firstAction(stmt.then, text)}.`, stmt.span);
}

function refusal(stmt: Extract<Stmt, { kind: "raise" }>, text: (span: Span) => string): string {
	const words = stmt.args.map((arg) => (arg.kind === "const" && arg.value.kind === "str" ? arg.value.value : text(arg.span))).join(" ");
	return `Refused with ${lastName(stmt.exception)}${words ? ` ${words}` : ""}`;
}

/** `try: number = int(text)  except ValueError: raise ...` is a validation too. */
function ruleOfFailure(stmt: Extract<Stmt, { kind: "try" }>, add: Add, text: (span: Span) => string): void {
	for (const handler of stmt.handlers) {
		const [only] = handler.body;
		if (handler.body.length !== 1 || only?.kind !== "raise") continue;
		const tried = stmt.body.map((inner) => text(inner.span)).join("; ");
		add("validation", `${refusal(only, text)} when ${tried} fails with ${handler.exceptions.join(" or ") || "any error"}.`, handler.span);
	}
}

/** A constant that is chosen: `rate = DEBIT_RATE`. */
function ruleOfRate(
	stmt: Extract<Stmt, { kind: "assign" | "return" }>,
	add: Add,
	text: (span: Span) => string,
	constants: ReadonlyMap<string, Expr>,
): void {
	const { value } = stmt;
	if (value?.kind !== "global" || (value.type.kind !== "float" && value.type.kind !== "int")) return;
	const constant = constants.get(value.constant);
	if (constant) add("rate", `${text(stmt.span)}, which is ${text(constant.span)}.`, stmt.span);
}

function ruleOfTable(
	stmt: Extract<Stmt, { kind: "forEach" }>,
	add: Add,
	text: (span: Span) => string,
	constants: ReadonlyMap<string, Expr>,
): void {
	const { iterable } = stmt;
	const table = iterable.kind === "op" ? iterable.args[0] : iterable;
	const value = table?.kind === "global" ? constants.get(table.constant) : undefined;
	if (table?.kind !== "global" || !value) return;
	const order = iterable.kind === "op" && iterable.op.startsWith("dict.") ? ", in the order in which it is written" : "";
	add("lookup", `Walks the table ${lastName(table.constant)} = ${text(value.span)}${order}.`, stmt.span);
}

function ruleOfExpr(expr: Expr, add: Add, text: (span: Span) => string, constants: ReadonlyMap<string, Expr>): void {
	if (expr.kind !== "op") return;
	const [first] = expr.args;
	switch (expr.op) {
		case "float.round":
			add(
				"rounding",
				`${first ? text(first.span) : "The value"} is rounded to ${expr.detail?.digits} decimals, ties to even by the binary value.`,
				expr.span,
			);
			return;
		case "float.round_int":
			add("rounding", `${first ? text(first.span) : "The value"} is rounded to a whole number, ties to even.`, expr.span);
			return;
		case "int.of_float":
			add("rounding", `${first ? text(first.span) : "The value"} is cut to a whole number, towards zero.`, expr.span);
			return;
		case "int.floordiv":
		case "float.floordiv":
			add("rounding", `${text(expr.span)} is divided and rounded down, also below zero.`, expr.span);
			return;
		case "date.parse":
		case "datetime.parse":
			add("date", `${first ? text(first.span) : "Text"} is read as a date written ${expr.detail?.format}.`, expr.span);
			return;
		case "date.add_days":
		case "date.days_between":
		case "date.month_days":
			add("date", `${text(expr.span)} by the calendar.`, expr.span);
			return;
		case "int.mod":
		case "float.mod":
		case "int.mod_of_text":
			add("calculation", `${text(expr.span)}: remainder with the sign of the divisor.`, expr.span);
			return;
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

/** The named constants of comparisons with a number, a text or a constant, with their values; null for other tests. */
function comparesConstant(test: Expr, constants: ReadonlyMap<string, Expr>): string | null {
	if (test.kind === "logic") {
		const parts = [comparesConstant(test.left, constants), comparesConstant(test.right, constants)].filter((part) => part !== null);
		return parts.length > 0 ? parts.filter((part) => part !== "").join(", ") : null;
	}
	if (test.kind === "not") return comparesConstant(test.of, constants);
	if (test.kind !== "op" || !/^(int|float|date|str)\.(lt|le|gt|ge|eq|ne)$/.test(test.op)) return null;
	for (const arg of test.args) {
		const inner = arg.kind === "op" && arg.op === "float.of_int" ? (arg.args[0] ?? arg) : arg;
		if (inner.kind === "global") {
			const value = constants.get(inner.constant);
			const words = value?.kind === "const" ? constantWords(value.value) : null;
			return words === null ? lastName(inner.constant) : `${lastName(inner.constant)} = ${words}`;
		}
		if (inner.kind === "const" && inner.value.kind !== "none") return "";
	}
	return null;
}

function constantWords(value: Constant): string | null {
	if (value.kind === "float") return value.text;
	return value.kind === "none" ? null : String(value.value);
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
			for (const inner of [stmt.body, ...stmt.handlers.map((handler) => handler.body), stmt.otherwise, stmt.finally])
				visitStmts(inner, visit);
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
