import { add, bitAnd, bitOr, bitXor, divide, floorDivide, multiply, negate, subtract } from "./arithmetic.ts";
import { call } from "./calls.ts";
import { compareRich, lessThan } from "./compare.ts";
import { dictOf, PyDict } from "./dict.ts";
import { fail, notTranslated } from "./exceptions.ts";
import { modulo } from "./format.ts";
import { sizeArgument } from "./indices.ts";
import { contains, item } from "./items.ts";
import { iter, iterate } from "./iterate.ts";
import { keyText } from "./keys.ts";
import { sorted } from "./list.ts";
import { power } from "./power.ts";
import { truth } from "./truth.ts";
import { PyTuple } from "./tuple.ts";
import { type CompareOp, type Keywords, PyIterator, PyObject, type Value } from "./values.ts";

/** functools.reduce(fn, values, initial) */
export function functoolsReduce(fn: Value, values: Value, initial?: Value): Value {
	let total = initial;
	for (const value of iterate(values)) total = total === undefined ? value : call(fn, [total, value]);
	return total === undefined ? fail("TypeError", "reduce() of empty iterable with no initial value") : total;
}

/** What is called with arguments of its own before those that are given. */
class PyApplied extends PyObject {
	readonly typeName: string;
	private readonly run: (args: readonly Value[], keywords: Keywords) => Value;
	constructor(typeName: string, run: (args: readonly Value[], keywords: Keywords) => Value) {
		super();
		this.typeName = typeName;
		this.run = run;
	}
	override call(args: readonly Value[], keywords: Keywords): Value {
		return this.run(args, keywords);
	}
	override key(): unknown {
		return this;
	}
}
export function functoolsPartial(fn: Value, args: readonly Value[], named: PyDict): Value {
	const own = Object.fromEntries([...named.entries.values()].map(({ key, value }) => [String(key), value]));
	return new PyApplied("functools.partial", (more, keywords) => call(fn, [...args, ...more], { ...own, ...keywords }));
}
/** Each distinct call once. */
export function functoolsCache(fn: Value): Value {
	const known = new Map<string, Value>();
	return new PyApplied("functools._lru_cache_wrapper", (args, keywords) => {
		const named = Object.entries(keywords).map(([name, value]) => `${name}=${keyText(value)}`);
		const key = [...args.map(keyText), ...named].join(",");
		const found = known.get(key);
		if (found !== undefined) return found;
		const made = call(fn, args, keywords);
		known.set(key, made);
		return made;
	});
}
/** `@lru_cache` and `@lru_cache(maxsize)`: which calls are kept changes no result of a function without effects. */
export function functoolsLruCache(maxsize: Value = 128n): Value {
	if (typeof maxsize === "function") return functoolsCache(maxsize);
	return new PyApplied("function", ([fn]) => functoolsCache(fn ?? null));
}
class PyCompared extends PyObject {
	readonly typeName = "functools.KeyWrapper";
	readonly value: Value;
	private readonly by: Value;
	constructor(value: Value, by: Value) {
		super();
		this.value = value;
		this.by = by;
	}
	override order(op: CompareOp, other: Value): Value | undefined {
		return other instanceof PyCompared ? compareRich(op, call(this.by, [this.value, other.value]), 0n) : undefined;
	}
}
export function functoolsCmpToKey(by: Value): Value {
	return new PyApplied("functools.KeyWrapper", ([value]) => new PyCompared(value ?? null, by));
}

