import type { Blueprint, Statement } from "../../../contract/blueprint.ts";
import { type Expr, type Type, visitExprs } from "../../../contract/ir.ts";
import { callDoc } from "./code.ts";
import { braces, type Doc, hard, indent, listed, print } from "./layout.ts";
import { camel, pascal } from "./names.ts";
import type { FileScope } from "./scope.ts";

/** The plan of `repository.ts`: one method per SQL statement. */
export type Repository = { methodOf(statement: string): string | undefined; methods: Method[] };
type Method = { statement: Statement; name: string; params: { name: string; type: Type }[]; fetch: "one" | "all" | "none" };
type SqlExpr = Extract<Expr, { kind: "sql" }>;

export function planRepository(blueprint: Blueprint): Repository {
	const uses = new Map<string, SqlExpr[]>();
	for (const fn of blueprint.functions)
		visitExprs(fn, (expr) => {
			if (expr.kind === "sql") uses.set(expr.statement, [...(uses.get(expr.statement) ?? []), expr]);
		});
	const taken = new Set(["begin", "commit", "rollback", "release", "lastRowId", "rowCount"]);
	const methods = blueprint.statements.map((statement): Method => {
		const sites = uses.get(statement.id) ?? [];
		let name = methodName(statement, sites[0]?.fetch === "all");
		for (let count = 2; taken.has(name); count++) name = `${methodName(statement, false)}${count}`;
		taken.add(name);
		const types = sites[0]?.params.map((param, index) => sites.map((site) => site.params[index]?.type ?? param.type).reduce(widest)) ?? [];
		const words = paramNames(statement.sql, types.length);
		return { statement, name, params: types.map((type, index) => ({ name: words[index] ?? `value${index + 1}`, type })), fetch: sites[0]?.fetch ?? "none" };
	});
	const byId = new Map(methods.map((method) => [method.statement.id, method.name]));
	return { methodOf: (id) => byId.get(id), methods };
}

export type RepositoryOptions = {
	/** A transaction begins by itself before the first change. */
	implicit: boolean;
	/** Some handler catches database errors by their legacy names. */
	legacyErrors: boolean;
	lastRowId: boolean;
	rowCount: boolean;
};

export function writeRepository(plan: Repository, file: FileScope, options: RepositoryOptions): string {
	const wrap = (call: Doc): Doc => (options.legacyErrors ? [file.use("withLegacyErrors"), "(() => ", call, ")"] : call);
	const bodies = plan.methods.map((method) => writeMethod(method, file, options, wrap));
	const counts = options.lastRowId || options.rowCount;
	const wholes = plan.methods.some((method) => method.params.some(({ type }) => type.kind === "int" || (type.kind === "optional" && type.of.kind === "int")));
	const exec = (sql: string) => print(wrap(`database.exec(${sql})`)).text;
	return `import type { DatabaseSync } from "node:sqlite";
${file.imports()}
/** Every SQL statement of the service, with the text that legacy uses. All run on one connection. */
export type Repository = ReturnType<typeof createRepository>;

export function createRepository(database: DatabaseSync) {
	const statements = {
${plan.methods.map(({ name, statement }) => `\t\t${name}: database.prepare(${sqlText(statement.sql)}),`).join("\n")}
	};
${counts ? "\tlet last: { lastInsertRowid: number | bigint; changes: number | bigint } = { lastInsertRowid: 0, changes: 0 };\n" : ""}${options.implicit ? "\t/** A change opens a transaction if none is open. */\n\tconst ensureOpen = (): void => {\n\t\tif (!database.isTransaction) database.exec(\"BEGIN\");\n\t};\n" : ""}	return {
${bodies.join("\n")}
		begin(mode: "deferred" | "immediate" | "exclusive" = "deferred"): void {
			${exec("`BEGIN ${mode.toUpperCase()}`")};
		},
		commit(): void {
			if (database.isTransaction) ${exec('"COMMIT"')};
		},
		rollback(): void {
			if (database.isTransaction) ${exec('"ROLLBACK"')};
		},
		/** The end of legacy's connection: what was not committed is undone. */
		release(): void {
			if (database.isTransaction) database.exec("ROLLBACK");
		},
${options.lastRowId ? "\t\tlastRowId: (): number => Number(last.lastInsertRowid),\n" : ""}${options.rowCount ? "\t\trowCount: (): number => Number(last.changes),\n" : ""}	};
}
${wholes ? "\n// SQLite stores a JavaScript number as REAL; whole numbers must stay INTEGER.\nfunction whole(value: number): bigint;\nfunction whole(value: number | null): bigint | null;\nfunction whole(value: number | null): bigint | null {\n\treturn value === null ? null : BigInt(value);\n}\n" : ""}`;
}

