import { dateOf, type EpochDay } from "./calendar.ts";
import { plainDigits } from "./digits.ts";
import { ValueError } from "./errors.ts";
import type { WallTime } from "./wall-time.ts";

const blank = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const fields: Record<string, string> = {
	Y: "\\p{Nd}{4}",
	y: "\\p{Nd}{2}",
	m: "1[0-2]|0[1-9]|[1-9]",
	d: "3[0-1]|[1-2]\\p{Nd}|0[1-9]|[1-9]| [1-9]",
	H: "2[0-3]|[0-1]\\p{Nd}|\\p{Nd}",
	M: "[0-5]\\p{Nd}|\\p{Nd}",
	S: "6[0-1]|[0-5]\\p{Nd}|\\p{Nd}",
	f: "[0-9]{1,6}",
};
const readers = new Map<string, RegExp>();

/**
 * The date of a text by a pattern of the C library, such as `%d%m%y`.
 * Two-digit years from `centuryFrom` on are 19xx, those below are 20xx.
 */
export function parseDate(text: string, pattern: string, centuryFrom = 69): EpochDay {
	return parseTime(text, pattern, centuryFrom).day;
}

/** As `parseDate`, with the time of day. */
export function parseTime(text: string, pattern: string, centuryFrom = 69): WallTime {
	const match = readerOf(pattern).exec(text);
	if (match === null) throw new ValueError(`time data '${text}' does not match format '${pattern}'`);
	if (match[0].length !== text.length) throw new ValueError(`unconverted data remains: ${text.slice(match[0].length)}`);
	const read = (letter: string, missing: number): number => {
		const digits = match.groups?.[letter];
		return digits === undefined ? missing : Number(plainDigits(digits));
	};
	const short = read("y", -1);
	const year = short < 0 ? read("Y", 1900) : short < centuryFrom ? 2000 + short : 1900 + short;
	const day = dateOf(year, read("m", 1), read("d", 1));
	const second = read("S", 0);
	if (second > 59) throw new ValueError("second must be in 0..59");
	const micros = Number((match.groups?.f ?? "0").padEnd(6, "0"));
	return { day, micros: (read("H", 0) * 3600 + read("M", 0) * 60 + second) * 1e6 + micros };
}

function readerOf(pattern: string): RegExp {
	const known = readers.get(pattern);
	if (known) return known;
	const source = pattern
		.replace(/[\\.^$*+?(){}[\]|/]/g, "\\$&")
		.replace(new RegExp(blank, "g"), () => blank)
		.replace(/%([YymdHMSf])/g, (_, letter: string) => `(?<${letter}>${fields[letter]})`)
		.replaceAll("%%", "%");
	const reader = new RegExp(`^(?:${source})`, "iu");
	readers.set(pattern, reader);
	return reader;
}
