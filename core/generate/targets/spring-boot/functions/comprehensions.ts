import type { FClause, FExpr } from "../../../../contract/function-ir.ts";
import { code, emitTest, indent, plain, within } from "./code.ts";
import { type Code, call, type Frame, freshName, refuse, spell, spelledName } from "./context.ts";
import { assignLines } from "./targets.ts";

type Comprehension = Extract<FExpr, { kind: "comprehension" }>;

/** Lazy iterators of each clause, one in the other, and what collects them. */
export function emitComprehension(frame: Frame, expr: Comprehension): Code {
	const iter = clauseText(frame, expr, 0);
	switch (expr.form) {
		case "generator":
			return code(iter, 18, "iterator");
		case "list":
			return call("list", [iter]);
		case "set":
			return call("set", [iter]);
		case "dict":
			return call("dictFrom", [iter]);
	}
}

function innerFrame(frame: Frame, clause: FClause): Frame {
	const inner: Frame = {
		...frame,
		parent: frame,
		types: new Map(clause.names.map((local) => [local.name, local.type])),
		spelled: new Map(),
		unbound: new Set(),
		boxed: new Set(clause.names.filter((local) => local.cell).map((local) => local.name)),
		declaredAt: new Map(),
		hoisted: [],
	};
	for (const local of clause.names) spell(inner, local.name);
	return inner;
}

function clauseText(frame: Frame, expr: Comprehension, at: number): string {
	const clause = expr.clauses[at] as FClause;
	if (clause.names.some((local) => local.cell)) return sharedText(frame, expr, clause);
	const source = plain(frame, clause.iterable);
	const inner = innerFrame(frame, clause);
	const isLast = at === expr.clauses.length - 1;
	const tests = clause.tests.map((test) => within(emitTest(inner, test), clause.tests.length > 1 ? 5 : 0)).join(" && ");
	const element = isLast ? elementText(inner, expr) : clauseText(inner, expr, at + 1);
	const { target } = clause;
	const isPlain = target.kind === "name" && !inner.boxed.has(target.name) && inner.hoisted.length === 0;
	if (isPlain && inner.types.get(target.name) !== undefined && !["float", "bool", "str"].includes(inner.types.get(target.name) ?? "any")) {
		const name = spelledName(inner, target.name);
		for (const local of clause.names) inner.types.set(local.name, "any");
		if (isLast) return call("each", [source, ...(tests === "" ? [] : [`${name} -> ${tests}`]), `${name} -> ${element}`]).text;
		return call("flat", [source, `${name} -> ${tests === "" ? element : `${tests} ? ${element} : Iterate.none()`}`]).text;
	}
	const item = freshName(frame, "item");
	const binding = [...inner.hoisted, ...bindingLines(inner, clause, item)];
	if (isLast && tests === "") return call("each", [source, block(item, [...binding, `return ${element};`])]).text;
	const given = isLast ? `Iterate.one(${element})` : element;
	return call("flat", [source, block(item, [...binding, `return ${tests === "" ? given : `${tests} ? ${given} : Iterate.none()`};`])]).text;
}

/** An inner function that outlives its round sees the last value: one cell for the whole run. */
function sharedText(frame: Frame, expr: Comprehension, clause: FClause): string {
	const inner = innerFrame(frame, clause);
	const { target } = clause;
	if (target.kind !== "name" || clause.tests.length > 0 || expr.clauses.length > 1)
		return refuse(frame, "a function that keeps a variable of a comprehension", expr.span).text;
	return call("shared", [plain(frame, clause.iterable), `${spelledName(inner, target.name)} -> ${elementText(inner, expr)}`]).text;
}

const block = (item: string, lines: readonly string[]): string => `${item} -> {\n${indent(lines).join("\n")}\n}`;

/** The target of a clause as variables of its own. */
function bindingLines(inner: Frame, clause: FClause, item: string): string[] {
	return assignLines(inner, clause.target, code(item), null, true);
}

function elementText(inner: Frame, expr: Comprehension): string {
	if (expr.key) return call("tupleOf", [plain(inner, expr.key), plain(inner, expr.element)]).text;
	return plain(inner, expr.element);
}
