export type SqlToken = {
	kind: "word" | "number" | "string" | "param" | "sign";
	/** As written; a quoted name without its quotes. */
	text: string;
	/** Upper case of a plain word, "" for quoted names and everything else: quoted names are never keywords. */
	word: string;
	at: number;
	end: number;
};

const pattern =
	/(--[^\n]*|\/\*[\s\S]*?\*\/|\s+)|('(?:[^']|'')*')|("(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\])|([A-Za-z_][A-Za-z0-9_$]*)|(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|(\?\d*|[:@$][A-Za-z_]\w*)|(\|\||<>|<=|>=|!=|==|[\s\S])/g;

/** SQLite's lexical rules, blanks and comments left out. Never throws: what it does not know is a sign. */
export function sqlTokens(sql: string): SqlToken[] {
	const tokens: SqlToken[] = [];
	for (const match of sql.matchAll(pattern)) {
		const [whole, blank, string, quoted, word, number, param] = match;
		if (blank !== undefined) continue;
		const at = match.index;
		const end = at + whole.length;
		if (string !== undefined) tokens.push({ kind: "string", text: string.slice(1, -1).replace(/''/g, "'"), word: "", at, end });
		else if (quoted !== undefined) tokens.push({ kind: "word", text: quoted.slice(1, -1), word: "", at, end });
		else if (word !== undefined) tokens.push({ kind: "word", text: word, word: word.toUpperCase(), at, end });
		else if (number !== undefined) tokens.push({ kind: "number", text: number, word: "", at, end });
		else if (param !== undefined) tokens.push({ kind: "param", text: param, word: "", at, end });
		else tokens.push({ kind: "sign", text: whole, word: "", at, end });
	}
	return tokens;
}

/** Splits at commas outside brackets. */
export function splitCommas(tokens: readonly SqlToken[]): SqlToken[][] {
	const groups: SqlToken[][] = [[]];
	let depth = 0;
	for (const token of tokens) {
		if (token.text === "(" && token.kind === "sign") depth++;
		if (token.text === ")" && token.kind === "sign") depth--;
		if (depth === 0 && token.kind === "sign" && token.text === ",") groups.push([]);
		else groups.at(-1)?.push(token);
	}
	return groups.filter((group) => group.length > 0);
}

/** Index of the bracket that closes the one at `open`, or the end. */
export function closing(tokens: readonly SqlToken[], open: number): number {
	let depth = 0;
	for (let at = open; at < tokens.length; at++) {
		const token = tokens[at];
		if (token?.kind !== "sign") continue;
		if (token.text === "(") depth++;
		if (token.text === ")" && --depth === 0) return at;
	}
	return tokens.length;
}
