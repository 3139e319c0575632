import { fail } from "./exceptions.ts";
import { characters, sizeArgument, sliceText, textLength } from "./indices.ts";
import { iterate } from "./iterate.ts";
import { isShown } from "./repr.ts";
import { PyTuple, tupleOf } from "./tuple.ts";
import { isWhole, typeName, type Value } from "./values.ts";

const blank = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const leading = new RegExp(`^[${blank}]+`);
const trailing = new RegExp(`[${blank}]+$`);
const lastBlank = new RegExp(`^([\\s\\S]*)[${blank}]([\\s\\S]*)$`);
const lineEnd = "\\n\\r\\v\\f\\x1c-\\x1e\\x85\\u2028\\u2029";
const lines = new RegExp(`[^${lineEnd}]*(?:\\r\\n|[${lineEnd}])|[^${lineEnd}]+$`, "g");
const lineBreak = new RegExp(`(?:\\r\\n|[${lineEnd}])$`);
const onlyBlank = new RegExp(`^[${blank}]+$`);

function textArgument(value: Value, what: string): string {
	return typeof value === "string" ? value : fail("TypeError", `${what}, not ${typeName(value)}`);
}

export const strUpper = (text: string): string => text.toUpperCase();
export const strLower = (text: string): string => text.toLowerCase();
export function strCasefold(text: string): string {
	return text.toLowerCase().replaceAll("ß", "ss").replaceAll("ς", "σ");
}
const titled = (character: string): string => {
	const upper = character.toUpperCase();
	return [...upper].length > 1 ? upper.slice(0, 1) + upper.slice(1).toLowerCase() : upper;
};
export function strCapitalize(text: string): string {
	const [first = "", ...rest] = characters(text);
	return titled(first) + rest.join("").toLowerCase();
}
export function strTitle(text: string): string {
	let inWord = false;
	return characters(text)
		.map((character) => {
			const made = inWord ? character.toLowerCase() : titled(character);
			inWord = isCased(character);
			return made;
		})
		.join("");
}
const isUpperCase = (character: string): boolean => /\p{Uppercase}/u.test(character);
const isLowerCase = (character: string): boolean => /\p{Lowercase}/u.test(character);
const isCased = (character: string): boolean => /\p{Uppercase}|\p{Lowercase}|\p{Lt}/u.test(character);
export function strSwapcase(text: string): string {
	return characters(text)
		.map((one) => (isUpperCase(one) ? one.toLowerCase() : isLowerCase(one) ? one.toUpperCase() : one))
		.join("");
}

export const strIsalpha = (text: string): boolean => /^\p{L}+$/u.test(text);
export const strIsdecimal = (text: string): boolean => /^\p{Nd}+$/u.test(text);
const digit =
	"\\p{Nd}\\u00b2\\u00b3\\u00b9\\u1369-\\u1371\\u19da\\u2070\\u2074-\\u2079\\u2080-\\u2089\\u2460-\\u2468\\u2474-\\u247c\\u2488-\\u2490\\u24ea\\u24f5-\\u24fd\\u24ff\\u2776-\\u277e\\u2780-\\u2788\\u278a-\\u2792";
const digits = new RegExp(`^[${digit}]+$`, "u");
const numerics =
	/^[\p{N}\u3405\u3483\u382a\u3b4d\u4e00\u4e03\u4e07\u4e09\u4e5d\u4e8c\u4e94\u4e96\u4ebf-\u4ec0\u4edf\u4ee8\u4f0d\u4f70\u5104\u5146\u5169\u516b\u516d\u5341\u5343-\u5345\u534c\u53c1-\u53c4\u56db\u58f1\u58f9\u5e7a\u5efe-\u5eff\u5f0c-\u5f0e\u5f10\u62fe\u634c\u67d2\u6f06\u7396\u767e\u8086\u842c\u8cae\u8cb3\u8d30\u9621\u9646\u964c\u9678\u96f6]+$/u;
export const strIsdigit = (text: string): boolean => digits.test(text);
export const strIsnumeric = (text: string): boolean => numerics.test(text);
export function strIsalnum(text: string): boolean {
	return text !== "" && [...text].every((one) => strIsalpha(one) || strIsnumeric(one) || strIsdigit(one));
}
export const strIsspace = (text: string): boolean => onlyBlank.test(text);
export const strIsascii = (text: string): boolean => /^[\0-\x7f]*$/.test(text);
export const strIsidentifier = (text: string): boolean => /^[\p{XID_Start}_]\p{XID_Continue}*$/u.test(text);
export const strIsprintable = (text: string): boolean => [...text].every(isShown);
export function strIsupper(text: string): boolean {
	return /\p{Uppercase}/u.test(text) && !/\p{Lowercase}|\p{Lt}/u.test(text);
}
export function strIslower(text: string): boolean {
	return /\p{Lowercase}/u.test(text) && !/\p{Uppercase}|\p{Lt}/u.test(text);
}
export function strIstitle(text: string): boolean {
	let inWord = false;
	let any = false;
	for (const one of text) {
		const upper = isUpperCase(one) || /\p{Lt}/u.test(one);
		if (upper ? inWord : isLowerCase(one) && !inWord) return false;
		any ||= isCased(one);
		inWord = isCased(one);
	}
	return any;
}

