import { remainder, toFloat } from "./arithmetic.ts";
import { wholePart } from "./convert.ts";
import { PyDict } from "./dict.ts";
import { fail } from "./exceptions.ts";
import { floatText, scaledToEven } from "./float-text.ts";
import { sizeArgument, textLength } from "./indices.ts";
import { item } from "./items.ts";
import { escaped, repr, str, wholeText } from "./repr.ts";
import { PyTuple } from "./tuple.ts";
import { isNumber, isWhole, PyObject, typeName, type Value } from "./values.ts";

type Spec = {
	fill: string;
	align: string;
	sign: string;
	alternate: boolean;
	zero: boolean;
	width: number;
	grouping: string;
	precision: number | null;
	type: string;
};

const pattern = /^(?:([\s\S])?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([\s\S])?$/u;

function parseSpec(text: string, value: Value): Spec {
	const found = pattern.exec(text);
	if (!found) {
		if (/\.(?!\d)/.test(text)) return fail("ValueError", "Format specifier missing precision");
		return fail("ValueError", `Invalid format specifier '${text}' for object of type '${typeName(value)}'`);
	}
	const [, fill, align, sign, , alternate, zero, width, grouping, precision, type] = found;
	return {
		fill: fill ?? (zero && !align ? "0" : " "),
		align: align ?? (zero && typeof value !== "string" ? "=" : ""),
		sign: sign ?? "-",
		alternate: alternate !== undefined,
		zero: zero !== undefined,
		width: Number(width ?? 0),
		grouping: grouping ?? "",
		precision: precision === undefined ? null : Number(precision),
		type: type ?? "",
	};
}

/** format(value, spec) */
export function format(value: Value, spec: Value = ""): string {
	if (typeof spec !== "string") return fail("TypeError", `format() argument 2 must be str, not ${typeName(spec)}`);
	if (spec === "") return str(value);
	if (typeof value === "string") return formatText(value, parseSpec(spec, value));
	if (isWhole(value)) return formatWhole(value, parseSpec(spec, value));
	if (typeof value === "number") return formatFloat(value, parseSpec(spec, value));
	return fail("TypeError", `unsupported format string passed to ${typeName(value)}.__format__`);
}

const unknown = (spec: Spec, type: string): never => fail("ValueError", `Unknown format code '${spec.type}' for object of type '${type}'`);

function padded(text: string, spec: Spec, align: string): string {
	const room = Math.max(0, spec.width - textLength(text));
	const left = align === ">" ? room : align === "^" ? Math.floor(room / 2) : 0;
	return spec.fill.repeat(left) + text + spec.fill.repeat(room - left);
}

function formatText(text: string, spec: Spec): string {
	if (spec.type !== "" && spec.type !== "s") return unknown(spec, "str");
	if (spec.sign !== "-") return fail("ValueError", `${spec.sign === " " ? "Space" : "Sign"} not allowed in string format specifier`);
	if (spec.alternate) return fail("ValueError", "Alternate form (#) not allowed in string format specifier");
	if (spec.align === "=") return fail("ValueError", "'=' alignment not allowed in string format specifier");
	if (spec.grouping !== "") return fail("ValueError", `Cannot specify '${spec.grouping}' with 's'.`);
	const shown = spec.precision === null ? text : [...text].slice(0, spec.precision).join("");
	return padded(shown, spec, spec.align || "<");
}

/** Sign, prefix, grouped digits and what follows them, filled to the width. */
function assembled(negative: boolean, prefix: string, digits: string, rest: string, spec: Spec, every: number): string {
	const sign = negative ? "-" : spec.sign === "-" ? "" : spec.sign;
	const filled = spec.align === "=" && spec.fill === "0" ? spec.width - sign.length - prefix.length - rest.length : 0;
	const body = spec.grouping === "" ? digits.padStart(filled, "0") : grouped(digits, spec.grouping, every, filled);
	const number = body + rest;
	if (spec.align === "=") return sign + prefix + spec.fill.repeat(Math.max(0, spec.width - textLength(sign + prefix + number))) + number;
	return padded(sign + prefix + number, spec, spec.align || ">");
}

/** Separators between groups of digits; zeros in front up to `width` are grouped as well. */
function grouped(digits: string, by: string, every: number, width: number): string {
	const put = (text: string): string => text.replace(every === 3 ? /\B(?=(?:\w{3})+$)/g : /\B(?=(?:\w{4})+$)/g, by);
	let made = digits;
	while (put(made).length < width) made = `0${made}`;
	return put(made);
}

function formatWhole(value: bigint | boolean, spec: Spec): string {
	if ("eEfFgG%".includes(spec.type) && spec.type !== "") return formatFloat(toFloat(value), spec);
	if (spec.type === "" && typeof value === "boolean" && spec.precision === null) return formatWhole(BigInt(value), { ...spec, type: "d" });
	if (spec.precision !== null) return fail("ValueError", "Precision not allowed in integer format specifier");
	const whole = BigInt(value);
	const size = whole < 0n ? -whole : whole;
	switch (spec.type) {
		case "":
		case "d":
		case "n":
			return assembled(whole < 0n, "", wholeText(size), "", spec, 3);
		case "c":
			return padded(String.fromCodePoint(Number(whole)), spec, spec.align || "<");
		case "b":
		case "o":
		case "x":
		case "X": {
			if (spec.grouping === ",") return fail("ValueError", `Cannot specify ',' with '${spec.type}'.`);
			const base = { b: 2, o: 8, x: 16, X: 16 }[spec.type];
			const digits = size.toString(base);
			const prefix = spec.alternate ? `0${spec.type}` : "";
			return assembled(whole < 0n, prefix, spec.type === "X" ? digits.toUpperCase() : digits, "", spec, 4);
		}
		default:
			return unknown(spec, typeof value === "boolean" ? "bool" : "int");
	}
}

/** Digits of a finite size >= 0 with so many places behind the point. */
function fixedText(size: number, places: number): string {
	const text = scaledToEven(size, places)
		.toString()
		.padStart(places + 1, "0");
	return places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`;
}

/** Mantissa digits and power of ten of a finite size >= 0, rounded to `places` behind the first digit. */
function scientific(size: number, places: number): { digits: string; power: number } {
	if (size === 0) return { digits: "0".repeat(places + 1), power: 0 };
	let power = Number(size.toExponential().split("e")[1]);
	let digits = scaledToEven(size, places - power).toString();
	if (digits.length > places + 1) {
		power++;
		digits = scaledToEven(size, places - power).toString();
	}
	return { digits, power };
}

const exponent = (power: number): string => `e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
const withPoint = (digits: string): string => (digits.length > 1 ? `${digits.slice(0, 1)}.${digits.slice(1)}` : digits);

function formatFloat(value: number, spec: Spec): string {
	if (!"eEfFgGn%".includes(spec.type)) return unknown(spec, "float");
	const negative = value < 0 || Object.is(value, -0);
	const size = Math.abs(value);
	const percent = spec.type === "%" ? "%" : "";
	let text: string;
	if (!Number.isFinite(size * (percent ? 100 : 1))) text = Number.isNaN(size) ? "nan" : "inf";
	else text = finiteText(percent ? size * 100 : size, spec);
	if (spec.type === "E" || spec.type === "F" || spec.type === "G") text = text.toUpperCase();
	const whole = /^\d+/.exec(text)?.[0] ?? text;
	return assembled(negative && !Number.isNaN(value), "", whole, text.slice(whole.length) + percent, spec, 3);
}

function finiteText(size: number, spec: Spec): string {
	const { precision, alternate } = spec;
	const type = spec.type.toLowerCase();
	if (type === "" && precision === null) return floatText(size);
	if (type === "f" || type === "%") return fixedText(size, precision ?? 6) + (alternate && precision === 0 ? "." : "");
	if (type === "e") {
		const { digits, power } = scientific(size, precision ?? 6);
		return withPoint(digits) + (alternate && digits.length === 1 ? "." : "") + exponent(power);
	}
	// General: the shorter of both forms, without the zeros at the end.
	const places = Math.max(precision ?? 6, 1);
	const { digits, power } = scientific(size, places - 1);
	const trim = (text: string): string => (alternate || !text.includes(".") ? text : text.replace(/\.?0+$/, ""));
	if (power < -4 || power >= (type === "" ? places - 1 : places) + 0) {
		if (type === "" && power >= -4 && power < places - 1) return trim(fixedText(size, places - 1 - power));
		return trim(withPoint(digits)) + exponent(power);
	}
	const plain = trim(fixedText(size, places - 1 - power));
	return type === "" && !plain.includes(".") ? `${plain}.0` : plain;
}

/** `{value!conversion:spec}` of an f-string. */
export function formatted(value: Value, conversion: string, spec: Value = ""): string {
	if (conversion === "r") return format(repr(value), spec);
	if (conversion === "a") return format(ascii(value), spec);
	return format(conversion === "s" ? str(value) : value, spec);
}

/** ascii(value) */
export function ascii(value: Value): string {
	return repr(value).replace(/[^\0-\x7f]/gu, escaped);
}

/** left % right: of a text, its old-style formatting. */
export function modulo(left: Value, right: Value, op = "%"): Value {
	return typeof left === "string" ? formatPercent(left, right) : remainder(left, right, op);
}

function formatPercent(text: string, given: Value): string {
	const items = given instanceof PyTuple ? [...given.items] : [given];
	let used = 0;
	let named = false;
	const take = (): Value => {
		const next = items[used++];
		return next === undefined ? fail("TypeError", "not enough arguments for format string") : next;
	};
	const made = text.replace(
		/%(?:\(([^)]*)\))?([-+ 0#]*)(\*|\d+)?(?:\.(\*|\d+)?)?([hlL])?([\s\S]?)/gu,
		(whole, key, flags, width, precision, _size, type) => {
			if (type === "%") return "%";
			if (type === "") return fail("ValueError", "incomplete format");
			let wide = width === "*" ? sizeArgument(take()) : Number(width ?? 0);
			const left = flags.includes("-") || wide < 0;
			wide = Math.abs(wide);
			const hasPoint = whole.includes(".", key === undefined ? 0 : key.length);
			const places = precision === "*" ? sizeArgument(take()) : hasPoint ? Number(precision ?? 0) : null;
			if (key !== undefined) named = true;
			const value =
				key === undefined ? take() : given instanceof PyDict ? item(given, key) : fail("TypeError", "format requires a mapping");
			const shown = percentValue(value, type, flags, places, text.indexOf(whole) + whole.length - 1);
			const zero = flags.includes("0") && !left && !"srac".includes(type);
			const room = Math.max(0, wide - textLength(shown));
			if (left) return shown + " ".repeat(room);
			if (!zero) return " ".repeat(room) + shown;
			const head = /^[+\- ]?(?:0[xXo])?/.exec(shown)?.[0] ?? "";
			return head + "0".repeat(room) + shown.slice(head.length);
		},
	);
	const isMapping =
		given instanceof PyDict ||
		(given instanceof PyObject && !(given instanceof PyTuple) && given.getItem !== undefined) ||
		Array.isArray(given);
	if (!named && used < items.length && !(isMapping && used === 0))
		return fail("TypeError", "not all arguments converted during string formatting");
	return made;
}

function percentValue(value: Value, type: string, flags: string, places: number | null, at: number): string {
	const sign = flags.includes("+") ? "+" : flags.includes(" ") ? " " : "-";
	const spec: Spec = {
		fill: " ",
		align: ">",
		sign,
		alternate: flags.includes("#"),
		zero: false,
		width: 0,
		grouping: "",
		precision: places,
		type,
	};
	switch (type) {
		case "s":
		case "r":
		case "a": {
			const text = type === "s" ? str(value) : type === "r" ? repr(value) : ascii(value);
			return places === null ? text : [...text].slice(0, places).join("");
		}
		case "c":
			if (typeof value === "string") return [...value].length === 1 ? value : fail("TypeError", "%c requires int or char");
			return isWhole(value) ? String.fromCodePoint(Number(value)) : fail("TypeError", "%c requires int or char");
		case "d":
		case "i":
		case "u": {
			if (!isNumber(value)) return fail("TypeError", `%${type} format: a real number is required, not ${typeName(value)}`);
			const whole = isWhole(value) ? BigInt(value) : wholePart(value);
			const digits = wholeText(whole < 0n ? -whole : whole).padStart(places ?? 0, "0");
			return (whole < 0n ? "-" : sign === "-" ? "" : sign) + digits;
		}
		case "x":
		case "X":
		case "o":
			if (!isWhole(value)) return fail("TypeError", `%${type} format: an integer is required, not ${typeName(value)}`);
			return formatWhole(BigInt(value), { ...spec, precision: null });
		case "e":
		case "E":
		case "f":
		case "F":
		case "g":
		case "G":
			if (!isNumber(value)) return fail("TypeError", `must be real number, not ${typeName(value)}`);
			return formatFloat(toFloat(value), spec);
		default:
			return fail("ValueError", `unsupported format character '${type}' (0x${(type.codePointAt(0) ?? 0).toString(16)}) at index ${at}`);
	}
}

/** text.format(*values, **named) */
export function strFormat(text: string, values: readonly Value[], named: PyDict, attribute?: (of: Value, name: string) => Value): string {
	let next = 0;
	let numbering = "";
	const field = (name: string): Value => {
		const [, first = "", rest = ""] = /^([^.[]*)([\s\S]*)$/.exec(name) ?? [];
		let value: Value;
		if (first === "" || /^\d+$/.test(first)) {
			const own = first === "" ? "automatic field numbering" : "manual field specification";
			numbering ||= own;
			const other =
				own === numbering
					? ""
					: `cannot switch from ${numbering === "automatic field numbering" ? numbering : "manual field specification"} to ${own}`;
			if (other !== "") return fail("ValueError", other);
			const at = first === "" ? next++ : Number(first);
			const found = values[at];
			value = found === undefined ? fail("IndexError", `Replacement index ${at} out of range for positional args tuple`) : found;
		} else value = named.getItem(first);
		for (const [, dotted, index] of rest.matchAll(/\.([^.[]+)|\[([^\]]*)\]/g)) {
			if (index !== undefined) value = item(value, /^\d+$/.test(index) ? BigInt(index) : index);
			else if (dotted !== undefined)
				value = attribute ? attribute(value, dotted) : fail("AttributeError", `'${typeName(value)}' object has no attribute '${dotted}'`);
		}
		return value;
	};
	const render = (part: string, depth: number): string => {
		let made = "";
		for (let at = 0; at < part.length; at++) {
			const one = part[at] ?? "";
			if ((one === "{" || one === "}") && part[at + 1] === one) {
				made += one;
				at++;
			} else if (one === "}") fail("ValueError", "Single '}' encountered in format string");
			else if (one !== "{") made += one;
			else {
				let end = at + 1;
				for (let open = 1; open > 0; end++) {
					if (end >= part.length)
						return fail(
							"ValueError",
							at + 1 === part.length ? "Single '{' encountered in format string" : "expected '}' before end of string",
						);
					if (part[end] === "{") open++;
					else if (part[end] === "}") open--;
				}
				const [, name = "", conversion = "", spec = ""] = /^([^!:]*)(?:!([^:]*))?(?::([\s\S]*))?$/.exec(part.slice(at + 1, end - 1)) ?? [];
				const value = field(name);
				made += formatted(value, conversion, depth > 0 ? render(spec, depth - 1) : spec);
				at = end - 1;
			}
		}
		return made;
	};
	return render(text, 1);
}
