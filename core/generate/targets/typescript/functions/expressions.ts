import type { CompareOp, FExpr, ValueType } from "../../../../contract/function-ir.ts";
import { emitBuiltin, emitBuiltinValue, emitCall, emitLibrary, emitLibraryValue, emitMethod } from "./calls.ts";
import { code, emit, emitTest, isRepeatable, plain, told, typed, within } from "./code.ts";
import { emitComprehension } from "./comprehensions.ts";
import { type Code, declaredFunction, type Frame, helper, isTold, isUnbound, refuse, temporary, typeOfName, typeText } from "./context.ts";
import { emitLambda, functionValue } from "./definitions.ts";
import { emitBinary } from "./operators.ts";

/** Writes one expression. */
export function writeExpression(frame: Frame, expr: FExpr): Code {
	switch (expr.kind) {
		case "const": {
			const { value } = expr;
			if (value.kind === "none") return code("null", 18, "none");
			if (value.kind === "bool") return code(String(value.value), 18, "bool");
			if (value.kind === "int") return code(`${value.value}n`, value.value.startsWith("-") ? 14 : 18, "int");
			if (value.kind === "str") return code(JSON.stringify(value.value), 18, "str");
			return code(floatLiteral(value.bits), 18, "float");
		}
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
			if (expr.of.kind === "const" && expr.op === "-" && (of.type === "int" || of.type === "float"))
				return code(`-${of.text}`, 14, of.type);
			if (of.type === "int" && expr.op !== "+") return code(`${expr.op}${within(of, 15)}`, 14, "int");
			if (of.type === "float" && expr.op === "-") return code(`-${within(of, 15)}`, 14, "float");
			const name = { "-": "negate", "+": "positive", "~": "invert" }[expr.op];
			return code(`${helper(frame, name)}(${of.text})`);
		}
		case "not":
			return code(`!${within(emitTest(frame, expr.of), 15)}`, 14, "bool");
		case "compare":
			return emitCompare(frame, expr);
		case "logic":
			return emitLogic(frame, expr);
		case "choose":
			return emitChoose(frame, expr);
		case "list":
			return code(emitItems(frame, expr.items), 18, "list");
		case "tuple":
			return code(`${helper(frame, "tupleOf")}(${emitItems(frame, expr.items).slice(1, -1)})`, 18, "tuple");
		case "set":
			return code(`${helper(frame, "setOf")}(${emitItems(frame, expr.items).slice(1, -1)})`, 18, "set");
		case "dict": {
			const entries = expr.entries.map(({ key, value }) =>
				key ? `[${plain(frame, key)}, ${plain(frame, value)}]` : `...${helper(frame, "entriesOf")}(${plain(frame, value)})`,
			);
			return code(`${helper(frame, "dictOf")}(${entries.join(", ")})`, 18, "dict");
		}
		case "template":
			return emitTemplate(frame, expr);
		case "index":
			if (expr.of.type === "str" && expr.index.type === "int")
				return code(`${helper(frame, "characterAt")}(${typed(frame, expr.of).text}, ${typed(frame, expr.index).text})`, 18, "str");
			return code(`${helper(frame, "item")}(${plain(frame, expr.of)}, ${plain(frame, expr.index)})`);
		case "slice": {
			const bounds = [expr.from, expr.to, expr.step].map((part) => (part ? plain(frame, part) : "null"));
			while (bounds.at(-1) === "null") bounds.pop();
			return code(`${helper(frame, "slice")}(${[plain(frame, expr.of), ...bounds].join(", ")})`);
		}
		case "call":
			return emitCall(frame, expr);
		case "builtin":
			return emitBuiltin(frame, expr);
		case "method":
			return emitMethod(frame, expr);
		case "library":
			return emitLibrary(frame, expr);
		case "attribute":
			return emitAttribute(frame, expr);
		case "lambda":
			return emitLambda(frame, expr.fn);
		case "comprehension":
			return emitComprehension(frame, expr);
		case "assigned":
			return code(
				`${frame.unit.names(expr.name)} = ${told(frame, emit(frame, expr.value), typeOfName(frame, expr.name)).text}`,
				0,
				expr.value.type,
			);
		case "yield":
			return code(`yield ${expr.value ? plain(frame, expr.value) : "null"}`, 0);
		case "yieldFrom":
			return code(`yield* ${helper(frame, "delegate")}(${plain(frame, expr.value)})`, 0);
	}
}

