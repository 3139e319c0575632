/**
 * The language of the Find and Hide boxes.
 *
 *     complexity > 10 and not module:tests        numbers with > >= < <= = !=, words with a colon, and, or, not, ( )
 *     calls:credit_score  writes:accounts         side by side means and
 *     entangled  route:  kind:table  loan*        a class; reached by any route; a kind; a name
 */
export type Expression =
	| { kind: "and" | "or"; left: Expression; right: Expression }
	| { kind: "not"; of: Expression }
	| { kind: "number"; field: NumberField; op: Comparison; value: number }
	| { kind: "text"; field: TextField; value: string }
	| { kind: "class"; name: ClassName }
	| { kind: "name"; value: string };

export const numberFields = ["complexity", "isolation", "lines", "callers", "callees", "routes", "tables"] as const;
export type NumberField = (typeof numberFields)[number];
export const textFields = [
	"name",
	"module",
	"package",
	"file",
	"kind",
	"calls",
	"calledby",
	"reaches",
	"reads",
	"writes",
	"touches",
	"route",
] as const;
export type TextField = (typeof textFields)[number];
export const classNames = ["isolated", "coupled", "entangled"] as const;
export type ClassName = (typeof classNames)[number];
export type Comparison = ">" | ">=" | "<" | "<=" | "=" | "!=";

/** What is wrong, as a sentence, and where: letters of the text. */
export type Mistake = { message: string; at: number; length: number };
export type Parsed = { expression: Expression | null; mistake: Mistake | null };

type Token = { text: string; at: number; kind: "word" | "op" | "colon" | "open" | "close" | "string" };

/** `expression` is null for an empty text and for one with a mistake. */
export function parseExpression(text: string): Parsed {
	try {
		const tokens = tokensOf(text);
		if (tokens.length === 0) return { expression: null, mistake: null };
		const reader = { tokens, at: 0, end: text.length };
		const expression = anyOf(reader);
		const rest = tokens[reader.at];
		if (rest !== undefined)
			wrong(rest.kind === "close" ? "This closing bracket has no opening one." : `“${rest.text}” does not fit here.`, rest);
		return { expression, mistake: null };
	} catch (error) {
		if (error instanceof Wrong) return { expression: null, mistake: error.mistake };
		throw error;
	}
}

class Wrong extends Error {
	readonly mistake: Mistake;
	constructor(mistake: Mistake) {
		super(mistake.message);
		this.mistake = mistake;
	}
}

function wrong(message: string, token: { at: number; text: string }): never {
	throw new Wrong({ message, at: token.at, length: Math.max(1, token.text.length) });
}

function tokensOf(text: string): Token[] {
	const tokens: Token[] = [];
	const pattern = /\s+|"([^"]*)"?|(>=|<=|!=|==|[<>=])|(:)|([(])|([)])|([^\s"<>=!:()]+)|(!)/gy;
	for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
		const [whole, quoted, op, colon, open, close, word, bang] = match;
		const at = match.index;
		if (quoted !== undefined) {
			if (!whole.endsWith('"') || whole.length === 1) wrong("This text has no closing quotation mark.", { at, text: whole });
			tokens.push({ text: quoted, at, kind: "string" });
		} else if (op !== undefined) tokens.push({ text: op === "==" ? "=" : op, at, kind: "op" });
		else if (colon !== undefined) tokens.push({ text: ":", at, kind: "colon" });
		else if (open !== undefined) tokens.push({ text: "(", at, kind: "open" });
		else if (close !== undefined) tokens.push({ text: ")", at, kind: "close" });
		else if (word !== undefined) tokens.push({ text: word, at, kind: "word" });
		else if (bang !== undefined) wrong("Write “not” in front of what is not wanted.", { at, text: bang });
	}
	return tokens;
}

type Reader = { tokens: readonly Token[]; at: number; end: number };
const isWord = (token: Token | undefined, word: string) => token?.kind === "word" && token.text.toLowerCase() === word;

