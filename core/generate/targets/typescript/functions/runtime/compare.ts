import { fail } from "./exceptions.ts";
import { type CompareOp, isNumber, NotTranslated, PyObject, typeName, type Value } from "./values.ts";

/** left == right. Numbers of all types compare by their exact value, as JavaScript's own operators do for bigint and number. */
export function equals(left: Value, right: Value): boolean {
	if (isNumber(left)) {
		// biome-ignore lint/suspicious/noDoubleEquals: 1n == 1 is the meaning here
		if (isNumber(right)) return (left as number) == (right as number);
	} else if (typeof left === "string" || left === null) {
		if (!(right instanceof PyObject)) return left === right;
	} else if (Array.isArray(left) && Array.isArray(right)) {
		return sequencesEqual(left, right);
	}
	const told = left instanceof PyObject ? left.equals(right) : undefined;
	if (told !== undefined) return told;
	const mirrored = right instanceof PyObject ? right.equals(left) : undefined;
	return mirrored ?? left === right;
}

/** The same object, or equal: how containers look for an item. A NaN is not told from another one. */
export function same(left: Value, right: Value): boolean {
	return left === right || Object.is(left, right) || equals(left, right);
}

export function sequencesEqual(left: readonly Value[], right: readonly Value[]): boolean {
	if (left.length !== right.length) return false;
	for (let at = 0; at < left.length && at < right.length; at++) if (!same(left[at] ?? null, right[at] ?? null)) return false;
	return left.length === right.length;
}

const mirror = { "<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!=" } as const;

function ordered(op: CompareOp, sign: number): boolean {
	switch (op) {
		case "<":
			return sign < 0;
		case "<=":
			return sign <= 0;
		case ">":
			return sign > 0;
		case ">=":
			return sign >= 0;
		case "==":
			return sign === 0;
		case "!=":
			return sign !== 0;
	}
}

/** By code point: UTF-16 order differs where surrogate pairs meet U+E000 to U+FFFF. */
export function compareText(left: string, right: string): number {
	for (let at = 0; at < left.length && at < right.length; at++) {
		const a = left.charCodeAt(at);
		const b = right.charCodeAt(at);
		if (a !== b) return (a >= 0xd800 && b >= 0xd800 ? rank(a) - rank(b) : a - b) || 0;
	}
	return left.length - right.length;
}
const rank = (unit: number): number => (unit >= 0xe000 ? unit - 0x2000 : unit + 0x2000);

/** left op right, for any of the six comparisons; the result is whatever a class of the source answers. */
export function compareRich(op: CompareOp, left: Value, right: Value): Value {
	if (left instanceof PyObject && left.order) {
		const told = left.order(op, right);
		if (told !== undefined) return told;
	}
	if (right instanceof PyObject && right.order) {
		const told = right.order(mirror[op], left);
		if (told !== undefined) return told;
	}
	if (op === "==") return equals(left, right);
	if (op === "!=") return !equals(left, right);
	if (isNumber(left) && isNumber(right)) return compareNumbers(op, left, right);
	if (typeof left === "string" && typeof right === "string") return ordered(op, compareText(left, right));
	if (Array.isArray(left) && Array.isArray(right)) return compareSequences(op, left, right);
	return fail("TypeError", `'${op}' not supported between instances of '${typeName(left)}' and '${typeName(right)}'`);
}

function compareNumbers(op: CompareOp, left: bigint | boolean | number, right: bigint | boolean | number): boolean {
	switch (op) {
		case "<":
			return left < right;
		case "<=":
			return left <= right;
		case ">":
			return left > right;
		case ">=":
			return left >= right;
		case "==":
			return equals(left, right);
		case "!=":
			return !equals(left, right);
	}
}

/** The first items that differ decide; then the length. */
export function compareSequences(op: CompareOp, left: readonly Value[], right: readonly Value[]): Value {
	for (let at = 0; at < left.length && at < right.length; at++) {
		const a = left[at] ?? null;
		const b = right[at] ?? null;
		if (!same(a, b)) return op === "==" ? false : op === "!=" ? true : compareRich(op, a, b);
	}
	return ordered(op, left.length - right.length);
}

/** As `compareRich`, where a yes or no is asked. */
export function compare(op: CompareOp, left: Value, right: Value): boolean {
	const told = compareRich(op, left, right);
	if (typeof told !== "boolean") throw new NotTranslated(`a comparison that answers with ${typeName(told)}`);
	return told;
}

export function lessThan(left: Value, right: Value): boolean {
	return compare("<", left, right);
}
export function atMost(left: Value, right: Value): boolean {
	return compare("<=", left, right);
}
export function moreThan(left: Value, right: Value): boolean {
	return compare(">", left, right);
}
export function atLeast(left: Value, right: Value): boolean {
	return compare(">=", left, right);
}

/** left is right. Whole numbers and texts are told by their value: what CPython shares among them is its own affair. */
export function isSame(left: Value, right: Value): boolean {
	return left === right;
}
