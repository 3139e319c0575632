import type { Expr, Handler } from "../../../contract/ir.ts";
import { isSafe, type Range, rawRange } from "../typescript/ranges.ts";
import type { refuse } from "../typescript/scope.ts";
import type { JavaService } from "./types.ts";

export type Code = { text: string; level: number };
export type JavaScope = JavaService & {
	fn: Parameters<typeof refuse>[0]["fn"];
	rangeOf(expr: Expr): Range;
	/** The class that is being written: its own methods and constants need no class in front. */
	home: string;
	/** Name of the caught exception, innermost last. */
	caught: string[];
	renamed: ReadonlyMap<string, string>;
	/** Ids of the branches that handlers are. */
	handlers: ReadonlyMap<Handler, string>;
};

/** Java's precedence, higher binds tighter. */
export const levels = { primary: 15, unary: 14, product: 12, sum: 11, relation: 9, equality: 8, and: 4, or: 3, choice: 2 };

export const primary = (text: string): Code => ({ text, level: levels.primary });
export const within = (code: Code, level: number): string => (code.level < level ? `(${code.text})` : code.text);
export const binary = (left: Code, sign: string, right: Code, level: number): Code => ({
	text: `${within(left, level)} ${sign} ${within(right, level + 1)}`,
	level,
});

/** A Java string literal: what is not printable ASCII is escaped by UTF-16 unit. */
export function stringText(text: string): string {
	const escaped = [...text].map((character) => {
		if (character === '"' || character === "\\") return `\\${character}`;
		if (character === "\n") return "\\n";
		if (character === "\r") return "\\r";
		if (character >= " " && character <= "~") return character;
		return character.split("").reduce((all, unit) => `${all}\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`, "");
	});
	return `"${escaped.join("")}"`;
}

/** True where the sum, difference or product of two whole numbers stays within 2^53. */
export function isProven(expr: Extract<Expr, { kind: "op" }>, scope: JavaScope): boolean {
	const [left, right] = expr.args;
	return left !== undefined && right !== undefined && isSafe(rawRange(expr.op, scope.rangeOf(left), scope.rangeOf(right)));
}
