import type { Expr } from "../contract/ir.ts";
import { dottedPath, type SourceExpr } from "../graph/index.ts";
import { type Args, builtins, constantInt, floatOp } from "./builtins.ts";
import { asFloat, asInt, asStr, present } from "./convert.ts";
import { type Frame, refuse } from "./frame.ts";
import { int, none, op } from "./nodes.ts";
import { BOOL, CONNECTION, DATE, DATETIME, FLOAT, INT, type Kind, STR } from "./types.ts";

type Call = (frame: Frame, args: Args) => Expr;

const first = (frame: Frame, args: Args): Expr => {
	const [source] = args.source;
	return source ? frame.lower(source) : none(args.span);
};

const constantFormat = (frame: Frame, source: SourceExpr | undefined): string | null => {
	if (source?.kind === "string") return source.value;
	if (source?.kind !== "name" || frame.env.names.has(source.name)) return null;
	const meaning = frame.slice.names.meaningOf(frame.module.name, [source.name]);
	return meaning.kind === "value" && meaning.value.fixed && meaning.value.value.kind === "string" ? meaning.value.value.value : null;
};

const strptime: Call = (frame, args) => {
	const format = constantFormat(frame, args.source[1]);
	if (format === null) return refuse(frame, "strptime() with a format that is not constant", "Write the format as text.", args.span);
	return op("datetime.parse", DATETIME, [asStr(frame, first(frame, args))], args.span, { format });
};

const newDate: Call = (frame, args) => {
	const [y, m, d] = ["year", "month", "day"].map((name, at) => args.source[at] ?? args.keywords.get(name));
	if (!y || !m || !d) return refuse(frame, "date() without year, month and day", "Give all three.", args.span);
	return op(
		"date.new",
		DATE,
		[y, m, d].map((part) => asInt(frame, frame.lower(part))),
		args.span,
	);
};

const timedelta: Call = (frame, args) => {
	const days = args.source[0] ?? args.keywords.get("days");
	const weeks = args.keywords.get("weeks");
	if (args.source.length > 1 || args.keywords.size > (args.keywords.has("days") || weeks ? 1 : 0)) {
		return refuse(frame, "a timedelta of other than whole days", "Use timedelta(days=n).", args.span);
	}
	const value = present(frame.lower(days ?? weeks ?? { kind: "number", text: "0", span: args.span }));
	if (value.type.kind !== "int" && value.type.kind !== "any")
		return refuse(frame, "a timedelta of other than whole days", "Use timedelta(days=n) with an integer.", args.span);
	const count = weeks ? op("int.mul", INT, [value, int(7, args.span)], args.span) : value;
	return { ...count, type: { kind: "int", delta: true } as Kind };
};

