import type { FExpr, ValueType } from "../../../../contract/function-ir.ts";
import { type Code, type Frame, isTold, typeText } from "./context.ts";

export const code = (text: string, level = 18, type: ValueType = "any"): Code => ({ text, level, type });

/** The text of an expression where something binds it at `level`. */
export const within = (made: Code, level: number): string => (made.level < level ? `(${made.text})` : made.text);

export const emit = (frame: Frame, expr: FExpr): Code => frame.unit.write.expression(frame, expr);

/** As a Java condition. */
export const emitTest = (frame: Frame, expr: FExpr): Code => frame.unit.write.test(frame, expr);

/** An argument, item or right side. */
export const plain = (frame: Frame, expr: FExpr): string => emit(frame, expr).text;

/** Where Java would take a lone `null` for an array of arguments. */
export const variadic = (texts: readonly string[]): string[] => texts.map((text) => (text === "null" ? "(Object) null" : text));

export const array = (texts: readonly string[]): string => (texts.length === 0 ? "new Object[0]" : `new Object[] {${texts.join(", ")}}`);

/** As its proven type, which the compiler is told where it does not know it. */
export const typed = (frame: Frame, expr: FExpr): Code => told(emit(frame, expr), expr.type);

export function told(made: Code, type: ValueType): Code {
	if (made.type === type || !isTold(type)) return made;
	if (type === "list") return code(`Lists.asList(${made.text})`, 18, "list");
	return code(`(${typeText(type)}) ${within(made, 14)}`, 14, type);
}

/** Reading it again gives the same and does nothing. */
export const isRepeatable = (expr: FExpr): boolean => expr.kind === "const" || (expr.kind === "name" && !expr.unbound);

export const indent = (lines: readonly string[]): string[] =>
	lines.map((line) => (line === "" ? "" : `\t${line.replaceAll("\n", "\n\t")}`));

const primitives = new Set<ValueType>(["int", "float", "bool"]);

/** `test ? then : otherwise`; two primitives of different kinds would be made one by Java. */
export function choice(test: string, then: Code, otherwise: Code): Code {
	const isSame = then.type === otherwise.type;
	const isMixed =
		!isSame && (primitives.has(then.type) || primitives.has(otherwise.type) || then.type === "none" || otherwise.type === "none");
	const first = isMixed ? `(Object) ${within(then, 14)}` : within(then, 2);
	return code(`${test} ? ${first} : ${within(otherwise, 1)}`, 1, isSame ? then.type : "any");
}
