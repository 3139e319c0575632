import type { Span } from "../../../contract/ir.ts";
import { traceName } from "../typescript/trace.ts";
import { marked } from "./places.ts";

/** Marks at the ends of the first and the last line of what one span of legacy became. */
export function traced(owner: string, { span }: { span: Span }, lines: string[]): string[] {
	const [first, ...rest] = lines;
	if (first === undefined) return [];
	const name = traceName(owner, span);
	const opened = [first.replace(/(?=\n|$)/, marked(`${name}|from`, "")), ...rest];
	return [...opened.slice(0, -1), `${opened.at(-1)}${marked(`${name}|to`, "")}`];
}
