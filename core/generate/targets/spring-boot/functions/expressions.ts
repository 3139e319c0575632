import type { CompareOp, FExpr } from "../../../../contract/function-ir.ts";
import { stringText } from "../code.ts";
import { emitBuiltin, emitBuiltinValue, emitCall, emitLibrary, emitLibraryValue, emitMethod } from "./calls.ts";
import { array, choice, code, emit, emitTest, isRepeatable, plain, told, typed, variadic, within } from "./code.ts";
import { emitComprehension } from "./comprehensions.ts";
import {
	type Code,
	call,
	declaredFunction,
	type Frame,
	helper,
	isBoxed,
	isUnbound,
	outletName,
	refuse,
	spelledName,
	temporary,
	typeOfName,
} from "./context.ts";
import { emitLambda, functionValue } from "./definitions.ts";
import { emitBinary } from "./operators.ts";

/** Writes one expression. */
export function writeExpression(frame: Frame, expr: FExpr): Code {
	switch (expr.kind) {
		case "const":
			return constant(expr.value);
		case "bytes":
			return refuse(frame, "a bytes literal", expr.span);
		case "name":
			return emitName(frame, expr);
		case "builtinValue":
			return emitBuiltinValue(frame, expr.name, expr.span);
		case "libraryValue":
			return emitLibraryValue(frame, expr.name, expr.span);
		case "binary":
			return emitBinary(frame, expr);
		case "unary": {
			const of = typed(frame, expr.of);
			if (expr.of.kind === "const" && expr.op === "-" && of.type === "int") return constant({ kind: "int", value: `-${intText(expr.of)}` });
			if (of.type === "float" && expr.op === "-") return code(`-${within(of, 15)}`, 14, "float");
			return { ...call({ "-": "negate", "+": "positive", "~": "invert" }[expr.op], [of.text]), type: of.type === "int" ? "int" : "any" };
		}
		case "not":
			return code(`!${within(emitTest(frame, expr.of), 15)}`, 14, "bool");
		case "compare":
			return emitCompare(frame, expr);
		case "logic":
			return emitLogic(frame, expr);
		case "choose": {
			const test = within(emitTest(frame, expr.test), 3);
			return choice(test, typed(frame, expr.then), typed(frame, expr.otherwise));
		}
		case "list":
			return call("listOf", itemTexts(frame, expr.items));
		case "tuple":
			return call("tupleOf", itemTexts(frame, expr.items));
		case "set":
			return call("setOf", itemTexts(frame, expr.items));
		case "dict":
			return emitDict(frame, expr);
		case "template":
			return emitTemplate(frame, expr);
		case "index":
			if (expr.of.type === "str" && expr.index.type === "int")
				return call("characterAt", [typed(frame, expr.of).text, typed(frame, expr.index).text]);
			return call("item", [plain(frame, expr.of), plain(frame, expr.index)]);
		case "slice": {
			const bounds = [expr.from, expr.to, expr.step].map((part) => (part ? plain(frame, part) : "null"));
			if (bounds.at(-1) === "null") bounds.pop();
			return call("slice", [plain(frame, expr.of), ...bounds]);
		}
		case "call":
			return emitCall(frame, expr);
		case "builtin":
			return emitBuiltin(frame, expr);
		case "method":
			return emitMethod(frame, expr);
		case "library":
			return emitLibrary(frame, expr);
		case "attribute": {
			if (expr.of.kind === "builtinValue") return emitBuiltinValue(frame, `${expr.of.name}.${expr.name}`, expr.span);
			frame.unit.methods.add(expr.name);
			return code(`Dispatch.attribute(${plain(frame, expr.of)}, ${stringText(expr.name)})`);
		}
		case "lambda":
			return emitLambda(frame, expr.fn);
		case "comprehension":
			return emitComprehension(frame, expr);
		case "assigned": {
			const made = told(emit(frame, expr.value), typeOfName(frame, expr.name));
			const boxed = isBoxed(frame, expr.name) ? ".value" : "";
			return code(`${spelledName(frame, expr.name)}${boxed} = ${made.text}`, 0, boxed ? "any" : made.type);
		}
		case "yield":
			return code(`${outletName(frame)}.give(${expr.value ? plain(frame, expr.value) : "null"})`);
		case "yieldFrom":
			return code(`${outletName(frame)}.delegate(${plain(frame, expr.value)})`);
	}
}

