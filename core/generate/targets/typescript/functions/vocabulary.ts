/**
 * The names of the source's vocabulary that have an exact spelling here, and how each takes its arguments, in the notation of the source:
 * `a b= / c= *rest d= **more`. The helper of a method is `strUpper` for `str.upper`, of a library function `mathSqrt` for `math.sqrt`.
 */
type Parameters = Readonly<Record<string, string>>;

export const builtinParameters: Parameters = {
	abs: "x /",
	all: "iterable /",
	any: "iterable /",
	ascii: "obj /",
	bin: "number /",
	bool: "x= /",
	callable: "obj /",
	chr: "i /",
	dict: "from= / **more",
	divmod: "x y /",
	enumerate: "iterable start=",
	filter: "function iterable /",
	float: "x= /",
	format: "value spec= /",
	frozenset: "iterable= /",
	hash: "obj /",
	hex: "number /",
	int: "x= / base=",
	isinstance: "obj type /",
	issubclass: "cls type /",
	iter: "object /",
	len: "obj /",
	list: "iterable= /",
	map: "function / *iterables",
	max: "*values key= default=",
	min: "*values key= default=",
	next: "iterator default= /",
	oct: "number /",
	ord: "c /",
	pow: "base exp mod=",
	print: "*values sep= end=",
	range: "start stop= step= /",
	repr: "obj /",
	reversed: "sequence /",
	round: "number ndigits=",
	set: "iterable= /",
	sorted: "iterable / * key= reverse=",
	str: "object=",
	sum: "iterable / start=",
	tuple: "iterable= /",
	type: "object /",
	zip: "*iterables strict=",
};

/** Builtins whose helper has another name. */
export const builtinHelpers: Readonly<Record<string, string>> = { bool: "truth", str: "strOf", type: "typeOf" };

/** Builtins that are types: as values they can be compared with `type(x)`. */
export const builtinTypes: ReadonlySet<string> = new Set(
	"bool dict enumerate filter float frozenset int list map object range reversed set str tuple type zip".split(" "),
);

export const methodParameters: Readonly<Record<string, Parameters>> = {
	str: {
		...same("", "capitalize casefold isalnum isalpha isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle"),
		...same("", "isupper lower swapcase title upper"),
		...same("chars= /", "strip lstrip rstrip"),
		...same("sub start= end= /", "count find index rfind rindex startswith endswith"),
		...same("width fillchar= /", "center ljust rjust"),
		...same("sep= maxsplit=", "split rsplit"),
		...same("sep /", "partition rpartition"),
		...same("affix /", "removeprefix removesuffix"),
		expandtabs: "tabsize=",
		format: "*values **more",
		join: "iterable /",
		replace: "old new count= /",
		splitlines: "keepends=",
		zfill: "width /",
	},
	list: {
		append: "object /",
		clear: "",
		copy: "",
		count: "value /",
		extend: "iterable /",
		index: "value start= stop= /",
		insert: "index object /",
		pop: "index= /",
		remove: "value /",
		reverse: "",
		sort: "* key= reverse=",
	},
	tuple: { count: "value /", index: "value start= stop= /" },
	range: { count: "value /", index: "value /" },
	dict: {
		clear: "",
		copy: "",
		get: "key default= /",
		items: "",
		keys: "",
		pop: "key default= /",
		popitem: "",
		setdefault: "key default= /",
		update: "from= / **more",
		values: "",
	},
	set: {
		...same("", "clear copy pop"),
		...same("element /", "add discard remove"),
		...same("*others", "difference difference_update intersection intersection_update union update"),
		...same("other /", "isdisjoint issubset issuperset symmetric_difference symmetric_difference_update"),
	},
	int: { bit_length: "", bit_count: "" },
	float: { is_integer: "" },
	generator: { send: "value /", close: "" },
	deque: {
		...same("", "clear copy popleft pop reverse"),
		...same("item /", "append appendleft count remove"),
		...same("iterable /", "extend extendleft"),
		index: "value /",
		insert: "index value /",
		rotate: "n= /",
	},
	Counter: {
		elements: "",
		most_common: "n=",
		subtract: "from= / **more",
		total: "",
		update: "from= / **more",
	},
	OrderedDict: { move_to_end: "key last=", popitem: "last=" },
	Match: { group: "*groups", groupdict: "default=", groups: "default=", start: "group= /", end: "group= /", span: "group= /" },
	Pattern: {
		...same("string", "search match fullmatch findall finditer"),
		sub: "repl string count=",
		subn: "repl string count=",
		split: "string maxsplit=",
	},
};

