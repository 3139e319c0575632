import type { Kind } from "./typed-random.ts";

/** Small functions of the source, one operation each, with the kinds of values that they are called with. */
export type Specimen = { name: string; source: string; kinds: Kind[] };

const lines = (text: string): string[] =>
	text
		.split("\n")
		.map((line) => line.trim())
		.filter((line) => line !== "");

/** `kinds: expression` with the parameters a, b, c. */
const expressions = lines(`
	any any: a + b
	numeric numeric: a + b
	any any: a - b
	numeric numeric: a - b
	any any: a * b if not (isinstance(a, int) and a > 5000 or isinstance(b, int) and b > 5000) else 0
	numeric numeric: a * b
	numeric numeric: a / b
	any any: a / b
	numeric numeric: a // b
	numeric numeric: a % b
	float float: a // b
	float float: a % b
	whole whole: (a // b, a % b, a / b)
	whole small: a ** b
	numeric numeric: divmod(a, b)
	whole small: a << b
	whole small: a >> b
	any any: a & b
	any any: a | b
	any any: a ^ b
	set set: (a & b, list(a | b), list(a - b), list(a ^ b))
	set set: (a < b, a <= b, a > b, a >= b, a == b)
	any: -a
	any: ~a
	any: +a
	any: not a
	any any: a == b
	any any: a != b
	any any: a < b
	any any: a <= b
	numeric numeric: (a < b, a <= b, a > b, a >= b, a == b)
	text text: (a < b, a <= b, a > b, a >= b)
	list list: a < b
	any any any: a < b < c
	any any: a in b
	any any: a not in b
	any any: a and b
	any any: a or b
	any any any: b if a else c
	any index: a[b]
	list index: a[b]
	any index index: a[b:c]
	list index index: a[::b]
	text index index: a[b::c]
	any: len(a)
	any: repr(a)
	any: str(a)
	float: repr(a)
	any: f"{a}|{a!r}|{a!s:>5}"
	float: f"{a:.2f}|{a:,.3f}|{a:e}|{a:g}|{a:10.1f}|{a:<8}|{a:+.1f}|{a:08.2f}|{a:%}"
	float: f"{a:.3e}|{a:.4g}|{a:.0f}|{a:^12.3f}|{a:_.1f}|{a:G}|{a:.10}"
	whole: f"{a:d}|{a:5}|{a:<5}|{a:^7}|{a:05}|{a:,}|{a:x}|{a:#X}|{a:b}|{a:+}|{a:o}|{a: d}|{a:_b}|{a:.1f}"
	text: f"{a:5}|{a:>5}|{a:^5}|{a:*<6}|{a:.2}"
	any: "%s|%r" % (a, a)
	any: "%d" % (a,)
	float: "%.2f|%5.1f|%e|%g|%+.0f|%-8.2f|" % (a, a, a, a, a, a)
	whole: "%d|%5d|%-5d|%05d|%x|%o|%+d" % (a, a, a, a, a, a, a)
	any any: "{} {1!r}".format(a, b)
	any any: "{} {!r:>8}".format(a, b)
	any any: "{0} {x} {0!r}".format(a, x=b)
	any: bool(a)
	any: int(a)
	any: float(a)
	text: int(a)
	text: float(a)
	text small: int(a, b + 8)
	any: abs(a)
	numeric: round(a)
	numeric small: round(a, b)
	float small: round(a, b)
	any: round(a)
	any: list(a)
	any: tuple(a)
	set: list(a)
	list: list(set(x for x in a if isinstance(x, (int, float)) and x == x))
	list: sorted(a)
	any: sorted(a)
	list: sorted(a, reverse=True)
	list: sorted(a, key=str)
	list: sorted(a, key=lambda x: (str(x), x))
	any: sum(a)
	list: sum(a)
	any: min(a)
	any: max(a)
	list: (max(a, key=str), min(a, key=lambda x: repr(x)))
	any any: max(a, b)
	any any: min(a, b)
	list: max(a, default=None)
	any: any(a)
	any: all(a)
	any: list(enumerate(a))
	any any: list(zip(a, b))
	any: list(reversed(a))
	any: list(map(str, a))
	any: list(filter(None, a))
	whole: (bin(a), oct(a), hex(a))
	any: bin(a)
	any: ord(a)
	whole: chr(a)
	any: hash(a) if isinstance(a, (int, float, bool)) and a == a else 0
	any: type(a) == int or type(a) is str
	any: isinstance(a, (int, list))
	any: type(a)
	small small small: list(range(a, b, c))
	small small: (list(range(a, b)), len(range(a, b)), range(a, b)[::-1])
	text: (a.upper(), a.lower(), a.title(), a.capitalize(), a.swapcase(), a.casefold())
	text: (a.isalpha(), a.isdigit(), a.isalnum(), a.isspace(), a.isupper(), a.islower(), a.istitle(), a.isnumeric(), a.isidentifier())
	text: (a.strip(), a.lstrip(), a.rstrip(), a.strip("a "), a.split(), a.splitlines())
	text text: a.split(b)
	text text: a.rsplit(b, 1)
	text text: a.split(b, 1)
	text small: (a.split(None, b), a.rsplit(None, b))
	text text: (a.partition(b), a.rpartition(b))
	text text: (a.find(b), a.rfind(b), a.count(b), a.startswith(b), a.endswith(b), b in a)
	text text index: a.find(b, c)
	text text index: a.count(b, c)
	text text: a.index(b)
	text text text: a.replace(b, c)
	text text small: a.replace(b, "xy", c)
	text small: (a.center(b + 6), a.ljust(b + 6, "*"), a.rjust(b + 6), a.zfill(b + 6))
	text list: a.join(b)
	text list: a.join(map(str, b))
	text text: (a.removeprefix(b), a.removesuffix(b))
	any: a.upper()
	any any: a.append(b)
	any any: a.count(b)
	any any: a.index(b)
	any any: a.get(b)
	any any any: a.get(b, c)
	any: a.items()
	dict: (list(a.keys()), list(a.values()), list(a.items()), a.copy())
	dict any: a.setdefault(b)
	dict any: a.pop(b)
	dict any: a.pop(b, None)
	dict: a.popitem()
	dict any: a.update(b)
	dict dict: a | b
	dict: {v: k for k, v in a.items()}
	dict: sorted(a.items())
	dict any: b in a
	any: dict(a)
	any: set(a) == set(a)
	list list: [x for x in a if x in b]
	list list: [(x, y) for x in a for y in b]
	list: {str(x): x for x in a}
	list: [*a, *a]
	list: (*a, 1)
	list any: a.remove(b)
	list index any: a.insert(b, c)
	list index: a.pop(b)
	list any: a.extend(b)
	list: a.sort()
	list: a.sort(key=lambda x: str(x), reverse=True)
	list: a.reverse()
	set any: a.add(b)
	set any: a.discard(b)
	set any: a.remove(b)
	set: a.pop()
	set any: a.union(b) if not isinstance(b, (str, list, tuple, dict)) else 0
	set set: (a.issubset(b), a.isdisjoint(b), a.issuperset(b))
	any any: (lambda x, y=2: (x, y))(a, b)
	any: next(iter(a))
	any: next(iter(a), "none")
	whole whole: pow(a, 3, b)
	any any: a is b if a is None or b is None else 0
	whole: (a.bit_length(), (-a).bit_length())
	float: a.is_integer()
	any: a.real
`);