const intText = (expr: FExpr): string => (expr.kind === "const" && expr.value.kind === "int" ? expr.value.value : "0");

function constant(value: Extract<FExpr, { kind: "const" }>["value"]): Code {
	switch (value.kind) {
		case "none":
			return code("null", 18, "none");
		case "bool":
			return code(String(value.value), 18, "bool");
		case "str":
			return code(stringText(value.value), 18, "str");
		case "float":
			return code(floatLiteral(value.bits), 18, "float");
		case "int": {
			const number = BigInt(value.value);
			if (BigInt.asIntN(64, number) !== number) return code(`new BigInteger("${number}")`, 17, "int");
			return code(`${number}L`, number < 0n ? 14 : 18, "int");
		}
	}
}

function floatLiteral(bits: string): string {
	const view = new DataView(new ArrayBuffer(8));
	view.setBigUint64(0, BigInt(`0x${bits}`));
	const value = view.getFloat64(0);
	if (value === Number.POSITIVE_INFINITY) return "Double.POSITIVE_INFINITY";
	const text = String(value).replace("e+", "e");
	return /[.e]/.test(text) ? text : `${text}.0`;
}

function emitName(frame: Frame, expr: Extract<FExpr, { kind: "name" }>): Code {
	const fn = declaredFunction(frame, expr.name, expr.scope);
	if (fn) return functionValue(frame, fn);
	if (expr.scope === "module") return code(frame.unit.names(expr.name));
	const [type, name] = [typeOfName(frame, expr.name), spelledName(frame, expr.name)];
	const boxed = isBoxed(frame, expr.name);
	const read = boxed ? `${name}.value` : name;
	if (!isUnbound(frame, expr.name)) return boxed ? told(code(read), type) : code(read, 18, type);
	return call(expr.scope === "local" ? "bound" : "boundFree", [read, stringText(expr.name)]);
}

/** The items of a display, as the arguments of a call that takes any number. */
function itemTexts(frame: Frame, items: readonly { spread: boolean; value: FExpr }[]): string[] {
	if (!items.some((item) => item.spread)) {
		const texts = items.map(({ value }) => plain(frame, value));
		return items.length === 1 ? variadic(texts) : texts;
	}
	const parts = items.map(({ spread, value }) => {
		const text = plain(frame, value);
		return spread ? call("starred", [text]).text : array([text]);
	});
	return [call("spread", parts).text];
}

function emitDict(frame: Frame, expr: Extract<FExpr, { kind: "dict" }>): Code {
	if (expr.entries.every(({ key }) => key !== null))
		return call(
			"dictOf",
			expr.entries.flatMap(({ key, value }) => [plain(frame, key as FExpr), plain(frame, value)]),
		);
	const parts = expr.entries.map(({ key, value }) => `.with(${key ? `${plain(frame, key)}, ` : ""}${plain(frame, value)})`);
	return code(`new Dict()${parts.join("")}`, 18, "dict");
}

/** As a Java condition. */
export function writeTest(frame: Frame, expr: FExpr): Code {
	if (expr.kind === "logic") {
		const [op, level] = expr.op === "and" ? (["&&", 4] as const) : (["||", 3] as const);
		const [left, right] = [emitTest(frame, expr.left), emitTest(frame, expr.right)];
		return code(`${within(left, level)} ${op} ${within(right, level + 1)}`, level, "bool");
	}
	const made = typed(frame, expr);
	if (made.type === "bool") return made;
	if (made.type === "float") return code(`${within(made, 9)} != 0`, 8, "bool");
	if (made.type === "str" || made.type === "list") return code(`!${within(made, 18)}.isEmpty()`, 14, "bool");
	return call("truth", [made.text]);
}

function emitLogic(frame: Frame, expr: Extract<FExpr, { kind: "logic" }>): Code {
	const [left, right] = [typed(frame, expr.left), typed(frame, expr.right)];
	if (left.type === "bool" && right.type === "bool") return writeTest(frame, expr);
	const [kept, test] = isRepeatable(expr.left) ? [left, within(emitTest(frame, expr.left), 3)] : heldOnce(frame, left);
	return expr.op === "and" ? choice(test, right, kept) : choice(test, kept, right);
}

