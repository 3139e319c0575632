import { floorDivide, remainder, toFloat } from "./arithmetic.ts";
import { fail } from "./exceptions.ts";
import { divideToEven, scaledToEven } from "./float-text.ts";
import { wholeArgument } from "./indices.ts";
import { repr } from "./repr.ts";
import { tupleOf } from "./tuple.ts";
import { isNumber, isWhole, PyObject, typeName, type Value } from "./values.ts";

const blank = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]*";
const edges = new RegExp(`^${blank}|${blank}$`, "g");

/** Decimal digits of every script as 0-9. */
function plain(text: string): string {
	return text
		.replace(edges, "")
		.replace(/[^\0-\x7f]/gu, (one) => (/\p{Nd}/u.test(one) ? String(digitValue(one.codePointAt(0) ?? 0)) : one));
}
/** Digits stand in runs of ten that begin with zero. */
function digitValue(point: number): number {
	let first = point;
	while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first--;
	return (point - first) % 10;
}

/** int(value, base) */
export function int(value: Value = 0n, base?: Value): bigint {
	if (typeof value === "string") return parseWhole(value, base === undefined ? 10 : Number(wholeArgument(base)));
	if (base !== undefined) return fail("TypeError", "int() can't convert non-string with explicit base");
	if (isWhole(value)) return BigInt(value);
	if (typeof value === "number") return wholePart(value);
	return fail("TypeError", `int() argument must be a string, a bytes-like object or a real number, not '${typeName(value)}'`);
}

/** A float without its fraction. */
export function wholePart(value: number): bigint {
	if (Number.isNaN(value)) return fail("ValueError", "cannot convert float NaN to integer");
	if (!Number.isFinite(value)) return fail("OverflowError", "cannot convert float infinity to integer");
	return BigInt(Math.trunc(value));
}

function parseWhole(text: string, base: number): bigint {
	if (base !== 0 && (base < 2 || base > 36)) return fail("ValueError", "int() base must be >= 2 and <= 36, or 0");
	const bad = (): never => fail("ValueError", `invalid literal for int() with base ${base}: ${repr(text)}`);
	const [, sign = "", rest = ""] = /^([+-]?)([\s\S]*)$/.exec(plain(text)) ?? [];
	const prefix = /^0([xob])_?/i.exec(rest);
	const named = { x: 16, o: 8, b: 2 }[(prefix?.[1] ?? "").toLowerCase()];
	const usesPrefix = prefix !== null && (base === 0 || base === named);
	const radix = base === 0 ? (usesPrefix ? (named ?? 10) : 10) : base;
	const digits = usesPrefix ? rest.slice(prefix[0].length) : rest;
	if (!/^[0-9a-z]+(_[0-9a-z]+)*$/i.test(digits)) return bad();
	if (base === 0 && !usesPrefix && /^0/.test(digits) && !/^[0_]+$/.test(digits)) return bad();
	const clean = digits.replaceAll("_", "").toLowerCase();
	if (radix === 10 && clean.length > 4300)
		return fail(
			"ValueError",
			`Exceeds the limit (4300 digits) for integer string conversion: value has ${clean.length} digits; use sys.set_int_max_str_digits() to increase the limit`,
		);
	let made = 0n;
	if (radix === 10 && /^\d+$/.test(clean)) made = BigInt(clean);
	else
		for (const one of clean) {
			const digit = Number.parseInt(one, 36);
			if (digit >= radix) return bad();
			made = made * BigInt(radix) + BigInt(digit);
		}
	return sign === "-" ? -made : made;
}

/** float(value) */
export function float(value: Value = 0): number {
	if (isNumber(value)) return toFloat(value);
	if (typeof value !== "string") return fail("TypeError", `float() argument must be a string or a real number, not '${typeName(value)}'`);
	const text = plain(value);
	if (/^[+-]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)(e[+-]?\d+(_\d+)*)?$/i.test(text)) return Number(text.replaceAll("_", ""));
	const [, sign = "", word = ""] = /^([+-]?)(inf|infinity|nan)$/i.exec(text) ?? [];
	if (word === "") return fail("ValueError", `could not convert string to float: ${repr(value)}`);
	const made = word.toLowerCase() === "nan" ? Number.NaN : Number.POSITIVE_INFINITY;
	return sign === "-" ? -made : made;
}

