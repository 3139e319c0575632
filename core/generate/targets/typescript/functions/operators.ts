import type { BinaryOp, FExpr, ValueType } from "../../../../contract/function-ir.ts";
import { code, typed, within } from "./code.ts";
import { type Code, type Frame, helper } from "./context.ts";

const levels: Readonly<Record<BinaryOp, number>> = {
	"**": 13,
	"*": 12,
	"/": 12,
	"//": 12,
	"%": 12,
	"+": 11,
	"-": 11,
	"<<": 10,
	">>": 10,
	"&": 7,
	"^": 6,
	"|": 5,
};

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

const changers: Partial<Record<BinaryOp, string>> = {
	"+": "addTo",
	"*": "multiplyTo",
	"-": "subtractFrom",
	"&": "andWith",
	"|": "orWith",
	"^": "xorWith",
};

export function emitBinary(frame: Frame, expr: Extract<FExpr, { kind: "binary" }>): Code {
	return operate(frame, expr.op, typed(frame, expr.left), typed(frame, expr.right), expr.right);
}

/** The plain operator where the types prove that it means the same, else the helper. */
export function operate(frame: Frame, op: BinaryOp, left: Code, right: Code, rightExpr: FExpr): Code {
	const found = direct(frame, op, left, right, rightExpr);
	return found ?? code(`${helper(frame, helpers[op])}(${left.text}, ${right.text})`);
}

function direct(frame: Frame, op: BinaryOp, left: Code, right: Code, rightExpr: FExpr): Code | null {
	const native = (type: ValueType): Code => {
		const level = levels[op];
		const [low, high] = op === "**" ? [18, 14] : [level, level + 1];
		return code(`${within(left, low)} ${op} ${within(right, high)}`, level, type);
	};
	if (op === "+" && left.type === "str" && right.type === "str") return native("str");
	if (left.type === "int" && right.type === "int") {
		if ("+-*&|^".includes(op)) return native("int");
		const isNatural = rightExpr.kind === "const" && rightExpr.value.kind === "int" && !rightExpr.value.value.startsWith("-");
		if (op === "**") return isNatural ? native("int") : null;
		if ((op === "<<" || op === ">>") && isNatural) return native("int");
		if (op === "/") return code(`${helper(frame, "divideWhole")}(${left.text}, ${right.text})`, 18, "float");
		if (op === "//") return code(`${helper(frame, "floorDivideWhole")}(${left.text}, ${right.text})`, 18, "int");
		if (op === "%") return code(`${helper(frame, "floorModuloWhole")}(${left.text}, ${right.text})`, 18, "int");
		return null;
	}
	if (left.type === "float" && right.type === "float") {
		if ("+-*".includes(op)) return native("float");
		const isDivisor = rightExpr.kind === "const" && rightExpr.value.kind === "float" && Number(right.text) !== 0;
		if (op === "/" && isDivisor) return native("float");
	}
	return null;
}

/** `target op= value`, as the new value of the target. */
export function operateInPlace(frame: Frame, op: BinaryOp, target: Code, value: Code, valueExpr: FExpr): Code {
	const found = direct(frame, op, target, value, valueExpr);
	if (found) return found;
	const changer = changers[op];
	if (changer) return code(`${helper(frame, changer)}(${target.text}, ${value.text})`);
	const plain = helper(frame, helpers[op]);
	const mayChange = !["int", "float", "bool", "str", "tuple"].includes(target.type);
	if (!mayChange) return code(`${plain}(${target.text}, ${value.text}, "${op}=")`);
	return code(`${helper(frame, "changed")}("${op}", ${target.text}, ${value.text}, ${plain})`);
}
