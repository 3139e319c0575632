import type { Expr, Span } from "../contract/ir.ts";
import type { OpName } from "../contract/ops.ts";
import type { Args } from "./builtins.ts";
import { asInt, asList, asStr, convert, eitherType } from "./convert.ts";
import { braceFormat } from "./formatting.ts";
import { type Frame, refuse } from "./frame.ts";
import { int, isStable, none, op, str } from "./nodes.ts";
import { ANY, BOOL, DATE, INT, join, type Kind, listOf, NONE, optionalOf, STR, showType, tupleOf } from "./types.ts";

type Method = (frame: Frame, self: Expr, args: Args) => Expr;

const plain =
	(name: OpName, type: Kind, count = 0): Method =>
	(frame, self, args) => {
		if (args.source.length !== count || args.keywords.size > 0)
			return refuse(frame, `${name} with ${args.source.length} arguments`, "Use its plain form.", args.span);
		const values = args.source.map((source) => asStr(frame, frame.lower(source)));
		return op(name, type, [self, ...values], args.span);
	};

const stripped =
	(name: OpName): Method =>
	(frame, self, args) => {
		const [chars] = args.source;
		if (!chars) return op(name, STR, [self], args.span);
		if (chars.kind !== "string") return refuse(frame, "strip() of characters that are not constant", "Write them as text.", args.span);
		return op(name, STR, [self], args.span, { chars: chars.value });
	};

const padded =
	(name: OpName): Method =>
	(frame, self, args) => {
		const [width, fill] = args.source;
		if (!width || (fill && fill.kind !== "string"))
			return refuse(frame, `${name} with a fill that is not constant`, "Write the fill as text.", args.span);
		const detail = fill?.kind === "string" ? { chars: fill.value } : undefined;
		return op(name, STR, [self, asInt(frame, frame.lower(width))], args.span, detail);
	};

const affix =
	(name: "str.starts_with" | "str.ends_with"): Method =>
	(frame, self, args) => {
		const [end] = args.source;
		if (!end || args.source.length !== 1) return refuse(frame, `${name} with a position`, "Slice first.", args.span);
		return op(name, BOOL, [self, asStr(frame, frame.lower(end))], args.span);
	};

const ofText: Record<string, Method> = {
	upper: plain("str.upper", STR),
	lower: plain("str.lower", STR),
	strip: stripped("str.strip"),
	lstrip: stripped("str.lstrip"),
	rstrip: stripped("str.rstrip"),
	ljust: padded("str.ljust"),
	rjust: padded("str.rjust"),
	zfill: padded("str.zfill"),
	replace: plain("str.replace", STR, 2),
	startswith: affix("str.starts_with"),
	endswith: affix("str.ends_with"),
	find: plain("str.find", INT, 1),
	count: plain("str.count", INT, 1),
	isdigit: plain("str.is_digit", BOOL),
	isalpha: plain("str.is_alpha", BOOL),
	isalnum: plain("str.is_alnum", BOOL),
	split(frame, self, args) {
		const [separator, limit] = args.source;
		if (limit || args.keywords.size > 0) return refuse(frame, "split() with a limit", "Split wholly and take the parts.", args.span);
		return op("str.split", listOf(STR), separator ? [self, asStr(frame, frame.lower(separator))] : [self], args.span);
	},
	join(frame, self, args) {
		const [items] = args.source;
		if (!items) return refuse(frame, "join() without items", "Give a list.", args.span);
		const { expr, item } = asList(frame, frame.lower(items));
		if (item.kind !== "str" && item.kind !== "any") return refuse(frame, `join() of ${showType(item)}`, "Join texts.", args.span);
		return op("str.join", STR, [self, expr], args.span);
	},
	format(frame, self, args) {
		if (self.kind !== "const" || self.value.kind !== "str")
			return refuse(frame, "format() of a text that is not constant", "Write the text out.", args.span);
		const named = new Map([...args.keywords].map(([name, value]) => [name, frame.lower(value)]));
		const values = args.source.map((source) => frame.lower(source));
		return braceFormat(frame, self.value.value, values, named, args.span);
	},
};

const ofList: Record<string, Method> = {
	append(frame, self, args) {
		const [item] = args.source;
		const type: Kind = self.type;
		if (!item || type.kind !== "list") return none(args.span);
		return op("list.append", NONE, [self, convert(frame, frame.lower(item), type.of)], args.span);
	},
	count(frame, _self, args) {
		return refuse(frame, "count() of a list", "Count in a loop.", args.span);
	},
};