/** abs(value) */
export function abs(value: Value): Value {
	if (isWhole(value)) return BigInt(value) < 0n ? -BigInt(value) : BigInt(value);
	if (typeof value === "number") return Math.abs(value);
	return fail("TypeError", `bad operand type for abs(): '${typeName(value)}'`);
}

/** round(value, digits): ties go to the even digit, by the exact binary value. */
export function round(value: Value, digits: Value = null): Value {
	if (isWhole(value)) {
		const whole = BigInt(value);
		const places = digits === null ? 0n : wholeArgument(digits);
		if (places >= 0n) return whole;
		const unit = 10n ** -places;
		return divideToEven(whole, unit) * unit;
	}
	if (typeof value !== "number") return fail("TypeError", `type ${typeName(value)} doesn't define __round__ method`);
	if (digits !== null) return roundFloat(value, Number(wholeArgument(digits)));
	if (Number.isNaN(value)) return fail("ValueError", "cannot convert float NaN to integer");
	if (!Number.isFinite(value)) return fail("OverflowError", "cannot convert float infinity to integer");
	return scaledToEven(value, 0);
}

function roundFloat(value: number, digits: number): number {
	if (value === 0 || !Number.isFinite(value) || digits > 323) return value;
	if (digits < -308) return value < 0 ? -0 : 0;
	const scaled = scaledToEven(value, digits);
	if (scaled === 0n) return value < 0 ? -0 : 0;
	const made = Number(`${scaled}e${-digits}`);
	return Number.isFinite(made) ? made : fail("OverflowError", "rounded value too large to represent");
}

/** divmod(left, right) */
export function divmod(left: Value, right: Value): Value {
	if (!isNumber(left) || !isNumber(right))
		return fail("TypeError", `unsupported operand type(s) for divmod(): '${typeName(left)}' and '${typeName(right)}'`);
	if (!isWhole(left) || !isWhole(right)) if (toFloat(right) === 0) return fail("ZeroDivisionError", "float divmod()");
	return tupleOf(floorDivide(left, right), remainder(left, right));
}

function inBase(value: Value, base: number, prefix: string): string {
	const whole = wholeArgument(value);
	return `${whole < 0n ? "-" : ""}${prefix}${(whole < 0n ? -whole : whole).toString(base)}`;
}
export const bin = (value: Value): string => inBase(value, 2, "0b");
export const oct = (value: Value): string => inBase(value, 8, "0o");
export const hex = (value: Value): string => inBase(value, 16, "0x");

/** chr(point) */
export function chr(point: Value): string {
	const at = wholeArgument(point);
	if (at > 0x7fffffffn || at < -0x80000000n) return fail("OverflowError", "Python int too large to convert to C int");
	if (at < 0n || at > 0x10ffffn) return fail("ValueError", "chr() arg not in range(0x110000)");
	return String.fromCodePoint(Number(at));
}
/** ord(character) */
export function ord(character: Value): bigint {
	if (typeof character !== "string") return fail("TypeError", `ord() expected string of length 1, but ${typeName(character)} found`);
	const [only, ...others] = character;
	if (only === undefined || others.length > 0)
		return fail("TypeError", `ord() expected a character, but string of length ${[...character].length} found`);
	return BigInt(only.codePointAt(0) ?? 0);
}

export const intBitLength = (value: Value): bigint => {
	const whole = BigInt(value as bigint);
	return whole === 0n ? 0n : BigInt((whole < 0n ? -whole : whole).toString(2).length);
};
export const intBitCount = (value: Value): bigint => {
	const whole = BigInt(value as bigint);
	return BigInt((whole < 0n ? -whole : whole).toString(2).replaceAll("0", "").length);
};
export const floatIsInteger = (value: number): boolean => Number.isInteger(value);
export const callable = (value: Value): boolean =>
	typeof value === "function" || (value instanceof PyObject && ["type", "method"].includes(value.typeName));
