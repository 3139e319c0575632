/**
 * The builtins, methods and library functions that a `FunctionUnit` may name: the closed vocabulary of front end and back ends.
 * A front end refuses what is not here; a back end refuses, by the same name, what it has no exact spelling for.
 * The meaning of each is CPython's (3.8 and later, `FunctionUnit.source.dialect` where versions differ).
 */
const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter((word) => word !== ""));

export const pythonBuiltins = words(`
	abs all any ascii bin bool bytes callable chr complex dict divmod enumerate filter float format frozenset hasattr hash hex id int isinstance
	issubclass iter len list map max min next object oct ord pow print range repr reversed round set slice sorted str sum tuple type zip
`);

/** Classes that can be raised, caught and made. Their place in the hierarchy is `parent`. */
export const pythonExceptions: Readonly<Record<string, string>> = {
	BaseException: "",
	Exception: "BaseException",
	KeyboardInterrupt: "BaseException",
	SystemExit: "BaseException",
	GeneratorExit: "BaseException",
	ArithmeticError: "Exception",
	FloatingPointError: "ArithmeticError",
	OverflowError: "ArithmeticError",
	ZeroDivisionError: "ArithmeticError",
	AssertionError: "Exception",
	AttributeError: "Exception",
	BufferError: "Exception",
	EOFError: "Exception",
	ImportError: "Exception",
	ModuleNotFoundError: "ImportError",
	LookupError: "Exception",
	IndexError: "LookupError",
	KeyError: "LookupError",
	MemoryError: "Exception",
	NameError: "Exception",
	UnboundLocalError: "NameError",
	OSError: "Exception",
	FileNotFoundError: "OSError",
	PermissionError: "OSError",
	TimeoutError: "OSError",
	ConnectionError: "OSError",
	RuntimeError: "Exception",
	NotImplementedError: "RuntimeError",
	RecursionError: "RuntimeError",
	StopIteration: "Exception",
	TypeError: "Exception",
	ValueError: "Exception",
	UnicodeError: "ValueError",
	UnicodeDecodeError: "UnicodeError",
	UnicodeEncodeError: "UnicodeError",
};

/** Methods by the type of the value. */
export const pythonMethods: Readonly<Record<string, ReadonlySet<string>>> = {
	int: words("bit_length bit_count conjugate"),
	float: words("is_integer as_integer_ratio hex conjugate"),
	complex: words("conjugate"),
	str: words(`
		capitalize casefold center count encode endswith expandtabs find format index isalnum isalpha isascii isdecimal isdigit isidentifier
		islower isnumeric isprintable isspace istitle isupper join ljust lower lstrip maketrans partition removeprefix removesuffix replace rfind
		rindex rjust rpartition rsplit rstrip split splitlines startswith strip swapcase title translate upper zfill
	`),
	bytes: words("decode hex"),
	list: words("append clear copy count extend index insert pop remove reverse sort"),
	tuple: words("count index"),
	range: words("count index"),
	dict: words("clear copy get items keys pop popitem setdefault update values fromkeys"),
	set: words(`
		add clear copy difference difference_update discard intersection intersection_update isdisjoint issubset issuperset pop remove
		symmetric_difference symmetric_difference_update union update
	`),
	Counter: words("elements most_common subtract total update"),
	deque: words("append appendleft clear copy count extend extendleft index insert pop popleft remove reverse rotate"),
	OrderedDict: words("move_to_end popitem"),
	Match: words("group groups start end span groupdict"),
	Pattern: words("search match fullmatch findall finditer sub subn split"),
	generator: words("send close"),
	hash: words("digest hexdigest update"),
};

/** Functions and constants by dotted name. `from math import sqrt` names the same. */
export const pythonLibrary = words(`
	math.pi math.e math.tau math.inf math.nan math.sqrt math.isqrt math.floor math.ceil math.trunc math.pow math.exp math.log math.log2
	math.log10 math.log1p math.expm1 math.sin math.cos math.tan math.asin math.acos math.atan math.atan2 math.sinh math.cosh math.tanh math.hypot
	math.degrees math.radians math.gcd math.lcm math.factorial math.comb math.perm math.prod math.fabs math.fmod math.modf math.frexp math.ldexp
	math.copysign math.isclose math.isnan math.isinf math.isfinite math.fsum math.dist math.gamma math.lgamma math.erf math.erfc
	cmath.phase cmath.polar cmath.rect cmath.sqrt
	collections.Counter collections.defaultdict collections.OrderedDict collections.deque collections.ChainMap
	itertools.chain itertools.chain.from_iterable itertools.combinations itertools.combinations_with_replacement itertools.permutations
	itertools.product itertools.accumulate itertools.groupby itertools.zip_longest itertools.islice itertools.count itertools.cycle
	itertools.repeat itertools.takewhile itertools.dropwhile itertools.starmap itertools.tee itertools.compress itertools.filterfalse itertools.pairwise
	functools.reduce functools.partial functools.cmp_to_key functools.lru_cache functools.cache functools.wraps
	operator.add operator.sub operator.mul operator.truediv operator.floordiv operator.mod operator.pow operator.neg operator.eq operator.ne
	operator.lt operator.le operator.gt operator.ge operator.and_ operator.or_ operator.xor operator.not_ operator.itemgetter operator.contains
	heapq.heappush heapq.heappop heapq.heapify heapq.heappushpop heapq.heapreplace heapq.nlargest heapq.nsmallest heapq.merge
	bisect.bisect bisect.bisect_left bisect.bisect_right bisect.insort bisect.insort_left bisect.insort_right
	re.search re.match re.fullmatch re.findall re.finditer re.sub re.subn re.split re.compile re.escape re.IGNORECASE re.I re.MULTILINE re.M
	re.DOTALL re.S re.VERBOSE re.X
	string.ascii_lowercase string.ascii_uppercase string.ascii_letters string.digits string.punctuation string.whitespace string.hexdigits
	copy.copy copy.deepcopy sys.maxsize hashlib.md5 hashlib.sha1 hashlib.sha256 hashlib.sha512
	statistics.mean statistics.median statistics.mode fractions.gcd
`);
