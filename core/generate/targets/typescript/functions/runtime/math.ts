import { multiply, toFloat } from "./arithmetic.ts";
import { wholePart } from "./convert.ts";
import { fail } from "./exceptions.ts";
import { exactRatio } from "./float-text.ts";
import { wholeArgument } from "./indices.ts";
import { iterate } from "./iterate.ts";
import { floatPower, quotientFixed } from "./power.ts";
import { tupleOf } from "./tuple.ts";
import { isNumber, isWhole, typeName, type Value } from "./values.ts";

function real(value: Value): number {
	return isNumber(value) ? toFloat(value) : fail("TypeError", `must be real number, not ${typeName(value)}`);
}
const domain = (): never => fail("ValueError", "math domain error");

export function mathSqrt(value: Value): number {
	const x = real(value);
	return x < 0 ? domain() : Math.sqrt(x);
}
export function mathFloor(value: Value): Value {
	return isWhole(value) ? BigInt(value) : wholePart(Math.floor(real(value)));
}
export function mathCeil(value: Value): Value {
	return isWhole(value) ? BigInt(value) : wholePart(Math.ceil(real(value)));
}
export function mathTrunc(value: Value): Value {
	if (isWhole(value)) return BigInt(value);
	return typeof value === "number" ? wholePart(value) : fail("TypeError", `type ${typeName(value)} doesn't define __trunc__ method`);
}
export const mathFabs = (value: Value): number => Math.abs(real(value));
export const mathIsnan = (value: Value): boolean => Number.isNaN(real(value));
export const mathIsinf = (value: Value): boolean => Math.abs(real(value)) === Number.POSITIVE_INFINITY;
export const mathIsfinite = (value: Value): boolean => Number.isFinite(real(value));
export const mathDegrees = (value: Value): number => real(value) * (180 / Math.PI);
export const mathRadians = (value: Value): number => real(value) * (Math.PI / 180);

/** The greatest whole number whose square is not above `value`, by Newton's method. */
export function mathIsqrt(value: Value): bigint {
	const n = wholeArgument(value);
	if (n < 0n) return fail("ValueError", "isqrt() argument must be nonnegative");
	if (n < 2n) return n;
	let x = 1n << BigInt((n.toString(2).length + 1) >> 1);
	for (;;) {
		const y = (x + n / x) >> 1n;
		if (y >= x) return x;
		x = y;
	}
}
export function mathFactorial(value: Value): bigint {
	const n = wholeArgument(value);
	if (n < 0n) return fail("ValueError", "factorial() not defined for negative values");
	let made = 1n;
	for (let factor = 2n; factor <= n; factor += 1n) made *= factor;
	return made;
}
export function mathGcd(...values: Value[]): bigint {
	let made = 0n;
	for (const value of values) {
		let [a, b] = [made, wholeArgument(value)];
		while (b !== 0n) [a, b] = [b, a % b];
		made = a < 0n ? -a : a;
	}
	return made;
}
export function mathLcm(...values: Value[]): bigint {
	let made = 1n;
	for (const value of values) {
		const n = wholeArgument(value);
		const product = n === 0n || made === 0n ? 0n : (made / mathGcd(made, n)) * n;
		made = product < 0n ? -product : product;
	}
	return made;
}
export function mathPerm(value: Value, count: Value = null): bigint {
	if (count === null) return mathFactorial(value);
	const n = wholeArgument(value);
	const k = wholeArgument(count);
	if (n < 0n) return fail("ValueError", "n must be a non-negative integer");
	if (k < 0n) return fail("ValueError", "k must be a non-negative integer");
	let made = 1n;
	for (let at = 0n; at < k && made !== 0n; at += 1n) made *= n - at;
	return made;
}
export function mathComb(value: Value, count: Value): bigint {
	const n = wholeArgument(value);
	const k = wholeArgument(count);
	if (n < 0n) return fail("ValueError", "n must be a non-negative integer");
	if (k < 0n) return fail("ValueError", "k must be a non-negative integer");
	if (k > n) return 0n;
	if (k > n - k) return mathComb(n, n - k);
	return mathPerm(n, k) / mathFactorial(k);
}
export function mathProd(values: Value, start: Value = 1n): Value {
	let made = start;
	for (const value of iterate(values)) made = multiply(made, value);
	return made;
}
export function mathPow(base: Value, exponent: Value): number {
	const [x, y] = [real(base), real(exponent)];
	if (x === 0 && y < 0) return Number.isFinite(y) ? domain() : Number.POSITIVE_INFINITY;
	if (x < 0 && Number.isFinite(x) && Number.isFinite(y) && !Number.isInteger(y)) return domain();
	try {
		return floatPower(x, y);
	} catch (thrown) {
		if (thrown instanceof Error && thrown.message.startsWith("OverflowError")) return fail("OverflowError", "math range error");
		throw thrown;
	}
}
export function mathFmod(left: Value, right: Value): number {
	const [x, y] = [real(left), real(right)];
	if ((y === 0 && !Number.isNaN(x)) || (Math.abs(x) === Number.POSITIVE_INFINITY && !Number.isNaN(y))) return domain();
	return x % y;
}
export function mathCopysign(size: Value, sign: Value): number {
	const y = real(sign);
	return y < 0 || Object.is(y, -0) ? -Math.abs(real(size)) : Math.abs(real(size));
}
export function mathModf(value: Value): Value {
	const x = real(value);
	if (!Number.isFinite(x)) return tupleOf(Number.isNaN(x) ? x : x < 0 ? -0 : 0, x);
	const whole = Math.trunc(x);
	const rest = x - whole;
	return tupleOf(x < 0 || Object.is(x, -0) ? -Math.abs(rest) : rest, whole);
}
export function mathFrexp(value: Value): Value {
	const x = real(value);
	if (x === 0 || !Number.isFinite(x)) return tupleOf(x, 0n);
	const { numerator, shift } = exactRatio(Math.abs(x));
	const bits = BigInt(numerator.toString(2).length);
	const mantissa = Number(numerator) / Number(1n << bits);
	return tupleOf(x < 0 ? -mantissa : mantissa, bits - shift);
}
export function mathIsclose(a: Value, b: Value, relative: Value = 1e-9, absolute: Value = 0): boolean {
	const [x, y, rel, abs] = [real(a), real(b), real(relative), real(absolute)];
	if (rel < 0 || abs < 0) return fail("ValueError", "tolerances must be non-negative");
	if (x === y) return true;
	if (!Number.isFinite(x) || !Number.isFinite(y)) return false;
	const difference = Math.abs(y - x);
	return difference <= Math.abs(rel * y) || difference <= Math.abs(rel * x) || difference <= abs;
}
/** The sum of floats, rounded once. */
export function mathFsum(values: Value): number {
	let numerator = 0n;
	const shift = 1080n;
	let special: number | null = null;
	for (const value of iterate(values)) {
		const x = real(value);
		if (!Number.isFinite(x)) special = special === null ? x : special + x;
		else {
			const exact = exactRatio(x);
			numerator += exact.numerator << (shift - exact.shift);
		}
	}
	if (special !== null) return special;
	return quotientFixed(numerator, 1n << shift);
}
