import type { FExpr, ValueType } from "../../contract/function-ir.ts";

/** Result types of the vocabulary, where they do not depend on what the containers hold. */
const builtins: Readonly<Record<string, ValueType>> = {
	all: "bool",
	any: "bool",
	ascii: "str",
	bin: "str",
	bool: "bool",
	bytes: "bytes",
	callable: "bool",
	chr: "str",
	dict: "dict",
	divmod: "tuple",
	enumerate: "iterator",
	filter: "iterator",
	float: "float",
	format: "str",
	hasattr: "bool",
	hash: "int",
	hex: "str",
	id: "int",
	int: "int",
	isinstance: "bool",
	issubclass: "bool",
	len: "int",
	list: "list",
	map: "iterator",
	oct: "str",
	ord: "int",
	print: "none",
	range: "range",
	repr: "str",
	set: "set",
	sorted: "list",
	str: "str",
	tuple: "tuple",
	zip: "iterator",
};

const library: Readonly<Record<string, ValueType>> = Object.fromEntries([
	...each("float", "math.sqrt math.pow math.exp math.log math.log2 math.log10 math.log1p math.expm1 math.sin math.cos math.tan math.asin"),
	...each("float", "math.acos math.atan math.atan2 math.sinh math.cosh math.tanh math.hypot math.degrees math.radians math.fabs math.fmod"),
	...each("float", "math.copysign math.fsum math.dist math.gamma math.lgamma math.erf math.erfc math.ldexp"),
	...each("int", "math.isqrt math.gcd math.lcm math.factorial math.comb math.perm bisect.bisect bisect.bisect_left bisect.bisect_right"),
	...each("bool", "math.isclose math.isnan math.isinf math.isfinite"),
	...each("tuple", "math.modf math.frexp"),
	...each("list", "re.findall re.split heapq.nlargest heapq.nsmallest"),
	...each("str", "re.sub re.escape"),
	...each("none", "heapq.heappush heapq.heapify bisect.insort bisect.insort_left bisect.insort_right"),
]);

/** Methods that mean the same for every type that has them. */
const methods: Readonly<Record<string, ValueType>> = Object.fromEntries([
	...each(
		"str",
		"capitalize casefold center expandtabs ljust lower lstrip removeprefix removesuffix rjust rstrip strip swapcase title zfill",
	),
	...each("str", "upper join"),
	...each("list", "split rsplit splitlines"),
	...each(
		"bool",
		"endswith startswith isalnum isalpha isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper",
	),
	...each("int", "find rfind rindex bit_length bit_count"),
	...each("bytes", "encode"),
	...each("tuple", "partition rpartition"),
]);

function each(type: ValueType, names: string): [string, ValueType][] {
	return names.split(" ").map((name) => [name, type]);
}

export function builtinResult(call: Extract<FExpr, { kind: "builtin" }>, args: readonly (ValueType | null)[]): ValueType | null {
	const [first, second] = args;
	if (call.name === "abs") return first === "int" || first === "bool" ? "int" : first === "float" ? "float" : first === null ? null : "any";
	if (call.name === "round") {
		if (first === null) return null;
		if (call.args.length === 1) return first === "int" || first === "bool" || first === "float" ? "int" : "any";
		return second === "int" && (first === "int" || first === "float") ? first : "any";
	}
	return builtins[call.name] ?? "any";
}

export const libraryResult = (name: string): ValueType => library[name] ?? "any";

/** Of a value whose type is not known only `str` methods that no class of the unit could stand in for would tell; so the type is asked. */
export function methodResult(of: ValueType, name: string): ValueType {
	if (of === "str")
		return (
			methods[name] ??
			(name === "count" || name === "index" ? "int" : name === "replace" || name === "format" || name === "translate" ? "str" : "any")
		);
	if (of === "list" || of === "tuple" || of === "range")
		return name === "count" || name === "index" ? "int" : name === "copy" ? "list" : listMethods.has(name) ? "none" : "any";
	return "any";
}
const listMethods = new Set("append clear extend insert remove reverse sort".split(" "));
