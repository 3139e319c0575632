import type { BinaryOp, FExpr, ValueType } from "../../../../contract/function-ir.ts";
import { code, typed, within } from "./code.ts";
import { type Code, call, type Frame } from "./context.ts";

const levels: Partial<Record<BinaryOp, number>> = { "*": 12, "/": 12, "+": 11, "-": 11 };

const helpers: Readonly<Record<BinaryOp, string>> = {
	"+": "add",
	"-": "subtract",
	"*": "multiply",
	"/": "divide",
	"//": "floorDivide",
	"%": "modulo",
	"**": "power",
	"<<": "shiftLeft",
	">>": "shiftRight",
	"&": "bitAnd",
	"|": "bitOr",
	"^": "bitXor",
};

const changers: Readonly<Record<BinaryOp, string>> = {
	"+": "addTo",
	"-": "subtractFrom",
	"*": "multiplyTo",
	"/": "divideBy",
	"//": "floorDivideBy",
	"%": "moduloBy",
	"**": "powerBy",
	"<<": "shiftLeftBy",
	">>": "shiftRightBy",
	"&": "andWith",
	"|": "orWith",
	"^": "xorWith",
};

export function emitBinary(frame: Frame, expr: Extract<FExpr, { kind: "binary" }>): Code {
	return operate(expr.op, typed(frame, expr.left), typed(frame, expr.right), expr.right);
}

/** The plain operator where the types prove that it means the same, else the helper. */
export function operate(op: BinaryOp, left: Code, right: Code, rightExpr: FExpr): Code {
	return direct(op, left, right, rightExpr) ?? call(helpers[op], [left.text, right.text]);
}

function direct(op: BinaryOp, left: Code, right: Code, rightExpr: FExpr): Code | null {
	const native = (type: ValueType): Code => {
		const level = levels[op] ?? 0;
		return code(`${within(left, level)} ${op} ${within(right, level + 1)}`, level, type);
	};
	if (op === "+" && left.type === "str" && right.type === "str") return native("str");
	if (left.type === "int" && right.type === "int") {
		const name = { "/": "divideWhole", "//": "floorDivideWhole", "%": "floorModuloWhole" }[op as string];
		return name === undefined ? null : { ...call(name, [left.text, right.text]), type: op === "/" ? "float" : "int" };
	}
	if (left.type !== "float" || right.type !== "float") return null;
	if (op === "+" || op === "-" || op === "*") return native("float");
	const isDivisor = rightExpr.kind === "const" && rightExpr.value.kind === "float" && Number(right.text) !== 0;
	return op === "/" && isDivisor ? native("float") : null;
}

/** `target op= value`, as the new value of the target. */
export function operateInPlace(op: BinaryOp, target: Code, value: Code, valueExpr: FExpr): Code {
	const found = direct(op, target, value, valueExpr);
	if (found) return found;
	const isFixed = ["int", "float", "bool", "str", "tuple"].includes(target.type);
	return isFixed ? call(helpers[op], [target.text, value.text, `"${op}="`]) : call(changers[op], [target.text, value.text]);
}
