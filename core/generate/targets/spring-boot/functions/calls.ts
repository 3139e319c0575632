import type { FArg, FExpr, FParam } from "../../../../contract/function-ir.ts";
import type { Span } from "../../../../contract/ir.ts";
import { pythonExceptions } from "../../../../contract/python-library.ts";
import { shapeOf } from "../../typescript/functions/calls.ts";
import {
	builtinParameters,
	builtinTypes,
	helperName,
	libraryParameters,
	methodParameters,
	builtinHelpers as typescriptHelpers,
} from "../../typescript/functions/vocabulary.ts";
import { stringText } from "../code.ts";
import { array, code, emitTest, plain, typed, variadic } from "./code.ts";
import { type Code, call, declaredFunction, type Frame, refuse } from "./context.ts";
import { defaultText } from "./definitions.ts";
import { runtimeMembers } from "./runtime-members.ts";

type CallOf<K> = Extract<FExpr, { kind: K }>;

const builtinHelpers: Readonly<Record<string, string>> = { ...typescriptHelpers, int: "intOf", float: "floatOf" };

/** Positional arguments as one array. */
function positionalText(frame: Frame, args: readonly FArg[]): string {
	const positional = args.filter((arg) => arg.form === "plain" || arg.form === "*");
	if (positional.every((arg) => arg.form === "plain")) return array(positional.map((arg) => plain(frame, arg.value)));
	const parts = positional.map((arg) => {
		const text = plain(frame, arg.value);
		return arg.form === "*" ? call("starred", [text]).text : array([text]);
	});
	return parts.length === 1 ? (parts[0] ?? "") : call("spread", parts).text;
}

/** What follows the callee in a call of a value: plain arguments, or an array of them and a dict of the named ones. */
function argumentTexts(frame: Frame, args: readonly FArg[], name: string): string[] {
	if (args.every((arg) => arg.form === "plain")) return variadic(args.map((arg) => plain(frame, arg.value)));
	const named = args.filter((arg) => arg.form === "keyword" || arg.form === "**");
	const positional = positionalText(frame, args);
	if (named.length === 0) return [positional, "null"];
	const parts = named.flatMap((arg) => [arg.form === "**" ? "null" : stringText(arg.name), plain(frame, arg.value)]);
	return [positional, call("keywords", [stringText(name), ...parts]).text];
}

export function emitCall(frame: Frame, expr: CallOf<"call">): Code {
	const { callee, args } = expr;
	if (callee.kind === "name") {
		const fn = declaredFunction(frame, callee.name, callee.scope);
		const fitted = fn && fitArguments(frame, fn.params, args);
		if (fn && fitted) {
			const defaults = fn.params.slice(fitted.length).map((_, at) => defaultText(frame, fn, fitted.length + at));
			return code(`${frame.unit.names(callee.name)}(${[...fitted, ...defaults].join(", ")})`);
		}
	}
	const name = callee.kind === "name" ? callee.name : "";
	return code(`Func.call(${[plain(frame, callee), ...argumentTexts(frame, args, name)].join(", ")})`);
}

/** The arguments in the order of the parameters, where the text alone shows that they fit; else null. */
function fitArguments(frame: Frame, params: readonly FParam[], args: readonly FArg[]): string[] | null {
	if (params.some((param) => param.form !== "plain" && param.form !== "positional")) return null;
	if (args.some((arg) => arg.form !== "plain")) return null;
	const required = params.filter((param) => !param.default).length;
	if (args.length < required || args.length > params.length) return null;
	return args.map((arg) => plain(frame, arg.value));
}

/** The arguments of a helper, where the text alone shows that they fit; ABSENT for a default in between. */
function fitHelper(frame: Frame, parameters: string, args: readonly FArg[]): string[] | null {
	const { positional, rest, only, more } = shapeOf(parameters);
	if (args.some((arg) => arg.form === "**" || (arg.form === "*" && !rest))) return null;
	const given = args.filter((arg) => arg.form !== "keyword");
	const firstStar = given.findIndex((arg) => arg.form === "*");
	if (firstStar > -1 && firstStar < positional.length) return null;
	if (given.length > positional.length && !rest) return null;
	const texts: (string | undefined)[] = positional.map((_, at) => (given[at] ? plain(frame, given[at].value) : undefined));
	const after: (string | undefined)[] = only.map(() => undefined);
	const others: string[] = [];
	for (const arg of args.filter(({ form }) => form === "keyword")) {
		const at = positional.findIndex((param) => param.name === arg.name && param.byName);
		const atOnly = only.indexOf(arg.name);
		if (at >= given.length) texts[at] = plain(frame, arg.value);
		else if (at >= 0) return null;
		else if (atOnly >= 0) after[atOnly] = plain(frame, arg.value);
		else if (more) others.push(stringText(arg.name), plain(frame, arg.value));
		else return null;
	}
	if (positional.some((param, at) => param.required && texts[at] === undefined)) return null;
	if (rest) texts.push(positionalText(frame, given.slice(positional.length)));
	texts.push(...after);
	if (more && (others.length > 0 || rest)) texts.push(call("dictOf", others).text);
	while (texts.length > 0 && texts.at(-1) === undefined) texts.pop();
	return texts.map((text) => text ?? "Func.ABSENT");
}

