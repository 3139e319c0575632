import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compilerComplaints } from "../../generate/testing/loaded-service.ts";
import { recordVectors } from "../../generate/testing/vectors.ts";
import { compareSpecimens } from "./testing/compared.ts";
import { specimens } from "./testing/specimens.ts";
import { difference, type Translated, translate } from "./testing/translated.ts";

let root = "";
let count = 0;
beforeAll(() => {
	root = mkdtempSync(join(tmpdir(), "phoenix-functions-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function translated(source: string, name = "f"): Promise<Translated> {
	const made = await translate(join(root, `t${count++}`), source, name);
	if (Array.isArray(made)) throw new Error(`refused: ${made.map((one) => one.construct).join("; ")}`);
	return made;
}
const fileOf = (made: Translated, path: string): string => made.files[path] ?? "";

describe("a function in TypeScript", () => {
	it("does what CPython does, for every tenth of the specimens and values of every kind", async () => {
		const chosen = specimens.filter((_, at) => at % 10 === 3);
		const { differences, calls } = await compareSpecimens(join(root, "quick"), 1990, 40, chosen);
		expect(differences).toEqual([]);
		expect(calls).toBe(chosen.length * 40);
	});

	it("reads like TypeScript where the types are proven, and keeps names and words", async () => {
		const made = await translated(
			'def count_up(items, delete=2):\n    """How often the word stands there."""\n    total = 0\n    for i in range(10):\n        total += i * 2\n    result = []\n    result.append(total)\n    return result\n',
			"count_up",
		);
		expect(fileOf(made, "count-up.ts")).toBe(`import * as py from "./python.ts";

/** How often the word stands there. */
export function count_up(items: py.Value, delete_: py.Value = 2n): py.Value {
	let total = 0n;
	for (const i of py.range(10n)) {
		total += i * 2n;
	}
	const result: py.Value[] = [];
	result.push(total);
	return result;
}
py.signature(count_up, "count_up", "items delete=");
`);
	});

	it("emits of the runtime only what is used, and the strict compiler is content with all of it", async () => {
		const small = await translated("def f(n):\n    return n + 1\n");
		expect(Object.keys(small.files).filter((path) => path.startsWith("python/"))).not.toContain("python/format.ts");
		const dir = join(root, `t${count}`);
		await translated(
			"import re, math, heapq\nfrom collections import Counter, defaultdict, deque\nfrom functools import reduce\nimport itertools\n" +
				"class Point:\n    scale = 2\n    def __init__(self, x, y=0):\n        self.x = x\n        self.y = y\n    def __eq__(self, other):\n        return self.x == other.x\n    def size(self):\n        return math.sqrt(self.x ** 2 + self.y ** 2) * self.scale\n" +
				"class Bad(ValueError):\n    pass\n" +
				"def gen(n):\n    while n:\n        got = yield n\n        n -= got or 1\n" +
				"def f(items, *rest, key=None, **more):\n    counts = Counter(items)\n    queue = deque(items, maxlen=3)\n    table = defaultdict(list)\n    for i, x in enumerate(items):\n        table[x].append(i)\n" +
				"    try:\n        first, *others = items\n    except (ValueError, Bad) as e:\n        first, others = str(e), []\n    else:\n        queue.appendleft(first)\n    finally:\n        heap = list(others)\n" +
				"    heapq.heapify(heap)\n    p = Point(3, y=4)\n    p.x += 1\n    words = re.findall(r'\\w+', ' '.join(map(str, items)))\n    total = reduce(lambda a, b: a + b, [len(w) for w in words], 0)\n" +
				"    pairs = {a: b for a, b in itertools.combinations(items, 2) if a != b}\n    return counts, list(queue), dict(table), p.size(), p == Point(4), words, total, pairs, list(gen(3)), rest, key, more, f'{total:>5}'\n",
		);
		// What a declaration imports for one method of a class may be left over.
		const complaints = compilerComplaints(dir).split("\n");
		expect(complaints.filter((line) => line !== "" && !line.includes("TS6133"))).toEqual([]);
	}, 60_000);

	it("refuses by name what it cannot say exactly", async () => {
		const refused = await translate(join(root, "refused"), "import math\ndef f(x):\n    return math.gamma(x) + complex(x)\n", "f");
		expect(Array.isArray(refused) && refused.map((one) => one.construct)).toEqual(["math.gamma", "the builtin complex"]);
	});

	it("raises RecursionError where the stack ends, and goes a thousand frames deep", async () => {
		const source =
			"def f(n):\n    if n < 0:\n        try:\n            return g(0)\n        except RecursionError:\n            return 'too deep'\n    return 0 if n == 0 else 1 + f(n - 1)\ndef g(n):\n    return g(n + 1) + 1\n";
		const dir = join(root, `t${count}`);
		await translated(source);
		const run = spawnSync(process.execPath, [join(dir, "run-vectors.ts")], {
			cwd: dir,
			env: process.env,
			input: '{"args":[{"int":"900"}]}\n{"args":[{"int":"-1"}]}\n',
			encoding: "utf8",
		});
		expect(
			run.stdout
				.trim()
				.split("\n")
				.map((line) => JSON.parse(line).result),
		).toEqual([{ int: "900" }, "too deep"]);
	});

	it("keeps classes, closures and generators as they are in the source", async () => {
		const source =
			"class Stack:\n    made = 0\n    def __init__(self, items=()):\n        self.items = list(items)\n        Stack.made += 1\n    def push(self, x):\n        self.items.append(x)\n        return self\n    def __len__(self):\n        return len(self.items)\n    def __repr__(self):\n        return f'Stack({self.items})'\n    def __iter__(self):\n        return iter(self.items)\n    def __add__(self, other):\n        return Stack(self.items + other.items)\n    def __lt__(self, other):\n        return len(self) < len(other)\n" +
			"def f(xs):\n    s = Stack(xs).push(4)\n    both = s + Stack([9])\n    if len(both) > 6:\n        raise KeyError(repr(both))\n    return repr(both), len(s), list(both), s < both, Stack.made > 0, bool(Stack()), [x for x in s]\n";
		const made = await translated(source);
		const calls = [[], [1, 2], [1, 2, 3, 4, 5, 6]].map((items) => ({ args: [{ list: items.map((item) => ({ int: String(item) })) }] }));
		const [vectors] = recordVectors([{ source: source, function: "f", calls }]);
		if (!Array.isArray(vectors)) throw new Error(vectors);
		expect(vectors.map((vector) => difference(vector, made.run(vector)))).toEqual([null, null, null]);
	});
});