function heldOnce(frame: Frame, value: Code): [Code, string] {
	const name = temporary(frame, "operand");
	return [told(code(name), value.type), call("truth", [`${name} = ${value.text}`]).text];
}

function emitTemplate(frame: Frame, expr: Extract<FExpr, { kind: "template" }>): Code {
	const parts = expr.parts.map((part): Code => {
		if (typeof part === "string") return code(stringText(part), 18, "str");
		const made = typed(frame, part.value);
		const isBare = part.spec === null && (part.conversion === "" || part.conversion === "s");
		if (isBare) return made.type === "str" ? made : call("str", [made.text]);
		if (part.spec === null && part.conversion === "r") return call("repr", [made.text]);
		const spec = part.spec ? plain(frame, part.spec) : '""';
		if (part.conversion === "") return call("format", [made.text, spec]);
		return call("formatted", [made.text, stringText(part.conversion), spec]);
	});
	if (parts.length === 0) return code('""', 18, "str");
	const [only] = parts;
	if (parts.length === 1 && only) return { ...only, type: "str" };
	return code(parts.map((part, at) => within(part, at === 0 ? 11 : 12)).join(" + "), 11, "str");
}

const ordering: Readonly<Record<string, string>> = { "<": "lessThan", "<=": "atMost", ">": "moreThan", ">=": "atLeast" };

function emitCompare(frame: Frame, expr: Extract<FExpr, { kind: "compare" }>): Code {
	let left = typed(frame, expr.first);
	let leftExpr = expr.first;
	const parts: Code[] = [];
	for (const [at, { op, right }] of expr.rest.entries()) {
		let made = typed(frame, right);
		let again = made;
		if (at < expr.rest.length - 1 && !isRepeatable(right)) {
			const name = temporary(frame, "between");
			again = told(code(name), made.type);
			made = told(code(`(${name} = ${made.text})`), made.type);
		}
		parts.push(compareOnce(op, left, made, expr.type === "bool", [leftExpr, right]));
		left = again;
		leftExpr = right;
	}
	const [only] = parts;
	if (only && parts.length === 1) return only;
	if (expr.type !== "bool") return refuse(frame, "a chain of comparisons that a class may answer", expr.span);
	return code(parts.map((part) => within(part, 5)).join(" && "), 4, "bool");
}

const negated = (made: Code): Code => code(`!${within(made, 15)}`, 14, "bool");

function compareOnce(op: CompareOp, left: Code, right: Code, isPlain: boolean, [leftExpr, rightExpr]: [FExpr, FExpr]): Code {
	if (op === "is" || op === "is not") {
		const isNone = leftExpr.type === "none" || rightExpr.type === "none";
		const isPrimitive = ["bool", "float", "int"].includes(left.type) || ["bool", "float", "int"].includes(right.type);
		if (isNone && !isPrimitive) return code(`${within(left, 9)} ${op === "is" ? "==" : "!="} ${within(right, 9)}`, 8, "bool");
		const same = call("isSame", [left.text, right.text]);
		return op === "is" ? same : negated(same);
	}
	if (op === "in" || op === "not in") {
		const isText = left.type === "str" && right.type === "str";
		const found = isText ? code(`${within(right, 18)}.contains(${left.text})`, 18, "bool") : call("contains", [right.text, left.text]);
		return op === "in" ? found : negated(found);
	}
	const isEquality = op === "==" || op === "!=";
	if (left.type === "float" && right.type === "float") {
		const level = isEquality ? 8 : 9;
		return code(`${within(left, level + 1)} ${op} ${within(right, level + 1)}`, level, "bool");
	}
	if (isEquality && left.type === "bool" && right.type === "bool") return code(`${within(left, 9)} ${op} ${within(right, 9)}`, 8, "bool");
	if (isEquality && left.type === "str" && right.type === "str") {
		const equal = code(`${within(left, 18)}.equals(${right.text})`, 18, "bool");
		return op === "==" ? equal : negated(equal);
	}
	if (!isPlain) return call("compareRich", [stringText(op), left.text, right.text]);
	if (!isEquality) return call(ordering[op] ?? "", [left.text, right.text]);
	const equal = code(`${helper("equals")}(${left.text}, ${right.text})`, 18, "bool");
	return op === "==" ? equal : negated(equal);
}