export function emitBuiltin(frame: Frame, expr: CallOf<"builtin">): Code {
	const { name, args, span } = expr;
	const called = () => code(`Func.call(${[emitBuiltinValue(frame, name, span).text, ...argumentTexts(frame, args, name)].join(", ")})`);
	if (name in pythonExceptions) {
		if (!args.every((arg) => arg.form === "plain")) return called();
		return call("exception", [stringText(name), ...variadic(args.map((arg) => plain(frame, arg.value)))]);
	}
	const [first, second] = args;
	const isPlain = args.every((arg) => arg.form === "plain");
	if (name === "bool" && args.length === 1 && first && isPlain) return emitTest(frame, first.value);
	if (name === "iter" && args.length === 2 && isPlain)
		return call(
			"iterUntil",
			args.map((arg) => plain(frame, arg.value)),
		);
	if (name === "hasattr" && args.length === 2 && first && second?.value.kind === "const" && second.value.value.kind === "str") {
		frame.unit.methods.add(second.value.value.value);
		return code(`Dispatch.has(${plain(frame, first.value)}, ${stringText(second.value.value.value)})`, 18, "bool");
	}
	if (name === "str" && args.length === 1 && isPlain && first?.value.type === "str") return typed(frame, first.value);
	const parameters = builtinParameters[name];
	if (parameters === undefined || (name === "type" && args.length !== 1)) return refuse(frame, `the builtin ${name}`, span);
	const fitted = fitHelper(frame, parameters, args);
	if (!fitted) return called();
	const made = call(name === "str" && fitted.length === 1 ? "str" : builtinHelper(frame, name), fitted);
	return ["len", "int", "ord", "hash"].includes(name) ? { ...made, type: "int" } : made;
}

function builtinHelper(frame: Frame, name: string): string {
	return name === "sum" && frame.unit.sumsCompensated ? "sumCompensated" : (builtinHelpers[name] ?? name);
}

/** The Java function that takes all its arguments in one array. */
function body(fn: string, parameters: string, receiver: string | null = null): string {
	const { positional, rest, only, more } = shapeOf(parameters);
	const from = receiver === null ? 0 : 1;
	const texts: string[] = receiver === null ? [] : [receiver];
	for (const at of positional.keys()) texts.push(`args[${from + at}]`);
	let at = from + positional.length;
	if (rest) texts.push(`((Tuple) args[${at++}]).items()`);
	for (const _ of only) texts.push(`args[${at++}]`);
	if (more) texts.push(`(Dict) args[${at}]`);
	return `args -> ${call(fn, texts).text}`;
}

const receivers: Readonly<Record<string, string>> = {
	str: "(String) args[0]",
	list: "Lists.asList(args[0])",
	tuple: "(Tuple) args[0]",
	range: "(Range) args[0]",
	dict: "(Dict) args[0]",
	set: "(PySet) args[0]",
	generator: "(Gen) args[0]",
	deque: "(Deque) args[0]",
	Counter: "(Dict) args[0]",
	OrderedDict: "(Dict) args[0]",
	Match: "(Regex.Match) args[0]",
	Pattern: "(Regex) args[0]",
};

/** A method of a type, as `Dispatch` makes it: its parameters and what it runs; null where the runtime has none. */
export function methodBody(type: string, method: string): { parameters: string; text: string } | null {
	const parameters = methodParameters[type]?.[method];
	const fn = helperName(type, method);
	if (parameters === undefined || !runtimeMembers.has(fn)) return null;
	return { parameters, text: body(fn, parameters, receivers[type] ?? "args[0]") };
}

/** A builtin function, type, exception class, or a method of a type (`str.lower`), as a value. */
export function emitBuiltinValue(frame: Frame, name: string, span: Span): Code {
	if (name in pythonExceptions) return call("exceptionClass", [stringText(name)]);
	const [type = "", method] = name.split(".");
	if (method === "__name__") return code(stringText(type), 18, "str");
	if (type === "dict" && method === "fromkeys")
		return value(frame, "dictFromkeys", func("dict.fromkeys", "iterable value= /", "dictFromkeys"));
	if (method !== undefined) {
		const made = methodBody(type, method);
		if (made === null) return refuse(frame, name, span);
		return value(frame, helperName(type, method), `Func.method("${name}", "${made.parameters}", ${made.text})`);
	}
	if (name === "object") return call("typeNamed", ['"object"']);
	const parameters = builtinParameters[name];
	const fn = builtinHelper(frame, name);
	if (parameters === undefined || !runtimeMembers.has(fn)) return refuse(frame, `the builtin ${name}`, span);
	const made = func(name, parameters, fn);
	return value(frame, fn, builtinTypes.has(name) ? call("typeNamed", [stringText(name), made]).text : made);
}

const func = (name: string, parameters: string, fn: string): string => `Func.builtin("${name}", "${parameters}", ${body(fn, parameters)})`;

/** `Dispatch` makes it once. */
function value(frame: Frame, fn: string, text: string): Code {
	const name = fn.replace(/[A-Z]/g, "_$&").toUpperCase();
	frame.unit.values.set(name, text);
	return code(`Dispatch.${name}`);
}

