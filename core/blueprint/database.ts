import type { Expr, Type } from "../contract/ir.ts";
import {
	constantText,
	dottedPath,
	type FunctionDecl,
	type Names,
	parseStatement,
	type SourceExpr,
	type SqlColumnType,
	visitBody,
} from "../graph/index.ts";
import { present } from "./convert.ts";
import { type Frame, refuse } from "./frame.ts";
import { op } from "./nodes.ts";
import { ANY, BYTES, FLOAT, INT, isMixed, type Kind, listOf, MIXED, NONE, optionalOf, STR, showType } from "./types.ts";

export type SourceCall = Extract<SourceExpr, { kind: "call" }>;

/** `X.execute(...)`: the call, or null. */
export function executeCall(expr: SourceExpr): SourceCall | null {
	return expr.kind === "call" && expr.callee.kind === "attribute" && expr.callee.name === "execute" ? expr : null;
}

/**
 * How a project function opens the database, or null when it does not. `explicit`: the source begins its transactions itself.
 * Such a function may only connect, set row_factory and the like, and run PRAGMAs.
 */
export function connectionMode(decl: FunctionDecl, names: Names): "explicit" | "implicit" | "unclear" | null {
	let mode: "explicit" | "implicit" | null = null;
	let clear = true;
	for (const stmt of decl.body) {
		if (stmt.kind === "expr" && stmt.value.kind === "string") continue;
		if (stmt.kind === "assign" || stmt.kind === "return") {
			const found = stmt.value ? openingMode(stmt.value, decl.module, names) : null;
			if (found) mode = found;
			else if (stmt.kind === "assign" && stmt.targets.some((target) => target.kind !== "attribute")) clear = false;
			else if (stmt.kind === "return" && stmt.value?.kind !== "name") clear = false;
		} else if (stmt.kind === "expr") {
			const sql = executeCall(stmt.value)?.args[0];
			const text = sql ? constantText(sql, decl.module, names, names.localsOf(decl)) : null;
			if (text === null || !/^\s*pragma\b/i.test(text)) clear = false;
		} else clear = false;
	}
	if (mode) return clear ? mode : "unclear";
	let opens = false;
	visitBody(decl.body, (expr) => {
		if (openingMode(expr, decl.module, names)) opens = true;
	});
	return opens ? "unclear" : null;
}

/** Of `sqlite3.connect(...)` itself. */
export function openingMode(expr: SourceExpr, module: string, names: Names): "explicit" | "implicit" | null {
	const path = expr.kind === "call" ? dottedPath(expr.callee) : null;
	const meaning = path ? names.meaningOf(module, path) : null;
	if (expr.kind !== "call" || meaning?.kind !== "external" || meaning.path !== "sqlite3.connect") return null;
	const level = expr.keywords.find((keyword) => keyword.name === "isolation_level")?.value;
	return level?.kind === "literal" && level.value === null ? "explicit" : "implicit";
}

const byAffinity: Record<SqlColumnType["affinity"], Kind> = { integer: INT, real: FLOAT, text: STR, blob: BYTES, numeric: MIXED };

export function columnKind(type: SqlColumnType | null): Kind {
	if (!type) return ANY;
	return type.nullable ? optionalOf(byAffinity[type.affinity]) : byAffinity[type.affinity];
}

export type Executed =
	| { kind: "value"; expr: Expr; select: boolean }
	| { kind: "transaction"; action: "begin" | "commit" | "rollback"; mode: "deferred" | "immediate" | "exclusive" };

