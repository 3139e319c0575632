import type { Span } from "../../../contract/ir.ts";
import type { Trace } from "../../../contract/plan.ts";
import { type Doc, mark } from "./layout.ts";

/**
 * Marks around what one span of legacy became. They take no room, so the text is the same with or without them.
 *
 *     trace|scoring.band_of|scoring.py|117|5|119|24|from   ...   the same with |to
 */
export function traced(owner: string, { span }: { span: Span }, docs: Doc[]): Doc[] {
	const [first, ...rest] = docs;
	if (first === undefined) return [];
	const name = traceName(owner, span);
	const opened = [[mark(`${name}|from`), first], ...rest];
	return [...opened.slice(0, -1), [opened.at(-1) as Doc, mark(`${name}|to`)]];
}

export function traceName(owner: string, span: Span): string {
	return ["trace", owner, span.file, span.line, span.column, span.endLine, span.endColumn].join("|");
}

/** The marks as pairs, in the order of the files and lines; of what shares its lines, the wider piece first. */
export function traceOf(places: ReadonlyMap<string, { file: string; line: number }>): Trace[] {
	const found: Trace[] = [];
	for (const [name, from] of places) {
		const [kind, owner = "", file = "", ...rest] = name.split("|");
		if (kind !== "trace" || rest.at(-1) !== "from") continue;
		const to = places.get(`${name.slice(0, -"from".length)}to`);
		const [line = 0, column = 0, endLine = 0, endColumn = 0] = rest.slice(0, 4).map(Number);
		if (to !== undefined)
			found.push({ owner, legacy: { file, line, column, endLine, endColumn }, file: from.file, from: from.line, to: to.line });
	}
	return found.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.from - b.from || b.to - a.to));
}
