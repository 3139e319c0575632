import type { Permute } from "../permute.ts";
import { type Found, type Kind, refill } from "./kind.ts";

/** `+39 06 1234 5678`, `0039...` in groups, `(555) 123-4567`, `555-123-4567`. Bare digits are no sign of a phone. */
const written =
	/(?<![\w+])(?:\+\d(?:[ .()/-]{0,2}\d){6,14}|00[1-9]\d?[ .-]\d(?:[ .()/-]{0,2}\d){5,12}|\(\d{3}\) ?\d{3}[ .-]\d{4}|\d{3}-\d{3}-\d{4})(?!\d)/g;

/** Telephone numbers. A rule may also name the fields in which any digits are one. */
export const phone: Kind = {
	name: "phone",
	hint: /\+\d|00[1-9]|\(\d{3}\)|\d{3}-\d{3}-/,
	find: (text, permute) =>
		[...text.matchAll(written)].map(
			({ 0: number, index }): Found => ({ from: index, to: index + number.length, masked: maskPhone(number, permute) }),
		),
	maskWhole: (text, permute) => (/^[\d +.()/-]*\d[\d +.()/-]*$/.test(text) ? maskPhone(text, permute) : null),
};

/** All but leading zeros and what is no digit. By its digits, so that every way to write a number stays one number. */
function maskPhone(text: string, permute: Permute): string {
	const digits = text.replace(/\D/g, "");
	const zeros = /^0*/.exec(digits)?.[0] ?? "";
	const rest = [...digits.slice(zeros.length)].map(Number);
	const [first, ...others] = rest;
	if (first === undefined) return text;
	const radices = [9, ...new Array<number>(others.length).fill(10)];
	const [lead = 0, ...masked] = permute([first - 1, ...others], radices, "phone");
	return refill(text, [...zeros, lead + 1, ...masked]);
}
