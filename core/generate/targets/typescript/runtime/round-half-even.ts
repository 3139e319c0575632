import { OverflowError, ValueError } from "./errors.ts";

/**
 * The decimal with `digits` places nearest to the exact binary value; a tie goes to the even digit.
 * A double can only be a tie if it is a whole multiple of 2^-(digits + 1); then exact integers decide.
 */
export function roundHalfEven(value: number, digits: number): number {
	if (value === 0 || !Number.isFinite(value) || Math.abs(value) >= 2 ** 52) return value;
	const scaled = scaledHalfEven(value, digits);
	if (scaled === null) return Number(value.toFixed(digits));
	return scaled === 0n && value < 0 ? -0 : Number(`${scaled}e-${digits}`);
}

/** `value` times 10^digits as a whole number, where a tie is possible; null where the usual rounding is right. */
export function scaledHalfEven(value: number, digits: number): bigint | null {
	const halves = value * 2 ** (digits + 1);
	if (!Number.isInteger(halves)) return null;
	const numerator = BigInt(halves) * 5n ** BigInt(digits);
	const below = numerator >> 1n;
	return (numerator & 1n) === 1n && (below & 1n) === 1n ? below + 1n : below;
}

/** The nearest whole number; a tie goes to the even one. */
export function roundToEven(value: number): number {
	if (Number.isNaN(value)) throw new ValueError("cannot convert float NaN to integer");
	if (!Number.isFinite(value)) throw new OverflowError("cannot convert float infinity to integer");
	const below = Math.floor(value);
	const rest = value - below;
	const rounded = rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below;
	if (!Number.isSafeInteger(rounded)) throw new RangeError(`whole number out of the exact range: ${rounded}`);
	return rounded + 0; // never -0
}
