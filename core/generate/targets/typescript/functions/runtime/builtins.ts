import { add, toFloat } from "./arithmetic.ts";
import { call } from "./calls.ts";
import { lessThan, moreThan } from "./compare.ts";
import { PyDict, PyDictView } from "./dict.ts";
import { fail } from "./exceptions.ts";
import { characters, wholeArgument } from "./indices.ts";
import { iter, iterate } from "./iterate.ts";
import { hashOf, keyOf } from "./keys.ts";
import { PyRange } from "./range.ts";
import { truth } from "./truth.ts";
import { PyTuple, tupleOf } from "./tuple.ts";
import { isWhole, NotTranslated, PyIterator, typeName, type Value } from "./values.ts";

/** all(values) */
export function all(values: Value): boolean {
	for (const value of iterate(values)) if (!truth(value)) return false;
	return true;
}
/** any(values) */
export function any(values: Value): boolean {
	for (const value of iterate(values)) if (truth(value)) return true;
	return false;
}

/** sum(values, start), as CPython 3.11 adds: in order, floats without compensation. */
export function sum(values: Value, start: Value = 0n): Value {
	if (typeof start === "string") return fail("TypeError", "sum() can't sum strings [use ''.join(seq) instead]");
	let total: Value = start as Value;
	for (const value of iterate(values)) {
		if (typeof total === "number" && typeof value === "number") total += value;
		else if (typeof total === "bigint" && typeof value === "bigint") total += value;
		else total = add(total, value);
	}
	return total;
}

/** sum(values, start), as CPython 3.12 and later add: runs of floats with Neumaier's compensation. */
export function sumCompensated(values: Value, start: Value = 0n): Value {
	if (typeof start === "string") return fail("TypeError", "sum() can't sum strings [use ''.join(seq) instead]");
	let total: Value = start as Value;
	let lost = 0;
	for (const value of iterate(values)) {
		if (typeof total === "number" && (typeof value === "number" || isWhole(value))) {
			const next = toFloat(value);
			const made: number = total + next;
			if (typeof value === "number") lost += Math.abs(total) >= Math.abs(next) ? total - made + next : next - made + total;
			total = made;
		} else {
			if (typeof total === "number" && lost !== 0 && Number.isFinite(lost)) total += lost;
			lost = 0;
			total = add(total, value);
		}
	}
	return typeof total === "number" && lost !== 0 && Number.isFinite(lost) ? total + lost : total;
}

function extreme(name: "min" | "max", values: readonly Value[], key: Value, otherwise: Value | undefined): Value {
	const [first, ...others] = values;
	if (first === undefined) return fail("TypeError", `${name} expected at least 1 argument, got 0`);
	if (others.length > 0 && otherwise !== undefined)
		return fail("TypeError", `Cannot specify a default for ${name}() with multiple positional arguments`);
	let best: Value | undefined;
	let bestKey: Value = null;
	for (const value of others.length > 0 ? values : iterate(first)) {
		const own = key === null ? value : call(key, [value]);
		if (best === undefined || (name === "max" ? moreThan(own, bestKey) : lessThan(own, bestKey))) {
			best = value;
			bestKey = own;
		}
	}
	return (
		best ?? (best === null ? null : (otherwise ?? (otherwise === null ? null : fail("ValueError", `${name}() arg is an empty sequence`))))
	);
}
/** min(values) or min(a, b, ...): the first of equals. */
export const min = (values: readonly Value[], key: Value = null, otherwise?: Value): Value => extreme("min", values, key, otherwise);
/** max(values) or max(a, b, ...): the first of equals. */
export const max = (values: readonly Value[], key: Value = null, otherwise?: Value): Value => extreme("max", values, key, otherwise);

/** enumerate(values, start) */
export function enumerate(values: Value, start: Value = 0n): PyIterator {
	const source = iter(values);
	let at = wholeArgument(start);
	return new PyIterator("enumerate", () => {
		const step = source.next();
		if (step.done) return undefined;
		at += 1n;
		return tupleOf(at - 1n, step.value);
	});
}
/** zip(*iterables, strict) */
export function zip(iterables: readonly Value[], strict: Value = false): PyIterator {
	const sources = iterables.map(iter);
	return new PyIterator("zip", () => {
		if (sources.length === 0) return undefined;
		const items: Value[] = [];
		for (const [at, source] of sources.entries()) {
			const step = source.next();
			if (step.done) {
				if (truth(strict)) checkLengths(sources, at);
				return undefined;
			}
			items.push(step.value);
		}
		return new PyTuple(items);
	});
}
function checkLengths(sources: readonly PyIterator[], ended: number): void {
	const others = (count: number): string => (count === 1 ? "argument 1" : `arguments 1-${count}`);
	if (ended > 0) fail("ValueError", `zip() argument ${ended + 1} is shorter than ${others(ended)}`);
	for (const [at, source] of sources.entries())
		if (at > 0 && !source.next().done) fail("ValueError", `zip() argument ${at + 1} is longer than ${others(at)}`);
}
/** map(fn, *iterables) */
export function map(fn: Value, ...iterables: Value[]): PyIterator {
	const sources = iterables.map(iter);
	return new PyIterator("map", () => {
		const items: Value[] = [];
		for (const source of sources) {
			const step = source.next();
			if (step.done) return undefined;
			items.push(step.value);
		}
		return call(fn, items);
	});
}
/** filter(fn, values) */
export function filter(fn: Value, values: Value): PyIterator {
	const source = iter(values);
	return new PyIterator("filter", () => {
		for (let step = source.next(); !step.done; step = source.next())
			if (truth(fn === null ? step.value : call(fn, [step.value]))) return step.value;
		return undefined;
	});
}
/** reversed(values): a list as it is at each step. */
export function reversed(values: Value): PyIterator {
	if (values instanceof PyDict || values instanceof PyDictView) return reversed([...values]);
	if (values instanceof PyRange) {
		let left = values.count;
		return new PyIterator("range_iterator", () => {
			left -= 1n;
			return left >= 0n ? values.start + left * values.step : undefined;
		});
	}
	const items = typeof values === "string" ? characters(values) : values instanceof PyTuple ? values.items : values;
	if (!Array.isArray(items)) return fail("TypeError", `'${typeName(values)}' object is not reversible`);
	let at = items.length;
	return new PyIterator(Array.isArray(values) ? "list_reverseiterator" : "reversed", () => {
		at--;
		if (at < 0 || at >= items.length) at = 0;
		else return items[at];
		return undefined;
	});
}
/** iter(fn, sentinel) */
export function iterUntil(fn: Value, sentinel: Value): PyIterator {
	let done = false;
	return new PyIterator("callable_iterator", () => {
		const value = done ? sentinel : call(fn, []);
		done ||= keyOf(value) === keyOf(sentinel);
		return done ? undefined : value;
	});
}
/** hash(value), where it is the same in every process. */
export function hash(value: Value): bigint {
	keyOf(value);
	const made = hashOf(value);
	if (made === null) throw new NotTranslated(`the hash of a ${typeName(value)} differs from process to process`);
	return made;
}