function stripped(text: string, given: Value, start: boolean, end: boolean): string {
	if (given === null) {
		const bare = start ? text.replace(leading, "") : text;
		return end ? bare.replace(trailing, "") : bare;
	}
	if (typeof given !== "string") return fail("TypeError", `${start && end ? "" : start ? "l" : "r"}strip arg must be None or str`);
	const set = new Set(given);
	const all = characters(text);
	let from = 0;
	let to = all.length;
	while (start && from < to && set.has(all[from] ?? "")) from++;
	while (end && to > from && set.has(all[to - 1] ?? "")) to--;
	return all.slice(from, to).join("");
}
export const strStrip = (text: string, given: Value = null): string => stripped(text, given, true, true);
export const strLstrip = (text: string, given: Value = null): string => stripped(text, given, true, false);
export const strRstrip = (text: string, given: Value = null): string => stripped(text, given, false, true);

function separator(given: Value): string {
	const made = textArgument(given, "must be str or None");
	return made === "" ? fail("ValueError", "empty separator") : made;
}
export function strSplit(text: string, sep: Value = null, maxsplit: Value = -1n): Value[] {
	const limit = sizeArgument(maxsplit);
	const most = limit < 0 ? Number.POSITIVE_INFINITY : limit;
	if (sep === null) return splitWords(text, most);
	const by = separator(sep);
	const parts = text.split(by);
	return parts.length <= most + 1 ? parts : [...parts.slice(0, most), parts.slice(most).join(by)];
}
function splitWords(text: string, most: number): string[] {
	const made: string[] = [];
	let rest = text.replace(leading, "");
	while (rest !== "") {
		const at = made.length < most ? rest.search(new RegExp(`[${blank}]`)) : -1;
		if (at < 0) {
			made.push(rest);
			break;
		}
		made.push(rest.slice(0, at));
		rest = rest.slice(at).replace(leading, "");
	}
	return made;
}
export function strRsplit(text: string, sep: Value = null, maxsplit: Value = -1n): Value[] {
	const limit = sizeArgument(maxsplit);
	if (limit < 0) return strSplit(text, sep);
	if (sep !== null) {
		const by = separator(sep);
		const parts = text.split(by);
		return parts.length <= limit + 1 ? parts : [parts.slice(0, parts.length - limit).join(by), ...parts.slice(parts.length - limit)];
	}
	const made: string[] = [];
	let rest = text.replace(trailing, "");
	while (rest !== "") {
		const cut = made.length < limit ? lastBlank.exec(rest) : null;
		if (!cut) {
			made.push(rest);
			break;
		}
		made.push(cut[2] ?? "");
		rest = (cut[1] ?? "").replace(trailing, "");
	}
	return made.reverse();
}
export function strSplitlines(text: string, keepends: Value = false): Value[] {
	const found = text.match(lines) ?? [];
	const keeps = keepends === true || (typeof keepends === "bigint" && keepends !== 0n);
	return keeps ? [...found] : found.map((line) => line.replace(lineBreak, ""));
}
export function strJoin(by: string, items: Value): string {
	if (items === null || typeof items === "number" || typeof items === "bigint" || typeof items === "boolean")
		return fail("TypeError", "can only join an iterable");
	let at = 0;
	const parts: string[] = [];
	for (const item of iterate(items)) {
		if (typeof item !== "string") return fail("TypeError", `sequence item ${at}: expected str instance, ${typeName(item)} found`);
		parts.push(item);
		at++;
	}
	return parts.join(by);
}
export function strReplace(text: string, old: Value, made: Value, count: Value = -1n): string {
	const from = textArgument(old, "replace() argument 1 must be str");
	const to = textArgument(made, "replace() argument 2 must be str");
	const most = sizeArgument(count);
	if (most < 0 && from !== "") return text.replaceAll(from, () => to);
	const parts = from === "" ? ["", ...characters(text), ""] : text.split(from);
	const limit = most < 0 ? parts.length : Math.min(most, parts.length - 1);
	return parts.reduce((left, part, at) => (at === 0 ? part : left + (at <= limit ? to : from) + part), "");
}

function window(text: string, from: Value, to: Value): { part: string; offset: number } | null {
	const length = textLength(text);
	const bound = (value: Value, missing: number): number => {
		if (value !== null && !isWhole(value)) return fail("TypeError", "slice indices must be integers or None or have an __index__ method");
		const at = value === null ? missing : Number(value);
		return at < 0 ? Math.max(at + length, 0) : at;
	};
	const start = bound(from, 0);
	const end = Math.min(bound(to, length), length);
	if (start > end) return null;
	return { part: sliceText(text, BigInt(start), BigInt(end), null), offset: start };
}
function located(text: string, sought: Value, from: Value, to: Value, last: boolean): number {
	const needle = textArgument(sought, "must be str");
	const found = window(text, from, to);
	if (!found) return -1;
	const at = last ? found.part.lastIndexOf(needle) : found.part.indexOf(needle);
	return at < 0 ? -1 : textLength(found.part.slice(0, at)) + found.offset;
}
export const strFind = (text: string, sought: Value, from: Value = null, to: Value = null): bigint =>
	BigInt(located(text, sought, from, to, false));
