import type { Permute } from "./permute.ts";

/**
 * Characters are replaced within their range, so that length, case, digits and punctuation stay. Within one range all code points take
 * equally many bytes, in UTF-8 as in latin1.
 */
const ranges: readonly (readonly [from: number, to: number])[] = [
	[0x30, 0x39],
	[0x61, 0x7a],
	[0x41, 0x5a],
	[0xc0, 0xd6],
	[0xe0, 0xf6],
	[0x100, 0x17f],
	[0x391, 0x3a1],
	[0x3b1, 0x3c9],
	[0x410, 0x44f],
	[0x3042, 0x3093],
	[0x4e00, 0x9fa5],
];
/** Where letters of no range above go, by their bytes in UTF-8; two of them may meet. */
const spare: Record<number, readonly [number, number]> = { 2: [0x410, 0x44f], 3: [0x4e00, 0x9fa5], 4: [0x20000, 0x2a6d6] };

const letter = /[\p{L}\p{N}\p{M}]/u;
const NON_ZERO = [0x31, 0x39] as const;

/** Every letter and digit of a text replaced; `isNumber`: a number stays one, so its first digit does not become 0. */
export function maskValue(text: string, permute: Permute, tweak = "value", isNumber = false): string {
	const characters = Array.from(text);
	const digits: number[] = [];
	const radices: number[] = [];
	const places: { at: number; from: number }[] = [];
	const firstDigit = isNumber ? characters.findIndex((one) => one >= "0" && one <= "9") : -1;
	const exponent = isNumber ? characters.findIndex((one) => one === "e" || one === "E") : -1;
	for (let at = 0; at < characters.length && at !== exponent; at++) {
		const code = characters[at]?.codePointAt(0) as number;
		const isLeading = at === firstDigit && code !== 0x30 && isDigit(characters[at + 1]);
		const range = isLeading ? NON_ZERO : ranges.find(([from, to]) => code >= from && code <= to);
		if (range === undefined) {
			if (code >= 0x80 && letter.test(characters[at] as string)) spareAt(characters, at, permute);
			continue;
		}
		// A lone zero before a point stays, or 0.5 would become 7.5: still a number, but one of another size.
		if (at === firstDigit && code === 0x30 && !isDigit(characters[at + 1]) && characters.length > 1) continue;
		places.push({ at, from: range[0] });
		digits.push(code - range[0]);
		radices.push(range[1] - range[0] + 1);
	}
	if (digits.length === 0) return characters.join("");
	const masked = permute(digits, radices, tweak);
	for (const [index, { at, from }] of places.entries()) characters[at] = String.fromCodePoint(from + (masked[index] as number));
	return characters.join("");
}

function spareAt(characters: string[], at: number, permute: Permute): void {
	const one = characters[at] as string;
	const [from, to] = spare[Buffer.byteLength(one)] as readonly [number, number];
	const size = to - from + 1;
	const [index = 0] = permute([(one.codePointAt(0) as number) % size], [size], `letter ${one}`);
	characters[at] = String.fromCodePoint(from + index);
}

const isDigit = (text: string | undefined): boolean => text !== undefined && text >= "0" && text <= "9";
