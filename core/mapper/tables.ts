import type { FunctionDecl, Module, Names, SourceExpr, SourceStmt, SqlSchema } from "../graph/index.ts";
import { constantText, parseStatement, visitBody } from "../graph/index.ts";

export type Access = { table: string; kind: "read" | "write"; line: number };

const runs = new Set(["execute", "executemany", "executescript"]);

/** Tables that a body reads and writes through `execute` calls, also where the text is put together at run time. */
export function accessOf(
	body: readonly SourceStmt[],
	module: Module,
	decl: FunctionDecl | null,
	names: Names,
	schema: SqlSchema,
): Access[] {
	const hidden = decl ? names.localsOf(decl) : new Set<string>();
	const texts = localTexts(body);
	const found: Access[] = [];
	visitBody(body, (expr) => {
		if (expr.kind !== "call" || expr.callee.kind !== "attribute" || !runs.has(expr.callee.name)) return;
		const [sql] = expr.args;
		if (!sql) return;
		const sources: SourceExpr[] = sql.kind === "name" && hidden.has(sql.name) ? (texts.get(sql.name) ?? []) : [sql];
		for (const source of sources) {
			const text = constantText(source, module.name, names, hidden, " ");
			for (const part of (text ?? "").split(";")) {
				if (part.trim() === "") continue;
				const statement = parseStatement(part, schema);
				for (const table of statement.reads) found.push({ table, kind: "read", line: expr.span.line });
				for (const table of statement.writes) found.push({ table, kind: "write", line: expr.span.line });
			}
		}
	});
	return found;
}

function localTexts(body: readonly SourceStmt[]): Map<string, SourceExpr[]> {
	const texts = new Map<string, SourceExpr[]>();
	visitBody(
		body,
		() => {},
		(stmt) => {
			const target = stmt.kind === "assign" ? stmt.targets[0] : stmt.kind === "augment" ? stmt.target : undefined;
			if (target?.kind === "name" && (stmt.kind === "assign" || stmt.kind === "augment"))
				texts.set(target.name, [...(texts.get(target.name) ?? []), stmt.value]);
		},
	);
	return texts;
}