export const strRfind = (text: string, sought: Value, from: Value = null, to: Value = null): bigint =>
	BigInt(located(text, sought, from, to, true));
export function strIndex(text: string, sought: Value, from: Value = null, to: Value = null): bigint {
	const at = located(text, sought, from, to, false);
	return at < 0 ? fail("ValueError", "substring not found") : BigInt(at);
}
export function strRindex(text: string, sought: Value, from: Value = null, to: Value = null): bigint {
	const at = located(text, sought, from, to, true);
	return at < 0 ? fail("ValueError", "substring not found") : BigInt(at);
}
export function strCount(text: string, sought: Value, from: Value = null, to: Value = null): bigint {
	const needle = textArgument(sought, "must be str");
	const found = window(text, from, to);
	if (!found) return 0n;
	return BigInt(needle === "" ? textLength(found.part) + 1 : found.part.split(needle).length - 1);
}
function edge(text: string, sought: Value, from: Value, to: Value, name: "startswith" | "endswith"): boolean {
	if (sought instanceof PyTuple)
		return sought.items.some((one) => edge(text, textArgument(one, `tuple for ${name} must only contain str`), from, to, name));
	if (typeof sought !== "string") return fail("TypeError", `${name} first arg must be str or a tuple of str, not ${typeName(sought)}`);
	const found = window(text, from, to);
	return found !== null && (name === "startswith" ? found.part.startsWith(sought) : found.part.endsWith(sought));
}
export const strStartswith = (text: string, sought: Value, from: Value = null, to: Value = null): boolean =>
	edge(text, sought, from, to, "startswith");
export const strEndswith = (text: string, sought: Value, from: Value = null, to: Value = null): boolean =>
	edge(text, sought, from, to, "endswith");
export function strRemoveprefix(text: string, prefix: Value): string {
	const start = textArgument(prefix, "removeprefix() argument must be str");
	return text.startsWith(start) ? text.slice(start.length) : text;
}
export function strRemovesuffix(text: string, suffix: Value): string {
	const end = textArgument(suffix, "removesuffix() argument must be str");
	return end !== "" && text.endsWith(end) ? text.slice(0, -end.length) : text;
}
export function strPartition(text: string, sep: Value): Value {
	const by = separator(sep);
	const at = text.indexOf(by);
	return at < 0 ? tupleOf(text, "", "") : tupleOf(text.slice(0, at), by, text.slice(at + by.length));
}
export function strRpartition(text: string, sep: Value): Value {
	const by = separator(sep);
	const at = text.lastIndexOf(by);
	return at < 0 ? tupleOf("", "", text) : tupleOf(text.slice(0, at), by, text.slice(at + by.length));
}

function padding(text: string, width: Value, fill: Value): { room: number; by: string } {
	if (typeof fill !== "string") return fail("TypeError", `The fill character must be a unicode character, not ${typeName(fill)}`);
	if (textLength(fill) !== 1) return fail("TypeError", "The fill character must be exactly one character long");
	return { room: Math.max(0, sizeArgument(width) - textLength(text)), by: fill };
}
export function strLjust(text: string, width: Value, fill: Value = " "): string {
	const { room, by } = padding(text, width, fill);
	return text + by.repeat(room);
}
export function strRjust(text: string, width: Value, fill: Value = " "): string {
	const { room, by } = padding(text, width, fill);
	return by.repeat(room) + text;
}
/** An odd blank goes to the left when the width is odd. */
export function strCenter(text: string, width: Value, fill: Value = " "): string {
	const { room, by } = padding(text, width, fill);
	const left = Math.floor(room / 2) + (room & sizeArgument(width) & 1);
	return by.repeat(left) + text + by.repeat(room - left);
}
export function strZfill(text: string, width: Value): string {
	const room = Math.max(0, sizeArgument(width) - textLength(text));
	const sign = room > 0 && /^[+-]/.test(text) ? text.slice(0, 1) : "";
	return sign + "0".repeat(room) + text.slice(sign.length);
}
export function strExpandtabs(text: string, tabsize: Value = 8n): string {
	const size = sizeArgument(tabsize);
	let column = 0;
	let made = "";
	for (const one of text) {
		if (one === "\t") {
			const room = size > 0 ? size - (column % size) : 0;
			made += " ".repeat(room);
			column += room;
		} else {
			made += one;
			column = one === "\n" || one === "\r" ? 0 : column + 1;
		}
	}
	return made;
}
