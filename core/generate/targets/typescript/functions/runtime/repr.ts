import { fail, notTranslated, PyException } from "./exceptions.ts";
import { floatText } from "./float-text.ts";
import { PyIterator, PyObject, type Value } from "./values.ts";

/** Digits of a whole number; CPython refuses more than 4,300. */
export function wholeText(value: bigint): string {
	const text = String(value);
	if (text.length > 4300 && text.replace("-", "").length > 4300)
		return fail(
			"ValueError",
			"Exceeds the limit (4300 digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit",
		);
	return text;
}

const named: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\" };
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Zs}]/u;

/** Whether a character is shown as itself; a blank is. */
export const isShown = (character: string): boolean => character === " " || !unprintable.test(character);

export function textRepr(text: string): string {
	const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
	let made = quote;
	for (const character of text) {
		if (character === quote || character === "\\") made += `\\${character}`;
		else made += named[character] ?? (isShown(character) ? character : escaped(character));
	}
	return made + quote;
}

export function escaped(character: string): string {
	const point = character.codePointAt(0) ?? 0;
	if (point < 0x100) return `\\x${point.toString(16).padStart(2, "0")}`;
	if (point < 0x10000) return `\\u${point.toString(16).padStart(4, "0")}`;
	return `\\U${point.toString(16).padStart(8, "0")}`;
}

const open = new Set<Value>();

/** Runs `make` unless `value` is being shown already; then it gives `again`. */
export function shownOnce(value: Value, again: string, make: () => string): string {
	if (open.has(value)) return again;
	open.add(value);
	try {
		return make();
	} finally {
		open.delete(value);
	}
}

/** repr(value) */
export function repr(value: Value): string {
	switch (typeof value) {
		case "bigint":
			return wholeText(value);
		case "number":
			return floatText(value);
		case "boolean":
			return value ? "True" : "False";
		case "string":
			return textRepr(value);
		case "function":
			return "builtinName" in value
				? `<built-in function ${value.builtinName}>`
				: notTranslated("the text of a function holds its address");
		default:
			break;
	}
	if (value === null) return "None";
	if (Array.isArray(value)) return shownOnce(value, "[...]", () => `[${value.map(repr).join(", ")}]`);
	if (value instanceof PyException && value.repr === PyException.prototype.repr)
		return `${value.typeName}(${value.args.map(repr).join(", ")})`;
	if (value instanceof PyIterator) return notTranslated("the text of an iterator holds its address");
	return value.repr();
}

/** str(value) */
export function str(value: Value): string {
	if (typeof value === "string") return value;
	if (value instanceof PyException && value.str === PyObject.prototype.str) return exceptionText(value);
	return value instanceof PyObject && !(value instanceof PyIterator) ? value.str() : repr(value);
}

/** The message of an exception; a missing key is shown as it would be written. */
function exceptionText(error: PyException): string {
	const [first] = error.args;
	if (first === undefined) return "";
	if (error.args.length > 1) return `(${error.args.map(repr).join(", ")})`;
	for (let at: PyException["cls"] | null = error.cls; at; at = at.parent) if (at.name === "KeyError") return repr(first);
	return str(first);
}

/** str(value); without one, the empty text. */
export function strOf(value: Value = ""): string {
	return str(value);
}
