import type { FunctionDecl, SourceExpr } from "../program.ts";
import { dottedPath, visitBody } from "../walk.ts";
import { type FoundRoute, functionId, type RouteFinder } from "./found-route.ts";

/** WSGI callables by their two parameters: each address that PATH_INFO is compared with, answered by what the branch calls first. */
export const wsgiRoutes: RouteFinder = (program, names) => {
	const found: FoundRoute[] = [];
	for (const module of program.modules)
		for (const decl of module.functions) {
			const params = decl.params.map((param) => param.name).filter((name) => name !== "self");
			if (params.length !== 2 || !/^env(iron)?$/.test(params[0] ?? "") || !/^start(_response)?$/.test(params[1] ?? "")) continue;
			const paths = pathNames(decl, params[0] ?? "");
			let branches = 0;
			visitBody(
				decl.body,
				() => {},
				(stmt) => {
					if (stmt.kind !== "if") return;
					for (const path of comparedPaths(stmt.test, paths)) {
						branches++;
						let handler: string | null = null;
						visitBody(stmt.then, (expr) => {
							if (handler === null && expr.kind === "call") handler = functionId(expr.callee, { module: module.name, decl }, names);
						});
						found.push({ method: "ANY", path, handler: handler ?? decl.id, file: module.file, line: stmt.span.line, framework: "wsgi" });
					}
				},
			);
			if (branches === 0)
				found.push({ method: "ANY", path: "/", handler: decl.id, file: module.file, line: decl.span.line, framework: "wsgi" });
		}
	return found;
};

/** Locals that hold the address: `path = environ["PATH_INFO"]`, `environ.get("PATH_INFO", "")`, with or without `lstrip`. */
function pathNames(decl: FunctionDecl, environ: string): Set<string> {
	const found = new Set<string>();
	visitBody(
		decl.body,
		() => {},
		(stmt) => {
			const [target] = stmt.kind === "assign" ? stmt.targets : [];
			if (stmt.kind === "assign" && target?.kind === "name" && readsPath(stmt.value, environ)) found.add(target.name);
		},
	);
	return found.add(`${environ} itself`);
}

function readsPath(expr: SourceExpr, environ: string): boolean {
	if (expr.kind === "subscript")
		return expr.of.kind === "name" && expr.of.name === environ && expr.index.kind === "string" && expr.index.value === "PATH_INFO";
	if (expr.kind === "logic") return readsPath(expr.left, environ);
	if (expr.kind !== "call" || expr.callee.kind !== "attribute") return false;
	if (dottedPath(expr.callee)?.join(".") === `${environ}.get`) return expr.args[0]?.kind === "string" && expr.args[0].value === "PATH_INFO";
	return readsPath(expr.callee.of, environ);
}

function comparedPaths(test: SourceExpr, paths: ReadonlySet<string>): string[] {
	if (test.kind === "logic") return [...comparedPaths(test.left, paths), ...comparedPaths(test.right, paths)];
	const isPath = (expr: SourceExpr) =>
		(expr.kind === "name" && paths.has(expr.name)) ||
		[...paths].some((name) => name.endsWith(" itself") && readsPath(expr, name.replace(" itself", "")));
	if (test.kind === "call" && test.callee.kind === "attribute" && test.callee.name === "startswith" && isPath(test.callee.of))
		return test.args[0]?.kind === "string" ? [`${test.args[0].value}*`] : [];
	const [only] = test.kind === "compare" && test.rest.length === 1 ? test.rest : [];
	if (test.kind !== "compare" || !only || !isPath(test.first)) return [];
	if (only.op === "==" && only.right.kind === "string")
		return [only.right.value.startsWith("/") ? only.right.value : `/${only.right.value}`];
	if (only.op === "in" && (only.right.kind === "tuple" || only.right.kind === "list" || only.right.kind === "set"))
		return only.right.items.flatMap((item) => (item.kind === "string" ? [item.value.startsWith("/") ? item.value : `/${item.value}`] : []));
	return [];
}
