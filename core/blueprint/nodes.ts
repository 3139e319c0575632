import type { Expr, OpDetail, Span } from "../contract/ir.ts";
import type { OpName } from "../contract/ops.ts";
import { BOOL, FLOAT, INT, type Kind, NONE, STR } from "./types.ts";

// Ids are given at the end, in source order (see finish.ts); until then they are empty.
const id = "";

export const op = (name: OpName, type: Kind, args: Expr[], span: Span, detail?: OpDetail): Expr =>
	detail ? { kind: "op", id, type, span, op: name, args, detail } : { kind: "op", id, type, span, op: name, args };
export const str = (value: string, span: Span): Expr => ({ kind: "const", id, type: STR, span, value: { kind: "str", value } });
export const int = (value: bigint | number, span: Span): Expr => ({
	kind: "const",
	id,
	type: INT,
	span,
	value: { kind: "int", value: String(value) },
});
export const bool = (value: boolean, span: Span): Expr => ({ kind: "const", id, type: BOOL, span, value: { kind: "bool", value } });
export const none = (span: Span): Expr => ({ kind: "const", id, type: NONE, span, value: { kind: "none" } });
export const local = (name: string, type: Kind, span: Span): Expr => ({ kind: "local", id, type, span, name });
export const logic = (sign: "and" | "or", left: Expr, right: Expr, type: Kind, span: Span): Expr => ({
	kind: "logic",
	id,
	type,
	span,
	op: sign,
	left,
	right,
});
export const not = (of: Expr, span: Span): Expr => ({ kind: "not", id, type: BOOL, span, of });
export const truth = (of: Expr, span: Span): Expr => ({ kind: "truth", id, type: BOOL, span, of });
export const choose = (test: Expr, then: Expr, otherwise: Expr, type: Kind, span: Span): Expr => ({
	kind: "choose",
	id,
	type,
	span,
	test,
	then,
	otherwise,
});
export const column = (row: Expr, name: string, type: Kind, span: Span): Expr => ({ kind: "column", id, type, span, row, name });
export const template = (parts: (string | Expr)[], span: Span): Expr => {
	const merged: (string | Expr)[] = [];
	for (const part of parts) {
		const last = merged.at(-1);
		if (typeof part === "string" && typeof last === "string") merged[merged.length - 1] = last + part;
		else if (part !== "") merged.push(part);
	}
	return { kind: "template", id, type: STR, span, parts: merged };
};

export function float(value: number, text: string, span: Span): Expr {
	const view = new DataView(new ArrayBuffer(8));
	view.setFloat64(0, value);
	const bits = view.getBigUint64(0).toString(16).padStart(16, "0");
	return { kind: "const", id, type: FLOAT, span, value: { kind: "float", bits, text } };
}

/** May be written twice without a second effect and without changing in between. */
export function isStable(expr: Expr): boolean {
	switch (expr.kind) {
		case "const":
		case "local":
		case "global":
			return true;
		case "column":
			return isStable(expr.row);
		case "field":
			return isStable(expr.record);
		case "exceptionField":
			return isStable(expr.exception);
		default:
			return false;
	}
}
