import type { BinaryOp, CompareOp, FClause, FExpr, FFunction, FItem, ValueType } from "../../contract/function-ir.ts";
import type { Span } from "../../contract/ir.ts";
import type { SourceExpr } from "../../graph/index.ts";
import { float } from "../nodes.ts";
import { lowerCall } from "./calls.ts";
import { type Frame, meaningOf, refuse } from "./draft.ts";
import { attribute, constant, localsOf, lowerParams, lowerSlice, NONE } from "./parts.ts";
import { comprehensionScope, functionScope, lookUp, namesIn, type Scope } from "./scopes.ts";
import { lowerTarget } from "./targets.ts";

const plain = "Write it with plain expressions.";

/** Lowers one expression; what has no node here is put into `unsupported` and stands as None. */
export function lower(frame: Frame, expr: SourceExpr): FExpr {
	const { span } = expr;
	const type: ValueType = "any";
	const give = (construct: string, why: string, instead = plain): FExpr => {
		refuse(frame, construct, why, instead, span);
		return NONE(span);
	};
	switch (expr.kind) {
		case "name":
		case "attribute":
			return lowerPath(frame, expr);
		case "number":
			return lowerNumber(frame, expr.text, span);
		case "string":
			return constant({ kind: "str", value: expr.value }, span);
		case "bytes":
			return { kind: "bytes", type, span, value: expr.value };
		case "literal":
			return expr.value === null ? NONE(span) : constant({ kind: "bool", value: expr.value }, span);
		case "formatted":
			return {
				kind: "template",
				type,
				span,
				parts: expr.parts.map((part) => (typeof part === "string" ? part : lowerHole(frame, part, span))),
			};
		case "list":
		case "tuple":
		case "set":
			return { kind: expr.kind, type, span, items: expr.items.map((item) => lowerItem(frame, item)) };
		case "dict":
			return {
				kind: "dict",
				type,
				span,
				entries: expr.entries.map(({ key, value }) => ({ key: key && lower(frame, key), value: lower(frame, value) })),
			};
		case "unary":
			if (expr.op === "not") return { kind: "not", type, span, of: lower(frame, expr.of) };
			return { kind: "unary", type, span, op: expr.op, of: lower(frame, expr.of) };
		case "binary":
			if (!isBinaryOp(expr.op)) return give(`the operator ${expr.op}`, "it is defined by foreign classes only");
			return { kind: "binary", type, span, op: expr.op, left: lower(frame, expr.left), right: lower(frame, expr.right) };
		case "logic":
			return { kind: "logic", type, span, op: expr.op, left: lower(frame, expr.left), right: lower(frame, expr.right) };
		case "compare":
			return {
				kind: "compare",
				type,
				span,
				first: lower(frame, expr.first),
				rest: expr.rest.map(({ op, right }) => ({ op: op as CompareOp, right: lower(frame, right) })),
			};
		case "choose":
			return {
				kind: "choose",
				type,
				span,
				test: lower(frame, expr.test),
				then: lower(frame, expr.then),
				otherwise: lower(frame, expr.otherwise),
			};
		case "subscript": {
			const of = lower(frame, expr.of);
			const { index } = expr;
			if (index.kind === "slice") return { kind: "slice", type, span, of, ...lowerSlice(frame, index) };
			if (index.kind === "tuple" && index.items.some((item) => item.kind === "slice"))
				return give("a slice in several dimensions", "only foreign classes know it");
			return { kind: "index", type, span, of, index: lower(frame, index) };
		}
		case "call":
			return lowerCall(frame, expr);
		case "lambda": {
			const scope = functionScope(frame.scope, expr.params, [], expr.body);
			const inner: Frame = { ...frame, scope };
			const params = lowerParams(frame, expr.params);
			const body: FFunction["body"] = [{ kind: "return", value: lower(inner, expr.body), span: expr.body.span }];
			return {
				kind: "lambda",
				type,
				span,
				fn: { name: "<lambda>", params, locals: localsOf(scope), isGenerator: false, body, comment: "", span },
			};
		}
		case "comprehension":
			return lowerComprehension(frame, expr);
		case "yield":
			if (frame.scope.kind === "comprehension") return give("a yield inside a comprehension", "the language forbids it");
			if (expr.from)
				return expr.value
					? { kind: "yieldFrom", type, span, value: lower(frame, expr.value) }
					: give("yield from nothing", "the language forbids it");
			return { kind: "yield", type, span, value: expr.value && lower(frame, expr.value) };
		case "walrus": {
			const found = lookUp(functionOf(frame.scope), expr.name);
			const at = found.kind === "variable" ? found : { name: expr.name, scope: "module" as const };
			return { kind: "assigned", type, span, name: at.name, scope: at.scope, value: lower(frame, expr.value) };
		}
		case "star":
			return give(`${expr.form} here`, "it has a meaning in calls, displays and targets only");
		case "slice":
			return give("a slice outside of a subscript", "the language forbids it");
		case "await":
			return give("await", "the event loop is not part of a function", "Call the synchronous function.");
		case "ellipsis":
			return give("...", "it has no value in the vocabulary");
		case "opaque":
			return give(expr.what, "it is not modelled");
	}
}

