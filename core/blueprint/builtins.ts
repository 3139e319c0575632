import type { Expr, Span } from "../contract/ir.ts";
import type { OpName } from "../contract/ops.ts";
import type { SourceExpr } from "../graph/index.ts";
import { asFloat, asInt, asList, asStr, asTest, asText, eitherType, present } from "./convert.ts";
import { specHole } from "./formatting.ts";
import { type Frame, refuse } from "./frame.ts";
import { bool, int, none, op } from "./nodes.ts";
import { ANY, BOOL, dictOf, FLOAT, INT, isMixed, type Kind, listOf, MIXED, STR, showType, tupleOf } from "./types.ts";

export type Args = { source: SourceExpr[]; keywords: Map<string, SourceExpr>; span: Span };
type Builtin = (frame: Frame, args: Args) => Expr;

const one = (frame: Frame, args: Args): Expr => {
	const [first] = args.source;
	return first ? frame.lower(first) : none(args.span);
};

function toInt(frame: Frame, args: Args): Expr {
	if (args.source.length === 0) return int(0, args.span);
	if (args.source.length > 1) return refuse(frame, "int() with a base", "Read decimal digits only.", args.span);
	const value = present(one(frame, args));
	const type: Kind = value.type;
	switch (type.kind) {
		case "int":
			return value;
		case "bool":
			return op("int.of_bool", INT, [value], args.span);
		case "float":
			return op("int.of_float", INT, [value], args.span);
		case "str":
			return op("int.of_str", INT, [value], args.span);
		case "any":
			return { ...value, type: INT };
		default:
			return refuse(frame, `int() of ${showType(type)}`, "Convert text or a number.", args.span);
	}
}

function toFloat(frame: Frame, args: Args): Expr {
	const value = present(one(frame, args));
	const type: Kind = value.type;
	if (type.kind === "str") return op("float.of_str", FLOAT, [value], args.span);
	if (type.kind === "any") return { ...value, type: FLOAT };
	// float() of what may be an int gives a true float.
	const number = asFloat(frame, value);
	return isMixed(number.type) ? { ...number, type: FLOAT } : { ...number, span: args.span };
}

function roundTo(frame: Frame, args: Args): Expr {
	const value = present(one(frame, args));
	const type: Kind = value.type;
	const digits = args.source[1] ?? args.keywords.get("ndigits");
	if (!digits || (digits.kind === "literal" && digits.value === null)) {
		return type.kind === "int" ? value : op("float.round_int", INT, [asFloat(frame, value)], args.span);
	}
	const places = constantInt(frame, digits);
	if (places === null)
		return refuse(frame, "round() to a number of digits that is not constant", "Write the digits as a number.", args.span);
	if (type.kind === "int" && places >= 0) return value;
	if (type.kind !== "float" && type.kind !== "any") return refuse(frame, `round() of ${showType(type)}`, "Round a float.", args.span);
	return op("float.round", type, [value], args.span, { digits: places });
}

/** The value of an integer that is written out, or a fixed module constant. */
export function constantInt(frame: Frame, source: SourceExpr): number | null {
	if (source.kind === "number" && /^\d+$/.test(source.text)) return Number(source.text);
	if (source.kind === "unary" && source.op === "-") {
		const inner = constantInt(frame, source.of);
		return inner === null ? null : -inner;
	}
	if (source.kind !== "name" || frame.env.names.has(source.name)) return null;
	const meaning = frame.slice.names.meaningOf(frame.module.name, [source.name]);
	return meaning.kind === "value" && meaning.value.fixed ? constantInt(frame, meaning.value.value) : null;
}

function extreme(name: "min" | "max"): Builtin {
	return (frame, args) => {
		if (args.keywords.size > 0) return refuse(frame, `${name}() with key or default`, "Sort the list and take its end.", args.span);
		if (args.source.length === 1) {
			const { expr, item } = asList(frame, one(frame, args));
			if (!["int", "float", "str", "date", "any"].includes(item.kind))
				return refuse(frame, `${name}() of ${showType(item)}`, "Compare numbers, texts or dates.", args.span);
			return op(`list.${name}`, item, [expr], args.span);
		}
		const values = args.source.map((source) => present(frame.lower(source)));
		let type: Kind = values[0]?.type ?? ANY;
		for (const value of values) type = eitherType(frame, type, value.type, args.span);
		if (type.kind === "int" || type.kind === "any")
			return op(
				`int.${name}`,
				type,
				values.map((value) => asInt(frame, value)),
				args.span,
			);
		if (type.kind === "float")
			return op(
				`float.${name}`,
				type,
				values.map((value) => asFloat(frame, value)),
				args.span,
			);
		const list: Expr = { kind: "list", id: "", type: listOf(type), span: args.span, items: values };
		if (type.kind === "str" || type.kind === "date") return op(`list.${name}`, type, [list], args.span);
		return refuse(frame, `${name}() of ${showType(type)}`, "Compare numbers, texts or dates.", args.span);
	};
}

