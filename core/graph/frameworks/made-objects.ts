import type { Names } from "../names.ts";
import type { FunctionDecl, Program, SourceExpr, SourceStmt } from "../program.ts";
import { dottedPath, visitBody } from "../walk.ts";

export type SourceCall = Extract<SourceExpr, { kind: "call" }>;
/** Where an expression stands: its module, and the function around it. */
export type Place = { module: string; decl: FunctionDecl | null };
/** An object that a call of something outside of the program made: an application, a blueprint, a router. `id` tells it from others. */
export type MadeObject = { id: string; path: string; call: SourceCall; place: Place };

/** The path of what is outside of the program, or of a class of the program the outside base that it comes from. */
export function outsidePaths(expr: SourceExpr, place: Place, names: Names): string[] {
	const path = dottedPath(expr);
	if (!path || (place.decl && names.localsOf(place.decl).has(path[0] ?? "") && !isImported(path[0] ?? "", place, names))) return [];
	const meaning = names.meaningOf(place.module, path);
	if (meaning.kind === "external") return [meaning.path];
	return meaning.kind === "class" && meaning.rest.length === 0 ? names.lineage(meaning.decl.id).outer : [];
}

/** An import inside a function binds a local name, and means the same as outside. */
function isImported(name: string, place: Place, names: Names): boolean {
	return names.module(place.module)?.imports.some((item) => item.as === name || item.as.split(".")[0] === name) ?? false;
}

/** Follows a name to the call that made its object: through imports, locals, and functions that give it back. */
export function madeObject(expr: SourceExpr, place: Place, names: Names, depth = 0): MadeObject | null {
	if (depth > 6) return null;
	if (expr.kind === "call")
		return madeByCall(expr, place, names, `${place.decl?.id ?? place.module}:${expr.span.line}:${expr.span.column}`, depth);
	const path = dottedPath(expr);
	const [head] = path ?? [];
	if (!path || head === undefined) return null;
	if (place.decl && path.length === 1) {
		const value = localValue(place.decl, head);
		if (value?.kind === "call") return madeByCall(value, place, names, `${place.decl.id}#${head}`, depth);
		if (value) return madeObject(value, place, names, depth + 1);
	}
	const meaning = names.meaningOf(place.module, path);
	if (meaning.kind !== "value" || meaning.rest.length > 0) return null;
	const { value, module, id } = meaning.value;
	const at: Place = { module: module.name, decl: null };
	return value.kind === "call" ? madeByCall(value, at, names, id, depth) : madeObject(value, at, names, depth + 1);
}

function madeByCall(call: SourceCall, place: Place, names: Names, id: string, depth: number): MadeObject | null {
	const [path] = outsidePaths(call.callee, place, names);
	if (path !== undefined) return { id, path, call, place };
	const callee = dottedPath(call.callee);
	const meaning = callee ? names.meaningOf(place.module, callee) : null;
	if (meaning?.kind !== "function" || meaning.rest.length > 0) return null;
	const inner: Place = { module: meaning.decl.module, decl: meaning.decl };
	for (const value of returned(meaning.decl.body)) {
		const found = madeObject(value, inner, names, depth + 1);
		if (found) return found;
	}
	return null;
}

function localValue(decl: FunctionDecl, name: string): SourceExpr | null {
	let found: SourceExpr | null = null;
	visitBody(
		decl.body,
		() => {},
		(stmt) => {
			if (stmt.kind === "assign" && stmt.targets.some((target) => target.kind === "name" && target.name === name)) found ??= stmt.value;
		},
	);
	return found;
}

function returned(body: readonly SourceStmt[]): SourceExpr[] {
	const found: SourceExpr[] = [];
	visitBody(
		body,
		() => {},
		(stmt) => {
			if (stmt.kind === "return" && stmt.value) found.push(stmt.value);
		},
	);
	return found;
}

/** Every call of the program with its place. */
export function eachCall(program: Program, visit: (call: SourceCall, place: Place) => void): void {
	for (const module of program.modules) {
		const look = (body: readonly SourceStmt[], decl: FunctionDecl | null) =>
			visitBody(body, (expr) => {
				if (expr.kind === "call") visit(expr, { module: module.name, decl });
			});
		look(module.body, null);
		for (const decl of module.functions) look(decl.body, decl);
	}
}

/** Every decorated function with the place that its decorators stand in. */
export function eachDecorator(program: Program, visit: (decorator: SourceExpr, decl: FunctionDecl, place: Place) => void): void {
	for (const module of program.modules) {
		const byId = new Map(module.functions.map((decl) => [decl.id, decl]));
		for (const decl of module.functions)
			for (const decorator of decl.decorators)
				visit(decorator, decl, { module: module.name, decl: decl.within === null ? null : (byId.get(decl.within) ?? null) });
	}
}

export const argument = (call: SourceCall, at: number, name: string): SourceExpr | null =>
	call.keywords.find((keyword) => keyword.name === name)?.value ?? call.args[at] ?? null;
