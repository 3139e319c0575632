import { add, subtract } from "./arithmetic.ts";
import { call } from "./calls.ts";
import { lessThan, moreThan, same, sequencesEqual } from "./compare.ts";
import { dictPopitem, PyDict, updateDict } from "./dict.ts";
import { fail } from "./exceptions.ts";
import { positionOf, sizeArgument, wholeArgument } from "./indices.ts";
import { iterate } from "./iterate.ts";
import { keyOf } from "./keys.ts";
import { repr, shownOnce } from "./repr.ts";
import { truth } from "./truth.ts";
import { tupleOf } from "./tuple.ts";
import { isWhole, PyIterator, PyObject, typeName, type Value } from "./values.ts";

class PyCounter extends PyDict {
	override get typeName(): string {
		return "Counter";
	}
	override missing(): Value {
		return 0n;
	}
	override deleteItem(key: Value): void {
		this.entries.delete(keyOf(key));
	}
	/** The most common first, as far as the counts can be compared. */
	override repr(): string {
		if (this.entries.size === 0) return "Counter()";
		return `Counter({${mostCommon(this)
			.map(([key, value]) => `${repr(key)}: ${repr(value)}`)
			.join(", ")}})`;
	}
	override equals(other: Value): boolean | undefined {
		if (!(other instanceof PyCounter)) return super.equals(other);
		return [this, other].every((one) => [...one].every((key) => same(this.get(key) ?? 0n, other.get(key) ?? 0n)));
	}
	override binary(op: string, other: Value, reflected: boolean): Value | undefined {
		if (!(other instanceof PyCounter) || reflected) return undefined;
		const made = new PyCounter();
		for (const key of op === "&" ? [...this] : [...this, ...[...other].filter((one) => !this.contains(one))]) {
			const [left, right] = [this.get(key) ?? 0n, other.get(key) ?? 0n];
			let count: Value;
			if (op === "+") count = add(left, right);
			else if (op === "-") count = subtract(left, right);
			else if (op === "&") count = lessThan(left, right) ? left : right;
			else if (op === "|") count = lessThan(left, right) ? right : left;
			else return undefined;
			if (moreThan(count, 0n)) made.set(key, count);
		}
		return made;
	}
	override inPlace(op: string, other: Value): Value | undefined {
		const made = this.binary(op, other, false);
		if (!(made instanceof PyCounter)) return undefined;
		const kept = [...this].filter((key) => made.contains(key));
		const added = [...made].filter((key) => !this.contains(key));
		this.entries.clear();
		for (const key of [...kept, ...added]) this.set(key, made.get(key) ?? 0n);
		return this;
	}
}

function mostCommon(counter: PyCounter): [Value, Value][] {
	const pairs = [...counter.entries.values()].map(({ key, value }): [Value, Value] => [key, value]);
	return pairs.sort((a, b) => (lessThan(b[1], a[1]) ? -1 : lessThan(a[1], b[1]) ? 1 : 0));
}

/** collections.Counter(from, **more) */
export function collectionsCounter(from?: Value, more?: PyDict): PyDict {
	const made = new PyCounter();
	counterUpdate(made, from, more);
	return made;
}
export function counterUpdate(counter: PyDict, from?: Value, more?: PyDict): null {
	for (const source of [from ?? null, more ?? null]) {
		if (source instanceof PyDict) counterMerge(counter, source);
		else if (source !== null) for (const key of iterate(source)) counter.set(key, add(counter.get(key) ?? 0n, 1n));
	}
	return null;
}
/** Into an empty counter the values go as they are, whatever they are. */
function counterMerge(counter: PyDict, source: PyDict): void {
	const isEmpty = counter.entries.size === 0;
	for (const { key, value } of source.entries.values()) counter.set(key, isEmpty ? value : add(value, counter.get(key) ?? 0n));
}
export function counterSubtract(counter: PyDict, from?: Value, more?: PyDict): null {
	for (const source of [from ?? null, more ?? null]) {
		if (source instanceof PyDict)
			for (const { key, value } of source.entries.values()) counter.set(key, subtract(counter.get(key) ?? 0n, value));
		else if (source !== null) for (const key of iterate(source)) counter.set(key, subtract(counter.get(key) ?? 0n, 1n));
	}
	return null;
}
export function counterMostCommon(counter: PyCounter, count: Value = null): Value[] {
	const pairs = mostCommon(counter).map(([key, value]) => tupleOf(key, value));
	return count === null ? pairs : pairs.slice(0, Math.max(0, sizeArgument(count)));
}
export function counterElements(counter: PyDict): PyIterator {
	const items = [...counter.entries.values()].flatMap(({ key, value }) => Array.from({ length: Math.max(0, Number(value)) }, () => key));
	let at = 0;
	return new PyIterator("chain", () => items[at++]);
}
export function counterTotal(counter: PyDict): Value {
	let total: Value = 0n;
	for (const { value } of counter.entries.values()) total = add(total, value);
	return total;
}

