import { call } from "./calls.ts";
import { dictOf } from "./dict.ts";
import { fail, notTranslated } from "./exceptions.ts";
import { sizeArgument, textLength } from "./indices.ts";
import { textRepr } from "./repr.ts";
import { PyTuple, tupleOf } from "./tuple.ts";
import { isWhole, PyIterator, PyObject, typeName, type Value } from "./values.ts";

/** A compiled pattern. The source's syntax is rewritten piece by piece; what has another meaning in JavaScript is not translated. */
class PyPattern extends PyObject {
	readonly typeName = "Pattern";
	readonly source: string;
	readonly groups: number;
	readonly names: readonly string[];
	private readonly text: string;
	private readonly flags: string;
	constructor(source: string, flags: bigint) {
		super();
		this.source = source;
		const { text, groups, names } = rewrite(source, flags);
		this.groups = groups;
		this.names = names;
		this.text = text;
		this.flags = `dgu${flags & 2n ? "i" : ""}`;
		this.exec("", 0);
	}
	override key(): unknown {
		return this;
	}
	/** The first match at or after the unit `from`; `shape` bends the pattern. */
	exec(text: string, from: number, shape: "any" | "start" | "whole" = "any"): RegExpExecArray | null {
		const wrapped = shape === "any" ? this.text : shape === "start" ? `(?:${this.text})` : `(?:${this.text})(?![\\s\\S])`;
		const matcher = new RegExp(wrapped, shape === "any" ? this.flags : `${this.flags}y`);
		matcher.lastIndex = from;
		return matcher.exec(text);
	}
	/** All matches from left to right. Where an empty one ended, the next may not be empty. */
	*all(text: string): Generator<RegExpExecArray, void> {
		let from = 0;
		let emptyAt = -1;
		while (from <= text.length) {
			const found = this.exec(text, from);
			if (!found) return;
			const end = found.index + found[0].length;
			if (end === emptyAt) {
				from = end + stepAt(text, end);
				continue;
			}
			yield found;
			from = end;
			emptyAt = end === found.index ? end : -1;
		}
	}
}

const stepAt = (text: string, at: number): number => ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);

class PyMatch extends PyObject {
	readonly typeName = "Match";
	readonly found: RegExpExecArray;
	readonly pattern: PyPattern;
	constructor(found: RegExpExecArray, pattern: PyPattern) {
		super();
		this.found = found;
		this.pattern = pattern;
	}
	override repr(): string {
		const [start, end] = this.span(0n);
		return `<re.Match object; span=(${start}, ${end}), match=${textRepr(this.found[0])}>`;
	}
	override getItem(key: Value): Value {
		return this.group(key);
	}
	private number(group: Value): number {
		const at = typeof group === "string" ? this.pattern.names.indexOf(group) : isWhole(group) ? Number(group) : -1;
		return at < 0 || at > this.pattern.groups ? fail("IndexError", "no such group") : at;
	}
	group(group: Value): Value {
		return this.found[this.number(group)] ?? null;
	}
	span(group: Value): [number, number] {
		const units = this.found.indices?.[this.number(group)];
		if (!units) return [-1, -1];
		return [textLength(this.found.input.slice(0, units[0])), textLength(this.found.input.slice(0, units[1]))];
	}
}

const blank = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const word = "\\p{L}\\p{N}_";
const classes: Readonly<Record<string, string>> = { d: "\\p{Nd}", w: word, s: blank };
const boundary = `(?:(?<=[${word}])(?![${word}])|(?<![${word}])(?=[${word}]))`;

