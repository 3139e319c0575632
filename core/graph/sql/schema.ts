import { closing, type SqlToken, splitCommas, sqlTokens } from "./tokens.ts";

/** SQLite's column affinity decides what a value read back is. */
export type Affinity = "integer" | "real" | "text" | "blob" | "numeric";
export type SqlColumn = { name: string; declared: string; affinity: Affinity; nullable: boolean; primaryKey: boolean };
export type SqlTable = { name: string; ddl: string; columns: SqlColumn[] };
/** Keyed by lower-case table name. */
export type SqlSchema = Map<string, SqlTable>;

const constraint = new Set([
	"PRIMARY",
	"NOT",
	"NULL",
	"UNIQUE",
	"CHECK",
	"DEFAULT",
	"COLLATE",
	"REFERENCES",
	"CONSTRAINT",
	"GENERATED",
	"AS",
	"ON",
]);

/** Adds every CREATE TABLE (and ALTER TABLE ... ADD COLUMN) of a text. The first definition of a table counts. */
export function addDefinitions(schema: SqlSchema, text: string): void {
	if (!/\b(create|alter)\b/i.test(text)) return;
	const tokens = sqlTokens(text);
	for (let at = 0; at < tokens.length; at++) {
		if (tokens[at]?.word === "CREATE") addTable(schema, text, tokens, at);
		else if (tokens[at]?.word === "ALTER" && tokens[at + 1]?.word === "TABLE") addColumn(schema, tokens, at + 2);
	}
}

function addTable(schema: SqlSchema, text: string, tokens: SqlToken[], create: number): void {
	let at = create + 1;
	if (tokens[at]?.word === "TEMP" || tokens[at]?.word === "TEMPORARY") at++;
	if (tokens[at]?.word !== "TABLE") return;
	at++;
	if (tokens[at]?.word === "IF") at += 3;
	if (tokens[at + 1]?.text === ".") at += 2;
	const name = tokens[at];
	if (name?.kind !== "word" || tokens[at + 1]?.text !== "(") return;
	const end = closing(tokens, at + 1);
	const columns: SqlColumn[] = [];
	const keys = new Set<string>();
	for (const group of splitCommas(tokens.slice(at + 2, end))) {
		const [head, second] = group;
		if (head?.kind !== "word") continue;
		const rest = head.word === "CONSTRAINT" ? group.slice(2) : group;
		if (
			["PRIMARY", "FOREIGN", "UNIQUE", "CHECK"].includes(rest[0]?.word ?? "") &&
			!(head.word !== "CONSTRAINT" && second?.word === "TEXT")
		) {
			if (rest[0]?.word === "PRIMARY") for (const token of rest.slice(2)) if (token.kind === "word") keys.add(token.text.toLowerCase());
			continue;
		}
		columns.push(columnOf(group));
	}
	for (const column of columns) {
		if (keys.has(column.name.toLowerCase())) Object.assign(column, { primaryKey: true, nullable: false });
	}
	const last = tokens[Math.min(end, tokens.length - 1)];
	const table = { name: name.text, ddl: text.slice(tokens[create]?.at ?? 0, last?.end ?? text.length), columns };
	if (!schema.has(name.text.toLowerCase())) schema.set(name.text.toLowerCase(), table);
}

function addColumn(schema: SqlSchema, tokens: SqlToken[], at: number): void {
	const table = schema.get(tokens[at]?.text.toLowerCase() ?? "");
	if (!table || tokens[at + 1]?.word !== "ADD") return;
	const from = tokens[at + 2]?.word === "COLUMN" ? at + 3 : at + 2;
	let end = tokens.findIndex((token, index) => index >= from && token.text === ";");
	if (end < 0) end = tokens.length;
	const column = columnOf(tokens.slice(from, end));
	if (!table.columns.some((item) => item.name === column.name)) table.columns.push(column);
}

function columnOf(group: SqlToken[]): SqlColumn {
	const [head, ...rest] = group;
	const cut = rest.findIndex((token) => constraint.has(token.word));
	const type = cut < 0 ? rest : rest.slice(0, cut);
	const words = rest.map((token) => token.word);
	const primaryKey = words.includes("PRIMARY");
	const notNull = words.some((word, index) => word === "NOT" && words[index + 1] === "NULL");
	const declared = type
		.map((token) => token.text)
		.join(" ")
		.replace(/ ?([(),]) ?/g, "$1");
	return { name: head?.text ?? "", declared, affinity: affinityOf(declared), nullable: !primaryKey && !notNull, primaryKey };
}

/** https://www.sqlite.org/datatype3.html section 3.1 */
export function affinityOf(declared: string): Affinity {
	const type = declared.toUpperCase();
	if (type.includes("INT")) return "integer";
	if (/CHAR|CLOB|TEXT/.test(type)) return "text";
	if (type === "" || type.includes("BLOB")) return "blob";
	if (/REAL|FLOA|DOUB/.test(type)) return "real";
	return "numeric";
}