class PyDefaultDict extends PyDict {
	readonly factory: Value;
	constructor(factory: Value) {
		super();
		this.factory = factory;
	}
	override get typeName(): string {
		return "defaultdict";
	}
	override missing(key: Value): Value {
		if (this.factory === null) return fail("KeyError", key);
		const made = call(this.factory, []);
		this.set(key, made);
		return made;
	}
	override repr(): string {
		return `defaultdict(${repr(this.factory)}, ${super.repr()})`;
	}
}
/** collections.defaultdict(factory, from) */
export function collectionsDefaultdict(factory: Value = null, from?: Value): PyDict {
	const made = new PyDefaultDict(factory);
	if (from !== undefined) updateDict(made, from);
	return made;
}

class PyOrderedDict extends PyDict {
	override get typeName(): string {
		return "OrderedDict";
	}
	override repr(): string {
		if (this.entries.size === 0) return "OrderedDict()";
		return `OrderedDict([${[...this.entries.values()].map(({ key, value }) => `(${repr(key)}, ${repr(value)})`).join(", ")}])`;
	}
	override equals(other: Value): boolean | undefined {
		const equal = super.equals(other);
		return equal && other instanceof PyOrderedDict ? sequencesEqual([...this], [...other]) : equal;
	}
}
/** collections.OrderedDict(from, **more) */
export function collectionsOrderedDict(from?: Value, more?: PyDict): PyDict {
	const made = new PyOrderedDict();
	if (from !== undefined) updateDict(made, from);
	if (more) updateDict(made, more);
	return made;
}
export function orderedDictMoveToEnd(dict: PyDict, key: Value, last: Value = true): null {
	const value = dict.getItem(key);
	const entry = dict.entries.get(keyOf(key)) ?? { key, value };
	dict.entries.delete(keyOf(key));
	const others = [...dict.entries];
	if (!truth(last)) dict.entries.clear();
	dict.entries.set(keyOf(key), entry);
	if (!truth(last)) for (const [id, other] of others) dict.entries.set(id, other);
	return null;
}
export function orderedDictPopitem(dict: PyDict, last: Value = true): Value {
	const [first] = dict.entries.values();
	if (!first) return fail("KeyError", "dictionary is empty");
	if (truth(last)) return dictPopitem(dict);
	dict.entries.delete(keyOf(first.key));
	return tupleOf(first.key, first.value);
}