/** The source's pattern in JavaScript's notation, with the `u` flag. */
function rewrite(source: string, flags: bigint): { text: string; groups: number; names: string[] } {
	if (flags & ~(2n | 8n | 16n)) return notTranslated("these flags of a regular expression");
	const names: string[] = [];
	let groups = 0;
	let at = 0;
	let text = "";
	const take = (matcher: RegExp): RegExpExecArray | null => {
		const sticky = new RegExp(matcher.source, "uy");
		sticky.lastIndex = at;
		const found = sticky.exec(source);
		if (found) at += found[0].length;
		return found;
	};
	/** Negated classes inside of the class that is read: JavaScript knows them only beside it. */
	let negated: string[] = [];
	const escapeOf = (inClass: boolean): string => {
		const found = take(/\\([\s\S])/);
		const letter = found?.[1] ?? "";
		if (/[dws]/.test(letter)) return inClass ? (classes[letter] ?? "") : `[${classes[letter]}]`;
		if (/[DWS]/.test(letter)) {
			const other = `[^${classes[letter.toLowerCase()]}]`;
			if (!inClass) return other;
			negated.push(other);
			return "";
		}
		if (letter === "b") return inClass ? "\\x08" : boundary;
		if (letter === "B") return `(?!${boundary})`;
		if (letter === "A") return "(?<![\\s\\S])";
		if (letter === "Z") return "(?![\\s\\S])";
		if (letter === "a") return "\\x07";
		if (/[ntrfv]/.test(letter)) return `\\${letter}`;
		if (/[1-9]/.test(letter) && !inClass) {
			const more = take(/\d/)?.[0] ?? "";
			return Number(letter + more) <= groups ? `(?:\\${letter}${more})` : fail("Exception", `invalid group reference ${letter}${more}`);
		}
		if (letter === "x") return `\\x${take(/[0-9a-fA-F]{2}/)?.[0] ?? notTranslated("this escape")}`;
		if (/[\p{L}\p{N}]/u.test(letter)) return notTranslated(`the escape \\${letter} of a regular expression`);
		return literal(letter, inClass);
	};
	while (at < source.length) {
		const rest = source.slice(at);
		if (rest.startsWith("\\")) text += escapeOf(false);
		else if (rest.startsWith("[")) {
			negated = [];
			const before = text.length;
			text += take(/\[\^?/)?.[0] ?? "";
			if (take(/\]/)) text += "\\]";
			for (;;) {
				if (at >= source.length) return notTranslated("an unterminated class of characters");
				if (take(/\]/)) break;
				if (source[at] === "\\") text += escapeOf(true);
				else if (take(/-(?=\])/)) text += "\\-";
				else if (take(/-/)) text += /(?:[^\\]|^)\[\^?$|\\p\{\w+\}$/.test(text) ? "\\-" : "-";
				else {
					const one = take(/[\s\S]/)?.[0] ?? "";
					if (one === "[" && source[at] === ":") return notTranslated("a named class of characters");
					text += literal(one, true);
				}
			}
			text += "]";
			if (negated.length > 0) {
				const own = text.slice(before);
				const either = own.startsWith("[^")
					? `(?:${negated.map((one) => `(?!${one})`).join("")}${own})`
					: `(?:${[own, ...negated].join("|")})`;
				text = text.slice(0, before) + either;
			}
		} else if (take(/\(\?P<(\w+)>/)) {
			groups++;
			names[groups] = /\(\?P<(\w+)>$/.exec(source.slice(0, at))?.[1] ?? "";
			text += "(";
		} else if (rest.startsWith("(?P=")) {
			const name = take(/\(\?P=(\w+)\)/)?.[1] ?? "";
			text += `(?:\\${names.indexOf(name)})`;
		} else if (/^\(\?(?::|=|!|<=|<!)/.test(rest)) text += take(/\(\?(?::|=|!|<=|<!)/)?.[0] ?? "";
		else if (rest.startsWith("(?")) return notTranslated("this kind of group of a regular expression");
		else if (rest.startsWith("(")) {
			groups++;
			at++;
			text += "(";
		} else if (rest.startsWith("^")) {
			at++;
			text += flags & 8n ? "(?<![^\\n])" : "(?<![\\s\\S])";
		} else if (rest.startsWith("$")) {
			at++;
			text += flags & 8n ? "(?![^\\n])" : "(?=\\n?(?![\\s\\S]))";
		} else if (rest.startsWith(".")) {
			at++;
			text += flags & 16n ? "[\\s\\S]" : "[^\\n]";
		} else if (/^\{(?!\d*,?\d*\})|^\{,?\}/.test(rest)) {
			at++;
			text += "\\{";
		} else if (/^\{,\d/.test(rest)) {
			at += 1;
			text += "{0";
		} else if (/^[*+?}]\+/.test(rest)) return notTranslated("a possessive quantifier");
		else if (/^[})\]]/.test(rest)) {
			at++;
			text += rest.startsWith(")") || (rest.startsWith("}") && /\{\d*,?\d*$/.test(text)) ? rest.slice(0, 1) : `\\${rest.slice(0, 1)}`;
		} else text += take(/[\s\S]/)?.[0] ?? "";
	}
	return { text, groups, names };
}

function literal(one: string, inClass: boolean): string {
	return (inClass ? /[\\\]^[\-&~|!#$%*+,.:;<=>?@`{}()/]/ : /[\\^$.*+?()[\]{}|/]/).test(one) && !/[&~!#%,:;<=>@`]/.test(one)
		? `\\${one}`
		: one;
}

const compiled = new Map<string, PyPattern>();

/** re.compile(pattern, flags) */
export function reCompile(pattern: Value, flags: Value = 0n): PyPattern {
	if (pattern instanceof PyPattern) return pattern;
	if (typeof pattern !== "string") return fail("TypeError", "first argument must be string or compiled pattern");
	const key = `${flags}:${pattern}`;
	const found = compiled.get(key) ?? new PyPattern(pattern, isWhole(flags) ? BigInt(flags) : 0n);
	compiled.set(key, found);
	return found;
}

function textOf(value: Value): string {
	return typeof value === "string" ? value : fail("TypeError", `expected string or bytes-like object, got '${typeName(value)}'`);
}
const matchOf = (found: RegExpExecArray | null, pattern: PyPattern): Value => (found ? new PyMatch(found, pattern) : null);

export const patternSearch = (pattern: PyPattern, text: Value): Value => matchOf(pattern.exec(textOf(text), 0), pattern);
export const patternMatch = (pattern: PyPattern, text: Value): Value => matchOf(pattern.exec(textOf(text), 0, "start"), pattern);
export const patternFullmatch = (pattern: PyPattern, text: Value): Value => matchOf(pattern.exec(textOf(text), 0, "whole"), pattern);
export function patternFindall(pattern: PyPattern, text: Value): Value[] {
	return [...pattern.all(textOf(text))].map((found) => {
		if (pattern.groups === 0) return found[0];
		const groups = [...found].slice(1).map((group) => group ?? "");
		return pattern.groups === 1 ? (groups[0] ?? "") : new PyTuple(groups);
	});
}
export function patternFinditer(pattern: PyPattern, text: Value): PyIterator {
	const source = pattern.all(textOf(text));
	return new PyIterator("callable_iterator", () => {
		const step = source.next();
		return step.done ? undefined : new PyMatch(step.value, pattern);
	});
}
export function patternSubn(pattern: PyPattern, by: Value, text: Value, count: Value = 0n): Value {
	const from = textOf(text);
	const most = sizeArgument(count);
	let made = "";
	let end = 0;
	let done = 0n;
	for (const found of pattern.all(from)) {
		made += from.slice(end, found.index) + replacement(by, found, pattern);
		end = found.index + found[0].length;
		done += 1n;
		if (most > 0 && done === BigInt(most)) break;
	}
	return tupleOf(made + from.slice(end), done);
}
function replacement(by: Value, found: RegExpExecArray, pattern: PyPattern): string {
	if (typeof by !== "string") {
		const made = call(by, [new PyMatch(found, pattern)]);
		return typeof made === "string" ? made : fail("TypeError", `expected str instance, ${typeName(made)} found`);
	}
	return by.replace(/\\(?:g<(\w+)>|([1-9]\d?)|([\s\S]))/g, (_, named, numbered, letter) => {
		if (letter !== undefined)
			return { n: "\n", t: "\t", r: "\r", "\\": "\\" }[letter as string] ?? notTranslated(`\\${letter} in a replacement`);
		const at = numbered ?? (/^\d+$/.test(named) ? named : pattern.names.indexOf(named));
		return Number(at) < 0 || Number(at) > pattern.groups
			? notTranslated("a group that the pattern does not have")
			: (found[Number(at)] ?? "");
	});
}
export function patternSub(pattern: PyPattern, by: Value, text: Value, count: Value = 0n): Value {
	const made = patternSubn(pattern, by, text, count);
	return made instanceof PyTuple ? (made.items[0] ?? null) : null;
}
export function patternSplit(pattern: PyPattern, text: Value, maxsplit: Value = 0n): Value[] {
	const from = textOf(text);
	const most = sizeArgument(maxsplit);
	const made: Value[] = [];
	let end = 0;
	let done = 0;
	for (const found of pattern.all(from)) {
		made.push(from.slice(end, found.index), ...[...found].slice(1).map((group) => group ?? null));
		end = found.index + found[0].length;
		done++;
		if (done === most) break;
	}
	return [...made, from.slice(end)];
}

export const reSearch = (pattern: Value, text: Value, flags: Value = 0n): Value => patternSearch(reCompile(pattern, flags), text);
export const reMatch = (pattern: Value, text: Value, flags: Value = 0n): Value => patternMatch(reCompile(pattern, flags), text);
export const reFullmatch = (pattern: Value, text: Value, flags: Value = 0n): Value => patternFullmatch(reCompile(pattern, flags), text);
export const reFindall = (pattern: Value, text: Value, flags: Value = 0n): Value => patternFindall(reCompile(pattern, flags), text);
export const reFinditer = (pattern: Value, text: Value, flags: Value = 0n): Value => patternFinditer(reCompile(pattern, flags), text);
export const reSub = (pattern: Value, by: Value, text: Value, count: Value = 0n, flags: Value = 0n): Value =>
	patternSub(reCompile(pattern, flags), by, text, count);
export const reSubn = (pattern: Value, by: Value, text: Value, count: Value = 0n, flags: Value = 0n): Value =>
	patternSubn(reCompile(pattern, flags), by, text, count);
export const reSplit = (pattern: Value, text: Value, maxsplit: Value = 0n, flags: Value = 0n): Value =>
	patternSplit(reCompile(pattern, flags), text, maxsplit);
export function reEscape(text: Value): string {
	return textOf(text)
		.replace(/[\t\n\v\f\r !#$%&()*+\-.?[\\\]^{|}~]/g, "\\$&")
		.replace(/\\!/g, "!")
		.replace(/\\%/g, "%");
}

export function matchGroup(match: PyMatch, ...groups: Value[]): Value {
	if (groups.length < 2) return match.group(groups[0] ?? 0n);
	return new PyTuple(groups.map((group) => match.group(group)));
}
export function matchGroups(match: PyMatch, otherwise: Value = null): Value {
	return new PyTuple([...match.found].slice(1).map((group) => group ?? otherwise));
}
export const matchStart = (match: PyMatch, group: Value = 0n): bigint => BigInt(match.span(group)[0]);
export const matchEnd = (match: PyMatch, group: Value = 0n): bigint => BigInt(match.span(group)[1]);
export function matchSpan(match: PyMatch, group: Value = 0n): Value {
	const [start, end] = match.span(group);
	return tupleOf(BigInt(start), BigInt(end));
}
export function matchGroupdict(match: PyMatch, otherwise: Value = null): Value {
	return dictOf(...match.pattern.names.flatMap((name, at): [Value, Value][] => (name ? [[name, match.found[at] ?? otherwise]] : [])));
}
