import { fail } from "./exceptions.ts";
import { isWhole, PyObject, typeName, type Value } from "./values.ts";

/** Position of `index` in `length` items, counted from the end if negative; -1 if there is none. */
export function positionOf(index: bigint | boolean, length: number): number {
	const at = Number(index);
	return at < 0 ? (at + length < 0 ? -1 : at + length) : at < length ? at : -1;
}

/** The bounds of a slice as CPython adjusts them to `length`: `count` items from `start` in steps of `step`. */
export function sliceBounds(
	from: Value,
	to: Value,
	step: Value,
	length: number,
): { start: number; stop: number; step: number; count: number } {
	const by = step === null ? 1 : whole(step);
	if (by === 0) return fail("ValueError", "slice step cannot be zero");
	const low = by < 0 ? -1 : 0;
	const high = by < 0 ? length - 1 : length;
	const clamp = (bound: Value, missing: number): number => {
		if (bound === null) return missing;
		const at = whole(bound);
		if (at < 0) return Math.max(at + length, low);
		return Math.min(at, high);
	};
	const start = clamp(from, by < 0 ? high : low);
	const stop = clamp(to, by < 0 ? low : high);
	const count =
		by < 0 ? (stop < start ? Math.floor((start - stop - 1) / -by) + 1 : 0) : start < stop ? Math.floor((stop - start - 1) / by) + 1 : 0;
	return { start, stop, step: by, count };
}

/** Huge bounds are as good as any beyond the end. */
function whole(value: Value): number {
	if (isWhole(value)) return Math.max(Math.min(Number(value), Number.MAX_SAFE_INTEGER), -Number.MAX_SAFE_INTEGER);
	return fail("TypeError", "slice indices must be integers or None or have an __index__ method");
}

export function sliced<T>(items: readonly T[], from: Value, to: Value, step: Value): T[] {
	const { start, step: by, count } = sliceBounds(from, to, step, items.length);
	if (by === 1) return items.slice(start, start + count);
	return Array.from({ length: count }, (_, at) => items[start + at * by] as T);
}

const pairs = /[\ud800-\udbff][\udc00-\udfff]/;

/** The characters of a text: its units, unless some of them are pairs. */
export const characters = (text: string): string[] => (pairs.test(text) ? [...text] : text.split(""));
/** len of a text */
export const textLength = (text: string): number => (pairs.test(text) ? [...text].length : text.length);

export function sliceText(text: string, from: Value, to: Value, step: Value): string {
	if (pairs.test(text)) return sliced([...text], from, to, step).join("");
	const { start, step: by, count } = sliceBounds(from, to, step, text.length);
	if (by === 1) return text.slice(start, start + count);
	let made = "";
	for (let at = 0; at < count; at++) made += text[start + at * by];
	return made;
}

/** An argument that must be a whole number. */
export function wholeArgument(value: Value): bigint {
	if (isWhole(value)) return BigInt(value);
	return fail("TypeError", `'${typeName(value)}' object cannot be interpreted as an integer`);
}
/** The same as a number for positions and counts: beyond the exact range it is as good as endless. */
export function sizeArgument(value: Value): number {
	return Number(wholeArgument(value));
}

/** An object of the builtin `slice`. */
export class PySlice extends PyObject {
	readonly typeName = "slice";
	readonly from: Value;
	readonly to: Value;
	readonly step: Value;
	constructor(from: Value, to: Value, step: Value) {
		super();
		this.from = from;
		this.to = to;
		this.step = step;
	}
	override getAttribute(name: string): Value | undefined {
		return { start: this.from, stop: this.to, step: this.step }[name];
	}
}
