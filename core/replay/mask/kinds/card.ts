import type { Permute } from "../permute.ts";
import { type Found, type Kind, refill, wholeBy } from "./kind.ts";

const digitRun = /\d(?:[ -]?\d)*/g;
/** Kept, because systems read the brand from them. */
const BRAND_DIGITS = 2;

/** Payment card numbers (ISO/IEC 7812): 13 to 19 digits of a known issuer with a right Luhn digit, also in groups of digits. */
export const card: Kind = { name: "card", hint: /\d(?:[ -]?\d){12}/, find, maskWhole: wholeBy(find) };

function find(text: string, permute: Permute): Found[] {
	const found: Found[] = [];
	for (const { 0: run, index } of text.matchAll(digitRun)) {
		if (run.length < 13) continue;
		const groups = [...run.matchAll(/\d+/g)];
		for (let first = 0; first < groups.length; first++) {
			const last = cardEnd(groups, first);
			if (last === -1) continue;
			const from = groups[first]?.index as number;
			const to = (groups[last]?.index as number) + (groups[last]?.[0].length as number);
			const number = run.slice(from, to);
			found.push({ from: index + from, to: index + to, masked: maskCard(number, permute) });
			first = last;
		}
	}
	return found;
}

/** The group with which a card ends that begins with group `first`; the longest, or -1. */
function cardEnd(groups: RegExpExecArray[], first: number): number {
	let digits = "";
	let end = -1;
	for (let last = first; last < groups.length && digits.length < 19; last++) {
		digits += groups[last]?.[0];
		if (isIssued(digits) && luhnDigit(digits.slice(0, -1)) === Number(digits.at(-1))) end = last;
	}
	return end;
}

/** The ranges of issuer numbers that are in use; a number of 13 digits that counts milliseconds is in none of them. */
function isIssued(digits: string): boolean {
	const { length } = digits;
	if (length < 13 || length > 19) return false;
	const four = Number(digits.slice(0, 4));
	switch (digits[0]) {
		case "3":
		case "4":
		case "5":
		case "6":
			return true;
		case "2":
			return length === 16 && ((four >= 2200 && four <= 2205) || (four >= 2221 && four <= 2720));
		case "1":
			return length === 15;
		case "8":
			return length >= 16 && four >= 8100 && four < 8300;
		case "9":
			return length === 16 && four === 9792;
		default:
			return false;
	}
}

/** The digit that makes `digits` right when it is put behind them (ISO/IEC 7812-1, annex B). */
export function luhnDigit(digits: string): number {
	let sum = 0;
	for (let at = digits.length - 1, doubled = true; at >= 0; at--, doubled = !doubled) {
		const value = digits.charCodeAt(at) - 48;
		sum += doubled ? (value > 4 ? value * 2 - 9 : value * 2) : value;
	}
	return (10 - (sum % 10)) % 10;
}

function maskCard(text: string, permute: Permute): string {
	const digits = text.replace(/\D/g, "");
	const brand = digits.slice(0, BRAND_DIGITS);
	const middle = [...digits.slice(BRAND_DIGITS, -1)].map(Number);
	const masked = permute(middle, new Array(middle.length).fill(10), `card ${brand}`);
	const front = brand + masked.join("");
	return refill(text, [...front, luhnDigit(front)]);
}
