import { scaledHalfEven } from "./round-half-even.ts";

/** A number with fixed decimals, rounded by its exact binary value, ties to even: `0.125` -> `0.12`. */
export function formatFixed(value: number, digits: number): string {
	if (Number.isNaN(value)) return "nan";
	const sign = value < 0 || Object.is(value, -0) ? "-" : "";
	const size = Math.abs(value);
	if (size === Infinity) return `${sign}inf`;
	if (size >= 2 ** 52) return sign + BigInt(size).toString() + (digits > 0 ? `.${"0".repeat(digits)}` : "");
	const scaled = scaledHalfEven(size, digits);
	if (scaled === null) return sign + size.toFixed(digits);
	const text = scaled.toString().padStart(digits + 1, "0");
	return sign + (digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`);
}

/** Commas between the thousands of the whole part: `-1234567.89` -> `-1,234,567.89`. */
export function groupThousands(text: string): string {
	return text.replace(/^([+-]?)(\d+)/, (_, sign: string, digits: string) => sign + digits.replace(/\B(?=(\d{3})+$)/g, ","));
}

/** Zeros between the sign and the digits up to `width` characters; with `grouped`, the zeros are grouped as well. */
export function padWithZeros(text: string, width: number, grouped = false): string {
	const sign = /^[+-]/.test(text) ? text.slice(0, 1) : "";
	let rest = text.slice(sign.length);
	if (!grouped) return sign + rest.padStart(width - sign.length, "0");
	while (sign.length + rest.length < width) rest = groupThousands(`0${rest.replaceAll(",", "")}`);
	return sign + rest;
}

/** With `+` or a blank before a number that is not negative. */
export function withSign(text: string, sign: "+" | " "): string {
	return text.startsWith("-") ? text : sign + text;
}