export const libraryParameters: Parameters = {
	...same(
		"x /",
		`math.sqrt math.isqrt math.floor math.ceil math.trunc math.fabs math.isnan math.isinf math.isfinite math.factorial math.degrees
		math.radians math.modf math.frexp math.fsum    math.sin math.cos math.tan math.asin math.acos math.atan
		math.sinh math.cosh math.tanh math.log1p math.expm1`,
	),
	...same("x y /", "math.pow math.fmod math.copysign math.atan2 math.ldexp math.dist"),
	...same("*values", "math.gcd math.lcm math.hypot"),
	"math.comb": "n k /",
	"math.perm": "n k= /",
	"math.prod": "iterable / * start=",
	"math.isclose": "a b * rel_tol= abs_tol=",
	"collections.Counter": "from= / **more",
	"collections.defaultdict": "factory= from= /",
	"collections.OrderedDict": "from= / **more",
	"collections.deque": "iterable= maxlen=",
	...same("*iterables", "itertools.chain itertools.zip_longest"),
	"itertools.chain.from_iterable": "iterable /",
	...same("iterable r", "itertools.combinations itertools.combinations_with_replacement"),
	"itertools.permutations": "iterable r=",
	"itertools.product": "*iterables repeat=",
	"itertools.accumulate": "iterable func= * initial=",
	"itertools.groupby": "iterable key=",
	"itertools.islice": "iterable start stop= step= /",
	"itertools.count": "start= step=",
	"itertools.cycle": "iterable /",
	"itertools.repeat": "object times=",
	...same("function iterable /", "itertools.takewhile itertools.dropwhile itertools.starmap itertools.filterfalse"),
	"itertools.compress": "data selectors",
	"itertools.tee": "iterable n= /",
	"itertools.pairwise": "iterable /",
	"itertools.zip_longest": "*iterables fillvalue=",
	"functools.reduce": "function iterable initial= /",
	"functools.partial": "func / *args **more",
	"functools.cmp_to_key": "mycmp",
	"functools.lru_cache": "maxsize= typed=",
	"functools.cache": "user_function /",
	...same(
		"a b /",
		`operator.add operator.sub operator.mul operator.truediv operator.floordiv operator.mod operator.pow operator.eq operator.ne
		operator.lt operator.le operator.gt operator.ge operator.and_ operator.or_ operator.xor operator.contains`,
	),
	...same("a /", "operator.neg operator.not_"),
	"operator.itemgetter": "item / *items",
	...same("heap item /", "heapq.heappush heapq.heappushpop heapq.heapreplace"),
	...same("heap /", "heapq.heappop heapq.heapify"),
	...same("n iterable key=", "heapq.nlargest heapq.nsmallest"),
	"heapq.merge": "*iterables key= reverse=",
	...same(
		"a x lo= hi= * key=",
		"bisect.bisect bisect.bisect_left bisect.bisect_right bisect.insort bisect.insort_left bisect.insort_right",
	),
	...same("pattern string flags=", "re.search re.match re.fullmatch re.findall re.finditer"),
	...same("pattern repl string count= flags=", "re.sub re.subn"),
	"re.split": "pattern string maxsplit= flags=",
	"re.compile": "pattern flags=",
	"re.escape": "pattern",
	"copy.copy": "x",
	"copy.deepcopy": "x",
	"statistics.mean": "data",
	"statistics.median": "data",
	"statistics.mode": "data",
};

const quoted = (text: string) => JSON.stringify(text);
const lower = "abcdefghijklmnopqrstuvwxyz";
export const libraryConstants: Parameters = {
	"math.pi": "Math.PI",
	"math.e": "Math.E",
	"math.tau": "(2 * Math.PI)",
	"math.inf": "Number.POSITIVE_INFINITY",
	"math.nan": "Number.NaN",
	"sys.maxsize": "9223372036854775807n",
	"string.ascii_lowercase": quoted(lower),
	"string.ascii_uppercase": quoted(lower.toUpperCase()),
	"string.ascii_letters": quoted(lower + lower.toUpperCase()),
	"string.digits": quoted("0123456789"),
	"string.hexdigits": quoted("0123456789abcdefABCDEF"),
	"string.punctuation": quoted("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
	"string.whitespace": quoted(" \t\n\r\v\f"),
	"re.IGNORECASE": "2n",
	"re.I": "2n",
	"re.MULTILINE": "8n",
	"re.M": "8n",
	"re.DOTALL": "16n",
	"re.S": "16n",
	"re.VERBOSE": "64n",
	"re.X": "64n",
};

function same(parameters: string, names: string): Parameters {
	return Object.fromEntries(
		names
			.split(/\s+/)
			.filter((name) => name !== "")
			.map((name) => [name, parameters]),
	);
}

/** `str`, `is_upper` -> `strIsUpper`. */
export function helperName(...parts: string[]): string {
	const [first = "", ...rest] = parts.flatMap((part) => part.split(/[._]/)).filter((part) => part !== "");
	return first.slice(0, 1).toLowerCase() + first.slice(1) + rest.map((part) => part.slice(0, 1).toUpperCase() + part.slice(1)).join("");
}
