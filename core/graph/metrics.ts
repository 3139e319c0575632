import type { FunctionDecl, SourceStmt } from "./program.ts";
import { visitBody } from "./walk.ts";

/** McCabe's number: 1, and one more for each if, elif, for, while, except, and, or, ternary and comprehension test. */
export function complexityOf(body: readonly SourceStmt[]): number {
	let paths = 1;
	visitBody(
		body,
		(expr) => {
			if (expr.kind === "logic" || expr.kind === "choose") paths++;
			if (expr.kind === "comprehension") paths += expr.clauses.reduce((sum, clause) => sum + 1 + clause.tests.length, 0) - 1;
		},
		(stmt) => {
			if (stmt.kind === "if" || stmt.kind === "for" || stmt.kind === "while") paths++;
			if (stmt.kind === "try") paths += stmt.handlers.length;
		},
	);
	return paths;
}

/** Lines of a declaration that hold code: blank lines and pure comments do not count. */
export function locOf(decl: FunctionDecl, lines: readonly string[]): number {
	return lines.slice(decl.span.line - 1, decl.span.endLine).filter((line) => /^\s*[^#\s]/.test(line)).length;
}
