/**
 * The closed table of exact operations. `meaning` defines each by the source language (CPython 3.8+ for `python`).
 * `drift` marks an operation whose usual spelling in the target language differs on some inputs: a *site*.
 * The first draft of a service uses the idiom at every site; evidence turns single sites exact.
 */
export type Drift = {
	/** Short cause, as shown to people: `rounding`, `integer division`, ... */
	cause: string;
	/** What legacy does, in a phrase. */
	legacy: string;
	/** What the idiom does, in a phrase. */
	idiom: string;
};
export type Op = { args: string; result: string; meaning: string; drift?: Drift };

const plain = (args: string, result: string, meaning: string): Op => ({ args, result, meaning });
const site = (args: string, result: string, meaning: string, cause: string, legacy: string, idiom: string): Op => ({
	args,
	result,
	meaning,
	drift: { cause, legacy, idiom },
});

export const ops = {
	// Numbers. `int` is arbitrary in the source; a back end may use a double while |v| <= 2^53 and must fail loudly beyond.
	"int.add": plain("int,int", "int", "sum"),
	"int.sub": plain("int,int", "int", "difference"),
	"int.mul": plain("int,int", "int", "product"),
	"int.pow": plain("int,int", "int", "power, exponent >= 0"),
	"int.neg": plain("int", "int", "negation"),
	"int.abs": plain("int", "int", "absolute value"),
	"int.floordiv": site(
		"int,int",
		"int",
		"quotient rounded to minus infinity; ZeroDivisionError",
		"integer division",
		"floors negative quotients (-7 // 2 = -4)",
		"truncates towards zero (-3)",
	),
	"int.mod": site(
		"int,int",
		"int",
		"remainder with the divisor's sign; ZeroDivisionError",
		"modulo of negatives",
		"takes the divisor's sign (-7 % 3 = 2)",
		"takes the dividend's sign (-1)",
	),
	"int.mod_of_text": site(
		"str,int",
		"int",
		"int(text) % n for a digit text of any length; ValueError",
		"integer precision",
		"computes with integers of any size",
		"loses digits beyond 2^53",
	),
	"int.of_str": site(
		"str",
		"int",
		"int(text): blanks around and underscores between digits allowed; ValueError",
		"number parsing",
		"refuses text that is not wholly a number",
		"reads the leading digits and ignores the rest",
	),
	"int.of_float": plain("float", "int", "truncation towards zero"),
	"int.of_bool": plain("bool", "int", "0 or 1"),
	"int.min": plain("int...", "int", "least of the arguments"),
	"int.max": plain("int...", "int", "greatest of the arguments"),
	"float.of_int": plain("int", "float", "conversion"),
	"float.of_str": site(
		"str",
		"float",
		"float(text); ValueError",
		"number parsing",
		"refuses text that is not wholly a number",
		"reads the leading number and ignores the rest",
	),
	"float.add": plain("float,float", "float", "binary64 sum"),
	"float.sub": plain("float,float", "float", "binary64 difference"),
	"float.mul": plain("float,float", "float", "binary64 product"),
	"float.div": plain("float,float", "float", "binary64 quotient; ZeroDivisionError"),
	"float.pow": plain("float,float", "float", "C pow"),
	"float.neg": plain("float", "float", "negation"),
	"float.abs": plain("float", "float", "absolute value"),
	"float.floor": plain("float", "int", "math.floor"),
	"float.ceil": plain("float", "int", "math.ceil"),
	"float.sqrt": plain("float", "float", "math.sqrt; ValueError below 0"),
	"float.min": plain("float...", "float", "least of the arguments"),
	"float.max": plain("float...", "float", "greatest of the arguments"),
	"float.floordiv": site(
		"float,float",
		"float",
		"CPython float floor division",
		"integer division",
		"floors the exact quotient",
		"floors the rounded quotient",
	),
	"float.mod": site(
		"float,float",
		"float",
		"CPython float modulo",
		"modulo of negatives",
		"takes the divisor's sign",
		"takes the dividend's sign",
	),
	"float.round": site(
		"float",
		"float",
		"round(x, detail.digits): correctly rounded decimal, ties by the binary value, half to even",
		"rounding",
		"rounds the exact binary value, ties to even",
		"multiplies, rounds half up, divides",
	),
	"float.round_int": site("float", "int", "round(x): half to even", "rounding", "rounds ties to even", "rounds ties up"),
	"float.sum": plain("list<float>", "float", "sum from left to right, uncompensated"),
	"int.sum": plain("list<int>", "int", "sum"),
	// Text. Lengths and positions count code points.
	"str.concat": plain("str,str", "str", "concatenation"),
	"str.repeat": plain("str,int", "str", "repetition; empty for n <= 0"),
	"str.len": plain("str", "int", "length"),
	"str.at": plain("str,int", "str", "text[i], negative from the end; IndexError"),
	"str.slice": plain("str,int?,int?", "str", "text[a:b]; a missing bound is a none constant"),
	"str.upper": plain("str", "str", "upper()"),
	"str.lower": plain("str", "str", "lower()"),
	"str.strip": plain("str", "str", "strip(); of detail.chars when given"),
	"str.lstrip": plain("str", "str", "lstrip()"),
	"str.rstrip": plain("str", "str", "rstrip()"),
	"str.ljust": plain("str,int", "str", "ljust(n), fill detail.chars or blank"),
	"str.rjust": plain("str,int", "str", "rjust(n), fill detail.chars or blank"),
	"str.zfill": plain("str,int", "str", "zfill(n), the sign stays first"),
	"str.split": plain("str,str?", "list<str>", "split(separator), on runs of blanks without one"),
	"str.join": plain("str,list<str>", "str", "separator.join(items)"),
	"str.replace": plain("str,str,str", "str", "replace all"),
	"str.starts_with": plain("str,str", "bool", "startswith"),
	"str.ends_with": plain("str,str", "bool", "endswith"),
	"str.contains": plain("str,str", "bool", "needle in text; args: text, needle"),
	"str.find": plain("str,str", "int", "find, -1 when absent"),
	"str.is_digit": plain("str", "bool", "isdigit(): not empty and all digits"),
	"str.is_alpha": plain("str", "bool", "isalpha()"),
	"str.is_alnum": plain("str", "bool", "isalnum()"),
	"str.count": plain("str,str", "int", "count of non-overlapping occurrences"),
	"str.ord": plain("str", "int", "code point of a single character"),
	"str.chr": plain("int", "str", "character of a code point"),
	"str.of_int": plain("int", "str", "str(n)"),
	"str.of_bool": plain("bool", "str", "True or False"),
	"str.of_float": site(
		"float",
		"str",
		"str(x): shortest round trip, always with a point or an exponent",
		"number format",
		"writes whole floats with .0 (3.0)",
		"writes whole numbers bare (3)",
	),
	"str.format_float": site(
		"float",
		"str",
		"format(x, detail.spec): fixed decimals, ties by the binary value, half to even; width, fill, comma grouping",
		"number format",
		"rounds exact ties to even",
		"rounds exact ties up",
	),
	"str.format_int": plain("int", "str", "format(n, detail.spec)"),
	"str.format_str": plain("str", "str", "format(s, detail.spec): width, fill, alignment"),
	"str.escape_xml": plain("str", "str", "xml.sax.saxutils.escape: & < > only"),
	"str.is_in": plain("str,list<str>", "bool", "item in a list or tuple"),
	"hash.hex": plain("str", "str", "hashlib.<detail.spec>(text.encode()).hexdigest(): md5, sha1, sha256"),
	// Comparisons; both operands have the type in the name. Chains are lowered to `and`.
	...comparisons("int"),
	...comparisons("float"),
	...comparisons("str"),
	...comparisons("date"),
	...comparisons("datetime"),
	"bool.eq": plain("bool,bool", "bool", "equality"),
	"bool.ne": plain("bool,bool", "bool", "inequality"),
	"optional.eq": plain("optional,optional", "bool", "equality where either may be none"),
	"optional.ne": plain("optional,optional", "bool", "inequality where either may be none"),
	"none.is": plain("any", "bool", "x is None"),
	"none.is_not": plain("any", "bool", "x is not None"),
	"int.is_in": plain("int,list<int>", "bool", "item in a list or tuple"),
	"optional.get": plain(
		"optional",
		"value",
		"the value itself; TypeError when it is none, as the source fails on None there (AttributeError when detail.spec says so)",
	),
	// Lists and tuples.
	"list.len": plain("list", "int", "length"),
	"list.at": plain("list,int", "item", "items[i], negative from the end; IndexError"),
	"list.slice": plain("list,int?,int?", "list", "items[a:b]; a missing bound is a none constant"),
	"tuple.at": plain("tuple,int", "item", "items[i] of a tuple; i is a constant within its bounds, never negative"),
	"list.append": plain("list,item", "none", "append, in place"),
	"list.concat": plain("list,list", "list", "concatenation"),
	"list.of": plain("iterable", "list", "list(iterable)"),
	"list.reversed": plain("list", "list", "reversed copy"),
	"list.sorted": plain("list,lambda?,bool", "list", "sorted(items, key, reverse), stable; key may be a none constant"),
	"list.any": plain("list<bool>", "bool", "any(); lazily over a generator"),
	"list.all": plain("list<bool>", "bool", "all(); lazily over a generator"),
	"list.min": plain("list", "item", "min(items); ValueError when empty"),
	"list.max": plain("list", "item", "max(items); ValueError when empty"),
	"list.enumerate": plain("list,int", "list<tuple>", "enumerate(items, start)"),
	"list.zip": plain("list,list", "list<tuple>", "zip"),
	"list.range": plain("int,int,int", "list<int>", "range(from, to, step)"),
	// Dicts keep insertion order.
	"dict.at": plain("dict,key", "value", "d[key]; KeyError"),
	"dict.get": plain("dict,key,value", "value", "d.get(key, default); default may be a none constant"),
	"dict.contains": plain("dict,key", "bool", "key in d"),
	"dict.len": plain("dict", "int", "length"),
	"dict.keys": site(
		"dict",
		"list",
		"keys in insertion order",
		"dictionary order",
		"visits keys in the order they were written",
		"visits whole-number keys in ascending order",
	),
	"dict.values": site(
		"dict",
		"list",
		"values in insertion order",
		"dictionary order",
		"visits keys in the order they were written",
		"visits whole-number keys in ascending order",
	),
	"dict.items": site(
		"dict",
		"list<tuple>",
		"pairs in insertion order",
		"dictionary order",
		"visits keys in the order they were written",
		"visits whole-number keys in ascending order",
	),
	// Dates. Proleptic Gregorian, no zone: what the source's naive values mean.
	"date.new": plain("int,int,int", "date", "date(y, m, d); ValueError"),
	"date.parse": site(
		"str",
		"date",
		"datetime.strptime(text, detail.format).date(); ValueError; %y: 69-99 -> 19xx, 00-68 -> 20xx",
		"two-digit year",
		"reads years 69-99 as 19xx and 00-68 as 20xx",
		"reads years 50-99 as 19xx and 00-49 as 20xx",
	),
	"date.of_iso": plain("str", "date", "date.fromisoformat; ValueError"),
	"date.today": plain("", "date", "date.today() by the clock port"),
	"date.iso": plain("date", "str", "YYYY-MM-DD"),
	"date.format": plain("date", "str", "strftime(detail.format)"),
	"date.year": plain("date", "int", "year"),
	"date.month": plain("date", "int", "month, 1-12"),
	"date.day": plain("date", "int", "day of the month"),
	"date.weekday": plain("date", "int", "Monday 0 ... Sunday 6"),
	"date.days_between": plain("date,date", "int", "(a - b).days"),
	"date.add_days": plain("date,int", "date", "date + timedelta(days=n); OverflowError"),
	"date.replace": plain("date,int,int,int", "date", "date(year, month, day) of replace(); ValueError"),
	"date.is_leap": plain("int", "bool", "calendar.isleap(year)"),
	"date.month_days": plain("int,int", "int", "calendar.monthrange(y, m)[1]"),
	"datetime.now": plain("", "datetime", "datetime.now() by the clock port"),
	"datetime.parse": plain("str", "datetime", "datetime.strptime(text, detail.format); ValueError"),
	"datetime.format": plain("datetime", "str", "strftime(detail.format)"),
	"datetime.date": plain("datetime", "date", "the date part"),
	"datetime.seconds_between": plain("datetime,datetime", "float", "(a - b).total_seconds()"),
	// Non-determinism, through ports that a test or a shadow can pin.
	"random.token_hex": plain("int", "str", "secrets.token_hex(n)"),
	"clock.time": plain("", "float", "time.time()"),
	"clock.sleep": plain("float", "none", "time.sleep(seconds)"),
	// The database connection is a value without content; one service has one connection.
	// detail.spec of db.connect: `explicit` (the source says BEGIN itself) or `implicit` (a transaction begins by itself before
	// the first insert, update or delete after the last commit or rollback, as sqlite3 does by default).
	"db.connect": plain("", "connection", "opens the legacy database"),
	"db.close": plain("connection", "none", "closes; an open transaction is rolled back"),
	"db.last_row_id": plain("connection", "int", "rowid of the last INSERT on this connection"),
	"db.row_count": plain("connection", "int", "rows changed by the last statement on this connection"),
} satisfies Record<string, Op>;

export type OpName = keyof typeof ops;

/** The drift of an operation, or undefined where idiom and exact meaning coincide. */
export function driftOf(op: string): Drift | undefined {
	return (ops as Record<string, Op>)[op]?.drift;
}

function comparisons<T extends string>(type: T): Record<`${T}.${"eq" | "ne" | "lt" | "le" | "gt" | "ge"}`, Op> {
	const names = { eq: "==", ne: "!=", lt: "<", le: "<=", gt: ">", ge: ">=" };
	const entries = Object.entries(names).map(([name, sign]) => [`${type}.${name}`, plain(`${type},${type}`, "bool", `a ${sign} b`)]);
	return Object.fromEntries(entries);
}
