import { equals } from "./compare.ts";
import { fail } from "./exceptions.ts";
import { iterate } from "./iterate.ts";
import { keyOf } from "./keys.ts";
import { repr, shownOnce } from "./repr.ts";
import { tupleOf } from "./tuple.ts";
import { iteratorOf, PyIterator, PyObject, typeName, type Value } from "./values.ts";

export type Entry = { key: Value; value: Value };

export class PyDict extends PyObject {
	readonly entries = new Map<unknown, Entry>();
	get typeName(): string {
		return "dict";
	}
	get(key: Value): Value | undefined {
		return this.entries.get(keyOf(key))?.value;
	}
	/** An equal key that is there already stays. */
	set(key: Value, value: Value): void {
		const id = keyOf(key);
		const entry = this.entries.get(id);
		if (entry) entry.value = value;
		else this.entries.set(id, { key, value });
	}
	override repr(): string {
		return shownOnce(
			this,
			"{...}",
			() => `{${[...this.entries.values()].map(({ key, value }) => `${repr(key)}: ${repr(value)}`).join(", ")}}`,
		);
	}
	override truth(): boolean {
		return this.entries.size > 0;
	}
	override equals(other: Value): boolean | undefined {
		if (!(other instanceof PyDict)) return undefined;
		if (this.entries.size !== other.entries.size) return false;
		for (const [id, { value }] of this.entries) {
			const entry = other.entries.get(id);
			if (!entry || !(entry.value === value || equals(value, entry.value))) return false;
		}
		return true;
	}
	override length(): number {
		return this.entries.size;
	}
	override iterator(): Iterator<Value> {
		return this.walk("dict_keyiterator", (entry) => entry.key);
	}
	[Symbol.iterator](): Iterator<Value> {
		return this.iterator();
	}
	/** Walks the entries as long as their number stays. */
	walk(name: string, give: (entry: Entry) => Value): PyIterator {
		const size = this.entries.size;
		const source = this.entries.values();
		let left = size;
		let done = false;
		return new PyIterator(name, () => {
			if (done) return undefined;
			if (this.entries.size !== size) {
				done = true;
				return fail("RuntimeError", "dictionary changed size during iteration");
			}
			const step = source.next();
			done = step.done === true;
			if (step.done) return undefined;
			if (left-- === 0) return fail("RuntimeError", "dictionary keys changed during iteration");
			return give(step.value);
		});
	}
	override contains(key: Value): boolean {
		return this.entries.has(keyOf(key));
	}
	/** What a key that is not there gives; a subclass may make it. */
	missing(key: Value): Value {
		return fail("KeyError", key);
	}
	override getItem(key: Value): Value {
		const entry = this.entries.get(keyOf(key));
		return entry ? entry.value : this.missing(key);
	}
	override setItem(key: Value, value: Value): void {
		this.set(key, value);
	}
	override deleteItem(key: Value): void {
		if (!this.entries.delete(keyOf(key))) fail("KeyError", key);
	}
	override binary(op: string, other: Value, reflected: boolean): Value | undefined {
		if (op !== "|" || !(other instanceof PyDict)) return undefined;
		return reflected ? dictOf(...pairsOf(other), ...pairsOf(this)) : dictOf(...pairsOf(this), ...pairsOf(other));
	}
	override inPlace(op: string, other: Value): Value | undefined {
		if (op !== "|") return undefined;
		updateDict(this, other);
		return this;
	}
}

const pairsOf = (from: PyDict): [Value, Value][] => [...from.entries.values()].map(({ key, value }) => [key, value]);

/** A dict of these entries, in this order. */
export function dictOf(...entries: (readonly [Value, Value])[]): PyDict {
	const made = new PyDict();
	for (const [key, value] of entries) made.set(key, value);
	return made;
}

/** A dict of the entries that are walked. */
export function dictFrom(entries: Iterable<readonly [Value, Value]>): PyDict {
	const made = new PyDict();
	for (const [key, value] of entries) made.set(key, value);
	return made;
}

/** The entries of `**value` in a display or call. */
export function entriesOf(value: Value): [Value, Value][] {
	if (value instanceof PyDict) return pairsOf(value);
	return fail("TypeError", `'${typeName(value)}' object is not a mapping`);
}

