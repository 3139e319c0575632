import { IndexError, PyTypeError } from "./errors.ts";

// Positions count characters, not UTF-16 units. The two differ only where surrogate pairs occur.
const pairs = /[\ud800-\udfff]/;

export function lengthOf(text: string): number {
	return pairs.test(text) ? [...text].length : text.length;
}

/** The character at `index`, counted from the end if negative. */
export function characterAt(text: string, index: number): string {
	const character = pairs.test(text) ? [...text].at(index) : text.at(index);
	if (character === undefined) throw new IndexError("string index out of range");
	return character;
}

export function sliceText(text: string, from = 0, to?: number): string {
	return pairs.test(text) ? [...text].slice(from, to).join("") : text.slice(from, to);
}

export function padEnd(text: string, width: number, fill = " "): string {
	return text + fill.repeat(Math.max(0, width - lengthOf(text)));
}

export function padStart(text: string, width: number, fill = " "): string {
	return fill.repeat(Math.max(0, width - lengthOf(text))) + text;
}

/** In the middle; an odd blank goes to the right. */
export function padBoth(text: string, width: number, fill = " "): string {
	const room = Math.max(0, width - lengthOf(text));
	const left = Math.floor(room / 2);
	return fill.repeat(left) + text + fill.repeat(room - left);
}

/** Zeros before the digits, after a sign. */
export function zeroFill(text: string, width: number): string {
	const sign = /^[+-]/.test(text) ? text.slice(0, 1) : "";
	return sign + padStart(text.slice(sign.length), width - sign.length, "0");
}

/** Position of `needle`, or -1. */
export function positionOf(text: string, needle: string): number {
	const at = text.indexOf(needle);
	return at > 0 && pairs.test(text) ? [...text.slice(0, at)].length : at;
}

/** The code point of a text of one character. */
export function codePointOf(text: string): number {
	const [character, ...others] = text;
	if (character === undefined || others.length > 0) throw new PyTypeError("ord() expected a character");
	return character.codePointAt(0) as number;
}
