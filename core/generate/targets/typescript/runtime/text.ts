import { ValueError } from "./errors.ts";

// What counts as a digit beyond the decimal digits: superscripts, circled digits and the like (Unicode 14).
const digitLike =
	/^[\p{Nd}\xb2\xb3\xb9\u1369-\u1371\u19da\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468\u2474-\u247c\u2488-\u2490\u24ea\u24f5-\u24fd\u24ff\u2776-\u277e\u2780-\u2788\u278a-\u2792\u{10a40}-\u{10a43}\u{10e60}-\u{10e68}\u{11052}-\u{1105a}\u{1f100}-\u{1f10a}]+$/u;

/** Not empty, and digits only. */
export function isDigits(text: string): boolean {
	return digitLike.test(text);
}

export function isLetters(text: string): boolean {
	return /^\p{L}+$/u.test(text);
}

export function isLettersOrDigits(text: string): boolean {
	return /^[\p{L}\p{N}]+$/u.test(text);
}

export function splitAt(text: string, separator: string): string[] {
	if (separator === "") throw new ValueError("empty separator");
	return text.split(separator);
}

/** How often `needle` occurs without overlap; an empty one, once around every character. */
export function countOf(text: string, needle: string): number {
	return needle === "" ? [...text].length + 1 : text.split(needle).length - 1;
}

export function replaceAll(text: string, search: string, replacement: string): string {
	if (search === "") return [...text].reduce((result, character) => result + character + replacement, replacement);
	return text.replaceAll(search, () => replacement);
}

export function escapeXml(text: string): string {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

export function characterOf(codePoint: number): string {
	if (codePoint < 0 || codePoint > 0x10ffff) throw new ValueError("chr() arg not in range(0x110000)");
	return String.fromCodePoint(codePoint);
}