function floatLiteral(bits: string): string {
	const view = new DataView(new ArrayBuffer(8));
	view.setBigUint64(0, BigInt(`0x${bits}`));
	const value = view.getFloat64(0);
	if (value === Number.POSITIVE_INFINITY) return "Number.POSITIVE_INFINITY";
	const text = String(value);
	return Number.isInteger(value) && !/[.e]/.test(text) && Math.abs(value) < 1e15 ? `${text}.0` : text;
}

function emitName(frame: Frame, expr: Extract<FExpr, { kind: "name" }>): Code {
	const name = frame.unit.names(expr.name);
	const fn = declaredFunction(frame, expr.name, expr.scope);
	if (fn) return functionValue(frame, expr.name, fn);
	const type = expr.scope === "module" ? moduleType(frame, expr.name) : typeOfName(frame, expr.name);
	if (expr.scope === "module" || !isUnbound(frame, expr.name)) return code(name, 18, type);
	return code(`${helper(frame, expr.scope === "local" ? "bound" : "boundFree")}(${name}, ${JSON.stringify(expr.name)})`, 18, type);
}

function moduleType(frame: Frame, name: string): ValueType {
	let at = frame;
	while (at.parent) at = at.parent;
	return at.types.get(name) ?? "any";
}

function emitItems(frame: Frame, items: readonly { spread: boolean; value: FExpr }[]): string {
	const parts = items.map(({ spread, value }) => {
		const made = emit(frame, value);
		if (!spread) return made.text;
		return made.type === "list" ? `...${within(made, 18)}` : `...${helper(frame, "starred")}(${made.text})`;
	});
	return `[${parts.join(", ")}]`;
}

/** As a JavaScript condition. */
export function writeTest(frame: Frame, expr: FExpr): Code {
	if (expr.kind === "logic") {
		const op = expr.op === "and" ? "&&" : "||";
		const level = expr.op === "and" ? 4 : 3;
		const [left, right] = [emitTest(frame, expr.left), emitTest(frame, expr.right)];
		return code(`${within(left, level)} ${op} ${within(right, level + 1)}`, level, "bool");
	}
	const made = typed(frame, expr);
	if (made.type === "bool") return made;
	if (made.type === "int") return code(`${within(made, 9)} !== 0n`, 8, "bool");
	if (made.type === "float") return code(`${within(made, 9)} !== 0`, 8, "bool");
	if (made.type === "str") return code(`${within(made, 9)} !== ""`, 8, "bool");
	if (made.type === "list") return code(`${within(made, 18)}.length > 0`, 9, "bool");
	return code(`${helper(frame, "truth")}(${made.text})`, 18, "bool");
}

function emitLogic(frame: Frame, expr: Extract<FExpr, { kind: "logic" }>): Code {
	const [left, right] = [typed(frame, expr.left), typed(frame, expr.right)];
	if (left.type === "bool" && right.type === "bool") {
		const [op, level] = expr.op === "and" ? ["&&", 4] : ["||", 3];
		return code(`${within(left, Number(level))} ${op} ${within(right, Number(level) + 1)}`, Number(level), "bool");
	}
	const [kept, tested] = isRepeatable(expr.left) ? [left.text, emitTest(frame, expr.left)] : heldOnce(frame, left);
	const chosen = expr.op === "and" ? `${within(right, 2)} : ${kept}` : `${kept} : ${within(right, 2)}`;
	return code(`${within(tested, 3)} ? ${chosen}`, 1);
}

function heldOnce(frame: Frame, value: Code): [string, Code] {
	const name = temporary(frame, "operand");
	return [name, code(`${helper(frame, "truth")}((${name} = ${value.text}))`, 18, "bool")];
}

function emitChoose(frame: Frame, expr: Extract<FExpr, { kind: "choose" }>): Code {
	const test = within(emitTest(frame, expr.test), 3);
	const [then, otherwise] = [typed(frame, expr.then), typed(frame, expr.otherwise)];
	const type = then.type === otherwise.type ? then.type : "any";
	return code(`${test} ? ${within(then, 1)} : ${within(otherwise, 1)}`, 1, type);
}

