import type { ValueType } from "../contract/verdict.ts";

/** `equal` with the check that says so, `unequal`, or `unread`: the text is no such value, and counts as it stands. */
export type TypedComparison = { is: "equal"; check: string } | { is: "unequal" } | { is: "unread"; side: "legacy" | "modern" };

/** Two texts as values of one type. Rules: SPEC.md [C35]. */
export function compareTyped(type: ValueType, legacy: string, modern: string): TypedComparison {
	const read = readers[type];
	const a = read(legacy);
	if (a === null) return { is: "unread", side: "legacy" };
	const b = read(modern);
	if (b === null) return { is: "unread", side: "modern" };
	return a === b ? { is: "equal", check: `${type}: one value in another spelling` } : { is: "unequal" };
}

/** One spelling for each value; null: unread. */
const readers: Record<ValueType, (text: string) => string | null> = { amount: readAmount, date: readDate, instant: readInstant };

/**
 * An exact decimal with an optional currency before or behind it. A comma is a decimal sign when it is the only separator and not three
 * digits from the end, or when points group before it; `1,234` could be either and is not read.
 */
function readAmount(text: string): string | null {
	const found = /^\s*([A-Z]{3}|[€$£¥])?\s*([+-]?)\s*([\d.,]*\d)\s*([A-Z]{3}|[€$£¥])?\s*$/u.exec(text);
	if (found === null || (found[1] !== undefined && found[4] !== undefined)) return null;
	const number = plainDecimal(found[3] as string);
	if (number === null) return null;
	const [whole = "", part = ""] = number.split(".");
	const fraction = part.replace(/0+$/, "");
	const size = `${whole.replace(/^0+(?=\d)/, "")}${fraction === "" ? "" : `.${fraction}`}`;
	const currency = found[1] ?? found[4] ?? "";
	return `${found[2] === "-" && size !== "0" ? "-" : ""}${size}${currency === "" ? "" : ` ${currency}`}`;
}

/** Digits with a point at most; null: unclear. */
function plainDecimal(text: string): string | null {
	if (/^\d+(?:\.\d+)?$/.test(text) || /^\.\d+$/.test(text)) return text.startsWith(".") ? `0${text}` : text;
	if (/^\d{1,3}(?:,\d{3})+\.\d+$/.test(text) || /^\d{1,3}(?:,\d{3}){2,}$/.test(text)) return text.replaceAll(",", "");
	if (/^\d{1,3}(?:\.\d{3})+,\d+$/.test(text)) return text.replaceAll(".", "").replace(",", ".");
	if (/^\d+,\d+$/.test(text) && !/,\d{3}$/.test(text)) return text.replace(",", ".");
	return null;
}

/** A day that exists. With slashes day and month could change places: not read. */
function readDate(text: string): string | null {
	const found = /^(\d{4})-?(\d\d)-?(\d\d)$/.exec(text) ?? reversed(/^(\d\d)\.(\d\d)\.(\d{4})$/.exec(text));
	if (found === null) return null;
	const [year, month, day] = found.slice(1, 4).map(Number) as [number, number, number];
	return isDay(year, month, day) ? `${found[1]}-${found[2]}-${found[3]}` : null;
}

const reversed = (found: RegExpExecArray | null): string[] | null =>
	found && ["", found[3] as string, found[2] as string, found[1] as string];

/** RFC 3339, with or without seconds, to the microsecond. Without a zone it is no moment. */
function readInstant(text: string): string | null {
	const found = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*([Zz]|[+-]\d\d(?::?\d\d)?)$/.exec(text);
	if (found === null) return null;
	const [year, month, day, hour, minute, second] = found.slice(1, 7).map((part) => Number(part ?? 0)) as [
		number,
		number,
		number,
		number,
		number,
		number,
	];
	if (!isDay(year, month, day) || hour > 23 || minute > 59 || second > 59) return null;
	const zone = /^([+-])(\d\d):?(\d\d)?$/.exec(found[8] as string);
	const offset = zone === null ? 0 : (zone[1] === "-" ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3] ?? 0));
	const at = new Date(Date.UTC(year, month - 1, day, hour, minute, second) - offset * 60_000).toISOString().slice(0, 19);
	const fraction = (found[7] ?? "").replace(/0+$/, "");
	return `${at}${fraction === "" ? "" : `.${fraction}`}Z`;
}

function isDay(year: number, month: number, day: number): boolean {
	const date = new Date(Date.UTC(year, month - 1, day));
	return month >= 1 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
