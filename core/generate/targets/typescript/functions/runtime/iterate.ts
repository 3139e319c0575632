import { fail, Raised } from "./exceptions.ts";
import { iteratorOf, PyIterator, PyObject, typeName, type Value } from "./values.ts";

/** Walks any iterable of the source. A list is walked as it is at each step, also while it changes. */
export function iterate(value: Value): Iterable<Value> {
	if (Array.isArray(value) || typeof value === "string") return value;
	const iterator = value instanceof PyObject ? value.iterator?.() : undefined;
	if (!iterator) return fail("TypeError", `'${typeName(value)}' object is not iterable`);
	return value instanceof PyIterator ? value : { [Symbol.iterator]: () => iterator };
}

/** iter(value) */
export function iter(value: Value): PyIterator {
	if (value instanceof PyIterator) return value;
	if (Array.isArray(value)) return iteratorOf("list_iterator", value[Symbol.iterator]());
	if (typeof value === "string") return iteratorOf("str_iterator", value[Symbol.iterator]());
	const source = iterate(value)[Symbol.iterator]();
	return source instanceof PyIterator ? source : iteratorOf(`${typeName(value)}_iterator`, source);
}

/** next(iterator, otherwise) */
export function next(iterator: Value, otherwise?: Value): Value {
	const step = iterator instanceof PyObject && "next" in iterator ? (iterator as PyIterator).next() : undefined;
	if (!step) return fail("TypeError", `'${typeName(iterator)}' object is not an iterator`);
	if (!step.done) return step.value;
	return otherwise === undefined ? fail("StopIteration") : otherwise;
}

/** list(value) */
export function list(value: Value = []): Value[] {
	if (Array.isArray(value)) return value.slice();
	return [...iterate(value)];
}

/** `target, target = value` for `count` targets. */
export function unpack(value: Value, count: number): Value[] {
	if (Array.isArray(value) && value.length === count) return value.slice();
	const source = unpackable(value);
	const items: Value[] = [];
	for (let step = source.next(); ; step = source.next()) {
		if (step.done) {
			if (items.length === count) return items;
			return fail("ValueError", `not enough values to unpack (expected ${count}, got ${items.length})`);
		}
		if (items.length === count) return fail("ValueError", `too many values to unpack (expected ${count})`);
		items.push(step.value);
	}
}

/** The same with a starred target: `before` items, a list of those in between, `after` items. */
export function unpackRest(value: Value, before: number, after: number): { first: Value[]; rest: Value[]; last: Value[] } {
	const source = unpackable(value);
	const items: Value[] = [];
	for (let step = source.next(); !step.done; step = source.next()) items.push(step.value);
	if (items.length < before + after)
		return fail("ValueError", `not enough values to unpack (expected at least ${before + after}, got ${items.length})`);
	const end = items.length - after;
	return { first: items.slice(0, before), rest: items.slice(before, end), last: items.slice(end) };
}

function unpackable(value: Value): Iterator<Value> {
	if (!Array.isArray(value) && typeof value !== "string" && !(value instanceof PyObject && value.iterator))
		return fail("TypeError", `cannot unpack non-iterable ${typeName(value)} object`);
	return iterate(value)[Symbol.iterator]();
}

/** A generator of the source. An error ends it; StopIteration inside becomes RuntimeError. */
export class PyGenerator extends PyIterator {
	private readonly body: Generator<Value, Value, Value>;
	private running = false;
	private started = false;
	constructor(body: Generator<Value, Value, Value>) {
		super("generator", () => undefined);
		this.body = body;
	}
	override next(): IteratorResult<Value> {
		return this.resume(null);
	}
	resume(sent: Value): IteratorResult<Value> {
		if (this.running) return fail("ValueError", "generator already executing");
		if (!this.started && sent !== null) return fail("TypeError", "can't send non-None value to a just-started generator");
		this.running = true;
		this.started = true;
		try {
			return this.body.next(sent);
		} catch (thrown) {
			if (thrown instanceof Raised && thrown.exception.typeName === "StopIteration")
				return fail("RuntimeError", "generator raised StopIteration");
			throw thrown;
		} finally {
			this.running = false;
		}
	}
	/** generator.send(value) */
	send(sent: Value): Value {
		const step = this.resume(sent);
		return step.done
			? step.value === null || step.value === undefined
				? fail("StopIteration")
				: fail("StopIteration", step.value)
			: step.value;
	}
	close(): void {
		this.body.return(null);
	}
}

export function generator(body: Generator<Value, Value, Value>): PyGenerator {
	return new PyGenerator(body);
}

/** `yield from value` */
export function* delegate(value: Value): Generator<Value, Value, Value> {
	if (!(value instanceof PyGenerator)) {
		for (const item of iterate(value)) yield item;
		return null;
	}
	let step = value.resume(null);
	while (!step.done) {
		const sent = yield step.value;
		step = value.resume(sent);
	}
	return step.value ?? null;
}

/** The items of `*value` in a display or a call. */
export function starred(value: Value): Iterable<Value> {
	if (Array.isArray(value) || typeof value === "string" || (value instanceof PyObject && value.iterator)) return iterate(value);
	return fail("TypeError", `Value after * must be an iterable, not ${typeName(value)}`);
}
