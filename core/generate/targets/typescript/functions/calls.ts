import type { FArg, FExpr, FParam } from "../../../../contract/function-ir.ts";
import type { Span } from "../../../../contract/ir.ts";
import { pythonExceptions } from "../../../../contract/python-library.ts";
import { code, emit, emitTest, plain, typed, within } from "./code.ts";
import { type Code, declaredFunction, type Frame, helper, isUnbound, refuse } from "./context.ts";
import { runtimeExports } from "./runtime-names.ts";
import {
	builtinHelpers,
	builtinParameters,
	builtinTypes,
	helperName,
	libraryConstants,
	libraryParameters,
	methodParameters,
} from "./vocabulary.ts";

type CallOf<K> = Extract<FExpr, { kind: K }>;

/** The positional arguments as a list, and the keywords as an object (or nothing). */
function argumentTexts(frame: Frame, args: readonly FArg[], name: string): string {
	const positional = args.filter((arg) => arg.form === "plain" || arg.form === "*");
	const list = positional.map((arg) =>
		arg.form === "*" ? `...${helper(frame, "starred")}(${plain(frame, arg.value)})` : plain(frame, arg.value),
	);
	const named = args.filter((arg) => arg.form === "keyword" || arg.form === "**");
	if (named.length === 0) return `[${list.join(", ")}]`;
	const simple = named.every((arg) => arg.form === "keyword");
	const keywords = simple
		? `{ ${named.map((arg) => `${property(arg.name)}: ${plain(frame, arg.value)}`).join(", ")} }`
		: `${helper(frame, "keywordsOf")}(${[JSON.stringify(name), ...named.map((arg) => namedPart(frame, arg))].join(", ")})`;
	return `[${list.join(", ")}], ${keywords}`;
}

const property = (name: string): string => (name === "__proto__" ? `["__proto__"]` : name);

function namedPart(frame: Frame, arg: FArg): string {
	if (arg.form === "**") return `...${helper(frame, "entriesOf")}(${plain(frame, arg.value)})`;
	return `[${JSON.stringify(arg.name)}, ${plain(frame, arg.value)}]`;
}

export function emitCall(frame: Frame, expr: CallOf<"call">): Code {
	const { callee, args } = expr;
	if (callee.kind === "name" && !isUnbound(frame, callee.name)) {
		const fn = declaredFunction(frame, callee.name, callee.scope);
		const fitted = fn && fitArguments(frame, fn.params, args);
		if (fitted) return code(`${frame.unit.names(callee.name)}(${fitted.join(", ")})`);
	}
	const name = callee.kind === "name" ? callee.name : "";
	return code(`${helper(frame, "call")}(${plain(frame, callee)}, ${argumentTexts(frame, args, name)})`);
}

/** The arguments in the order of the parameters, where the text alone shows that they fit; else null. */
function fitArguments(frame: Frame, params: readonly FParam[], args: readonly FArg[]): string[] | null {
	if (params.some((param) => param.form === "rest" || param.form === "keywords")) return null;
	if (args.some((arg) => arg.form !== "plain")) return null;
	if (params.some((param) => param.form === "keyword")) return null;
	const required = params.filter((param) => !param.default).length;
	if (args.length < required || args.length > params.length) return null;
	return args.map((arg) => plain(frame, arg.value));
}

type Parameter = { name: string; required: boolean; byName: boolean };
type Shape = { positional: Parameter[]; rest: boolean; only: string[]; more: boolean };

export function shapeOf(text: string): Shape {
	const shape: Shape = { positional: [], rest: false, only: [], more: false };
	let keywordOnly = false;
	for (const token of text.split(" ").filter((part) => part !== "")) {
		if (token === "/") for (const param of shape.positional) param.byName = false;
		else if (token.startsWith("**")) shape.more = true;
		else if (token.startsWith("*")) {
			keywordOnly = true;
			shape.rest = token !== "*";
		} else if (keywordOnly) shape.only.push(token.replace("=", ""));
		else shape.positional.push({ name: token.replace("=", ""), required: !token.endsWith("="), byName: true });
	}
	return shape;
}

