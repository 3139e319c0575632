import { fail } from "./exceptions.ts";
import { PySlice, sliceBounds, wholeArgument } from "./indices.ts";
import { isNumber, isWhole, PyObject, typeName, type Value } from "./values.ts";

export class PyRange extends PyObject {
	readonly typeName = "range";
	readonly start: bigint;
	readonly stop: bigint;
	readonly step: bigint;
	readonly count: bigint;
	constructor(start: bigint, stop: bigint, step: bigint) {
		super();
		this.start = start;
		this.stop = stop;
		this.step = step;
		const span = step > 0n ? stop - start : start - stop;
		const size = step > 0n ? step : -step;
		this.count = span > 0n ? (span + size - 1n) / size : 0n;
	}
	override repr(): string {
		return `range(${this.start}, ${this.stop}${this.step === 1n ? "" : `, ${this.step}`})`;
	}
	override truth(): boolean {
		return this.count > 0n;
	}
	override length(): number {
		return Number(this.count);
	}
	override iterator(): Iterator<bigint> {
		const { step } = this;
		let at = this.start;
		let left = this.count;
		return {
			next() {
				if (left === 0n) return { done: true, value: undefined };
				left -= 1n;
				const value = at;
				at += step;
				return { done: false, value };
			},
		};
	}
	[Symbol.iterator](): Iterator<bigint> {
		return this.iterator();
	}
	override contains(item: Value): boolean {
		if (!isNumber(item) || (typeof item === "number" && !Number.isInteger(item))) return false;
		return this.indexOf(BigInt(item)) >= 0n;
	}
	/** -1 where it is not. */
	indexOf(item: bigint): bigint {
		const from = item - this.start;
		if (from % this.step !== 0n) return -1n;
		const at = from / this.step;
		return at >= 0n && at < this.count ? at : -1n;
	}
	override getItem(key: Value): Value {
		if (key instanceof PySlice) return this.slice(key.from, key.to, key.step);
		if (!isWhole(key)) return fail("TypeError", `range indices must be integers or slices, not ${typeName(key)}`);
		const at = BigInt(key) < 0n ? BigInt(key) + this.count : BigInt(key);
		if (at < 0n || at >= this.count) return fail("IndexError", "range object index out of range");
		return this.start + at * this.step;
	}
	slice(from: Value, to: Value, by: Value): PyRange {
		const { start, stop, step } = sliceBounds(from, to, by, Number(this.count));
		return new PyRange(this.start + BigInt(start) * this.step, this.start + BigInt(stop) * this.step, this.step * BigInt(step));
	}
	override equals(other: Value): boolean | undefined {
		if (!(other instanceof PyRange)) return undefined;
		if (this.count !== other.count || this.count === 0n) return this.count === other.count;
		return this.start === other.start && (this.count === 1n || this.step === other.step);
	}
	override key(): unknown {
		return `\0r${this.count}:${this.count > 0n ? this.start : ""}:${this.count > 1n ? this.step : ""}`;
	}
	override getAttribute(name: string): Value | undefined {
		return { start: this.start, stop: this.stop, step: this.step }[name];
	}
}

/** range(stop) or range(start, stop, step) */
export function range(first: Value, stop?: Value, step: Value = 1n): PyRange {
	const by = wholeArgument(step);
	const [from, to] = stop === undefined ? [0n, wholeArgument(first)] : [wholeArgument(first), wholeArgument(stop)];
	return by === 0n ? fail("ValueError", "range() arg 3 must not be zero") : new PyRange(from, to, by);
}