export const operatorAdd = (a: Value, b: Value): Value => add(a, b);
export const operatorSub = (a: Value, b: Value): Value => subtract(a, b);
export const operatorMul = (a: Value, b: Value): Value => multiply(a, b);
export const operatorTruediv = (a: Value, b: Value): Value => divide(a, b);
export const operatorFloordiv = (a: Value, b: Value): Value => floorDivide(a, b);
export const operatorMod = (a: Value, b: Value): Value => modulo(a, b);
export const operatorPow = (a: Value, b: Value): Value => power(a, b);
export const operatorAnd = (a: Value, b: Value): Value => bitAnd(a, b);
export const operatorOr = (a: Value, b: Value): Value => bitOr(a, b);
export const operatorXor = (a: Value, b: Value): Value => bitXor(a, b);
export const operatorNeg = (a: Value): Value => negate(a);
export const operatorNot = (a: Value): boolean => !truth(a);
export const operatorEq = (a: Value, b: Value): Value => compareRich("==", a, b);
export const operatorNe = (a: Value, b: Value): Value => compareRich("!=", a, b);
export const operatorLt = (a: Value, b: Value): Value => compareRich("<", a, b);
export const operatorLe = (a: Value, b: Value): Value => compareRich("<=", a, b);
export const operatorGt = (a: Value, b: Value): Value => compareRich(">", a, b);
export const operatorGe = (a: Value, b: Value): Value => compareRich(">=", a, b);
export const operatorContains = (a: Value, b: Value): boolean => contains(a, b);
export function operatorItemgetter(first: Value, ...more: Value[]): Value {
	return new PyApplied("operator.itemgetter", ([of]) => {
		const from = of ?? null;
		return more.length === 0 ? item(from, first) : new PyTuple([first, ...more].map((key) => item(from, key)));
	});
}

// CPython's heapq.py: which of equal items comes first depends on these very steps.
function siftDown(heap: Value[], start: number, from: number): void {
	const one = heap[from] ?? null;
	let at = from;
	while (at > start) {
		const parent = (at - 1) >> 1;
		if (!lessThan(one, heap[parent] ?? null)) break;
		heap[at] = heap[parent] ?? null;
		at = parent;
	}
	heap[at] = one;
}
function siftUp(heap: Value[], from: number): void {
	const one = heap[from] ?? null;
	let at = from;
	for (let child = 2 * at + 1; child < heap.length; child = 2 * at + 1) {
		if (child + 1 < heap.length && !lessThan(heap[child] ?? null, heap[child + 1] ?? null)) child++;
		heap[at] = heap[child] ?? null;
		at = child;
	}
	heap[at] = one;
	siftDown(heap, from, at);
}
const heapOf = (heap: Value): Value[] => (Array.isArray(heap) ? heap : fail("TypeError", "heap argument must be a list"));
export function heapqHeappush(given: Value, value: Value): null {
	const heap = heapOf(given);
	heap.push(value);
	siftDown(heap, 0, heap.length - 1);
	return null;
}
export function heapqHeappop(given: Value): Value {
	const heap = heapOf(given);
	const last = heap.pop();
	if (last === undefined) return fail("IndexError", "index out of range");
	return heap.length === 0 ? last : replaced(heap, last);
}
function replaced(heap: Value[], value: Value): Value {
	const least = heap[0] ?? null;
	heap[0] = value;
	siftUp(heap, 0);
	return least;
}
export function heapqHeapreplace(given: Value, value: Value): Value {
	const heap = heapOf(given);
	return heap.length === 0 ? fail("IndexError", "index out of range") : replaced(heap, value);
}
export function heapqHeappushpop(given: Value, value: Value): Value {
	const heap = heapOf(given);
	return heap.length > 0 && lessThan(heap[0] ?? null, value) ? replaced(heap, value) : value;
}
export function heapqHeapify(given: Value): null {
	const heap = heapOf(given);
	for (let at = (heap.length >> 1) - 1; at >= 0; at--) siftUp(heap, at);
	return null;
}
/** The documentation promises sorted(values, key, reverse)[:n]; of none, nothing is asked. */
export function heapqNlargest(count: Value, values: Value, key: Value = null): Value[] {
	const wanted = sizeArgument(count);
	return wanted > 0 ? sorted(values, key, true).slice(0, wanted) : [];
}
export function heapqNsmallest(count: Value, values: Value, key: Value = null): Value[] {
	const wanted = sizeArgument(count);
	return wanted > 0 ? sorted(values, key).slice(0, wanted) : [];
}
/** Lazy: an iterable is asked for its next item when that of before is used up. Of equal items, the earlier iterable's comes first. */
export function heapqMerge(iterables: readonly Value[], key: Value = null, reverse: Value = false): Value {
	const backwards = truth(reverse);
	const sources = iterables.map((one) => ({ source: iter(one), head: undefined as Value | undefined, key: null as Value, done: false }));
	let last: (typeof sources)[number] | null = null;
	const advance = (one: (typeof sources)[number]): void => {
		const step = one.source.next();
		one.done = step.done === true;
		one.head = step.done ? undefined : step.value;
		one.key = key === null || step.done ? (one.head ?? null) : call(key, [step.value]);
	};
	let started = false;
	return new PyIterator("generator", () => {
		if (!started) for (const one of sources) advance(one);
		else if (last) advance(last);
		started = true;
		last = null;
		for (const one of sources) {
			if (one.done) continue;
			if (last === null || (backwards ? lessThan(last.key, one.key) : lessThan(one.key, last.key))) last = one;
		}
		return last?.head;
	});
}