/** Statements: the parameters a, b, c, and whatever they return. */
const bodies: [string, string][] = [
	["list index any", "a[b] = c\nreturn a"],
	["any index any", "a[b] = c\nreturn a"],
	["list index", "del a[b]\nreturn a"],
	["dict any", "del a[b]\nreturn a"],
	["list index any", "a[b:] = c\nreturn a"],
	["list index list", "a[b::2] = c\nreturn a"],
	["list index index", "del a[b:c]\nreturn a"],
	["list index", "del a[::b]\nreturn a"],
	["any any", "c = a\na += b\nreturn a, c is a if isinstance(a, list) else 0, c"],
	["any any", "a -= b\nreturn a"],
	["any small", "a *= b\nreturn a"],
	["any any", "a |= b\nreturn a"],
	["any any", "a &= b\nreturn a"],
	["numeric numeric", "a //= b\na %= 7\nreturn a"],
	["list", "total = 0\nfor x in a:\n    total += x\nreturn total"],
	["list", "for x in a:\n    if len(a) < 12:\n        a.append(x)\nreturn a"],
	["list", "for x in a:\n    a.remove(x)\nreturn a"],
	["dict", "for k in a:\n    a[str(k) + 'x'] = 1\nreturn a"],
	["dict", "for k in a:\n    del a[k]\nreturn a"],
	["set", "for k in a:\n    a.add(str(k) + 'x')\nreturn 1"],
	["any", "x, y = a\nreturn x, y"],
	["any", "x, *y = a\nreturn x, y"],
	["any", "*x, y, z = a\nreturn x, y, z"],
	[
		"list",
		"try:\n    x = a[0] + 1\nexcept IndexError as e:\n    return 'index', str(e)\nexcept TypeError as e:\n    return 'type', str(e)\nelse:\n    return x\nfinally:\n    a.append(0)",
	],
	[
		"any any",
		"try:\n    return a / b\nexcept ZeroDivisionError as e:\n    return e.args\nexcept (TypeError, OverflowError) as e:\n    raise ValueError('bad') from e",
	],
	["any", "if a:\n    x = 1\nreturn x"],
	["list", "for i in range(len(a)):\n    if a[i] == 1:\n        break\nelse:\n    return 'none'\nreturn i"],
	["any any", "a[0], a[1] = b, a[0]\nreturn a"],
	[
		"whole",
		"n = abs(a) % 50\ni = 0\nwhile True:\n    i += 1\n    if i % 3 == 0:\n        continue\n    if i > n:\n        break\nelse:\n    return 'never'\nreturn i",
	],
	["list", "fs = []\nfor x in a:\n    fs.append(lambda: x)\nreturn [f() for f in fs]"],
	["list", "return [f() for f in [lambda: x for x in a]]"],
	[
		"whole",
		"def count(n):\n    while n > 0:\n        yield n\n        n -= 1\n    return 'end'\ndef both(n):\n    end = yield from count(n)\n    yield end\nreturn list(both(a % 7))",
	],
	["any any", "def inner(x, y=3, *rest, z=1, **more):\n    return x, y, rest, z, more\nreturn inner(a, *b)"],
	["any dict", "def inner(x, y=3, *, z=1, **more):\n    return x, y, z, more\nreturn inner(a, **b)"],
	["any", "def inner(x, seen=[]):\n    seen.append(x)\n    return list(seen)\ninner(1)\nreturn inner(a)"],
	["any", "n = 0\ndef up():\n    nonlocal n\n    n += 1\n    return n\nup()\nreturn up(), n, a"],
	["any any", "print(a, b, sep='-')\nprint()\nreturn None"],
	["any", "raise KeyError(a)"],
	["any", "raise ValueError(a, 1)"],
	["any", "assert a, 'no ' + repr(a)\nreturn 1"],
	["any", "return (y := a), y"],
	["any any", "def f2(x, y):\n    return x\nreturn f2(a, b, 1)"],
	["any", "def f2(x, y, *, z):\n    return x\nreturn f2(a)"],
	["any", "def f2(x):\n    return x\nreturn f2(a, q=1)"],
	["any", "return a(1)"],
	["any", "return len(a, 1)"],
];

export const specimens: Specimen[] = [
	...expressions.map((line) => {
		const [head = "", ...rest] = line.split(": ");
		const text = rest.join(": ");
		return made(text, head, `return ${text}`);
	}),
	...bodies.map(([head, body]) => made(body, head, body)),
];

function made(name: string, head: string, body: string): Specimen {
	const kinds = head.split(" ") as Kind[];
	const params = ["a", "b", "c"].slice(0, kinds.length).join(", ");
	return { name, kinds, source: `def f(${params}):\n${body.replace(/^/gm, "    ")}\n` };
}
