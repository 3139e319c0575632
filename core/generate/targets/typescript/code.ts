import { type Doc, group, hard, indent, join, line, listed } from "./layout.ts";

/** Text of an expression with its binding strength; higher binds tighter. */
export type Code = { doc: Doc; level: number };
export const levels = {
	primary: 18,
	unary: 15,
	product: 13,
	sum: 12,
	relation: 10,
	equality: 9,
	and: 5,
	or: 4,
	nullish: 3.5,
	choice: 3,
	arrow: 2,
} as const;

export const primary = (doc: Doc): Code => ({ doc, level: levels.primary });

/** In parentheses unless it binds at least as tightly as asked. */
export function within(code: Code, level: number): Doc {
	return code.level >= level ? code.doc : ["(", code.doc, ")"];
}

export function callDoc(name: Doc, args: Doc[]): Doc {
	const only = args.length === 1 ? args[0] : undefined;
	// A single list, object or map literal hugs the parentheses.
	if (only !== undefined && isLiteralDoc(only)) return [name, "(", only, ")"];
	return [name, listed("(", args, ")")];
}

const literalDocs = new WeakSet<object>();
export function literal(doc: Doc): Doc {
	if (typeof doc === "object") literalDocs.add(doc);
	return doc;
}
function isLiteralDoc(doc: Doc): boolean {
	return typeof doc === "object" && literalDocs.has(doc);
}

export function binary(left: Code, sign: string, right: Code, level: number): Code {
	return { doc: group([within(left, level), ` ${sign}`, indent([line, within(right, level + 1)])]), level };
}

export function stringText(value: string): string {
	const quoted = JSON.stringify(value).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
	return value.includes('"') && !/['\\\n\r]/.test(value) && !/\p{Cc}/u.test(value) ? `'${value}'` : quoted;
}

/** More than one entry: one a line. */
export function brokenList(open: string, entries: Doc[], close: string): Doc {
	if (entries.length === 0) return open + close;
	if (entries.length === 1) return [open, open === "{" ? " " : "", entries[0] as Doc, close === "}" ? " " : "", close];
	return [open, indent([hard, join(entries, [",", hard]), ","]), hard, close];
}
