import type { Constant, Expr, OpDetail, Type } from "../../contract/ir.ts";

/** Makes expressions in the place of one, with ids below its own. */
export type Maker = {
	op(op: string, type: Type, args: Expr[], detail?: OpDetail): Expr;
	float(value: number): Expr;
	int(value: bigint | number): Expr;
	text(value: string): Expr;
	bool(value: boolean): Expr;
	local(name: string, type: Type): Expr;
	choose(test: Expr, then: Expr, otherwise: Expr): Expr;
};

export const FLOAT: Type = { kind: "float" };
export const INT: Type = { kind: "int" };
export const BOOL: Type = { kind: "bool" };
export const STR: Type = { kind: "str" };

export function makerAt(expr: Expr): Maker {
	let next = 0;
	const node = () => ({ id: `${expr.id}~${++next}`, span: expr.span });
	const constant = (type: Type, value: Constant): Expr => ({ kind: "const", ...node(), type, value });
	return {
		op: (op, type, args, detail) => ({ kind: "op", ...node(), type, op, args, ...(detail === undefined ? {} : { detail }) }),
		float: (value) => constant(FLOAT, floatConstant(value)),
		int: (value) => constant(INT, { kind: "int", value: String(value) }),
		text: (value) => constant(STR, { kind: "str", value }),
		bool: (value) => constant(BOOL, { kind: "bool", value }),
		local: (name, type) => ({ kind: "local", ...node(), type, name }),
		choose: (test, then, otherwise) => ({ kind: "choose", ...node(), type: then.type, test, then, otherwise }),
	};
}

export function floatConstant(value: number): Constant {
	const view = new DataView(new ArrayBuffer(8));
	view.setFloat64(0, value);
	const bits = view.getBigUint64(0).toString(16).padStart(16, "0");
	const text = String(value);
	return { kind: "float", bits, text: /[.e]/.test(text) ? text : `${text}.0` };
}

/** The number of a numeric constant; null for everything else. */
export function numberOf(expr: Expr): number | null {
	if (expr.kind !== "const") return null;
	if (expr.value.kind === "int") return Number(expr.value.value);
	if (expr.value.kind !== "float") return null;
	const view = new DataView(new ArrayBuffer(8));
	view.setBigUint64(0, BigInt(`0x${expr.value.bits}`));
	return view.getFloat64(0);
}

/** A constant of the same type with another number; null when the type cannot hold it. */
export function constantLike(expr: Expr, value: number): Expr | null {
	const make = makerAt(expr);
	if (!Number.isFinite(value)) return null;
	if (expr.type.kind === "float") return make.float(value);
	return Number.isSafeInteger(value) ? make.int(value) : null;
}

/** Short text of an expression for people; not code. */
export function told(expr: Expr, depth = 2): string {
	switch (expr.kind) {
		case "const":
			return expr.value.kind === "float" ? expr.value.text : expr.value.kind === "none" ? "nothing" : String(expr.value.value);
		case "local":
			return expr.name;
		case "global":
			return shortName(expr.constant);
		case "column":
		case "field":
			return expr.name;
		case "call":
			return `${shortName(expr.function)}(${depth > 0 ? expr.args.map((arg) => told(arg, depth - 1)).join(", ") : "..."})`;
		case "op":
			return `${expr.op}(${depth > 0 ? expr.args.map((arg) => told(arg, depth - 1)).join(", ") : "..."})`;
		default:
			return expr.kind;
	}
}

export const shortName = (dotted: string): string => dotted.slice(dotted.lastIndexOf(".") + 1);
