import { add } from "./arithmetic.ts";
import { call } from "./calls.ts";
import { equals } from "./compare.ts";
import { fail } from "./exceptions.ts";
import { sizeArgument } from "./indices.ts";
import { iter, iterate } from "./iterate.ts";
import { truth } from "./truth.ts";
import { PyTuple, tupleOf } from "./tuple.ts";
import { iteratorOf, PyIterator, type Value } from "./values.ts";

/** A lazy iterator of a JavaScript generator. */
const lazy = (name: string, source: Iterator<Value>): PyIterator => iteratorOf(name, source);

export function itertoolsChain(...iterables: Value[]): PyIterator {
	return lazy("chain", chained(iterables));
}
export function itertoolsChainFromIterable(iterables: Value): PyIterator {
	return lazy("chain", chained(iterate(iterables)));
}
function* chained(iterables: Iterable<Value>): Generator<Value, void> {
	for (const one of iterables) yield* iterate(one);
}

/** Index lists of `size` out of `count`, in the order of the source's own. */
function* choices(count: number, size: number, next: (chosen: readonly number[]) => number[]): Generator<number[], void> {
	const walk = function* (chosen: number[]): Generator<number[], void> {
		if (chosen.length === size) yield chosen;
		else for (const at of next(chosen)) if (at < count) yield* walk([...chosen, at]);
	};
	yield* walk([]);
}
const upTo = (from: number, to: number): number[] => Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at);
function pooled(name: string, pool: readonly Value[], found: Generator<number[], void>): PyIterator {
	return new PyIterator(name, () => {
		const step = found.next();
		return step.done ? undefined : new PyTuple(step.value.map((at) => pool[at] ?? null));
	});
}
function sizeOf(size: Value): number {
	const count = sizeArgument(size);
	return count < 0 ? fail("ValueError", "r must be non-negative") : count;
}
export function itertoolsCombinations(values: Value, size: Value): PyIterator {
	const pool = [...iterate(values)];
	return pooled(
		"combinations",
		pool,
		choices(pool.length, sizeOf(size), (chosen) => upTo((chosen.at(-1) ?? -1) + 1, pool.length)),
	);
}
export function itertoolsCombinationsWithReplacement(values: Value, size: Value): PyIterator {
	const pool = [...iterate(values)];
	return pooled(
		"combinations_with_replacement",
		pool,
		choices(pool.length, sizeOf(size), (chosen) => upTo(chosen.at(-1) ?? 0, pool.length)),
	);
}
export function itertoolsPermutations(values: Value, size: Value = null): PyIterator {
	const pool = [...iterate(values)];
	const all = upTo(0, pool.length);
	return pooled(
		"permutations",
		pool,
		choices(pool.length, size === null ? pool.length : sizeOf(size), (chosen) => all.filter((at) => !chosen.includes(at))),
	);
}
export function itertoolsProduct(iterables: readonly Value[], repeat: Value = 1n): PyIterator {
	const once = iterables.map((one) => [...iterate(one)]);
	const pools = Array.from({ length: sizeArgument(repeat) }, () => once).flat();
	const walk = function* (chosen: Value[]): Generator<Value, void> {
		const pool = pools[chosen.length];
		if (!pool) yield new PyTuple(chosen);
		else for (const one of pool) yield* walk([...chosen, one]);
	};
	return lazy("product", walk([]));
}
export function itertoolsAccumulate(values: Value, fn: Value = null, initial: Value = null): PyIterator {
	const source = iter(values);
	let total: Value | undefined;
	let isFirst = true;
	return new PyIterator("accumulate", () => {
		if (isFirst && initial !== null) {
			isFirst = false;
			total = initial;
			return total;
		}
		const step = source.next();
		if (step.done) return undefined;
		total = isFirst || total === undefined ? step.value : fn === null ? add(total, step.value) : call(fn, [total, step.value]);
		isFirst = false;
		return total;
	});
}
/** Groups of neighbours with equal keys; a group is only good until the next one is asked for. */
export function itertoolsGroupby(values: Value, key: Value = null): PyIterator {
	const source = iter(values);
	let ahead: { value: Value; key: Value } | null = null;
	let round = 0;
	let current: Value | undefined;
	const advance = (): void => {
		const step = source.next();
		ahead = step.done ? null : { value: step.value, key: key === null ? step.value : call(key, [step.value]) };
	};
	let started = false;
	return new PyIterator("groupby", () => {
		round++;
		const own = round;
		if (!started) {
			started = true;
			advance();
		} else while (ahead && current !== undefined && equals(current, (ahead as { key: Value }).key)) advance();
		if (!ahead) return undefined;
		const groupKey: Value = (ahead as { key: Value }).key;
		current = groupKey;
		const group = new PyIterator("_grouper", () => {
			if (own !== round || !ahead || !equals(groupKey, (ahead as { key: Value }).key)) return undefined;
			const { value } = ahead as { value: Value };
			advance();
			return value;
		});
		return tupleOf(groupKey, group);
	});
}
export function itertoolsZipLongest(iterables: readonly Value[], fill: Value = null): PyIterator {
	const sources = iterables.map(iter);
	const ended = new Set<PyIterator>();
	return new PyIterator("zip_longest", () => {
		const items = sources.map((source) => {
			const step = ended.has(source) ? null : source.next();
			if (step && !step.done) return step.value;
			ended.add(source);
			return fill;
		});
		return ended.size === new Set(sources).size ? undefined : new PyTuple(items);
	});
}
export function itertoolsIslice(values: Value, first: Value, last?: Value, step: Value = null): PyIterator {
	const source = iter(values);
	const bound = (value: Value | undefined, missing: number): number =>
		value === null || value === undefined ? missing : sizeArgument(value);
	const [start, stop] =
		last === undefined ? [0, bound(first, Number.POSITIVE_INFINITY)] : [bound(first, 0), bound(last, Number.POSITIVE_INFINITY)];
	const by = bound(step, 1);
	if (start < 0 || stop < 0) return fail("ValueError", "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.");
	if (by < 1) return fail("ValueError", "Step for islice() must be a positive integer or None.");
	let at = 0;
	let wanted = start;
	return new PyIterator("islice", () => {
		if (wanted >= stop) {
			for (; at < stop && at < wanted && Number.isFinite(stop); at++) if (source.next().done) break;
			return undefined;
		}
		for (; at < wanted; at++) if (source.next().done) return undefined;
		const found = source.next();
		at++;
		wanted += by;
		return found.done ? undefined : found.value;
	});
}
export function itertoolsCount(start: Value = 0n, step: Value = 1n): PyIterator {
	let next = start;
	return new PyIterator("count", () => {
		const value = next;
		next = add(next, step);
		return value;
	});
}
export function itertoolsCycle(values: Value): PyIterator {
	const source = iter(values);
	const saved: Value[] = [];
	let at = -1;
	return new PyIterator("cycle", () => {
		const step = at < 0 ? source.next() : null;
		if (step && !step.done) {
			saved.push(step.value);
			return step.value;
		}
		if (saved.length === 0) return undefined;
		at = (at + 1) % saved.length;
		return saved[at];
	});
}
export function itertoolsRepeat(value: Value, times: Value = null): PyIterator {
	let left = times === null ? Number.POSITIVE_INFINITY : sizeArgument(times);
	return new PyIterator("repeat", () => (left-- > 0 ? value : undefined));
}
export function itertoolsTakewhile(test: Value, values: Value): PyIterator {
	const source = iter(values);
	let done = false;
	return new PyIterator("takewhile", () => {
		const step = done ? null : source.next();
		if (!step || step.done) return undefined;
		done = !truth(call(test, [step.value]));
		return done ? undefined : step.value;
	});
}
export function itertoolsDropwhile(test: Value, values: Value): PyIterator {
	const source = iter(values);
	let started = false;
	return new PyIterator("dropwhile", () => {
		for (let step = source.next(); !step.done; step = source.next()) {
			started ||= !truth(call(test, [step.value]));
			if (started) return step.value;
		}
		return undefined;
	});
}
export function itertoolsFilterfalse(test: Value, values: Value): PyIterator {
	const source = iter(values);
	return new PyIterator("filterfalse", () => {
		for (let step = source.next(); !step.done; step = source.next())
			if (!truth(test === null ? step.value : call(test, [step.value]))) return step.value;
		return undefined;
	});
}
export function itertoolsStarmap(fn: Value, values: Value): PyIterator {
	const source = iter(values);
	return new PyIterator("starmap", () => {
		const step = source.next();
		return step.done ? undefined : call(fn, [...iterate(step.value)]);
	});
}
export function itertoolsCompress(data: Value, selectors: Value): PyIterator {
	const [source, kept] = [iter(data), iter(selectors)];
	return new PyIterator("compress", () => {
		for (;;) {
			const item = source.next();
			const keep = item.done ? item : kept.next();
			if (item.done || keep.done) return undefined;
			if (truth(keep.value)) return item.value;
		}
	});
}
export function itertoolsPairwise(values: Value): PyIterator {
	const source = iter(values);
	let before: Value | undefined;
	return new PyIterator("pairwise", () => {
		if (before === undefined) {
			const first = source.next();
			if (first.done) return undefined;
			before = first.value;
		}
		const step = source.next();
		if (step.done) return undefined;
		const pair = tupleOf(before, step.value);
		before = step.value;
		return pair;
	});
}
export function itertoolsTee(values: Value, count: Value = 2n): Value {
	const source = iter(values);
	const seen: Value[] = [];
	const copies = Array.from({ length: sizeArgument(count) }, () => {
		let at = 0;
		return new PyIterator("itertools._tee", () => {
			if (at === seen.length) {
				const step = source.next();
				if (step.done) return undefined;
				seen.push(step.value);
			}
			return seen[at++];
		});
	});
	return new PyTuple(copies);
}