/** An assignment inside a comprehension binds in the function around it. */
function functionOf(scope: Scope): Scope {
	let at = scope;
	while (at.kind === "comprehension") at = at.parent;
	return at;
}

function lowerItem(frame: Frame, item: SourceExpr): FItem {
	if (item.kind === "star" && item.form === "*") return { spread: true, value: lower(frame, item.of) };
	return { spread: false, value: lower(frame, item) };
}

const isBinaryOp = (op: string): op is BinaryOp => ["+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^"].includes(op);

type Hole = Exclude<Extract<SourceExpr, { kind: "formatted" }>["parts"][number], string>;

/** The holes of a format specification are filled in order: `{x:>{width}}`. */
function lowerHole(frame: Frame, hole: Hole, span: Span): { value: FExpr; conversion: string; spec: FExpr | null } {
	const value = lower(frame, hole.value);
	if (hole.spec === "") return { value, conversion: hole.conversion, spec: null };
	if (hole.specHoles.length === 0) return { value, conversion: hole.conversion, spec: constant({ kind: "str", value: hole.spec }, span) };
	const texts = hole.spec.split(/\{[^{}]*\}/);
	if (texts.length !== hole.specHoles.length + 1)
		refuse(frame, "a nested format specification", "its holes cannot be told apart", plain, span);
	const parts = texts.flatMap((text, at) => {
		const inner = hole.specHoles[at];
		return [...(text === "" ? [] : [text]), ...(inner ? [{ value: lower(frame, inner), conversion: "", spec: null }] : [])];
	});
	return { value, conversion: hole.conversion, spec: { kind: "template", type: "any", span, parts } };
}

function lowerNumber(frame: Frame, raw: string, span: Span): FExpr {
	const text = raw.replace(/_/g, "");
	if (/^0[xXoObB]/.test(text)) return constant({ kind: "int", value: String(BigInt(text)) }, span);
	if (/^(0+|[1-9]\d*)$/.test(text)) return constant({ kind: "int", value: String(BigInt(text)) }, span);
	if (/^0\d+$/.test(text) || /[jJlL]$/.test(text)) {
		refuse(frame, `the number ${raw}`, "its type is not in the vocabulary", "Use plain integers and floats.", span);
		return NONE(span);
	}
	const made = float(Number(text), text, span);
	return constant(made.kind === "const" ? made.value : { kind: "none" }, span);
}

function lowerPath(frame: Frame, expr: Extract<SourceExpr, { kind: "name" | "attribute" }>): FExpr {
	const { span } = expr;
	const meaning = meaningOf(frame, expr);
	const base = meaning === null ? null : valueNamed(frame, meaning.found, span);
	if (meaning === null || base === null) {
		if (expr.kind === "attribute") return attribute(frame, lower(frame, expr.of), expr.name, span);
		return NONE(span);
	}
	return meaning.rest.reduce((of, name) => attribute(frame, of, name, span), base);
}

function valueNamed(frame: Frame, found: NonNullable<ReturnType<typeof meaningOf>>["found"], span: Span): FExpr | null {
	const type: ValueType = "any";
	switch (found.kind) {
		case "variable":
			return { kind: "name", type, span, name: found.name, scope: found.scope, unbound: false };
		case "builtin":
			return { kind: "builtinValue", type, span, name: found.name };
		case "library":
			return { kind: "libraryValue", type, span, name: found.name };
		case "foreign":
			refuse(frame, found.path, "it comes from outside and is not in the vocabulary", "Pass what it gives as a parameter.", span);
			return NONE(span);
		case "unknown":
			refuse(
				frame,
				`the name ${found.name}`,
				"neither the program nor the vocabulary has it",
				"Define it, or pass what it gives as a parameter.",
				span,
			);
			return NONE(span);
	}
}

function lowerComprehension(frame: Frame, expr: Extract<SourceExpr, { kind: "comprehension" }>): FExpr {
	const { span, form } = expr;
	const scope = comprehensionScope(
		frame.scope,
		expr.clauses.map((clause) => clause.target),
	);
	const inner: Frame = { ...frame, scope };
	// The first iterable is evaluated outside, before anything is bound.
	const iterables = expr.clauses.map((clause, at) => lower(at === 0 ? frame : inner, clause.iterable));
	const clauses: FClause[] = [];
	const named = new Set<string>();
	for (const [at, clause] of expr.clauses.entries()) {
		const target = lowerTarget(inner, clause.target);
		const tests = clause.tests.map((test) => lower(inner, test));
		const names = [...scope.locals].filter(([name]) => !named.has(name) && namesIn(clause.target).includes(name)).map(([, local]) => local);
		for (const name of namesIn(clause.target)) named.add(name);
		const iterable = iterables[at];
		if (iterable) clauses.push({ target, iterable, tests, names });
	}
	const key = expr.key && lower(inner, expr.key);
	return { kind: "comprehension", type: "any", span, form, key, element: lower(inner, expr.element), clauses };
}
