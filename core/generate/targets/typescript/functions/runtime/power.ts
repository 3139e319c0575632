import { floorModuloWhole, toFloat } from "./arithmetic.ts";
import { fail, notTranslated } from "./exceptions.ts";
import { exactRatio } from "./float-text.ts";
import { isNumber, isWhole, PyObject, typeName, type Value } from "./values.ts";

/** left ** right: int to a power of 0 or more stays an int, every other power is a float. */
export function power(left: Value, right: Value, op = "**"): Value {
	if (!isNumber(left) || !isNumber(right)) {
		const told = left instanceof PyObject ? left.binary?.("**", right, false) : undefined;
		const mirrored = told ?? (right instanceof PyObject ? right.binary?.("**", left, true) : undefined);
		if (mirrored !== undefined) return mirrored;
		const name = op === "**" ? "** or pow()" : op;
		return fail("TypeError", `unsupported operand type(s) for ${name}: '${typeName(left)}' and '${typeName(right)}'`);
	}
	if (isWhole(left) && isWhole(right)) {
		const exponent = BigInt(right);
		if (exponent >= 0n) return BigInt(left) ** exponent;
	}
	return floatPower(toFloat(left), toFloat(right));
}

export function floatPower(base: number, exponent: number): number {
	if (base === 0 && exponent < 0) return fail("ZeroDivisionError", "0.0 cannot be raised to a negative power");
	if (base === 1) return 1;
	if (base === -1 && !Number.isFinite(exponent) && !Number.isNaN(exponent)) return 1;
	if (base < 0 && Number.isFinite(base) && Number.isFinite(exponent) && !Number.isInteger(exponent))
		return notTranslated("a negative number to a broken power is complex");
	const made = roundedPower(base, exponent);
	if (!Number.isFinite(made) && Number.isFinite(base) && Number.isFinite(exponent))
		return fail("OverflowError", 34n, "Numerical result out of range");
	return made;
}

/**
 * base^exponent, correctly rounded where both are finite. The C library below CPython is not always: about one power in a thousand
 * differs there in the last bit.
 */
export function roundedPower(base: number, exponent: number): number {
	const plain = base ** exponent;
	if (plain === 0 || !Number.isFinite(plain) || base === 0 || exponent === 0 || exponent === 1) return plain;
	if (exponent === 0.5) return Math.sqrt(base);
	if (exponent === -1) return 1 / base;
	if (exponent === 2) return base * base;
	const size = Math.abs(base);
	if (Math.abs(Math.log2(size) * exponent) > 1000) return plain;
	const made = fixedToFloat(expFixed(lnFixed(size) * exactFixed(exponent)));
	return plain < 0 ? -made : made;
}

/** Fixed point numbers with so many binary places. */
const places = 192n;
const one = 1n << places;

/** A double as fixed point; what lies below the last place is cut. */
function exactFixed(value: number): bigint {
	const { numerator, shift } = exactRatio(value);
	return (numerator << places) >> shift;
}

let ln2: bigint | null = null;

/** ln(x), x > 0: x = m 2^k with m near 1, then 2 artanh((m - 1) / (m + 1)). */
function lnFixed(x: number): bigint {
	const { numerator, shift } = exactRatio(x);
	let k = BigInt(numerator.toString(2).length) - shift;
	let m = k - shift < 0n ? (numerator << places) >> (k + shift) : (numerator << places) >> (k + shift);
	if (k + shift < 0n) m = numerator << (places - k - shift);
	// m in [0.5, 1); nearer to 1 when it is doubled below sqrt(1/2).
	if (m * m * 2n < one * one) {
		m <<= 1n;
		k -= 1n;
	}
	ln2 ??= artanhFixed(one / 3n) * 2n;
	return artanhFixed(((m - one) << places) / (m + one)) * 2n + k * ln2;
}

function artanhFixed(x: bigint): bigint {
	const square = (x * x) >> places;
	let sum = 0n;
	let term = x;
	for (let n = 1n; term !== 0n && term !== -1n; n += 2n) {
		sum += term / n;
		term = (term * square) >> places;
	}
	return sum;
}

/** exp(x / 2^(2 places)) as a fixed point number and a power of two. */
function expFixed(x: bigint): { mantissa: bigint; power: number } {
	ln2 ??= artanhFixed(one / 3n) * 2n;
	const fixed = x >> places;
	const k = fixed / ln2;
	const rest = (fixed - k * ln2) >> 8n;
	let sum = one;
	let term = one;
	for (let n = 1n; term !== 0n && term !== -1n; n += 1n) {
		term = (term * rest) >> places;
		term /= n;
		sum += term;
	}
	for (let i = 0; i < 8; i++) sum = (sum * sum) >> places;
	return { mantissa: sum, power: Number(k) };
}

/** Rounded to the nearest double. */
function fixedToFloat({ mantissa, power: binary }: { mantissa: bigint; power: number }): number {
	return Number(mantissa >> (places - 100n)) * 2 ** -100 * 2 ** Math.trunc(binary / 2) * 2 ** (binary - Math.trunc(binary / 2));
}

/** pow(base, exponent, modulus) */
export function pow(base: Value, exponent: Value, modulus: Value = null): Value {
	if (modulus === null) return power(base, exponent, "** or pow()");
	if (!isWhole(base) || !isWhole(exponent) || !isWhole(modulus))
		return fail("TypeError", "pow() 3rd argument not allowed unless all arguments are integers");
	const m = BigInt(modulus);
	if (m === 0n) return fail("ValueError", "pow() 3rd argument cannot be 0");
	let b = floorModuloWhole(BigInt(base), m);
	let e = BigInt(exponent);
	if (e < 0n) {
		b = inverse(b, m);
		e = -e;
	}
	let made = floorModuloWhole(1n, m);
	for (; e > 0n; e >>= 1n) {
		if (e & 1n) made = floorModuloWhole(made * b, m);
		b = floorModuloWhole(b * b, m);
	}
	return made;
}

/** By the extended algorithm of Euclid. */
function inverse(value: bigint, modulus: bigint): bigint {
	let [a, b] = [floorModuloWhole(value, modulus < 0n ? -modulus : modulus), modulus < 0n ? -modulus : modulus];
	let [x, y] = [1n, 0n];
	while (b !== 0n) {
		const quotient = a / b;
		[a, b] = [b, a - quotient * b];
		[x, y] = [y, x - quotient * y];
	}
	return a === 1n ? floorModuloWhole(x, modulus) : fail("ValueError", "base is not invertible for the given modulus");
}

/** top / bottom to the nearest double, rounded once; bottom > 0. */
export function quotientFixed(top: bigint, bottom: bigint): number {
	if (top === 0n) return 0;
	const size = top < 0n ? -top : top;
	const shift = Math.max(120 + bottom.toString(2).length - size.toString(2).length, 0);
	const scaled = size << BigInt(shift);
	const sticky = scaled % bottom === 0n ? 0n : 1n;
	const made = Number(((scaled / bottom) << 1n) | sticky);
	let power = -shift - 1;
	let value = made;
	for (; power < -900; power += 500) value *= 2 ** -500;
	value *= 2 ** power;
	return top < 0n ? -value : value;
}