/** dict.update(from): another dict, or pairs. */
export function updateDict(target: PyDict, from: Value): void {
	if (from instanceof PyDict) {
		for (const { key, value } of [...from.entries.values()]) target.set(key, value);
		return;
	}
	let at = 0;
	for (const pair of iterate(from)) {
		if (!Array.isArray(pair) && typeof pair !== "string" && !(pair instanceof PyObject && pair.iterator))
			fail("TypeError", `cannot convert dictionary update sequence element #${at} to a sequence`);
		const items = [...iterate(pair)];
		const [key, value] = items;
		if (key === undefined || value === undefined || items.length !== 2)
			fail("ValueError", `dictionary update sequence element #${at} has length ${items.length}; 2 is required`);
		target.set(key, value);
		at++;
	}
}

/** dict(from, **keywords) */
export function dict(from?: Value, keywords?: PyDict): PyDict {
	const made = new PyDict();
	if (from !== undefined) updateDict(made, from);
	if (keywords) updateDict(made, keywords);
	return made;
}

/** keys(), values() and items(): they see later changes of the dict. */
export class PyDictView extends PyObject {
	readonly typeName: string;
	readonly of: PyDict;
	private readonly give: (entry: Entry) => Value;
	constructor(of: PyDict, kind: "keys" | "values" | "items") {
		super();
		this.typeName = `${of.typeName === "OrderedDict" ? "odict" : "dict"}_${kind}`;
		this.of = of;
		this.give = kind === "keys" ? ({ key }) => key : kind === "values" ? ({ value }) => value : ({ key, value }) => tupleOf(key, value);
	}
	override repr(): string {
		return `${this.typeName}([${[...this.of.entries.values()].map((entry) => repr(this.give(entry))).join(", ")}])`;
	}
	override truth(): boolean {
		return this.of.entries.size > 0;
	}
	override length(): number {
		return this.of.entries.size;
	}
	override iterator(): Iterator<Value> {
		return this.of.walk(`${this.typeName.replace(/s$/, "")}iterator`, this.give);
	}
	[Symbol.iterator](): Iterator<Value> {
		return this.iterator();
	}
	override contains(item: Value): boolean {
		if (this.typeName.endsWith("keys")) return this.of.contains(item);
		return [...this.of.entries.values()].some((entry) => equals(this.give(entry), item));
	}
}

export const dictKeys = (from: PyDict): PyDictView => new PyDictView(from, "keys");
export const dictValues = (from: PyDict): PyDictView => new PyDictView(from, "values");
export const dictItems = (from: PyDict): PyDictView => new PyDictView(from, "items");

export function dictReversed(from: PyDict): PyIterator {
	return iteratorOf(
		"dict_reversekeyiterator",
		[...from.entries.values()]
			.map(({ key }) => key)
			.reverse()
			[Symbol.iterator](),
	);
}
export function dictGet(from: PyDict, key: Value, otherwise: Value = null): Value {
	return from.get(key) ?? (from.contains(key) ? null : otherwise);
}
export function dictSetdefault(from: PyDict, key: Value, otherwise: Value = null): Value {
	if (!from.contains(key)) from.set(key, otherwise);
	return from.get(key) ?? null;
}
export function dictPop(from: PyDict, key: Value, otherwise?: Value): Value {
	// An empty dict does not even look whether the key can be one.
	const entry = from.entries.size === 0 ? undefined : from.entries.get(keyOf(key));
	if (!entry) return otherwise === undefined ? fail("KeyError", key) : otherwise;
	from.entries.delete(keyOf(key));
	return entry.value;
}
export function dictPopitem(from: PyDict): Value {
	const last = [...from.entries.entries()].at(-1);
	if (!last) return fail("KeyError", "popitem(): dictionary is empty");
	from.entries.delete(last[0]);
	return tupleOf(last[1].key, last[1].value);
}
export function dictClear(from: PyDict): null {
	from.entries.clear();
	return null;
}
export function dictCopy(from: PyDict): PyDict {
	return dictOf(...pairsOf(from));
}
export function dictUpdate(target: PyDict, from?: Value, keywords?: PyDict): null {
	if (from !== undefined) updateDict(target, from);
	if (keywords) updateDict(target, keywords);
	return null;
}
export function dictFromkeys(keys: Value, value: Value = null): PyDict {
	return dictOf(...[...iterate(keys)].map((key) => [key, value] as const));
}