const collections = new Set(["Counter", "defaultdict", "OrderedDict", "deque"]);

function libraryHelper(frame: Frame, name: string, span: Span): { parameters: string; fn: string } | null {
	const parameters = libraryParameters[name];
	const fn = helperName(name);
	if (parameters === undefined || !runtimeMembers.has(fn)) {
		refuse(frame, name, span);
		return null;
	}
	const type = name.split(".")[1] ?? "";
	if (collections.has(type)) frame.unit.types.add(type);
	if (name.startsWith("re.")) for (const one of ["Match", "Pattern"]) frame.unit.types.add(one);
	return { parameters, fn };
}

export function emitLibrary(frame: Frame, expr: CallOf<"library">): Code {
	const found = libraryHelper(frame, expr.name, expr.span);
	if (!found) return code("null", 18, "none");
	const fitted = fitHelper(frame, found.parameters, expr.args);
	if (fitted) return call(found.fn, fitted);
	const callee = emitLibraryValue(frame, expr.name, expr.span).text;
	return code(`Func.call(${[callee, ...argumentTexts(frame, expr.args, expr.name)].join(", ")})`);
}

const lower = "abcdefghijklmnopqrstuvwxyz";
const text = (content: string): Code => code(stringText(content), 18, "str");
const libraryConstants: Readonly<Record<string, Code>> = {
	"math.pi": code("Math.PI", 18, "float"),
	"math.e": code("Math.E", 18, "float"),
	"math.tau": code("(2 * Math.PI)", 18, "float"),
	"math.inf": code("Double.POSITIVE_INFINITY", 18, "float"),
	"math.nan": code("Double.NaN", 18, "float"),
	"sys.maxsize": code("Long.MAX_VALUE", 18, "int"),
	"string.ascii_lowercase": text(lower),
	"string.ascii_uppercase": text(lower.toUpperCase()),
	"string.ascii_letters": text(lower + lower.toUpperCase()),
	"string.digits": text("0123456789"),
	"string.hexdigits": text("0123456789abcdefABCDEF"),
	"string.punctuation": text("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
	"string.whitespace": text(" \t\n\r\v\f"),
	...Object.fromEntries(
		Object.entries({ IGNORECASE: 2, I: 2, MULTILINE: 8, M: 8, DOTALL: 16, S: 16, VERBOSE: 64, X: 64 }).map(([name, flag]) => [
			`re.${name}`,
			code(`${flag}L`, 18, "int"),
		]),
	),
};

export function emitLibraryValue(frame: Frame, name: string, span: Span): Code {
	const constant = libraryConstants[name];
	if (constant !== undefined) return constant;
	const found = libraryHelper(frame, name, span);
	if (!found) return code("null", 18, "none");
	const short = name.split(".").at(-1) ?? name;
	const made = func(short, found.parameters, found.fn);
	return value(frame, found.fn, collections.has(short) ? call("typeNamed", [stringText(short), made]).text : made);
}

export function emitMethod(frame: Frame, expr: CallOf<"method">): Code {
	const { of, name, args } = expr;
	if (of.kind === "builtinValue") {
		const callee = emitBuiltinValue(frame, `${of.name}.${name}`, expr.span).text;
		return code(`Func.call(${[callee, ...argumentTexts(frame, args, name)].join(", ")})`);
	}
	const made = typed(frame, of);
	const isKnown = ["str", "list", "tuple", "range", "int", "float"].includes(made.type);
	const parameters = isKnown && runtimeMembers.has(helperName(made.type, name)) ? methodParameters[made.type]?.[name] : undefined;
	const fitted = parameters === undefined ? null : fitHelper(frame, parameters, args);
	if (fitted) return natural(made, name, fitted, args) ?? call(helperName(made.type, name), [made.text, ...fitted]);
	frame.unit.methods.add(name);
	return code(`Dispatch.call(${[made.text, stringText(name), ...argumentTexts(frame, args, name)].join(", ")})`);
}

/** Where Java's own method means the same. */
function natural(of: Code, name: string, fitted: readonly string[], args: readonly FArg[]): Code | null {
	const [first] = args;
	const receiver = of.level < 18 ? `(${of.text})` : of.text;
	const isText = args.length === 1 && first?.form === "plain" && first.value.type === "str";
	if (of.type === "str" && isText && (name === "startswith" || name === "endswith") && first)
		return code(`${receiver}.${name === "startswith" ? "startsWith" : "endsWith"}(${fitted[0]})`, 18, "bool");
	return null;
}

/** A statement that only appends needs no helper. */
export function emitAppend(frame: Frame, expr: FExpr): string | null {
	if (expr.kind !== "method" || expr.of.type !== "list" || expr.name !== "append") return null;
	const [only] = expr.args;
	if (!only || expr.args.length !== 1 || only.form !== "plain") return null;
	const made = typed(frame, expr.of);
	const receiver = made.level < 18 ? `(${made.text})` : made.text;
	return made.type === "list" ? `${receiver}.add(${plain(frame, only.value)});` : null;
}