const ofDict: Record<string, Method> = {
	get(frame, self, args) {
		const [key, otherwise] = args.source;
		const type: Kind = self.type;
		if (!key || type.kind !== "dict") return none(args.span);
		const at = frame.lower(key);
		const fallback = otherwise ? frame.lower(otherwise) : none(args.span);
		const result = fallback.type.kind === "none" ? optionalOf(type.value) : eitherType(frame, type.value, fallback.type, args.span);
		if (result.kind === "float" && type.value.kind === "int")
			return refuse(frame, "get() with a default of another number type", "Give a default of the dict's own type.", args.span);
		return op("dict.get", result, [self, at, convert(frame, fallback, result)], args.span);
	},
	keys: (_frame, self, args) => op("dict.keys", listOf(self.type.kind === "dict" ? self.type.key : ANY), [self], args.span),
	values: (_frame, self, args) => op("dict.values", listOf(self.type.kind === "dict" ? self.type.value : ANY), [self], args.span),
	items: (_frame, self, args) =>
		op("dict.items", listOf(self.type.kind === "dict" ? tupleOf([self.type.key, self.type.value]) : ANY), [self], args.span),
};

const formatted =
	(name: OpName): Method =>
	(frame, self, args) => {
		const [format] = args.source;
		if (format?.kind !== "string")
			return refuse(frame, "strftime() with a format that is not constant", "Write the format as text.", args.span);
		return op(name, STR, [self], args.span, { format: format.value });
	};

const ofDate: Record<string, Method> = {
	isoformat: (_frame, self, args) => op("date.iso", STR, [self], args.span),
	strftime: formatted("date.format"),
	weekday: (_frame, self, args) => op("date.weekday", INT, [self], args.span),
	isoweekday: (_frame, self, args) => op("int.add", INT, [op("date.weekday", INT, [self], args.span), int(1, args.span)], args.span),
	replace(frame, self, args) {
		const names = ["year", "month", "day"] as const;
		const given = names.map((name, at) => args.source[at] ?? args.keywords.get(name));
		if (given.some((part) => part === undefined) && !isStable(self))
			return refuse(frame, "replace() on a date without a name", "Give the date a name first.", args.span);
		const parts = names.map((name, at) => {
			const source = given[at];
			return source ? asInt(frame, frame.lower(source)) : op(`date.${name}`, INT, [self], args.span);
		});
		return op("date.replace", DATE, [self, ...parts], args.span);
	},
};

const ofDatetime: Record<string, Method> = {
	date: (_frame, self, args) => op("datetime.date", DATE, [self], args.span),
	strftime: formatted("datetime.format"),
};

/** `self.name(args)` by the type of self; what is not known is refused by name. */
export function method(frame: Frame, self: Expr, name: string, args: Args): Expr {
	const type: Kind = self.type;
	const tables: Partial<Record<Kind["kind"], Record<string, Method>>> = {
		str: ofText,
		list: ofList,
		dict: ofDict,
		date: ofDate,
		datetime: ofDatetime,
	};
	if (type.kind === "any") return early(frame, name, args);
	if (type.kind === "row" && name === "keys") {
		const items = type.columns.map((column) => str(column.name, args.span));
		return { kind: "list", id: "", type: listOf(STR), span: args.span, items };
	}
	if (((type.kind === "int" && name === "days") || (type.kind === "float" && name === "total_seconds")) && type.delta)
		return { ...self, type: { kind: type.kind } };
	const found = tables[type.kind]?.[name];
	if (found) return found(frame, self, args);
	return refuse(frame, `the method ${name}() of ${showType(type)}`, "Write it with plain operations.", args.span);
}

/** Results that a method's name alone tells, while the receiver is not known yet. */
function early(frame: Frame, name: string, args: Args): Expr {
	for (const source of args.source) frame.lower(source);
	const type: Kind =
		name in ofText && !(name in ofList) && name !== "replace" && name !== "format"
			? name.startsWith("is") || name.endsWith("with")
				? BOOL
				: STR
			: ANY;
	return { ...none(args.span), type: name === "split" ? listOf(STR) : name === "find" ? INT : type };
}

/** What appending an item tells of a list. */
export function listWith(type: Kind, item: Kind): Kind | null {
	return type.kind === "list" ? join(type, listOf(item)) : null;
}

/** `d.year`, `(a - b).days` and the like. Null when the type has no such attribute. */
export function attribute(self: Expr, name: string, span: Span): Expr | null {
	const type: Kind = self.type;
	if (type.kind === "date" && (name === "year" || name === "month" || name === "day")) return op(`date.${name}`, INT, [self], span);
	if (type.kind === "datetime" && (name === "year" || name === "month" || name === "day"))
		return op(`date.${name}`, INT, [op("datetime.date", DATE, [self], span)], span);
	if (type.kind === "int" && type.delta && name === "days") return { ...self, type: INT };
	return null;
}
