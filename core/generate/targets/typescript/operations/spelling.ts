import type { Expr, OpDetail } from "../../../../contract/ir.ts";
import { binary, type Code, callDoc, levels, primary } from "../code.ts";
import type { Doc } from "../layout.ts";
import { type FunctionScope, refuse } from "../scope.ts";

/** One use of an operation, ready to be spelled. */
export type Use = {
	expr: Extract<Expr, { kind: "op" }>;
	args: Expr[];
	detail: OpDetail;
	/** Legacy semantics, not the idiom. Without meaning where the two coincide. */
	exact: boolean;
	scope: FunctionScope;
	code(index: number): Code;
	/** In parentheses if it binds less tightly than `level`. */
	doc(index: number, level?: number): Doc;
	/** An iterable as an array. */
	items(index: number): Code;
	write(expr: Expr): Code;
};
export type Spelling = (use: Use) => Code;

/** A call of a runtime helper with all arguments, then `more`. */
export function helper(name: string, ...more: Doc[]): Spelling {
	return (use) => call(use, name, ...use.args.map((_, index) => use.doc(index)), ...more);
}

export function call(use: Use, name: string, ...args: Doc[]): Code {
	return primary(callDoc(use.scope.use(name), args));
}

/** A call of something that JavaScript has. */
export function native(name: string): Spelling {
	return (use) =>
		primary(
			callDoc(
				name,
				use.args.map((_, index) => use.doc(index)),
			),
		);
}

/** `first.name(others)`. */
export function method(name: string): Spelling {
	return (use) =>
		primary(
			callDoc(
				[use.doc(0, levels.primary), `.${name}`],
				use.args.slice(1).map((_, index) => use.doc(index + 1)),
			),
		);
}

export function operator(sign: string, level: number): Spelling {
	return (use) => binary(use.code(0), sign, use.code(1), level);
}

export function chosen(exact: Spelling, idiom: Spelling): Spelling {
	return (use) => (use.exact ? exact : idiom)(use);
}

export function isNone(expr: Expr | undefined): boolean {
	return expr === undefined || (expr.kind === "const" && expr.value.kind === "none");
}

/** The number of a constant, also of a module constant; undefined for anything else. */
export function knownNumber(use: Use, expr: Expr | undefined): number | undefined {
	if (expr === undefined) return undefined;
	const value = expr.kind === "global" ? use.scope.service.constants.get(expr.constant) : expr;
	if (value?.kind === "op" && value.op === "float.of_int") return knownNumber(use, value.args[0]);
	if (value?.kind !== "const") return undefined;
	if (value.value.kind === "int") return Number(value.value.value);
	return value.value.kind === "float" ? Number(value.value.text.replaceAll("_", "")) : undefined;
}

export function knownText(use: Use, expr: Expr | undefined): string | undefined {
	const value = expr?.kind === "global" ? use.scope.service.constants.get(expr.constant) : expr;
	return value?.kind === "const" && value.value.kind === "str" ? value.value.value : undefined;
}

export function unsupported(use: Use, construct: string): never {
	return refuse(use.scope, construct, use.expr.span);
}
