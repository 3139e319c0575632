import type { SourceExpr, SourceStmt } from "./program.ts";

/** The direct sub-expressions, in source order. */
export function childrenOf(expr: SourceExpr): SourceExpr[] {
	switch (expr.kind) {
		case "name":
		case "number":
		case "string":
		case "bytes":
		case "literal":
		case "ellipsis":
			return [];
		case "formatted":
			return expr.parts.flatMap((part) => (typeof part === "string" ? [] : [part.value, ...part.specHoles]));
		case "list":
		case "tuple":
		case "set":
			return expr.items;
		case "dict":
			return expr.entries.flatMap((entry) => (entry.key ? [entry.key, entry.value] : [entry.value]));
		case "unary":
		case "star":
		case "await":
			return [expr.of];
		case "binary":
		case "logic":
			return [expr.left, expr.right];
		case "compare":
			return [expr.first, ...expr.rest.map((item) => item.right)];
		case "choose":
			return [expr.test, expr.then, expr.otherwise];
		case "attribute":
			return [expr.of];
		case "subscript":
			return [expr.of, expr.index];
		case "slice":
			return [expr.from, expr.to, expr.step].filter((part) => part !== null);
		case "call":
			return [expr.callee, ...expr.args, ...expr.keywords.map((keyword) => keyword.value)];
		case "lambda":
			return [...expr.params.flatMap((param) => (param.default ? [param.default] : [])), expr.body];
		case "comprehension":
			return [
				...(expr.key ? [expr.key] : []),
				expr.element,
				...expr.clauses.flatMap((clause) => [clause.target, clause.iterable, ...clause.tests]),
			];
		case "yield":
			return expr.value ? [expr.value] : [];
		case "walrus":
			return [expr.value];
		case "opaque":
			return expr.parts;
	}
}

/** Parents first. */
export function visitSourceExprs(expr: SourceExpr, visit: (expr: SourceExpr) => void): void {
	visit(expr);
	for (const child of childrenOf(expr)) visitSourceExprs(child, visit);
}

/** The direct parts of a statement. Bodies of nested functions and classes are not parts: they are declarations. */
export function partsOf(stmt: SourceStmt): { exprs: SourceExpr[]; bodies: SourceStmt[][] } {
	switch (stmt.kind) {
		case "assign":
			return { exprs: [...stmt.targets, stmt.value], bodies: [] };
		case "augment":
			return { exprs: [stmt.target, stmt.value], bodies: [] };
		case "expr":
			return { exprs: [stmt.value], bodies: [] };
		case "if":
			return { exprs: [stmt.test], bodies: [stmt.then, stmt.otherwise] };
		case "while":
			return { exprs: [stmt.test], bodies: [stmt.body, stmt.otherwise] };
		case "for":
			return { exprs: [stmt.target, stmt.iterable], bodies: [stmt.body, stmt.otherwise] };
		case "try":
			return {
				exprs: stmt.handlers.flatMap((handler) => handler.types),
				bodies: [stmt.body, ...stmt.handlers.map((handler) => handler.body), stmt.otherwise, stmt.finally],
			};
		case "with":
			return { exprs: stmt.items.flatMap((item) => (item.as ? [item.value, item.as] : [item.value])), bodies: [stmt.body] };
		case "return":
			return { exprs: stmt.value ? [stmt.value] : [], bodies: [] };
		case "raise":
			return { exprs: [stmt.value, stmt.cause].filter((part) => part !== null), bodies: [] };
		case "assert":
			return { exprs: stmt.message ? [stmt.test, stmt.message] : [stmt.test], bodies: [] };
		case "delete":
			return { exprs: stmt.targets, bodies: [] };
		case "function":
			return { exprs: [...stmt.decl.decorators, ...stmt.decl.params.flatMap((param) => param.default ?? [])], bodies: [] };
		case "class":
			return { exprs: [...stmt.decl.bases, ...stmt.decl.attributes.map((attribute) => attribute.value)], bodies: [] };
		case "opaque":
			return { exprs: stmt.parts, bodies: [stmt.body] };
		case "global":
		case "nonlocal":
		case "import":
		case "pass":
		case "break":
		case "continue":
			return { exprs: [], bodies: [] };
	}
}

/** Every expression below these statements, nested functions excluded. */
export function visitBody(
	body: readonly SourceStmt[],
	visit: (expr: SourceExpr) => void,
	visitStmt: (stmt: SourceStmt) => void = () => {},
): void {
	for (const stmt of body) {
		visitStmt(stmt);
		const parts = partsOf(stmt);
		for (const expr of parts.exprs) visitSourceExprs(expr, visit);
		for (const inner of parts.bodies) visitBody(inner, visit, visitStmt);
	}
}

/** `a.b.c` as its names, or null when it is not a plain dotted path. */
export function dottedPath(expr: SourceExpr): string[] | null {
	if (expr.kind === "name") return [expr.name];
	if (expr.kind !== "attribute") return null;
	const head = dottedPath(expr.of);
	return head && [...head, expr.name];
}