/** Functions of the standard library by their full name. Those that are not in here are refused by name. */
export const library: Record<string, Call> = {
	"math.floor": floatOp("float.floor", INT),
	"math.ceil": floatOp("float.ceil", INT),
	"math.trunc": (frame, args) => builtins.int?.(frame, args) ?? none(args.span),
	"math.sqrt": floatOp("float.sqrt", FLOAT),
	"math.fabs": floatOp("float.abs", FLOAT),
	"math.pow": floatOp("float.pow", FLOAT),
	"datetime.date": newDate,
	"datetime.date.today": (_frame, args) => op("date.today", DATE, [], args.span),
	"datetime.date.fromisoformat": (frame, args) => op("date.of_iso", DATE, [asStr(frame, first(frame, args))], args.span),
	"datetime.datetime.now": (frame, args) =>
		args.source.length + args.keywords.size > 0
			? refuse(frame, "datetime.now() with a time zone", "Use the local time.", args.span)
			: op("datetime.now", DATETIME, [], args.span),
	"datetime.datetime.today": (_frame, args) => op("datetime.now", DATETIME, [], args.span),
	"datetime.datetime.strptime": strptime,
	"datetime.timedelta": timedelta,
	"calendar.isleap": (frame, args) => op("date.is_leap", BOOL, [asInt(frame, first(frame, args))], args.span),
	"calendar.monthrange": (frame, args) =>
		refuse(frame, "the weekday of calendar.monthrange()", "Take its second item, the days of the month.", args.span),
	"time.time": (_frame, args) => op("clock.time", FLOAT, [], args.span),
	"time.sleep": (frame, args) => op("clock.sleep", { kind: "none" }, [asFloat(frame, first(frame, args))], args.span),
	"time.strftime": (frame, args) => {
		const format = constantFormat(frame, args.source[0]);
		if (format === null || args.source.length > 1)
			return refuse(frame, "time.strftime() of a given time", "Format datetime.now().", args.span);
		return op("datetime.format", STR, [op("datetime.now", DATETIME, [], args.span)], args.span, { format });
	},
	"secrets.token_hex": (frame, args) => {
		const size = args.source[0];
		return op("random.token_hex", STR, [size ? asInt(frame, frame.lower(size)) : int(32, args.span)], args.span);
	},
	"xml.sax.saxutils.escape": (frame, args) =>
		args.source.length > 1
			? refuse(frame, "escape() with further entities", "Replace them one by one.", args.span)
			: op("str.escape_xml", STR, [asStr(frame, first(frame, args))], args.span),
	"html.escape": (frame, args) => {
		const quote = args.source[1] ?? args.keywords.get("quote");
		if (quote?.kind === "literal" && quote.value === false) return op("str.escape_xml", STR, [asStr(frame, first(frame, args))], args.span);
		return refuse(frame, "html.escape() with quotes", "Use xml.sax.saxutils.escape.", args.span);
	},
	"sqlite3.connect": (frame, args) => {
		const level = args.keywords.get("isolation_level");
		const explicit = level?.kind === "literal" && level.value === null;
		frame.slice.outside.push({ kind: "database", span: args.span, text: "opens the database" });
		return op("db.connect", CONNECTION, [], args.span, { spec: explicit ? "explicit" : "implicit" });
	},
};

/** Forms that are one operation only together: `monthrange(y, m)[1]`, `strptime(...).date()`, `md5(x.encode()).hexdigest()`. */
export function fusedCall(frame: Frame, expr: SourceExpr): Expr | null {
	if (expr.kind === "subscript" && externalCall(frame, expr.of) === "calendar.monthrange" && expr.of.kind === "call") {
		const index = constantInt(frame, expr.index);
		const [year, month] = expr.of.args;
		if (!year || !month || (index !== 1 && index !== -1)) return null;
		return op("date.month_days", INT, [asInt(frame, frame.lower(year)), asInt(frame, frame.lower(month))], expr.span);
	}
	if (expr.kind !== "call" || expr.callee.kind !== "attribute") return null;
	const { of, name } = expr.callee;
	if (name === "date" && externalCall(frame, of) === "datetime.datetime.strptime" && of.kind === "call") {
		const format = constantFormat(frame, of.args[1]);
		const [text] = of.args;
		if (format === null || !text) return null;
		return op("date.parse", DATE, [asStr(frame, frame.lower(text))], expr.span, { format });
	}
	const hash = /^hashlib\.(md5|sha1|sha256)$/.exec(externalCall(frame, of) ?? "")?.[1];
	if (name === "hexdigest" && hash && of.kind === "call") {
		const [data] = of.args;
		const encoded = data?.kind === "call" && data.callee.kind === "attribute" && data.callee.name === "encode" ? data : null;
		const [charset] = encoded?.args ?? [];
		const utf8 = !charset || (charset.kind === "string" && /^utf-?8$/i.test(charset.value));
		if (encoded?.callee.kind !== "attribute" || !utf8)
			return refuse(frame, `${hash} of other than UTF-8 text`, "Hash text.encode().", expr.span);
		return op("hash.hex", STR, [asStr(frame, frame.lower(encoded.callee.of))], expr.span, { spec: hash });
	}
	return null;
}

/** Full name of the library function that an expression calls, or null. */
export function externalCall(frame: Frame, expr: SourceExpr): string | null {
	const path = expr.kind === "call" ? dottedPath(expr.callee) : null;
	if (!path || frame.env.names.has(path[0] ?? "")) return null;
	const meaning = frame.slice.names.meaningOf(frame.module.name, path);
	return meaning.kind === "external" ? meaning.path : null;
}
