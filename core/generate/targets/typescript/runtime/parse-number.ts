import { plainDigits } from "./digits.ts";
import { ValueError } from "./errors.ts";

const whole = /^[+-]?\d+(?:_\d+)*$/;
const decimal = /^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?$/i;
const special = /^([+-]?)(?:(nan)|inf(?:inity)?)$/i;

/** The whole text as a whole number: blanks around it and single underscores between digits are allowed. */
export function parseWhole(text: string): number {
	const value = Number(wholeText(text));
	if (!Number.isSafeInteger(value)) throw new RangeError(`whole number out of the exact range: ${text}`);
	return value + 0;
}

/** A number text of any length modulo `divisor`, with the sign of the divisor. */
export function textModulo(text: string, divisor: number): number {
	const remainder = Number(
		BigInt(
			wholeText(text)
				.replace(/^\+/, "")
				.replace(/^-(\d+)$/, "-$1"),
		) % BigInt(divisor),
	);
	return (remainder !== 0 && remainder < 0 !== divisor < 0 ? remainder + divisor : remainder) + 0;
}

/** The whole text as a decimal number, `inf` and `nan` included. */
export function parseDecimal(text: string): number {
	const clean = plainDigits(text);
	if (decimal.test(clean)) return Number(clean.replaceAll("_", ""));
	const [matched, sign, nan] = special.exec(clean) ?? [];
	if (matched === undefined) throw new ValueError(`could not convert string to float: '${text}'`);
	if (nan !== undefined) return Number.NaN;
	return sign === "-" ? -Infinity : Infinity;
}

function wholeText(text: string): string {
	const clean = plainDigits(text);
	if (!whole.test(clean)) throw new ValueError(`invalid literal for int() with base 10: '${text}'`);
	const digits = clean.replaceAll("_", "");
	if (digits.length > 4300) throw new ValueError("Exceeds the limit (4300 digits) for integer string conversion");
	return digits;
}