/** The arguments of a helper, where the text alone shows that they fit; undefined for a default in between. */
function fitHelper(frame: Frame, parameters: string, args: readonly FArg[]): string[] | null {
	const { positional, rest, only, more } = shapeOf(parameters);
	if (args.some((arg) => arg.form === "**" || (arg.form === "*" && !rest))) return null;
	const given = args.filter((arg) => arg.form !== "keyword");
	const named = args.filter((arg) => arg.form === "keyword");
	if (given.findIndex((arg) => arg.form === "*") > -1 && given.findIndex((arg) => arg.form === "*") < positional.length) return null;
	if (given.length > positional.length && !rest) return null;
	const texts: (string | undefined)[] = positional.map((_, at) => (given[at] ? plain(frame, given[at].value) : undefined));
	const after: (string | undefined)[] = only.map(() => undefined);
	const others: string[] = [];
	for (const arg of named) {
		const at = positional.findIndex((param) => param.name === arg.name && param.byName);
		const atOnly = only.indexOf(arg.name);
		if (at >= given.length) texts[at] = plain(frame, arg.value);
		else if (at >= 0) return null;
		else if (atOnly >= 0) after[atOnly] = plain(frame, arg.value);
		else if (more) others.push(`[${JSON.stringify(arg.name)}, ${plain(frame, arg.value)}]`);
		else return null;
	}
	if (positional.some((param, at) => param.required && texts[at] === undefined)) return null;
	const tail = given
		.slice(positional.length)
		.map((arg) => (arg.form === "*" ? `...${helper(frame, "starred")}(${plain(frame, arg.value)})` : plain(frame, arg.value)));
	const isLast = only.length === 0 && !more;
	if (rest) texts.push(...(isLast ? tail : [`[${tail.join(", ")}]`]));
	texts.push(...after);
	if (more && others.length > 0) texts.push(`${helper(frame, "dictOf")}(${others.join(", ")})`);
	else if (more && rest) texts.push(`${helper(frame, "dictOf")}()`);
	while (texts.length > 0 && texts.at(-1) === undefined) texts.pop();
	return texts.map((text) => text ?? "undefined");
}

const told: Readonly<Record<string, Code["type"]>> = {
	truth: "bool",
	len: "int",
	int: "int",
	float: "float",
	str: "str",
	strOf: "str",
	repr: "str",
	chr: "str",
	ord: "int",
	bin: "str",
	oct: "str",
	hex: "str",
	ascii: "str",
	format: "str",
	all: "bool",
	any: "bool",
	isinstance: "bool",
	issubclass: "bool",
	callable: "bool",
	list: "list",
	tuple: "tuple",
	dict: "dict",
	set: "set",
	range: "range",
	sorted: "list",
	hash: "int",
	enumerate: "iterator",
	zip: "iterator",
	map: "iterator",
	filter: "iterator",
	reversed: "iterator",
};

export function emitBuiltin(frame: Frame, expr: CallOf<"builtin">): Code {
	const { name, args, span } = expr;
	if (name in pythonExceptions) {
		const positional = args.every((arg) => arg.form === "plain");
		if (!positional)
			return code(`${helper(frame, "call")}(${emitBuiltinValue(frame, name, span).text}, ${argumentTexts(frame, args, name)})`);
		return code(`${helper(frame, "exception")}(${[JSON.stringify(name), ...args.map((arg) => plain(frame, arg.value))].join(", ")})`);
	}
	const [first] = args;
	if (name === "bool" && args.length === 1 && first?.form === "plain") return emitTest(frame, first.value);
	if (name === "iter" && args.length === 2 && args.every((arg) => arg.form === "plain"))
		return code(`${helper(frame, "iterUntil")}(${args.map((arg) => plain(frame, arg.value)).join(", ")})`);
	if (name === "hasattr" && args.length === 2 && args[1]?.value.kind === "const" && args[1].value.value.kind === "str" && first) {
		frame.unit.needsDispatch.attribute = true;
		frame.unit.methods.add(args[1].value.value.value);
		return code(
			`${helper(frame, "hasAttribute")}(py.attribute, ${plain(frame, first.value)}, ${JSON.stringify(args[1].value.value.value)})`,
			18,
			"bool",
		);
	}
	if (name === "str" && args.length === 1 && first?.form === "plain" && first.value.type === "str") return typed(frame, first.value);
	const parameters = builtinParameters[name];
	if (parameters === undefined || (name === "type" && args.length !== 1)) return refuse(frame, `the builtin ${name}`, span);
	const fitted = fitHelper(frame, parameters, args);
	if (!fitted) return code(`${helper(frame, "call")}(${emitBuiltinValue(frame, name, span).text}, ${argumentTexts(frame, args, name)})`);
	const made = name === "str" && fitted.length === 1 ? "str" : builtinHelper(frame, name);
	return code(`${helper(frame, made)}(${fitted.join(", ")})`, 18, told[made] ?? "any");
}

