import type { Expr, Span } from "../contract/ir.ts";
import { type Frame, refuse } from "./frame.ts";
import { choose, float, isStable, op, str, truth } from "./nodes.ts";
import { BOOL, FLOAT, INT, isMixed, join, type Kind, listOf, MIXED, optionalOf, STR, sameKind, showType } from "./types.ts";

/** Retypes a literal whose parts were not known, or widens its parts; anything else is left as it is. */
export function convert(frame: Frame, expr: Expr, to: Kind, span: Span = expr.span): Expr {
	const from: Kind = expr.type;
	if (sameKind(from, to) || to.kind === "any" || from.kind === "any") return expr;
	if (from.kind === "int" && to.kind === "float") return widen(expr, isMixed(to) ? MIXED : FLOAT);
	if (from.kind === "float" && to.kind === "float") return expr;
	if (to.kind === "optional") return from.kind === "none" || from.kind === "optional" ? expr : convert(frame, expr, to.of, span);
	if (from.kind === "optional") return convert(frame, present(expr), to, span);
	if (to.kind === "list" && expr.kind === "list")
		return { ...expr, type: to, items: expr.items.map((item) => convert(frame, item, to.of)) };
	if (to.kind === "list" && expr.kind === "comprehension") return { ...expr, type: to, element: convert(frame, expr.element, to.of) };
	if (to.kind === "tuple" && expr.kind === "tuple") {
		return { ...expr, type: to, items: expr.items.map((item, at) => convert(frame, item, to.items[at] ?? item.type)) };
	}
	if (to.kind === "dict" && expr.kind === "dict") {
		const entries = expr.entries.map((entry) => ({ key: convert(frame, entry.key, to.key), value: convert(frame, entry.value, to.value) }));
		return { ...expr, type: to, entries };
	}
	if (to.kind === "record" && expr.kind === "dict" && from.kind === "record") {
		const entries = expr.entries.map((entry, at) => ({
			key: entry.key,
			value: convert(frame, entry.value, to.fields[at]?.type ?? entry.value.type),
		}));
		return { ...expr, type: to, entries };
	}
	// Same shape with parts that were unknown when this was lowered, or that only lose what the lowering knows.
	const joined = join(from, to);
	if (joined && sameKind(joined, to) && !changesNumbers(from, to)) return expr;
	return refuse(frame, `${showType(from)} used as ${showType(to)}`, "Convert the value where it is made.", span);
}

/** Whether going from one to the other would have to touch numbers inside a container. */
function changesNumbers(from: Kind, to: Kind): boolean {
	if (from.kind === "int" && to.kind === "float") return true;
	if (from.kind === "list" && to.kind === "list") return changesNumbers(from.of, to.of);
	if (from.kind === "optional" && to.kind === "optional") return changesNumbers(from.of, to.of);
	if (from.kind === "dict" && to.kind === "dict") return changesNumbers(from.key, to.key) || changesNumbers(from.value, to.value);
	if (from.kind === "tuple" && to.kind === "tuple") return from.items.some((item, at) => changesNumbers(item, to.items[at] ?? item));
	return false;
}

/** int -> float. A literal becomes a float literal with the same value. */
export function widen(expr: Expr, type: Kind): Expr {
	if (expr.kind === "const" && expr.value.kind === "int" && Number.isSafeInteger(Number(expr.value.value))) {
		return { ...float(Number(expr.value.value), `${expr.value.value}.0`, expr.span), type };
	}
	return op("float.of_int", type, [expr], expr.span);
}

/** The value of an optional where the source would fail on None. */
export function present(expr: Expr): Expr {
	const type: Kind = expr.type;
	return type.kind === "optional" ? op("optional.get", type.of, [expr], expr.span) : expr;
}

