import type { SqlSchema } from "./schema.ts";
import { type SqlColumnType, selectColumns } from "./select.ts";
import { closing, type SqlToken, splitCommas, sqlTokens } from "./tokens.ts";

export type SqlKind = "select" | "insert" | "update" | "delete" | "begin" | "commit" | "rollback" | "pragma" | "definition" | "other";
/** Where a parameter goes: a column that is written, or one that it is compared with. `null` when neither is plain. */
export type SqlParam = { name: string | null; table: string; column: string; written: boolean } | { name: string | null; table: null };
export type SqlStatement = {
	kind: SqlKind;
	mode: "deferred" | "immediate" | "exclusive";
	reads: string[];
	writes: string[];
	/** Of a select; a type of null could not be told from the schema. */
	columns: { name: string; type: SqlColumnType | null }[];
	params: SqlParam[];
};

/** Reads one statement; tolerant: what is not understood gives kind `other` or columns of unknown type. */
export function parseStatement(sql: string, schema: SqlSchema): SqlStatement {
	const tokens = sqlTokens(sql);
	while (tokens.at(-1)?.text === ";") tokens.pop();
	const kind = kindOf(tokens);
	const modes = { DEFERRED: "deferred", IMMEDIATE: "immediate", EXCLUSIVE: "exclusive" } as const;
	const mode = modes[(tokens[1]?.word ?? "") as keyof typeof modes] ?? "deferred";
	const { reads, writes } = tablesOf(tokens, kind, schema);
	const columns = kind === "select" ? selectColumns(tokens, schema, sql) : [];
	return { kind, mode, reads, writes, columns, params: paramsOf(tokens, kind, [...writes, ...reads], schema) };
}

function kindOf(tokens: SqlToken[]): SqlKind {
	let first = tokens[0]?.word ?? "";
	if (first === "WITH") first = tokens.find((token) => ["INSERT", "UPDATE", "DELETE", "REPLACE"].includes(token.word))?.word ?? "SELECT";
	switch (first) {
		case "SELECT":
		case "VALUES":
			return "select";
		case "INSERT":
		case "REPLACE":
			return "insert";
		case "UPDATE":
			return "update";
		case "DELETE":
			return "delete";
		case "BEGIN":
			return "begin";
		case "COMMIT":
		case "END":
			return "commit";
		case "ROLLBACK":
			return "rollback";
		case "PRAGMA":
			return "pragma";
		case "CREATE":
		case "DROP":
		case "ALTER":
			return "definition";
		default:
			return "other";
	}
}

/** Tables read (FROM, JOIN, also in subqueries) and written, in the spelling of the schema where it knows them. */
function tablesOf(tokens: SqlToken[], kind: SqlKind, schema: SqlSchema): { reads: string[]; writes: string[] } {
	const reads = new Set<string>();
	const writes = new Set<string>();
	const spelled = (name: string) => schema.get(name.toLowerCase())?.name ?? name;
	const views = new Set<string>();
	tokens.forEach((token, at) => {
		if (token.word === "AS" && tokens[at + 1]?.text === "(" && tokens[at + 2]?.word === "SELECT") views.add(tokens[at - 1]?.text ?? "");
	});
	const add = (set: Set<string>, token: SqlToken | undefined) => {
		if (token?.kind === "word" && token.word !== "SELECT" && !views.has(token.text)) set.add(spelled(token.text));
	};
	let depth = 0;
	let listing = -1;
	for (let at = 0; at < tokens.length; at++) {
		const token = tokens[at];
		if (!token) continue;
		if (token.kind === "sign" && token.text === "(") depth++;
		if (token.kind === "sign" && token.text === ")") depth--;
		if (depth < listing || ["WHERE", "GROUP", "ORDER", "LIMIT", "ON", "SET"].includes(token.word)) listing = -1;
		const write = kind === "delete" && token.word === "FROM" && depth === 0 && writes.size === 0;
		if (write || (token.word === "INTO" && kind === "insert")) add(writes, tokens[at + 1]);
		else if (token.word === "UPDATE" && kind === "update" && writes.size === 0) {
			add(writes, tokens[at + 1]?.word === "OR" ? tokens[at + 3] : tokens[at + 1]);
		} else if (token.word === "FROM" || token.word === "JOIN") {
			// `substr(x FROM 1)` is not SQLite; a FROM always opens a table list.
			add(reads, tokens[at + 1]);
			listing = depth;
		} else if (token.kind === "sign" && token.text === "," && listing === depth) add(reads, tokens[at + 1]);
	}
	return { reads: [...reads], writes: [...writes] };
}