/** A queue of two ends; with a limit, what is too much falls off the other end. */
class PyDeque extends PyObject {
	readonly typeName = "deque";
	readonly items: Value[];
	readonly limit: number | null;
	constructor(items: Value[], limit: number | null) {
		super();
		this.limit = limit;
		this.items = limit === null ? items : items.slice(Math.max(0, items.length - limit));
	}
	override repr(): string {
		const limit = this.limit === null ? "" : `, maxlen=${this.limit}`;
		return shownOnce(this, "[...]", () => `deque([${this.items.map(repr).join(", ")}]${limit})`);
	}
	override truth(): boolean {
		return this.items.length > 0;
	}
	override equals(other: Value): boolean | undefined {
		return other instanceof PyDeque ? sequencesEqual(this.items, other.items) : undefined;
	}
	override length(): number {
		return this.items.length;
	}
	override iterator(): Iterator<Value> {
		const { length } = this.items;
		let at = 0;
		return new PyIterator("_collections._deque_iterator", () => {
			if (this.items.length !== length) return fail("RuntimeError", "deque mutated during iteration");
			return this.items[at++];
		});
	}
	[Symbol.iterator](): Iterator<Value> {
		return this.iterator();
	}
	override contains(item: Value): boolean {
		return this.items.some((own) => same(own, item));
	}
	private at(key: Value): number {
		if (!isWhole(key)) return fail("TypeError", `sequence index must be integer, not '${typeName(key)}'`);
		const at = positionOf(key, this.items.length);
		return at < 0 ? fail("IndexError", "deque index out of range") : at;
	}
	override getItem(key: Value): Value {
		return this.items[this.at(key)] ?? null;
	}
	override setItem(key: Value, value: Value): void {
		this.items[this.at(key)] = value;
	}
	override deleteItem(key: Value): void {
		this.items.splice(this.at(key), 1);
	}
	override getAttribute(name: string): Value | undefined {
		if (name !== "maxlen") return undefined;
		return this.limit === null ? null : BigInt(this.limit);
	}
	override inPlace(op: string, other: Value): Value | undefined {
		if (op !== "+") return undefined;
		dequeExtend(this, other);
		return this;
	}
}
/** collections.deque(iterable, maxlen) */
export function collectionsDeque(from: Value = [], limit: Value = null): PyObject {
	return new PyDeque([...iterate(from)], limit === null ? null : Number(wholeArgument(limit)));
}
export function dequeAppend(deque: PyDeque, item: Value): null {
	deque.items.push(item);
	if (deque.limit !== null && deque.items.length > deque.limit) deque.items.shift();
	return null;
}
export function dequeAppendleft(deque: PyDeque, item: Value): null {
	deque.items.unshift(item);
	if (deque.limit !== null && deque.items.length > deque.limit) deque.items.pop();
	return null;
}
export function dequePop(deque: PyDeque): Value {
	const item = deque.items.pop();
	return item === undefined ? fail("IndexError", "pop from an empty deque") : item;
}
export function dequePopleft(deque: PyDeque): Value {
	const item = deque.items.shift();
	return item === undefined ? fail("IndexError", "pop from an empty deque") : item;
}
export function dequeExtend(deque: PyDeque, items: Value): null {
	for (const item of items === deque ? [...deque.items] : iterate(items)) dequeAppend(deque, item);
	return null;
}
export function dequeExtendleft(deque: PyDeque, items: Value): null {
	for (const item of items === deque ? [...deque.items] : iterate(items)) dequeAppendleft(deque, item);
	return null;
}
export function dequeClear(deque: PyDeque): null {
	deque.items.length = 0;
	return null;
}
export function dequeReverse(deque: PyDeque): null {
	deque.items.reverse();
	return null;
}
export const dequeCopy = (deque: PyDeque): PyDeque => new PyDeque(deque.items.slice(), deque.limit);
export const dequeCount = (deque: PyDeque, item: Value): bigint => BigInt(deque.items.filter((own) => same(own, item)).length);
export function dequeRotate(deque: PyDeque, steps: Value = 1n): null {
	const { items } = deque;
	const count =
		items.length === 0 ? 0 : Number(((wholeArgument(steps) % BigInt(items.length)) + BigInt(items.length)) % BigInt(items.length));
	items.unshift(...items.splice(items.length - count));
	return null;
}
export function dequeIndex(deque: PyDeque, item: Value): bigint {
	const at = deque.items.findIndex((own) => same(own, item));
	return at < 0 ? fail("ValueError", `${repr(item)} is not in deque`) : BigInt(at);
}
export function dequeRemove(deque: PyDeque, item: Value): null {
	const at = deque.items.findIndex((own) => same(own, item));
	if (at < 0) return fail("ValueError", `${repr(item)} is not in deque`);
	deque.items.splice(at, 1);
	return null;
}
export function dequeInsert(deque: PyDeque, index: Value, item: Value): null {
	if (deque.limit !== null && deque.items.length >= deque.limit) return fail("IndexError", "deque already at its maximum size");
	const at = sizeArgument(index);
	deque.items.splice(at < 0 ? Math.max(0, at + deque.items.length) : at, 0, item);
	return null;
}