/** As a float operand, or refused. */
export function asFloat(frame: Frame, raw: Expr): Expr {
	const expr = present(raw);
	const type: Kind = expr.type;
	if (type.kind === "float" || type.kind === "any") return expr;
	if (type.kind === "int") return widen(expr, FLOAT);
	if (type.kind === "bool") return widen(op("int.of_bool", INT, [expr], expr.span), FLOAT);
	return refuse(frame, `${showType(type)} used as a number`, "Convert it with float() or int().", expr.span);
}

export function asInt(frame: Frame, raw: Expr): Expr {
	const expr = present(raw);
	const type: Kind = expr.type;
	if (type.kind === "int" || type.kind === "any") return expr;
	if (type.kind === "bool") return op("int.of_bool", INT, [expr], expr.span);
	return refuse(frame, `${showType(type)} used as an integer`, "Convert it with int().", expr.span);
}

export function asStr(frame: Frame, raw: Expr): Expr {
	const expr = present(raw);
	if (expr.type.kind === "str" || expr.type.kind === "any") return expr;
	return refuse(frame, `${showType(expr.type)} used as text`, "Convert it with str().", expr.span);
}

/** As a test: exact truthiness, made explicit. */
export function asTest(expr: Expr): Expr {
	if (expr.type.kind === "bool") return expr;
	if (expr.kind === "logic") {
		// Only the truth counts, so the operands need not be given back.
		return { ...expr, type: BOOL, left: asTest(expr.left), right: asTest(expr.right) };
	}
	return truth(expr, expr.span);
}

/** What str() gives, also inside text with holes. */
export function asText(frame: Frame, expr: Expr): Expr {
	const type: Kind = expr.type;
	switch (type.kind) {
		case "str":
		case "any":
			return expr;
		case "int":
			if (type.delta) break;
			return op("str.of_int", STR, [expr], expr.span);
		case "bool":
			return op("str.of_bool", STR, [expr], expr.span);
		case "float":
			if (type.delta) break;
			if (isMixed(type)) {
				return refuse(
					frame,
					"text of a number that may be int or float",
					"Print it with a format such as %.2f, or start it as a float.",
					expr.span,
				);
			}
			return op("str.of_float", STR, [expr], expr.span);
		case "date":
			return op("date.iso", STR, [expr], expr.span);
		case "none":
			return str("None", expr.span);
		case "optional":
			if (isStable(expr)) {
				const inner = asText(frame, { ...expr, type: type.of });
				return choose(op("none.is", BOOL, [expr], expr.span), str("None", expr.span), inner, STR, expr.span);
			}
			break;
		default:
	}
	return refuse(frame, `text of ${showType(type)}`, "Build the text from its parts.", expr.span);
}

/** What a loop or a comprehension walks over, as a list. */
export function asList(frame: Frame, raw: Expr): { expr: Expr; item: Kind } {
	const expr = present(raw);
	const type: Kind = expr.type;
	switch (type.kind) {
		case "list":
			return { expr, item: type.of };
		case "tuple": {
			let item: Kind = type.items[0] ?? { kind: "any" };
			for (const other of type.items) {
				const joined = join(item, other);
				if (!joined) return { expr: refuse(frame, `a walk over ${showType(type)}`, "Give all items one type.", expr.span), item };
				item = joined;
			}
			return { expr: op("list.of", listOf(item), [expr], expr.span), item };
		}
		case "dict":
			return { expr: op("dict.keys", listOf(type.key), [expr], expr.span), item: type.key };
		case "str":
			return { expr: op("list.of", listOf(STR), [expr], expr.span), item: STR };
		case "any":
			return { expr, item: type };
		default:
			return { expr: refuse(frame, `a walk over ${showType(type)}`, "Walk over a list.", expr.span), item: { kind: "any" } };
	}
}

/** The type of a value that is one or the other. */
export function eitherType(frame: Frame, a: Kind, b: Kind, span: Span): Kind {
	const joined = join(a, b);
	if (joined) return joined;
	refuse(frame, `a value that is ${showType(a)} or ${showType(b)}`, "Let both ways give the same type.", span);
	return optionalOf(a);
}
