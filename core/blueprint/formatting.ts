import type { Expr, Span } from "../contract/ir.ts";
import { asFloat, asInt, asStr, asText, present } from "./convert.ts";
import { type Frame, refuse } from "./frame.ts";
import { op, template } from "./nodes.ts";
import { INT, type Kind, STR, showType } from "./types.ts";

/** `"..." % values`: `values` are the items of the tuple, or the one value; `named` gives the value of `%(key)s`. */
export function percentFormat(frame: Frame, text: string, values: Expr[], named: (key: string) => Expr | null, span: Span): Expr {
	const parts: (string | Expr)[] = [];
	let used = 0;
	let at = 0;
	const pattern = /%(?:\((\w+)\))?([-+ 0#]*)(\d*)(?:\.(\d+))?([a-zA-Z%])/g;
	for (const match of text.matchAll(pattern)) {
		const [whole, key, flags = "", width = "", precision, type = ""] = match;
		parts.push(text.slice(at, match.index));
		at = match.index + whole.length;
		if (type === "%") {
			parts.push("%");
			continue;
		}
		const value = key === undefined ? values[used++] : named(key);
		if (!value) return refuse(frame, `the format ${whole} without a value`, "Give one value for each place.", span);
		parts.push(percentHole(frame, value, { flags, width, precision, type }, span));
	}
	parts.push(text.slice(at));
	if (/%/.test(text.replace(pattern, "")))
		return refuse(frame, `the format ${JSON.stringify(text)}`, "Use %s, %d or %f with width and precision only.", span);
	if (used !== values.length && used > 0)
		return refuse(frame, `${values.length} values for ${used} places in a format`, "Give one value for each place.", span);
	return template(parts, span);
}

type Percent = { flags: string; width: string; precision: string | undefined; type: string };

function percentHole(frame: Frame, raw: Expr, { flags, width, precision, type }: Percent, span: Span): Expr {
	const left = flags.includes("-");
	const sign = flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
	const zero = flags.includes("0") && !left ? "0" : "";
	// Numbers are right-aligned by both notations; a left flag needs the sign <.
	const numberSpec = (end: string) => `${left && width ? "<" : ""}${sign}${zero}${width}${end}`;
	switch (type) {
		case "d":
		case "i":
		case "u": {
			const value = present(raw);
			const whole = value.type.kind === "float" ? op("int.of_float", INT, [value], value.span) : asInt(frame, value);
			const spec = numberSpec("d");
			return spec === "d" ? op("str.of_int", STR, [whole], span) : op("str.format_int", STR, [whole], span, { spec });
		}
		case "x":
		case "X":
		case "o":
			return op("str.format_int", STR, [asInt(frame, raw)], span, { spec: numberSpec(type) });
		case "f":
		case "F":
			return op("str.format_float", STR, [asFloat(frame, raw)], span, { spec: numberSpec(`.${precision ?? "6"}f`) });
		case "s": {
			const text = asText(frame, raw);
			if (!width && precision === undefined) return text;
			const align = width ? (left ? "<" : ">") : "";
			return op("str.format_str", STR, [text], span, { spec: `${align}${width}${precision === undefined ? "" : `.${precision}`}` });
		}
		default:
			return refuse(frame, `the format %${type}`, "Use %s, %d or %f.", span);
	}
}

/** `"...".format(...)`. */
export function braceFormat(frame: Frame, text: string, values: Expr[], named: Map<string, Expr>, span: Span): Expr {
	const parts: (string | Expr)[] = [];
	let at = 0;
	let auto = 0;
	for (const match of text.matchAll(/\{\{|\}\}|\{(\w*)(?:!([rs]))?(?::([^{}]*))?\}/g)) {
		const [whole, name = "", conversion = "", spec = ""] = match;
		parts.push(text.slice(at, match.index));
		at = match.index + whole.length;
		if (whole === "{{" || whole === "}}") {
			parts.push(whole.slice(1));
			continue;
		}
		const value = name === "" ? values[auto++] : /^\d+$/.test(name) ? values[Number(name)] : named.get(name);
		if (!value) return refuse(frame, `the format ${whole} without a value`, "Give a value for each place.", span);
		parts.push(specHole(frame, value, conversion, spec, span));
	}
	parts.push(text.slice(at));
	if (/[{}]/.test(text.replace(/\{\{|\}\}|\{\w*(![rs])?(:[^{}]*)?\}/g, ""))) {
		return refuse(
			frame,
			`the format ${JSON.stringify(text)}`,
			"Use plain fields: {}, {0}, {name}, with a constant format after the colon.",
			span,
		);
	}
	return template(parts, span);
}

/** One hole with a format specification of the mini-language, as in f-strings, `.format` and format(). */
export function specHole(frame: Frame, raw: Expr, conversion: string, spec: string, span: Span): Expr {
	if (conversion !== "" && conversion !== "s")
		return refuse(frame, `the conversion !${conversion}`, "Build the text from its parts.", span);
	if (spec === "") return asText(frame, raw);
	if (conversion === "s") return op("str.format_str", STR, [asText(frame, raw)], span, { spec });
	const value = present(raw);
	const type: Kind = value.type;
	if (type.kind === "date") return op("date.format", STR, [value], span, { format: spec });
	if (type.kind === "datetime") return op("datetime.format", STR, [value], span, { format: spec });
	const match = /^(?:(.)?[<>=^])?[-+ ]?#?0?\d*[,_]?(?:\.\d+)?([a-zA-Z%]?)$/u.exec(spec);
	if (!match)
		return refuse(frame, `the format specification ${JSON.stringify(spec)}`, "Use width, alignment, grouping and precision only.", span);
	const ending = match[2] ?? "";
	switch (type.kind) {
		case "any":
			return value;
		case "str":
			return op("str.format_str", STR, [asStr(frame, value)], span, { spec });
		case "bool":
		case "int":
			if (ending === "f" || ending === "F") return op("str.format_float", STR, [asFloat(frame, value)], span, { spec });
			return op("str.format_int", STR, [asInt(frame, value)], span, { spec });
		case "float":
			if (ending !== "f" && ending !== "F")
				return refuse(frame, `the float format ${JSON.stringify(spec)}`, "Use fixed decimals (f).", span);
			return op("str.format_float", STR, [value], span, { spec });
		default:
			return refuse(frame, `the format of ${showType(type)}`, "Build the text from its parts.", span);
	}
}
