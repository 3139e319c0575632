import type { Blueprint, Statement } from "../../../contract/blueprint.ts";
import { type Expr, type Type, visitExprs } from "../../../contract/ir.ts";
import { camel, pascal } from "./names.ts";

/** The plan of `repository.ts`: one method per SQL statement. */
export type Repository = { methodOf(statement: string): string | undefined; methods: Method[] };
export type Method = { statement: Statement; name: string; params: { name: string; type: Type }[]; fetch: "one" | "all" | "none" };
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
		return {
			statement,
			name,
			params: types.map((type, index) => ({ name: words[index] ?? `value${index + 1}`, type })),
			fetch: sites[0]?.fetch ?? "none",
		};
	});
	const byId = new Map(methods.map((method) => [method.statement.id, method.name]));
	return { methodOf: (id) => byId.get(id), methods };
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
		let name =
			/^(and|or|limit|where|case|default|in|function|class|new|null|delete|this|database|statements|last|whole)$/.test(word) &&
			word !== "limit"
				? `${word}Value`
				: word;
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