function bisected(items: Value, x: Value, from: Value, to: Value, key: Value, right: boolean): number {
	const of = (value: Value): Value => (key === null ? value : call(key, [value]));
	let low = sizeArgument(from);
	if (low < 0) return fail("ValueError", "lo must be non-negative");
	let high = to === null ? (Array.isArray(items) ? items.length : [...iterate(items)].length) : sizeArgument(to);
	while (low < high) {
		const middle = (low + high) >> 1;
		const own = of(item(items, BigInt(middle)));
		if (right ? lessThan(x, own) : !lessThan(own, x)) high = middle;
		else low = middle + 1;
	}
	return low;
}
export const bisectBisectLeft = (items: Value, x: Value, from: Value = 0n, to: Value = null, key: Value = null): bigint =>
	BigInt(bisected(items, x, from, to, key, false));
export const bisectBisectRight = (items: Value, x: Value, from: Value = 0n, to: Value = null, key: Value = null): bigint =>
	BigInt(bisected(items, x, from, to, key, true));
export const bisectBisect = bisectBisectRight;
function insorted(items: Value, x: Value, from: Value, to: Value, key: Value, right: boolean): null {
	const at = bisected(items, key === null ? x : call(key, [x]), from, to, key, right);
	if (Array.isArray(items)) items.splice(at, 0, x);
	return null;
}
export const bisectInsortLeft = (items: Value, x: Value, from: Value = 0n, to: Value = null, key: Value = null): null =>
	insorted(items, x, from, to, key, false);
export const bisectInsortRight = (items: Value, x: Value, from: Value = 0n, to: Value = null, key: Value = null): null =>
	insorted(items, x, from, to, key, true);
export const bisectInsort = bisectInsortRight;

/** copy.copy(value) */
export function copyCopy(value: Value): Value {
	if (Array.isArray(value)) return value.slice();
	if (value instanceof PyDict && value.typeName === "dict")
		return dictOf(...[...value.entries.values()].map((entry) => [entry.key, entry.value] as const));
	return plainValue(value) ? value : notTranslated("a copy of what is no list, tuple or dict");
}
const plainValue = (value: Value): boolean => typeof value !== "object" || value === null || value instanceof PyTuple;
/** copy.deepcopy(value): what is held twice stays held twice. */
export function copyDeepcopy(value: Value, known = new Map<Value, Value>()): Value {
	const found = known.get(value);
	if (found !== undefined) return found;
	if (Array.isArray(value)) {
		const made: Value[] = [];
		known.set(value, made);
		for (const one of value) made.push(copyDeepcopy(one, known));
		return made;
	}
	if (value instanceof PyTuple) return new PyTuple(value.items.map((one) => copyDeepcopy(one, known)));
	if (value instanceof PyDict && value.typeName === "dict") {
		const made = new PyDict();
		known.set(value, made);
		for (const entry of value.entries.values()) made.set(copyDeepcopy(entry.key, known), copyDeepcopy(entry.value, known));
		return made;
	}
	return plainValue(value) ? value : notTranslated("a copy of what is no list, tuple or dict");
}