function builtinHelper(frame: Frame, name: string): string {
	return name === "sum" && frame.unit.sumsCompensated ? "sumCompensated" : (builtinHelpers[name] ?? name);
}

/** A builtin function, type, exception class, or a method of a type (`str.lower`), as a value. */
export function emitBuiltinValue(frame: Frame, name: string, span: Span): Code {
	if (name in pythonExceptions) return code(`${helper(frame, "exceptionClass")}(${JSON.stringify(name)})`);
	const [type = "", method] = name.split(".");
	if (method !== undefined) {
		const parameters = methodParameters[type]?.[method];
		if (type === "dict" && method === "fromkeys") {
			frame.unit.helpers.add("dictFromkeys");
			return value(frame, "dictFromkeysFunction", `builtin(dictFromkeys, "dict.fromkeys", "iterable value= /")`, [
				"builtin",
				"dictFromkeys",
			]);
		}
		if (method === "__name__") return code(JSON.stringify(type), 18, "str");
		if (parameters === undefined) return refuse(frame, name, span);
		const fn = helperName(type, method);
		return value(frame, `${fn}Method`, `builtinMethod(${fn}, "${name}", "${parameters}")`, ["builtinMethod", fn]);
	}
	if (name === "object") return value(frame, "objectType", `typeNamed("object")`, ["typeNamed"]);
	const parameters = builtinParameters[name];
	if (parameters === undefined) return refuse(frame, `the builtin ${name}`, span);
	const fn = builtinHelper(frame, name);
	const made = `builtin(${fn}, "${name}", "${parameters}")`;
	if (builtinTypes.has(name)) return value(frame, `${name}Type`, `typeNamed("${name}", ${made})`, ["typeNamed", "builtin", fn]);
	return value(frame, `${name}Function`, made, ["builtin", fn]);
}

/** `dispatch.ts` makes it once; these are the runtime's names that its text uses. */
function value(frame: Frame, name: string, text: string, uses: readonly string[]): Code {
	for (const use of uses) frame.unit.helpers.add(use);
	frame.unit.values.set(name, text);
	return code(`py.${name}`);
}

const collections = new Set(["Counter", "defaultdict", "OrderedDict", "deque"]);

function libraryHelper(frame: Frame, name: string, span: Span): { parameters: string; fn: string } | null {
	const parameters = libraryParameters[name];
	if (parameters === undefined || !runtimeExports.has(helperName(name))) {
		refuse(frame, name, span);
		return null;
	}
	const type = name.split(".")[1] ?? "";
	if (collections.has(type)) frame.unit.types.add(type);
	if (name.startsWith("re.")) for (const one of ["Match", "Pattern"]) frame.unit.types.add(one);
	return { parameters, fn: helperName(name) };
}

export function emitLibrary(frame: Frame, expr: CallOf<"library">): Code {
	const found = libraryHelper(frame, expr.name, expr.span);
	if (!found) return code("null");
	const fitted = fitHelper(frame, found.parameters, expr.args);
	if (fitted) return code(`${helper(frame, found.fn)}(${fitted.join(", ")})`);
	const callee = emitLibraryValue(frame, expr.name, expr.span).text;
	return code(`${helper(frame, "call")}(${callee}, ${argumentTexts(frame, expr.args, expr.name)})`);
}

