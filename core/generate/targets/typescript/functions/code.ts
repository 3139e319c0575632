import type { FExpr, ValueType } from "../../../../contract/function-ir.ts";
import { type Code, type Frame, isTold, typeText } from "./context.ts";

export const code = (text: string, level = 18, type: ValueType = "any"): Code => ({ text, level, type });

/** The text of an expression where something binds it at `level`. */
export const within = (made: Code, level: number): string => (made.level < level ? `(${made.text})` : made.text);

export const emit = (frame: Frame, expr: FExpr): Code => frame.unit.write.expression(frame, expr);

/** As a JavaScript condition. */
export const emitTest = (frame: Frame, expr: FExpr): Code => frame.unit.write.test(frame, expr);

/** An argument, item or right side: anything but a comma may stand there. */
export const plain = (frame: Frame, expr: FExpr): string => emit(frame, expr).text;

/** As its proven type, which the compiler is told where it does not know it. */
export function typed(frame: Frame, expr: FExpr): Code {
	return told(frame, emit(frame, expr), expr.type);
}

export function told(frame: Frame, made: Code, type: ValueType): Code {
	if (made.type === type || !isTold(type)) return made;
	return code(`${within(made, 9)} as ${typeText(frame, type)}`, 9, type);
}

/** Reading it again gives the same and does nothing. */
export const isRepeatable = (expr: FExpr): boolean => expr.kind === "const" || (expr.kind === "name" && !expr.unbound);

export const indent = (lines: readonly string[]): string[] => lines.map((line) => (line === "" ? "" : `\t${line}`));