function emitTemplate(frame: Frame, expr: Extract<FExpr, { kind: "template" }>): Code {
	const parts = expr.parts.map((part) => {
		if (typeof part === "string")
			return JSON.stringify(part).slice(1, -1).replaceAll('\\"', '"').replaceAll("`", "\\`").replaceAll("${", "\\${");
		const made = typed(frame, part.value);
		const bare = part.spec === null && (part.conversion === "" || part.conversion === "s");
		if (bare) return made.type === "str" ? `\${${made.text}}` : `\${${helper(frame, "str")}(${made.text})}`;
		if (part.spec === null && part.conversion === "r") return `\${${helper(frame, "repr")}(${made.text})}`;
		const spec = part.spec ? plain(frame, part.spec) : '""';
		if (part.conversion === "") return `\${${helper(frame, "format")}(${made.text}, ${spec})}`;
		return `\${${helper(frame, "formatted")}(${made.text}, ${JSON.stringify(part.conversion)}, ${spec})}`;
	});
	return code(`\`${parts.join("")}\``, 18, "str");
}

function emitAttribute(frame: Frame, expr: Extract<FExpr, { kind: "attribute" }>): Code {
	if (expr.of.kind === "builtinValue") return emitBuiltinValue(frame, `${expr.of.name}.${expr.name}`, expr.span);
	frame.unit.needsDispatch.attribute = true;
	frame.unit.methods.add(expr.name);
	return code(`py.attribute(${plain(frame, expr.of)}, ${JSON.stringify(expr.name)})`);
}

const natural: Readonly<Record<string, string>> = { "==": "===", "!=": "!==", "<": "<", "<=": "<=", ">": ">", ">=": ">=" };
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
			again = code(name);
			made = code(`(${name} = ${made.text})`);
			if (isTold(right.type)) again = code(`(${name} as ${typeText(frame, right.type)})`, 18, right.type);
		}
		parts.push(compareOnce(frame, op, left, made, expr.type === "bool", leftExpr, right));
		left = again;
		leftExpr = right;
	}
	const [only] = parts;
	if (only && parts.length === 1) return only;
	if (expr.type !== "bool") return refuse(frame, "a chain of comparisons that a class may answer", expr.span);
	return code(parts.map((part) => within(part, 5)).join(" && "), 4, "bool");
}

function compareOnce(frame: Frame, op: CompareOp, left: Code, right: Code, isPlain: boolean, leftExpr: FExpr, rightExpr: FExpr): Code {
	if (op === "is" || op === "is not") {
		const isNone = rightExpr.type === "none" || leftExpr.type === "none" || (left.type === "bool" && right.type === "bool");
		if (isNone) return code(`${within(left, 9)} ${op === "is" ? "===" : "!=="} ${within(right, 9)}`, 8, "bool");
		const same = `${helper(frame, "isSame")}(${left.text}, ${right.text})`;
		return op === "is" ? code(same, 18, "bool") : code(`!${same}`, 14, "bool");
	}
	if (op === "in" || op === "not in") {
		const found =
			left.type === "str" && right.type === "str"
				? `${within(right, 18)}.includes(${left.text})`
				: `${helper(frame, "contains")}(${right.text}, ${left.text})`;
		return op === "in" ? code(found, 18, "bool") : code(`!${found}`, 14, "bool");
	}
	const isEquality = op === "==" || op === "!=";
	const numbers = ["int", "float"].includes(left.type) && ["int", "float"].includes(right.type);
	const level = isEquality ? 8 : 9;
	if (numbers && (left.type === right.type || !isEquality))
		return code(`${within(left, level + 1)} ${natural[op]} ${within(right, level + 1)}`, level, "bool");
	if (left.type === right.type && (left.type === "str" || left.type === "bool") && isEquality)
		return code(`${within(left, 9)} ${natural[op]} ${within(right, 9)}`, 8, "bool");
	if (!isPlain) return code(`${helper(frame, "compareRich")}(${JSON.stringify(op)}, ${left.text}, ${right.text})`);
	if (isEquality) {
		const equal = `${helper(frame, "equals")}(${left.text}, ${right.text})`;
		return op === "==" ? code(equal, 18, "bool") : code(`!${equal}`, 14, "bool");
	}
	return code(`${helper(frame, ordering[op] ?? "")}(${left.text}, ${right.text})`, 18, "bool");
}