function sum(frame: Frame, args: Args): Expr {
	const { expr, item } = asList(frame, one(frame, args));
	const start = args.source[1] ?? args.keywords.get("start");
	const from = start ? frame.lower(start) : int(0, args.span);
	if (item.kind === "any") return { ...expr, type: ANY };
	if (item.kind === "int" && from.type.kind === "int") {
		const total = op("int.sum", INT, [expr], args.span);
		return start ? op("int.add", INT, [from, total], args.span) : total;
	}
	if (item.kind === "float") {
		// sum() of no floats is the int 0; a start that is added last would change the order of additions.
		const zero =
			from.kind === "const" &&
			((from.value.kind === "int" && from.value.value === "0") || (from.value.kind === "float" && /^0+$/.test(from.value.bits)));
		if (zero) return op("float.sum", from.type.kind === "float" && !isMixed(item) ? FLOAT : MIXED, [expr], args.span);
	}
	return refuse(frame, `sum() of ${showType(item)} from ${showType(from.type)}`, "Sum integers or floats from 0.", args.span);
}

function length(frame: Frame, args: Args): Expr {
	const value = present(one(frame, args));
	switch (value.type.kind) {
		case "str":
			return op("str.len", INT, [value], args.span);
		case "list":
			return op("list.len", INT, [value], args.span);
		case "dict":
			return op("dict.len", INT, [value], args.span);
		case "tuple":
			return int(value.type.items.length, args.span);
		case "any":
			return { ...value, type: INT };
		default:
			return refuse(frame, `len() of ${showType(value.type)}`, "Take the length of text, a list or a dict.", args.span);
	}
}

function sorted(frame: Frame, args: Args): Expr {
	const { expr, item } = asList(frame, one(frame, args));
	const key = args.keywords.get("key");
	const reverse = args.keywords.get("reverse");
	const by: Expr = key ? keyLambda(frame, key, item) : none(args.span);
	const order = by.kind === "lambda" ? by.body.type : item;
	const sortable = (type: Kind): boolean =>
		["int", "float", "str", "date", "any"].includes(type.kind) || (type.kind === "tuple" && type.items.every(sortable));
	if (!sortable(order)) return refuse(frame, `a sort by ${showType(order)}`, "Sort by numbers, texts, dates or tuples of them.", args.span);
	return op("list.sorted", listOf(item), [expr, by, reverse ? asTest(frame.lower(reverse)) : bool(false, args.span)], args.span);
}

function keyLambda(frame: Frame, key: SourceExpr, item: Kind): Expr {
	const [param] = key.kind === "lambda" ? key.params : [];
	if (key.kind !== "lambda" || key.params.length !== 1 || !param)
		return refuse(frame, "a sort key that is not a lambda of one parameter", "Write it as a lambda.", key.span);
	const outer = frame.env;
	frame.env = { ...outer, names: new Map(outer.names), paths: new Map(outer.paths) };
	const types = [item];
	const shadowed = frame.state.locals.get(param.name);
	frame.state.locals.set(param.name, types);
	frame.env.names.set(param.name, { version: 0, narrowed: null, sure: true, fixed: null });
	const body = frame.lower(key.body);
	frame.env = outer;
	if (shadowed) frame.state.locals.set(param.name, shadowed);
	else frame.state.locals.delete(param.name);
	return { kind: "lambda", id: "", type: body.type, span: key.span, params: [param.name], body };
}

function range(frame: Frame, args: Args): Expr {
	const [first, second, third] = args.source.map((source) => asInt(frame, frame.lower(source)));
	const { span } = args;
	if (!first) return refuse(frame, "range() without bounds", "Give its end.", span);
	return op("list.range", listOf(INT), [second ? first : int(0, span), second ?? first, third ?? int(1, span)], span);
}

function enumerate(frame: Frame, args: Args): Expr {
	const { expr, item } = asList(frame, one(frame, args));
	const start = args.source[1] ?? args.keywords.get("start");
	return op(
		"list.enumerate",
		listOf(tupleOf([INT, item])),
		[expr, start ? asInt(frame, frame.lower(start)) : int(0, args.span)],
		args.span,
	);
}

function zip(frame: Frame, args: Args): Expr {
	const lists = args.source.map((source) => asList(frame, frame.lower(source)));
	const [a, b] = lists;
	if (lists.length !== 2 || !a || !b) return refuse(frame, "zip() of other than two lists", "Walk over them by index.", args.span);
	return op("list.zip", listOf(tupleOf([a.item, b.item])), [a.expr, b.expr], args.span);
}

