import type { Expr, Span } from "../contract/ir.ts";
import type { OpName } from "../contract/ops.ts";
import { asFloat, asInt, asList, asStr, eitherType, present } from "./convert.ts";
import { type Frame, refuse } from "./frame.ts";
import { bool, isStable, logic, not, op } from "./nodes.ts";
import { ANY, BOOL, FLOAT, INT, isMixed, type Kind, listOf, MIXED, STR, showType } from "./types.ts";

const numeric = (type: Kind) => type.kind === "int" || type.kind === "float" || type.kind === "bool";

/** `a <sign> b` by the types of both; formatting with % is not in here. */
export function binary(frame: Frame, sign: string, rawLeft: Expr, rawRight: Expr, span: Span): Expr {
	const left = present(rawLeft);
	const right = present(rawRight);
	const a: Kind = left.type;
	const b: Kind = right.type;
	if (a.kind === "any" || b.kind === "any") return guess(sign, left, right, span);
	if (a.kind === "date" || a.kind === "datetime") return dateArithmetic(frame, sign, left, right, span);
	if (numeric(a) && numeric(b)) return arithmetic(frame, sign, left, right, span);
	if (sign === "+" && a.kind === "str" && b.kind === "str") return op("str.concat", STR, [left, right], span);
	if (sign === "*" && a.kind === "str" && b.kind === "int") return op("str.repeat", STR, [left, right], span);
	if (sign === "*" && a.kind === "int" && b.kind === "str") return op("str.repeat", STR, [right, left], span);
	if (sign === "+" && a.kind === "list" && b.kind === "list") {
		return op("list.concat", eitherType(frame, a, b, span), [left, right], span);
	}
	return refuse(frame, `${showType(a)} ${sign} ${showType(b)}`, "Use numbers on both sides, or text on both sides.", span);
}

/** While one side is not known yet, the other tells what it can be. Only seen before the types are settled. */
function guess(sign: string, left: Expr, right: Expr, span: Span): Expr {
	const known: Kind = left.type.kind === "any" ? right.type : left.type;
	const type: Kind = sign === "/" ? FLOAT : known.kind === "float" || known.kind === "str" ? known : ANY;
	return op("int.add", type, [left, right], span);
}

function arithmetic(frame: Frame, sign: string, left: Expr, right: Expr, span: Span): Expr {
	const a: Kind = left.type;
	const b: Kind = right.type;
	if (a.kind === "int" && a.delta && b.kind === "int" && b.delta && (sign === "+" || sign === "-")) {
		return op(sign === "+" ? "int.add" : "int.sub", a, [left, right], span);
	}
	if ((a.kind === "int" || a.kind === "float") && (a.delta || ((b.kind === "int" || b.kind === "float") && b.delta))) {
		return refuse(frame, `arithmetic (${sign}) with a time span`, "Take .days or .total_seconds() first.", span);
	}
	if (a.kind !== "float" && b.kind !== "float" && sign !== "/") {
		const ops: Record<string, OpName> = {
			"+": "int.add",
			"-": "int.sub",
			"*": "int.mul",
			"//": "int.floordiv",
			"%": "int.mod",
			"**": "int.pow",
		};
		const name = ops[sign];
		const args = [asInt(frame, left), asInt(frame, right)];
		if (name === "int.mod" && left.kind === "op" && left.op === "int.of_str" && left.args[0]) {
			return op("int.mod_of_text", INT, [left.args[0], args[1] ?? right], span);
		}
		if (name === "int.pow" && !(right.kind === "const" && right.value.kind === "int" && !right.value.value.startsWith("-"))) {
			return refuse(frame, "a power of integers whose exponent may be negative", "Use a float base, or a constant exponent.", span);
		}
		if (name) return op(name, INT, args, span);
	} else {
		const ops: Record<string, OpName> = {
			"+": "float.add",
			"-": "float.sub",
			"*": "float.mul",
			"/": "float.div",
			"//": "float.floordiv",
			"%": "float.mod",
			"**": "float.pow",
		};
		const name = ops[sign];
		// int with int stays int in the source, so two that may be int give one that may be int.
		const whole = (type: Kind) => type.kind !== "float" || isMixed(type);
		const type = sign !== "/" && whole(a) && whole(b) ? MIXED : FLOAT;
		if (name) return op(name, type, [asFloat(frame, left), asFloat(frame, right)], span);
	}
	return refuse(frame, `the operator ${sign} on numbers`, "Write it with + - * / // % **.", span);
}

function dateArithmetic(frame: Frame, sign: string, left: Expr, right: Expr, span: Span): Expr {
	const a: Kind = left.type;
	const b: Kind = right.type;
	if (sign === "-" && a.kind === "date" && b.kind === "date") return op("date.days_between", { ...INT, delta: true }, [left, right], span);
	if (sign === "-" && a.kind === "datetime" && b.kind === "datetime") {
		return op("datetime.seconds_between", { ...FLOAT, delta: true }, [left, right], span);
	}
	if (a.kind === "date" && b.kind === "int" && b.delta) {
		if (sign === "+") return op("date.add_days", a, [left, { ...right, type: INT }], span);
		if (sign === "-") return op("date.add_days", a, [left, op("int.neg", INT, [{ ...right, type: INT }], right.span)], span);
	}
	return refuse(frame, `${showType(a)} ${sign} ${showType(b)}`, "Use date - date, or date + timedelta(days=n).", span);
}

export function negate(frame: Frame, raw: Expr, span: Span): Expr {
	const of = present(raw);
	const type: Kind = of.type;
	if (type.kind === "float") return op("float.neg", type, [of], span);
	if (type.kind === "any") return of;
	return op("int.neg", type.kind === "int" ? type : INT, [asInt(frame, of)], span);
}