function paramsOf(tokens: SqlToken[], kind: SqlKind, tables: string[], schema: SqlSchema): SqlParam[] {
	const owner = (column: string) => {
		const lower = column.toLowerCase();
		return tables.find((name) => schema.get(name.toLowerCase())?.columns.some((item) => item.name.toLowerCase() === lower));
	};
	const places = kind === "insert" ? insertPlaces(tokens, tables[0] ?? "", schema) : new Map<number, string>();
	const params: SqlParam[] = [];
	let setting = false;
	tokens.forEach((token, at) => {
		if (token.word === "SET") setting = true;
		if (token.word === "WHERE") setting = false;
		if (token.kind !== "param") return;
		const name = token.text.startsWith("?") ? null : token.text.slice(1);
		if (name !== null && params.some((param) => param.name === name)) return;
		const place = places.get(at);
		if (place !== undefined) {
			params.push({ name, table: tables[0] ?? "", column: place, written: true });
			return;
		}
		const column = comparedColumn(tokens, at, setting);
		const table = column === null ? undefined : owner(column);
		params.push(column !== null && table !== undefined ? { name, table, column, written: setting } : { name, table: null });
	});
	return params;
}

/** `col = ?`, `col = col + ?`, `col >= ?`, `col = upper(?)`: the nearest name before the sign that starts the value. */
function comparedColumn(tokens: SqlToken[], at: number, setting: boolean): string | null {
	for (let back = at - 1; back >= 0; back--) {
		const token = tokens[back];
		if (!token) return null;
		if (["WHERE", "AND", "OR", "SET", "VALUES", "LIMIT", "OFFSET", "HAVING"].includes(token.word)) return null;
		if (setting && token.text === ",") return null;
		const sign = ["=", "==", "<", ">", "<=", ">=", "<>", "!="].includes(token.text) || ["LIKE", "IS", "IN", "BETWEEN"].includes(token.word);
		if (!sign) continue;
		const before = tokens[back - 1]?.word === "NOT" ? tokens[back - 2] : tokens[back - 1];
		return before?.kind === "word" ? before.text : null;
	}
	return null;
}

/** Token index of each value place -> column that it fills, over all rows of VALUES. */
function insertPlaces(tokens: SqlToken[], table: string, schema: SqlSchema): Map<number, string> {
	const places = new Map<number, string>();
	const into = tokens.findIndex((token) => token.word === "INTO");
	const values = tokens.findIndex((token) => token.word === "VALUES");
	let columns = schema.get(table.toLowerCase())?.columns.map((column) => column.name) ?? [];
	if (tokens[into + 2]?.text === "(") {
		const end = closing(tokens, into + 2);
		columns = splitCommas(tokens.slice(into + 3, end)).map((group) => group[0]?.text ?? "");
	}
	if (values < 0) return places;
	let at = values + 1;
	while (tokens[at]?.text === "(") {
		const end = closing(tokens, at);
		let start = at + 1;
		for (const [index, group] of splitCommas(tokens.slice(at + 1, end)).entries()) {
			for (let inner = start; inner < start + group.length; inner++) {
				const column = columns[index];
				if (tokens[inner]?.kind === "param" && column !== undefined) places.set(inner, column);
			}
			start += group.length + 1;
		}
		at = tokens[end + 1]?.text === "," ? end + 2 : end + 1;
	}
	return places;
}
