import type { Type } from "../../../contract/ir.ts";
import { callDoc } from "./code.ts";
import { braces, type Doc, hard, indent, listed, print } from "./layout.ts";
import { type Method, type Repository, rowHint } from "./repository-plan.ts";
import type { FileScope } from "./scope.ts";

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
	const wholes = plan.methods.some((method) =>
		method.params.some(({ type }) => type.kind === "int" || (type.kind === "optional" && type.of.kind === "int")),
	);
	const exec = (sql: string) => print(wrap(`database.exec(${sql})`)).text;
	return `import type { DatabaseSync } from "node:sqlite";
${file.imports()}
/** Every SQL statement of the service, with the text that legacy uses. All run on one connection. */
export type Repository = ReturnType<typeof createRepository>;

export function createRepository(database: DatabaseSync) {
	const statements = {
${plan.methods.map(({ name, statement }) => `\t\t${name}: database.prepare(${sqlText(statement.sql)}),`).join("\n")}
	};
${counts ? "\tlet last: { lastInsertRowid: number | bigint; changes: number | bigint } = { lastInsertRowid: 0, changes: 0 };\n" : ""}${options.implicit ? '\t/** A change opens a transaction if none is open. */\n\tconst ensureOpen = (): void => {\n\t\tif (!database.isTransaction) database.exec("BEGIN");\n\t};\n' : ""}	return {
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

function writeMethod(
	{ statement, name, params, fetch }: Method,
	file: FileScope,
	options: RepositoryOptions,
	wrap: (call: Doc) => Doc,
): string {
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
	const head: Doc = [
		name,
		listed(
			"(",
			params.map((param) => `${param.name}: ${file.typeText(param.type, param.name)}`),
			")",
		),
		`: ${returns}`,
	];
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