function writeMethod({ statement, name, params, fetch }: Method, file: FileScope, options: RepositoryOptions, wrap: (call: Doc) => Doc): string {
	const args = params.map((param) => bound(param.name, param.type, file));
	const row = fetch === "none" ? "" : file.typeText({ kind: "row", columns: statement.columns }, rowHint(statement));
	const call = (verb: string) => wrap(callDoc(`statements.${name}.${verb}`, args));
	const keep = options.lastRowId || options.rowCount;
	const last: Doc =
		fetch === "one"
			? ["return (", call("get"), ` ?? null) as ${row} | null;`]
			: fetch === "all"
				? ["return ", call("all"), ` as ${row}[];`]
				: [keep ? "last = " : "", call("run"), ";"];
	const returns = fetch === "one" ? `${row} | null` : fetch === "all" ? `${row}[]` : "void";
	const head: Doc = [name, listed("(", params.map((param) => `${param.name}: ${file.typeText(param.type, param.name)}`), ")"), `: ${returns}`];
	const body = options.implicit && statement.kind !== "select" ? ["ensureOpen();", last] : [last];
	const doc: Doc = indent(indent([hard, `/** legacy: ${statement.span.file}:${statement.span.line} */`, hard, braces(head, body, ",")]));
	return print(doc).text.slice(1);
}

/** A value as SQLite must get it to store what legacy stores. */
function bound(name: string, type: Type, file: FileScope): string {
	switch (type.kind) {
		case "int":
			return `whole(${name})`;
		case "bool":
			return `${name} ? 1n : 0n`;
		case "date":
			return `${file.use("isoDate")}(${name})`;
		case "optional":
			if (type.of.kind === "int") return `whole(${name})`;
			return bound(name, type.of, file) === name ? name : `${name} === null ? null : ${bound(name, type.of, file)}`;
		default:
			return name;
	}
}

function sqlText(sql: string): string {
	return sql.includes('"') || sql.includes("\n") ? `\`${sql.replace(/[`\\]|\$(?=\{)/g, "\\$&")}\`` : JSON.stringify(sql);
}

export function rowHint(statement: Statement): string {
	return `${singular(pascal(statement.tables[0] ?? "result"))} row`;
}

function singular(word: string): string {
	return word.replace(/ies$/, "y").replace(/(?<!s)s$/, "");
}

function methodName({ sql, kind, tables }: Statement, many: boolean): string {
	const table = pascal(tables[0] ?? "rows");
	const noun = many ? table : singular(table);
	const text = sql.replace(/\s+/g, " ");
	const where = /\bWHERE\b(.*)/i.exec(text)?.[1] ?? "";
	const keys = [...where.matchAll(/(?:\w+\.)?(\w+)\s*=\s*\?/g)].map((match) => pascal(match[1] ?? ""));
	const by = keys.length > 0 && keys.length <= 2 ? `By${keys.join("And")}` : "";
	if (kind === "insert") return `insert${singular(table)}`;
	if (kind === "delete") return `delete${table}${by}`;
	if (kind === "select") return `find${noun}${by}`;
	const set = /\bSET\b(.*?)(?:\bWHERE\b|$)/i.exec(text)?.[1] ?? "";
	const columns = [...set.matchAll(/(\w+)\s*=/g)].map((match) => pascal(match[1] ?? ""));
	return `update${singular(table)}${columns.slice(0, 2).join("And")}`;
}

/** The column that each `?` is compared with or stored into. */
function paramNames(sql: string, count: number): string[] {
	const text = sql.replace(/\s+/g, " ");
	const insert = /\bINTO\s+\w+\s*\(([^)]*)\)\s*VALUES\s*\(([^)]*)\)/i.exec(text);
	const columns = insert?.[1]?.split(",").map((word) => word.trim()) ?? [];
	const values = insert?.[2]?.split(",").map((word) => word.trim()) ?? [];
	const inserted = values.flatMap((value, index) => (value === "?" ? [columns[index] ?? ""] : []));
	const compared = [...text.matchAll(/(?:\w+\.)?(\w+)\s*(?:=|<>|!=|<=|>=|<|>|\bLIKE\b)?\s*\?/gi)].map((match) => match[1] ?? "");
	const found = inserted.length === count ? inserted : compared.length === count ? compared : [];
	const taken = new Set<string>();
	return Array.from({ length: count }, (_, index) => {
		const word = camel(found[index] ?? `value ${index + 1}`);
		let name = /^(and|or|limit|where|case|default|in|function|class|new|null|delete|this|database|statements|last|whole)$/.test(word) && word !== "limit" ? `${word}Value` : word;
		for (let next = 2; taken.has(name); next++) name = `${word}${next}`;
		taken.add(name);
		return name;
	});
}

function widest(a: Type, b: Type): Type {
	if (a.kind === "none") return b.kind === "none" || b.kind === "optional" ? b : { kind: "optional", of: b };
	if (b.kind === "none") return widest(b, a);
	return b.kind === "optional" ? b : a;
}