export function emitLibraryValue(frame: Frame, name: string, span: Span): Code {
	const constant = libraryConstants[name];
	if (constant !== undefined)
		return code(
			constant,
			18,
			constant.endsWith("n") && !constant.endsWith("Nan") && /^\d+n$/.test(constant) ? "int" : constant.startsWith('"') ? "str" : "float",
		);
	const found = libraryHelper(frame, name, span);
	if (!found) return code("null");
	const short = name.split(".").at(-1) ?? name;
	const made = `builtin(${found.fn}, "${short}", "${found.parameters}")`;
	if (collections.has(short)) return value(frame, `${short}Type`, `typeNamed("${short}", ${made})`, ["typeNamed", "builtin", found.fn]);
	return value(frame, `${found.fn}Function`, made, ["builtin", found.fn]);
}

export function emitMethod(frame: Frame, expr: CallOf<"method">): Code {
	const { of, name, args } = expr;
	if (of.kind === "builtinValue") {
		const callee = emitBuiltinValue(frame, `${of.name}.${name}`, expr.span).text;
		return code(`${helper(frame, "call")}(${callee}, ${argumentTexts(frame, args, name)})`);
	}
	const made = typed(frame, of);
	const parameters = ["str", "list", "tuple", "range", "int", "float"].includes(made.type)
		? methodParameters[made.type]?.[name]
		: undefined;
	const fitted = parameters === undefined ? null : fitHelper(frame, parameters, args);
	if (fitted) {
		const natural = naturalMethod(made, name, fitted, args);
		if (natural) return natural;
		const result = ["str", "list"].includes(made.type) ? (results[`${made.type}.${name}`] ?? "any") : "any";
		return code(`${helper(frame, helperName(made.type, name))}(${[made.text, ...fitted].join(", ")})`, 18, result);
	}
	frame.unit.needsDispatch.callMethod = true;
	frame.unit.methods.add(name);
	return code(`py.callMethod(${made.text}, ${JSON.stringify(name)}, ${argumentTexts(frame, args, name)})`);
}

/** Where JavaScript's own method means the same. */
function naturalMethod(of: Code, name: string, fitted: readonly string[], args: readonly FArg[]): Code | null {
	const [first] = args;
	const [text = ""] = fitted;
	const isText = first?.form === "plain" && first.value.type === "str";
	if (of.type === "str" && args.length === 1 && isText && (name === "startswith" || name === "endswith"))
		return code(`${within(of, 18)}.${name === "startswith" ? "startsWith" : "endsWith"}(${text})`, 18, "bool");
	if (of.type === "str" && args.length === 0 && (name === "upper" || name === "lower"))
		return code(`${within(of, 18)}.${name === "upper" ? "toUpperCase" : "toLowerCase"}()`, 18, "str");
	return null;
}

const results: Readonly<Record<string, Code["type"]>> = {
	"str.split": "list",
	"str.join": "str",
	"str.strip": "str",
	"str.replace": "str",
	"str.find": "int",
	"str.count": "int",
	"str.isdigit": "bool",
	"str.isalpha": "bool",
	"str.isupper": "bool",
	"str.islower": "bool",
	"str.isspace": "bool",
	"str.isalnum": "bool",
	"str.swapcase": "str",
	"str.capitalize": "str",
	"str.title": "str",
	"str.format": "str",
	"list.index": "int",
	"list.count": "int",
};

/** A statement that only appends needs no helper. */
export function emitAppend(frame: Frame, expr: FExpr): string | null {
	if (expr.kind !== "method" || expr.of.type !== "list" || expr.name !== "append") return null;
	const [only] = expr.args;
	if (!only || expr.args.length !== 1 || only.form !== "plain") return null;
	const made = typed(frame, expr.of);
	return made.type === "list" ? `${within(made, 18)}.push(${emit(frame, only.value).text});` : null;
}