function anyOf(reader: Reader): Expression {
	let left = allOf(reader);
	while (isWord(reader.tokens[reader.at], "or")) {
		reader.at++;
		left = { kind: "or", left, right: allOf(reader) };
	}
	return left;
}

function allOf(reader: Reader): Expression {
	let left = notOf(reader);
	for (;;) {
		const next = reader.tokens[reader.at];
		if (next === undefined || next.kind === "close" || isWord(next, "or")) return left;
		if (isWord(next, "and")) reader.at++;
		left = { kind: "and", left, right: notOf(reader) };
	}
}

function notOf(reader: Reader): Expression {
	const token = reader.tokens[reader.at];
	if (!isWord(token, "not")) return oneOf(reader);
	reader.at++;
	return { kind: "not", of: notOf(reader) };
}

function oneOf(reader: Reader): Expression {
	const token = reader.tokens[reader.at];
	if (token === undefined) {
		const last = reader.tokens.at(-1);
		return wrong(last === undefined ? "Something is missing here." : `Something is missing after “${last.text}”.`, {
			at: last?.at ?? 0,
			text: last?.text ?? " ",
		});
	}
	reader.at++;
	if (token.kind === "open") {
		const inner = anyOf(reader);
		if (reader.tokens[reader.at]?.kind !== "close") wrong("This bracket is not closed.", token);
		reader.at++;
		return inner;
	}
	if (token.kind === "string") return { kind: "name", value: token.text };
	if (token.kind !== "word" || ["and", "or"].includes(token.text.toLowerCase()))
		return wrong(`Something is missing before “${token.text}”.`, token);
	const next = reader.tokens[reader.at];
	if (next?.kind === "colon") return textTerm(reader, token, next);
	if (next?.kind === "op") return numberTerm(reader, token, next);
	const word = token.text.toLowerCase();
	const known = classNames.find((name) => name === word);
	return known === undefined ? { kind: "name", value: token.text } : { kind: "class", name: known };
}

function textTerm(reader: Reader, name: Token, colon: Token): Expression {
	const field = textFields.find((one) => one === name.text.toLowerCase());
	if (field === undefined) {
		const isNumber = numberFields.some((one) => one === name.text.toLowerCase());
		return wrong(
			isNumber ? `“${name.text}” is a number: write ${name.text} > 10.` : `There is no “${name.text}:”.${hint(name.text, textFields)}`,
			name,
		);
	}
	reader.at++;
	const value = reader.tokens[reader.at];
	// Only a value that touches the colon belongs to it, so that `route: and entangled` is two terms.
	const touches = value !== undefined && value.at === colon.at + 1 && (value.kind === "word" || value.kind === "string");
	if (touches) reader.at++;
	if (!touches && field !== "route") wrong(`Write what to look for after “${name.text}:”, without a space.`, name);
	return { kind: "text", field, value: touches ? value.text : "" };
}

function numberTerm(reader: Reader, name: Token, op: Token): Expression {
	const field = numberFields.find((one) => one === name.text.toLowerCase());
	if (field === undefined) return wrong(`“${name.text}” is no number of a function.${hint(name.text, numberFields)}`, name);
	reader.at++;
	const value = reader.tokens[reader.at];
	const number = Number(value?.text ?? Number.NaN);
	if (value === undefined || value.kind !== "word" || !Number.isFinite(number))
		return wrong(`Write a number after “${name.text} ${op.text}”.`, value ?? op);
	reader.at++;
	return { kind: "number", field, op: op.text as Comparison, value: number };
}

/** ` Did you mean “complexity”?`, or what there is. */
function hint(word: string, names: readonly string[]): string {
	const near = names.map((name) => ({ name, far: distance(word.toLowerCase(), name) })).sort((a, b) => a.far - b.far)[0];
	return near !== undefined && near.far <= Math.max(2, word.length / 3)
		? ` Did you mean “${near.name}”?`
		: ` There are ${names.join(", ")}.`;
}

function distance(a: string, b: string): number {
	let row = Array.from({ length: b.length + 1 }, (_, at) => at);
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++)
			next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)));
		row = next;
	}
	return row[b.length] ?? 0;
}
