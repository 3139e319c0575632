import type { Names } from "../names.ts";
import type { Program, SourceExpr } from "../program.ts";
import { constantText } from "../texts.ts";
import { dottedPath } from "../walk.ts";
import type { Place } from "./made-objects.ts";

/**
 * `path` as the framework writes it: `/users/<int:id>`, `/users/{id}`. A part that is not constant stands as `{its name}`: it is known to be
 * there, and its text is not. `method` is `ANY` where the handler takes every one. `handler`: dotted id of a function, or of a class whose
 * own code answers nothing (a generic view).
 */
export type FoundRoute = { method: string; path: string; handler: string; file: string; line: number; framework: string };
export type RouteFinder = (program: Program, names: Names) => FoundRoute[];

export const httpMethods = ["get", "post", "put", "delete", "patch", "head", "options"];

/** The constant text of an expression, or the name of what is not constant. */
export function pathText(expr: SourceExpr | null, place: Place, names: Names): string {
	if (expr === null) return "";
	const hidden = place.decl ? names.localsOf(place.decl) : new Set<string>();
	return constantText(expr, place.module, names, hidden) ?? `{${dottedPath(expr)?.join(".") ?? "computed"}}`;
}

/** Texts of a list, a tuple, a set or a single text, in upper case. */
export function methodsIn(expr: SourceExpr | null): string[] | null {
	if (expr === null) return null;
	if (expr.kind === "string") return [expr.value.toUpperCase()];
	if (expr.kind !== "list" && expr.kind !== "tuple" && expr.kind !== "set") return null;
	const texts = expr.items.flatMap((item) => (item.kind === "string" ? [item.value.toUpperCase()] : []));
	return texts.length > 0 ? texts : null;
}

/** One slash between the parts, none doubled, as routers join prefixes. */
export function joinPaths(...parts: readonly string[]): string {
	const joined = parts
		.filter((part) => part !== "")
		.join("/")
		.replace(/\/{2,}/g, "/");
	return joined.startsWith("/") || joined.startsWith("{") ? joined : `/${joined}`;
}

/** Function handlers behind a name, or the methods of a class that answer HTTP verbs. */
export function functionId(expr: SourceExpr | null, place: Place, names: Names): string | null {
	const path = expr && dottedPath(expr);
	if (!path) return null;
	if (place.decl && path.length === 1) {
		const inner = names.function(`${place.decl.id}.${path[0]}`);
		if (inner) return inner.id;
	}
	const meaning = names.meaningOf(place.module, path);
	return meaning.kind === "function" && meaning.rest.length === 0 ? meaning.decl.id : null;
}

export function classId(expr: SourceExpr | null, place: Place, names: Names): string | null {
	const path = expr && dottedPath(expr);
	const meaning = path ? names.meaningOf(place.module, path) : null;
	return meaning?.kind === "class" && meaning.rest.length === 0 ? meaning.decl.id : null;
}

/** The verbs that a class has methods for, its bases in the program included, each with the method that answers. */
export function verbsOf(owner: string, names: Names, verbs: readonly string[] = httpMethods): { verb: string; handler: string }[] {
	return verbs.flatMap((verb) => {
		const method = names.method(owner, verb);
		return method ? [{ verb: verb.toUpperCase(), handler: method.id }] : [];
	});
}
