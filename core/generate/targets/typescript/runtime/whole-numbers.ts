import { OverflowError, ValueError, ZeroDivisionError } from "./errors.ts";

/** The value itself while it is exact as a whole number; beyond 2^53 it fails rather than be wrong. */
export function safeInteger(value: number): number {
	if (!Number.isSafeInteger(value)) throw new RangeError(`whole number out of the exact range: ${value}`);
	return value + 0; // never -0
}

export function truncate(value: number): number {
	return safeInteger(Math.trunc(finite(value)));
}

export function floor(value: number): number {
	return safeInteger(Math.floor(finite(value)));
}

export function ceil(value: number): number {
	return safeInteger(Math.ceil(finite(value)));
}

export function integerPower(base: number, exponent: number): number {
	if (exponent < 0) throw new RangeError("a whole-number power needs an exponent of 0 or more");
	return safeInteger(Number(BigInt(base) ** BigInt(exponent)));
}

export function sumOfIntegers(values: Iterable<number>): number {
	let total = 0;
	for (const value of values) total = safeInteger(total + value);
	return total;
}

/** Quotient rounded towards minus infinity. */
export function floorDivide(dividend: number, divisor: number): number {
	if (divisor === 0) throw new ZeroDivisionError("integer division or modulo by zero");
	const remainder = dividend % divisor;
	const quotient = (dividend - remainder) / divisor;
	return (remainder !== 0 && remainder < 0 !== divisor < 0 ? quotient - 1 : quotient) + 0;
}

/** Remainder with the sign of the divisor. */
export function floorModulo(dividend: number, divisor: number): number {
	if (divisor === 0) throw new ZeroDivisionError("integer division or modulo by zero");
	const remainder = dividend % divisor;
	return (remainder !== 0 && remainder < 0 !== divisor < 0 ? remainder + divisor : remainder) + 0;
}

function finite(value: number): number {
	if (Number.isNaN(value)) throw new ValueError("cannot convert float NaN to integer");
	if (!Number.isFinite(value)) throw new OverflowError("cannot convert float infinity to integer");
	return value;
}