/** Lowers one `execute` on a connection. `fetch` says what the source does with the result. */
export function execute(frame: Frame, call: SourceCall, connection: Expr, fetch: "one" | "all" | "none"): Executed {
	const { span } = call;
	const failed = (construct: string, remedy: string): Executed => ({
		kind: "value",
		expr: refuse(frame, construct, remedy, span),
		select: false,
	});
	const [source, values] = call.args;
	const text = source ? constantText(source, frame.module.name, frame.slice.names, frame.slice.names.localsOf(frame.state.decl)) : null;
	if (text === null)
		return failed("SQL that is put together at run time", "Write each statement as one constant text with ? for its values.");
	const parsed = parseStatement(text, frame.slice.schema);
	switch (parsed.kind) {
		case "begin":
		case "commit":
		case "rollback":
			return { kind: "transaction", action: parsed.kind, mode: parsed.mode };
		case "pragma":
		case "definition":
		case "other":
			return failed(
				`the SQL statement ${text.trim().split(/\s+/).slice(0, 2).join(" ")}`,
				"Move it to the function that opens the database.",
			);
		default:
	}
	const key = `${span.file}:${span.line}:${span.column}`;
	const kinds = parsed.columns.map((column) => ({ name: column.name, type: columnKind(column.type) }));
	const known = frame.slice.statements.get(key);
	const base = frame.state.decl.name;
	const count = [...frame.slice.statements.values()].filter((item) => item.id === base || item.id.startsWith(`${base}_`)).length;
	const id = known?.id ?? (count === 0 ? base : `${base}_${count + 1}`);
	if (!known) {
		const tables = [...new Set([...parsed.writes, ...parsed.reads])];
		frame.slice.statements.set(key, {
			id,
			sql: text,
			kind: parsed.kind,
			tables,
			columns: kinds as { name: string; type: Type }[],
			span,
			parsed,
		});
	}
	if (parsed.kind === "select" && kinds.length === 0)
		return failed("a SELECT whose columns are not known", "Name the columns, or add the CREATE TABLE text to the project.");
	const twice = kinds.find((column, at) => kinds.findIndex((other) => other.name.toLowerCase() === column.name.toLowerCase()) !== at);
	if (twice) return failed(`a SELECT with two columns named ${twice.name}`, "Give one of them another name with AS.");
	for (const table of [...parsed.writes, ...parsed.reads]) {
		if (!frame.slice.schema.has(table.toLowerCase()))
			return failed(`the table ${table}, which no CREATE TABLE describes`, "Add its CREATE TABLE text to the project.");
	}
	if (parsed.params.some((param) => param.name !== null)) return failed("SQL with named parameters", "Use ? for the values.");
	const params = values ? parameters(frame, values) : [];
	if (!params) return failed("SQL values that are not written as a tuple or list", "Write the values as a tuple in the call.");
	if (params.length !== parsed.params.length)
		return failed(`${params.length} values for ${parsed.params.length} places in SQL`, "Give one value for each ?.");
	params.forEach((param, at) => {
		const place = parsed.params[at];
		const problem = place ? unsafeValue(frame, param.type, place) : null;
		if (problem) refuse(frame, problem, "Convert the value with float(), int() or str() first.", param.span);
	});
	const row: Kind = { kind: "row", columns: kinds };
	const type = parsed.kind !== "select" || fetch === "none" ? NONE : fetch === "one" ? optionalOf(row) : listOf(row);
	const expr: Expr = {
		kind: "sql",
		id: "",
		type,
		span,
		statement: id,
		connection,
		params,
		fetch: parsed.kind === "select" ? fetch : "none",
	};
	return { kind: "value", expr, select: parsed.kind === "select" };
}

function parameters(frame: Frame, values: SourceExpr): Expr[] | null {
	if (values.kind === "tuple" || values.kind === "list") return values.items.map((item) => frame.lower(item));
	const whole = present(frame.lower(values));
	if (whole.type.kind !== "tuple" || whole.kind !== "local") return whole.type.kind === "any" ? [] : null;
	return whole.type.items.map((type, at) =>
		op(
			"tuple.at",
			type,
			[whole, { kind: "const", id: "", type: INT, span: values.span, value: { kind: "int", value: String(at) } }],
			values.span,
		),
	);
}

/** Values whose storage class could differ from what the source stores. */
function unsafeValue(frame: Frame, type: Kind, place: { table: string | null; column?: string }): string | null {
	const inner: Kind = type.kind === "optional" ? type.of : type;
	if (["int", "float", "str", "bool", "bytes", "none", "any"].includes(inner.kind)) {
		if ((inner.kind === "int" || inner.kind === "float") && inner.delta) return "a time span stored in the database";
		if (!isMixed(inner)) return null;
		const column = place.table
			? frame.slice.schema.get(place.table.toLowerCase())?.columns.find((item) => item.name === place.column)
			: undefined;
		const converts = column && (column.affinity === "real" || column.affinity === "integer" || column.affinity === "numeric");
		return converts ? null : "a number that may be int or float stored where both are kept apart";
	}
	return `${showType(type)} as a value of SQL`;
}