const suffix: Record<string, string> = { "==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge" };

/** One comparison. `in`, `not in`, `is` and `is not` included. */
export function compare(frame: Frame, sign: string, left: Expr, right: Expr, span: Span): Expr {
	if (sign === "in") return contains(frame, left, right, span);
	if (sign === "not in") return not(contains(frame, left, right, span), span);
	const a: Kind = left.type;
	const b: Kind = right.type;
	if (sign === "is" || sign === "is not" || ((sign === "==" || sign === "!=") && (a.kind === "none" || b.kind === "none"))) {
		const value = b.kind === "none" ? left : a.kind === "none" ? right : null;
		const name = sign === "is" || sign === "==" ? "none.is" : "none.is_not";
		if (value) return op(name, BOOL, [value], span);
		if (a.kind === "bool" && b.kind === "bool") return op(sign === "is" ? "bool.eq" : "bool.ne", BOOL, [left, right], span);
		return refuse(frame, `identity (${sign}) of values`, "Compare with ==.", span);
	}
	const name = suffix[sign];
	if (!name) return refuse(frame, `the comparison ${sign}`, "Write it with == != < <= > >=.", span);
	if (a.kind === "any" || b.kind === "any") return op("int.eq", BOOL, [left, right], span);
	if (name === "eq" || name === "ne") {
		if (a.kind === "optional" || b.kind === "optional") return optionalEquality(frame, name, left, right, span);
		if (a.kind === "tuple" && b.kind === "tuple") return tupleEquality(frame, name, left, right, span);
	}
	return ordered(frame, name, present(left), present(right), span);
}

function ordered(frame: Frame, name: string, left: Expr, right: Expr, span: Span): Expr {
	const a: Kind = left.type;
	const b: Kind = right.type;
	if (numeric(a) && numeric(b)) {
		if (a.kind === "bool" && b.kind === "bool" && (name === "eq" || name === "ne")) return op(`bool.${name}`, BOOL, [left, right], span);
		if (a.kind === "float" || b.kind === "float")
			return op(`float.${name}` as OpName, BOOL, [asFloat(frame, left), asFloat(frame, right)], span);
		return op(`int.${name}` as OpName, BOOL, [asInt(frame, left), asInt(frame, right)], span);
	}
	if (a.kind === b.kind && (a.kind === "str" || a.kind === "date" || a.kind === "datetime")) {
		return op(`${a.kind}.${name}` as OpName, BOOL, [left, right], span);
	}
	// Values of unrelated types are never equal, and that is a slip rather than a rule: say so.
	return refuse(frame, `a comparison of ${showType(a)} with ${showType(b)}`, "Convert one side so that both have one type.", span);
}

function optionalEquality(frame: Frame, name: "eq" | "ne", left: Expr, right: Expr, span: Span): Expr {
	const inner = (type: Kind): Kind => (type.kind === "optional" ? type.of : type);
	const a = inner(left.type);
	const b = inner(right.type);
	if (a.kind === b.kind || (numeric(a) && numeric(b))) return op(name === "eq" ? "optional.eq" : "optional.ne", BOOL, [left, right], span);
	return refuse(
		frame,
		`a comparison of ${showType(left.type)} with ${showType(right.type)}`,
		"Convert one side so that both have one type.",
		span,
	);
}

function tupleEquality(frame: Frame, name: "eq" | "ne", left: Expr, right: Expr, span: Span): Expr {
	if (left.kind !== "tuple" || right.kind !== "tuple" || left.items.length !== right.items.length) {
		return refuse(frame, "equality of tuples that are not written out", "Compare the items one by one.", span);
	}
	let all: Expr | null = null;
	for (const [at, item] of left.items.entries()) {
		const one = compare(frame, "==", item, right.items[at] ?? item, span);
		all = all ? logic("and", all, one, BOOL, span) : one;
	}
	const equal = all ?? bool(true, span);
	return name === "eq" ? equal : not(equal, span);
}

function contains(frame: Frame, item: Expr, rawIn: Expr, span: Span): Expr {
	const place = present(rawIn);
	const type: Kind = place.type;
	if (type.kind === "any" || item.type.kind === "any") return op("str.contains", BOOL, [place, item], span);
	if (type.kind === "str") return op("str.contains", BOOL, [place, asStr(frame, item)], span);
	if (type.kind === "dict") {
		if (present(item).type.kind !== type.key.kind)
			return refuse(frame, `a key of type ${showType(item.type)} in ${showType(type)}`, "Use keys of one type.", span);
		return op("dict.contains", BOOL, [place, present(item)], span);
	}
	if (type.kind === "list" || type.kind === "tuple") {
		const { expr, item: of } = type.kind === "list" ? { expr: place, item: type.of } : { ...asList(frame, place), expr: place };
		const member = (value: Expr): Expr => {
			if (of.kind === "str" && value.type.kind === "str") return op("str.is_in", BOOL, [value, expr], span);
			if (of.kind === "int" && value.type.kind === "int") return op("int.is_in", BOOL, [value, expr], span);
			if (of.kind === "any") return op("str.is_in", BOOL, [value, { ...expr, type: listOf(STR) }], span);
			return refuse(frame, `${showType(value.type)} in ${showType(type)}`, "Compare the items one by one.", span);
		};
		if (item.type.kind !== "optional") return member(item);
		// None is in no list of texts or integers.
		if (!isStable(item)) return refuse(frame, "membership of a value that may be None", "Give it a name first.", span);
		return logic("and", op("none.is_not", BOOL, [item], span), member({ ...item, type: item.type.of }), BOOL, span);
	}
	return refuse(frame, `membership in ${showType(type)}`, "Use a list, a tuple, a dict or text.", span);
}