function quantifier(name: "list.any" | "list.all"): Builtin {
	return (frame, args) => {
		const { expr } = asList(frame, one(frame, args));
		if (expr.kind === "comprehension") return op(name, BOOL, [{ ...expr, element: asTest(expr.element), type: listOf(BOOL) }], args.span);
		return op(name, BOOL, [expr], args.span);
	};
}

function divmod(frame: Frame, args: Args): Expr {
	const [a, b] = args.source.map((source) => present(frame.lower(source)));
	if (!a || !b || a.type.kind !== "int" || b.type.kind !== "int")
		return refuse(frame, "divmod() of other than integers", "Use // and %.", args.span);
	const items = [op("int.floordiv", INT, [a, b], args.span), op("int.mod", INT, [a, b], args.span)];
	return { kind: "tuple", id: "", type: tupleOf([INT, INT]), span: args.span, items };
}

/** Builtin functions by name. Those that are not in here are refused by name. */
export const builtins: Record<string, Builtin> = {
	int: toInt,
	float: toFloat,
	round: roundTo,
	len: length,
	sum,
	sorted,
	range,
	enumerate,
	zip,
	divmod,
	min: extreme("min"),
	max: extreme("max"),
	any: quantifier("list.any"),
	all: quantifier("list.all"),
	str: (frame, args) =>
		args.source.length === 0
			? { kind: "const", id: "", type: STR, span: args.span, value: { kind: "str", value: "" } }
			: asText(frame, one(frame, args)),
	bool: (frame, args) => asTest(one(frame, args)),
	abs(frame, args) {
		const value = present(one(frame, args));
		return value.type.kind === "float"
			? op("float.abs", value.type, [value], args.span)
			: op("int.abs", INT, [asInt(frame, value)], args.span);
	},
	pow(frame, args) {
		const [a, b] = args.source;
		return a && b && args.source.length === 2
			? frame.lower({ kind: "binary", op: "**", left: a, right: b, span: args.span })
			: refuse(frame, "pow() with a modulus", "Use ** and %.", args.span);
	},
	ord: (frame, args) => op("str.ord", INT, [asStr(frame, one(frame, args))], args.span),
	chr: (frame, args) => op("str.chr", STR, [asInt(frame, one(frame, args))], args.span),
	list(frame, args) {
		if (args.source.length === 0) return { kind: "list", id: "", type: listOf(ANY), span: args.span, items: [] };
		const { expr, item } = asList(frame, one(frame, args));
		return op("list.of", listOf(item), [expr], args.span);
	},
	tuple(frame, args) {
		const value = one(frame, args);
		return value.type.kind === "tuple" ? value : (builtins.list?.(frame, args) ?? value);
	},
	dict(frame, args) {
		if (args.source.length === 0 && args.keywords.size === 0)
			return { kind: "dict", id: "", type: dictOf(ANY, ANY), span: args.span, entries: [] };
		if (args.source.length > 0) return refuse(frame, "dict() of a value", "Write the dict out, or fill it in a loop.", args.span);
		const entries = [...args.keywords].map(([name, value]) => ({ key: { kind: "string" as const, value: name, span: value.span }, value }));
		return frame.lower({ kind: "dict", entries, span: args.span });
	},
	reversed(frame, args) {
		const { expr, item } = asList(frame, one(frame, args));
		return op("list.reversed", listOf(item), [expr], args.span);
	},
	format(frame, args) {
		const spec = args.source[1];
		if (spec && spec.kind !== "string")
			return refuse(frame, "format() with a specification that is not constant", "Write it as text.", args.span);
		return specHole(frame, one(frame, args), "", spec?.value ?? "", args.span);
	},
	isinstance(frame, args) {
		return refuse(frame, "isinstance()", "Give the value one type.", args.span);
	},
	map(frame, args) {
		const [callee, list] = args.source;
		if (!callee || !list || args.source.length !== 2) return refuse(frame, "map() over several lists", "Write a comprehension.", args.span);
		const item: SourceExpr = { kind: "name", name: "item", span: args.span };
		const element: SourceExpr = { kind: "call", callee, args: [item], keywords: [], span: args.span };
		return frame.lower({
			kind: "comprehension",
			form: "generator",
			key: null,
			element,
			clauses: [{ target: item, iterable: list, tests: [] }],
			span: args.span,
		});
	},
};

/** `a, b` brought to one float or int operation, for library functions. */
export function floatOp(name: OpName, result: Kind): Builtin {
	return (frame, args) =>
		op(
			name,
			result,
			args.source.map((source) => asFloat(frame, frame.lower(source))),
			args.span,
		);
}
