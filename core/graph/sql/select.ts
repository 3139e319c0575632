import type { Affinity, SqlColumn, SqlSchema } from "./schema.ts";
import { closing, type SqlToken, splitCommas } from "./tokens.ts";

/** `numeric` may come back as an integer or as a real: only uses that do not tell them apart are exact. */
export type SqlColumnType = { affinity: Affinity; nullable: boolean };
type Source = { alias: string; columns: { name: string; affinity: Affinity; nullable: boolean }[] };

const keywords = new Set([
	"ON",
	"USING",
	"WHERE",
	"JOIN",
	"INNER",
	"LEFT",
	"CROSS",
	"NATURAL",
	"OUTER",
	"GROUP",
	"ORDER",
	"LIMIT",
	"HAVING",
	"UNION",
	"SET",
]);

/** Names and types of a select's columns, in order. An empty answer means that a `*` could not be expanded. */
export function selectColumns(tokens: SqlToken[], schema: SqlSchema, sql: string): { name: string; type: SqlColumnType | null }[] {
	const start = topLevel(tokens, 0, ["SELECT"]);
	if (start < 0) return [];
	const first = ["DISTINCT", "ALL"].includes(tokens[start + 1]?.word ?? "") ? start + 2 : start + 1;
	const end = topLevel(tokens, first, ["FROM", "WHERE", "UNION", "ORDER", "LIMIT", "GROUP"]);
	const from = end >= 0 && tokens[end]?.word === "FROM" ? end : -1;
	const sources = from < 0 ? [] : sourcesOf(tokens.slice(from + 1), schema, sql);
	// Without GROUP BY an aggregate over no rows is NULL.
	const grouped = topLevel(tokens, first, ["GROUP"]) >= 0;
	const columns: { name: string; type: SqlColumnType | null }[] = [];
	for (const group of splitCommas(tokens.slice(first, end < 0 ? tokens.length : end))) {
		const last = group.at(-1);
		if (last?.text === "*" && (group.length === 1 || (group.length === 3 && group[1]?.text === "."))) {
			const wanted = group.length === 3 ? sources.filter((source) => same(source.alias, group[0]?.text ?? "")) : sources;
			for (const source of wanted) {
				for (const column of source.columns)
					columns.push({ name: column.name, type: { affinity: column.affinity, nullable: column.nullable } });
			}
			continue;
		}
		const as = group.findIndex((token, at) => token.word === "AS" && depthAt(group, at) === 0);
		const bare = as < 0 && group.length > 1 && last?.kind === "word" && endsValue(group.at(-2)) && last.word !== "END";
		const value = as >= 0 ? group.slice(0, as) : bare ? group.slice(0, -1) : group;
		const name = as >= 0 ? (group[as + 1]?.text ?? "") : bare ? (last?.text ?? "") : nameOf(value, sql);
		columns.push({ name, type: typeOf(value, sources, grouped, schema) });
	}
	return columns;
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
const endsValue = (token: SqlToken | undefined) =>
	token !== undefined &&
	(token.kind !== "sign" || token.text === ")") &&
	!["AND", "OR", "NOT", "THEN", "ELSE", "WHEN"].includes(token.word);

/** As SQLite names a result: the column, or the expression's own text. */
function nameOf(value: SqlToken[], sql: string): string {
	if (value.length === 1) return value[0]?.text ?? "";
	if (value.length === 3 && value[1]?.text === ".") return value[2]?.text ?? "";
	return sql.slice(value[0]?.at ?? 0, value.at(-1)?.end ?? 0);
}

function depthAt(tokens: readonly SqlToken[], end: number): number {
	let depth = 0;
	for (const token of tokens.slice(0, end)) {
		if (token.kind === "sign" && token.text === "(") depth++;
		if (token.kind === "sign" && token.text === ")") depth--;
	}
	return depth;
}

function topLevel(tokens: readonly SqlToken[], from: number, words: string[]): number {
	let depth = 0;
	for (let at = from; at < tokens.length; at++) {
		const token = tokens[at];
		if (!token) break;
		if (token.kind === "sign" && token.text === "(") depth++;
		if (token.kind === "sign" && token.text === ")") depth--;
		if (depth === 0 && words.includes(token.word)) return at;
	}
	return -1;
}

function sourcesOf(tokens: SqlToken[], schema: SqlSchema, sql: string): Source[] {
	const end = topLevel(tokens, 0, ["WHERE", "GROUP", "ORDER", "LIMIT", "HAVING", "UNION"]);
	const clause = end < 0 ? tokens : tokens.slice(0, end);
	const sources: Source[] = [];
	let optional = false;
	let expected = true;
	for (let at = 0; at < clause.length; at++) {
		const token = clause[at];
		if (!token) break;
		if (token.word === "LEFT") optional = true;
		if (token.word === "JOIN" || (token.kind === "sign" && token.text === ",")) {
			expected = true;
			if (token.text === ",") optional = false;
			continue;
		}
		if (token.word === "INNER" || token.word === "CROSS") optional = false;
		if (!expected || keywords.has(token.word)) continue;
		let columns: Source["columns"] = [];
		let name = token.text;
		if (token.kind === "sign" && token.text === "(") {
			const close = closing(clause, at);
			columns = selectColumns(clause.slice(at + 1, close), schema, sql).map((column) => ({
				name: column.name,
				affinity: column.type?.affinity ?? "blob",
				nullable: column.type?.nullable ?? true,
			}));
			at = close;
			name = "";
		} else if (token.kind === "word")
			columns = (schema.get(token.text.toLowerCase())?.columns ?? []).map((column: SqlColumn) => ({ ...column }));
		else continue;
		const next = clause[at + 1];
		const alias = next?.word === "AS" ? clause[at + 2] : next?.kind === "word" && !keywords.has(next.word) ? next : undefined;
		sources.push({ alias: alias?.text ?? name, columns: columns.map((column) => ({ ...column, nullable: column.nullable || optional })) });
		expected = false;
	}
	return sources;
}

/** Strips one pair of brackets that encloses everything. */
function bare(value: SqlToken[]): SqlToken[] {
	return value[0]?.text === "(" && value[0].kind === "sign" && closing(value, 0) === value.length - 1 ? bare(value.slice(1, -1)) : value;
}

function typeOf(raw: SqlToken[], sources: Source[], grouped: boolean, schema: SqlSchema): SqlColumnType | null {
	const value = bare(raw);
	const [head, second] = value;
	if (!head) return null;
	if (head.word === "SELECT") {
		const only = selectColumns(value, schema, "")[0]?.type;
		return only ? { ...only, nullable: true } : null;
	}
	if (head.word === "CASE") return caseType(value, sources, grouped, schema);
	const sign = operatorOf(value);
	if (sign !== null) {
		const left = typeOf(value.slice(0, sign), sources, grouped, schema);
		const right = typeOf(value.slice(sign + 1), sources, grouped, schema);
		return left && right ? combine(value[sign]?.text ?? "", left, right) : null;
	}
	if (head.kind === "sign" && head.text === "-") return typeOf(value.slice(1), sources, grouped, schema);
	if (value.length === 1) {
		if (head.kind === "number") return { affinity: /[.eE]/.test(head.text) ? "real" : "integer", nullable: false };
		if (head.kind === "string") return { affinity: "text", nullable: false };
		if (head.word === "ROWID") return { affinity: "integer", nullable: false };
		if (head.word === "NULL") return null;
		return find(sources, null, head.text);
	}
	if (value.length === 3 && second?.text === ".") return find(sources, head.text, value[2]?.text ?? "");
	if (second?.text === "(" && closing(value, 1) === value.length - 1) return callType(head.word, value, sources, grouped, schema);
	return null;
}

function find(sources: Source[], alias: string | null, name: string): SqlColumnType | null {
	for (const source of sources) {
		if (alias !== null && !same(source.alias, alias)) continue;
		const column = source.columns.find((item) => same(item.name, name));
		if (column) return { affinity: column.affinity, nullable: column.nullable };
	}
	return null;
}

/** Index of the loosest operator outside brackets: comparison, then + - ||, then * / %. */
function operatorOf(value: SqlToken[]): number | null {
	for (const level of [["=", "==", "<", ">", "<=", ">=", "<>", "!="], ["+", "-"], ["*", "/", "%"], ["||"]]) {
		let depth = 0;
		for (let at = value.length - 1; at > 0; at--) {
			const token = value[at];
			if (token?.kind !== "sign") continue;
			if (token.text === ")") depth++;
			if (token.text === "(") depth--;
			if (depth === 0 && level.includes(token.text) && endsValue(value[at - 1]) && at < value.length - 1) return at;
		}
	}
	return null;
}

function combine(sign: string, left: SqlColumnType, right: SqlColumnType): SqlColumnType | null {
	const nullable = left.nullable || right.nullable || sign === "/" || sign === "%";
	if (sign === "||") return { affinity: "text", nullable };
	if (!["+", "-", "*", "/", "%"].includes(sign)) return { affinity: "integer", nullable };
	if (left.affinity === "integer" && right.affinity === "integer") return { affinity: "integer", nullable };
	if (left.affinity === "real" || right.affinity === "real") return { affinity: "real", nullable };
	return left.affinity === "numeric" || right.affinity === "numeric" ? { affinity: "numeric", nullable } : null;
}

function merge(types: (SqlColumnType | null)[]): SqlColumnType | null {
	let result: SqlColumnType | null = null;
	for (const type of types) {
		if (!type) return null;
		if (!result) result = type;
		else if (result.affinity === type.affinity) result = { affinity: type.affinity, nullable: result.nullable || type.nullable };
		else if (result.affinity !== "text" && type.affinity !== "text" && result.affinity !== "blob" && type.affinity !== "blob") {
			result = { affinity: "numeric", nullable: result.nullable || type.nullable };
		} else return null;
	}
	return result;
}

function callType(name: string, value: SqlToken[], sources: Source[], grouped: boolean, schema: SqlSchema): SqlColumnType | null {
	const args = splitCommas(value.slice(2, -1));
	const inner = () => args.map((arg) => typeOf(arg[0]?.word === "DISTINCT" ? arg.slice(1) : arg, sources, grouped, schema));
	const [first] = inner();
	switch (name) {
		case "COUNT":
			return { affinity: "integer", nullable: false };
		case "TOTAL":
			return { affinity: "real", nullable: false };
		case "AVG":
			return { affinity: "real", nullable: !grouped || (first?.nullable ?? true) };
		case "SUM":
			return first ? { affinity: first.affinity, nullable: !grouped || first.nullable } : null;
		case "MIN":
		case "MAX":
			if (args.length > 1) return merge(inner());
			return first ? { affinity: first.affinity, nullable: !grouped || first.nullable } : null;
		case "COALESCE":
		case "IFNULL": {
			const types = inner();
			const merged = merge(types);
			return merged && { ...merged, nullable: types.every((type) => type?.nullable ?? true) };
		}
		case "ABS":
			return first ?? null;
		case "ROUND":
			return { affinity: "real", nullable: first?.nullable ?? true };
		case "LENGTH":
		case "INSTR":
			return { affinity: "integer", nullable: first?.nullable ?? true };
		case "UPPER":
		case "LOWER":
		case "TRIM":
		case "LTRIM":
		case "RTRIM":
		case "SUBSTR":
		case "REPLACE":
			return { affinity: "text", nullable: first?.nullable ?? true };
		case "LAST_INSERT_ROWID":
		case "CHANGES":
			return { affinity: "integer", nullable: false };
		default:
			return null;
	}
}

function caseType(value: SqlToken[], sources: Source[], grouped: boolean, schema: SqlSchema): SqlColumnType | null {
	const parts: SqlToken[][] = [];
	let otherwise = false;
	let depth = 0;
	let open: SqlToken[] | null = null;
	for (const token of value.slice(1)) {
		if (token.word === "CASE") depth++;
		if (token.word === "END" && depth-- === 0) break;
		if (depth === 0 && (token.word === "WHEN" || token.word === "THEN" || token.word === "ELSE")) {
			open = token.word === "WHEN" ? null : [];
			if (open) parts.push(open);
			if (token.word === "ELSE") otherwise = true;
		} else open?.push(token);
	}
	const merged = merge(parts.map((part) => typeOf(part, sources, grouped, schema)));
	return merged && { ...merged, nullable: merged.nullable || !otherwise };
}
