import type { Expr, Span } from "../contract/ir.ts";
import { type SourceExpr, visitBody } from "../graph/index.ts";
import { execute, executeCall } from "./database.ts";
import { connectionOf } from "./expressions.ts";
import { bind, bindStatic, type Frame, refuse } from "./frame.ts";
import { op } from "./nodes.ts";
import { INT } from "./types.ts";

/**
 * `cur = con.execute(...)` and `cur = con.cursor()`: the cursor itself is no value of the IR. What the source reads from it
 * later decides what is kept: its rows, the last row id, the row count.
 */
export function assignCursor(frame: Frame, name: string, value: SourceExpr, span: Span): boolean {
	if (value.kind === "call" && value.callee.kind === "attribute" && value.callee.name === "cursor" && value.args.length === 0) {
		const connection = connectionOf(frame, value.callee.of);
		if (!connection) return false;
		bindStatic(frame, name, { kind: "cursor", connection, rows: null, rowId: null, rowCount: null });
		return true;
	}
	const call = executeCall(value);
	if (call?.callee.kind !== "attribute") return false;
	const connection = connectionOf(frame, call.callee.of);
	if (!connection) return false;
	runOnCursor(frame, name, call, connection, span);
	return true;
}

export function runOnCursor(
	frame: Frame,
	name: string,
	call: NonNullable<ReturnType<typeof executeCall>>,
	connection: Expr,
	span: Span,
): void {
	const uses = cursorUses(frame, name, span);
	const fetches = uses.filter((use) => use === "fetchone" || use === "fetchall" || use === "rows");
	if (fetches.length > 1) refuse(frame, `several fetches from the cursor ${name}`, "Fetch once, with fetchall().", span);
	const done = execute(frame, call, connection, fetches[0] === "fetchone" ? "one" : "all");
	if (done.kind === "transaction") {
		frame.block.push({
			kind: "transaction",
			action: done.action,
			...(done.action === "begin" ? { mode: done.mode } : {}),
			connection,
			span,
		});
		bindStatic(frame, name, { kind: "cursor", connection, rows: null, rowId: null, rowCount: null });
		return;
	}
	if (!done.select) {
		frame.block.push({ kind: "expr", value: done.expr, span });
		const keep = (suffix: string, operation: "db.last_row_id" | "db.row_count", wanted: boolean): string | null => {
			if (!wanted) return null;
			const bound = bind(frame, `${name}_${suffix}`, INT);
			frame.block.push({
				kind: "assign",
				target: { kind: "name", name: bound.ir, type: INT },
				value: op(operation, INT, [connection], span),
				span,
			});
			return bound.ir;
		};
		const rowId = keep("row_id", "db.last_row_id", uses.includes("lastrowid"));
		const rowCount = keep("row_count", "db.row_count", uses.includes("rowcount"));
		bindStatic(frame, name, { kind: "cursor", connection, rows: null, rowId, rowCount });
		return;
	}
	const bound = bind(frame, `${name}_rows`, done.expr.type);
	frame.block.push({ kind: "assign", target: { kind: "name", name: bound.ir, type: bound.type }, value: done.expr, span });
	bindStatic(frame, name, { kind: "cursor", connection, rows: bound.ir, rowId: null, rowCount: null });
}

/** What is read from a cursor between here and its next execute or assignment, in source order. */
function cursorUses(frame: Frame, name: string, from: Span): string[] {
	const found: { line: number; column: number; use: string }[] = [];
	const isCursor = (expr: SourceExpr) => expr.kind === "name" && expr.name === name;
	visitBody(
		frame.state.decl.body,
		(expr) => {
			if (expr.kind === "attribute" && isCursor(expr.of)) found.push({ line: expr.span.line, column: expr.span.column, use: expr.name });
			if (expr.kind === "comprehension")
				for (const clause of expr.clauses)
					if (isCursor(clause.iterable)) found.push({ line: expr.span.line, column: expr.span.column, use: "rows" });
		},
		(stmt) => {
			if (stmt.kind === "for" && isCursor(stmt.iterable)) found.push({ line: stmt.span.line, column: stmt.span.column, use: "rows" });
			if (stmt.kind === "assign" && stmt.targets.some(isCursor)) found.push({ line: stmt.span.line, column: 0, use: "execute" });
		},
	);
	const later = found.filter((item) => item.line > from.endLine).sort((a, b) => a.line - b.line || a.column - b.column);
	const end = later.findIndex((item) => item.use === "execute");
	return (end < 0 ? later : later.slice(0, end)).map((item) => item.use);
}
