import { dictOf, PyDict } from "./dict.ts";
import { floatText } from "./float-text.ts";
import { iter } from "./iterate.ts";
import { frozenset, PySet, set } from "./set.ts";
import { PyTuple } from "./tuple.ts";
import { PyIterator, typeName, type Value } from "./values.ts";

/** A value as JSON that keeps its type; see README.md. */
export type TypedValue =
	| null
	| boolean
	| string
	| { int: string }
	| { float: string }
	| { list: TypedValue[] }
	| { tuple: TypedValue[] }
	| { dict: [TypedValue, TypedValue][] }
	| { set: TypedValue[] }
	| { frozenset: TypedValue[] }
	| { bytes: string }
	| { complex: [string, string] }
	| { iterator: TypedValue[] }
	| { other: string };

/** How much of an endless iterator is kept. */
const drained = 1000;

export function encode(value: Value, within: readonly Value[] = []): TypedValue {
	switch (typeof value) {
		case "boolean":
		case "string":
			return value;
		case "bigint":
			return { int: String(value) };
		case "number":
			return { float: floatText(value) };
		case "function":
			return { other: typeName(value) };
		default:
			break;
	}
	if (value === null) return null;
	if (within.includes(value)) return { other: typeName(value) };
	const inner = (item: Value): TypedValue => encode(item, [...within, value]);
	if (Array.isArray(value)) return { list: value.map(inner) };
	if (value instanceof PyTuple) return { tuple: value.items.map(inner) };
	if (value instanceof PyDict) return { dict: [...value.entries.values()].map((entry) => [inner(entry.key), inner(entry.value)]) };
	if (value instanceof PySet) {
		const items = [...value].map((item) => ({ made: inner(item), text: asciiJson(inner(item)) }));
		items.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
		const made = items.map((item) => item.made);
		return value.typeName === "set" ? { set: made } : { frozenset: made };
	}
	if (!(value instanceof PyIterator)) return { other: value.typeName };
	const items: TypedValue[] = [];
	for (let step = value.next(); !step.done; step = value.next()) {
		items.push(inner(step.value));
		if (items.length === drained) break;
	}
	return { iterator: items };
}

export function decode(typed: TypedValue): Value {
	if (typed === null || typeof typed !== "object") return typed;
	if ("int" in typed) return BigInt(typed.int);
	if ("float" in typed)
		return { nan: Number.NaN, inf: Number.POSITIVE_INFINITY, "-inf": Number.NEGATIVE_INFINITY }[typed.float] ?? Number(typed.float);
	if ("list" in typed) return typed.list.map(decode);
	if ("tuple" in typed) return new PyTuple(typed.tuple.map(decode));
	if ("dict" in typed) return dictOf(...typed.dict.map(([key, value]) => [decode(key), decode(value)] as const));
	if ("set" in typed) return set(typed.set.map(decode));
	if ("frozenset" in typed) return frozenset(typed.frozenset.map(decode));
	if ("iterator" in typed) return iter(typed.iterator.map(decode));
	throw new Error(`a value that this function cannot be given: ${JSON.stringify(typed)}`);
}

/** JSON of ASCII characters only. */
export function asciiJson(value: unknown): string {
	return JSON.stringify(value).replace(/[\x7f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
