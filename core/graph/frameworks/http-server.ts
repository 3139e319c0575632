import type { Names } from "../names.ts";
import type { FunctionDecl, Module, Program, SourceExpr } from "../program.ts";
import { dottedPath, visitBody } from "../walk.ts";
import type { FoundRoute, RouteFinder } from "./found-route.ts";

/** A module-level dict that leads from a key to a function: what a dispatcher looks up. */
export type RouteTable = {
	/** Dotted name of the dict. */
	id: string;
	entries: { key: SourceExpr; handler: FunctionDecl; method: string | null; path: string | null; line: number }[];
};

/** Dicts of functions, keyed by anything constant; `method` and `path` where the key says them. */
export function routeTables(program: Program, names: Names): RouteTable[] {
	const tables: RouteTable[] = [];
	for (const module of program.modules) {
		for (const stmt of module.body) {
			if (stmt.kind !== "assign" || stmt.value.kind !== "dict") continue;
			const [target] = stmt.targets;
			if (target?.kind !== "name") continue;
			const entries = stmt.value.entries.flatMap((entry) => {
				const handler = functionBehind(entry.value, module.name, names);
				if (!handler || !entry.key) return [];
				return [{ key: entry.key, handler, ...addressOf(entry.key), line: entry.key.span.line }];
			});
			if (entries.length > 0 && entries.length === stmt.value.entries.length) tables.push({ id: `${module.name}.${target.name}`, entries });
		}
	}
	return tables;
}

function functionBehind(expr: SourceExpr, module: string, names: Names): FunctionDecl | null {
	const path = dottedPath(expr);
	if (!path) return null;
	const meaning = names.meaningOf(module, path);
	return meaning.kind === "function" && meaning.rest.length === 0 ? meaning.decl : null;
}

function addressOf(key: SourceExpr): { method: string | null; path: string | null } {
	if (key.kind === "string") return key.value.startsWith("/") ? { method: null, path: key.value } : spaced(key.value);
	if (key.kind !== "tuple" || key.items.length !== 2) return { method: null, path: null };
	const texts = key.items.map((item) => (item.kind === "string" ? item.value : null));
	const path = texts.find((text) => text?.startsWith("/")) ?? null;
	const method = texts.find((text) => text !== null && /^[A-Z]{3,7}$/.test(text)) ?? null;
	return { method, path };
}

function spaced(text: string): { method: string | null; path: string | null } {
	const match = /^([A-Z]{3,7}) (\/\S*)$/.exec(text);
	return { method: match?.[1] ?? null, path: match?.[2] ?? null };
}

export type RequestHandler = { module: Module; owner: string; methods: { http: string; decl: FunctionDecl }[] };

/** Subclasses of http.server's request handlers, with their do_METHODs. */
export function handlersOf(program: Program, names: Names): RequestHandler[] {
	return program.modules.flatMap((module) =>
		module.classes.flatMap((decl) => {
			const { classes, outer } = names.lineage(decl.id);
			if (!outer.some((path) => /(^|\.)(Base|Simple|CGI)HTTPRequestHandler$/.test(path))) return [];
			const methods = classes
				.flatMap((item) => item.methods)
				.flatMap((method) => (/^do_[A-Z]+$/.test(method.name) ? [{ http: method.name.slice(3), decl: method }] : []));
			for (const item of classes) {
				for (const attribute of item.attributes) {
					const alias = attribute.value.kind === "name" ? names.method(decl.id, attribute.value.name) : undefined;
					if (alias && /^do_[A-Z]+$/.test(attribute.name)) methods.push({ http: attribute.name.slice(3), decl: alias });
				}
			}
			return methods.length > 0 ? [{ module, owner: decl.id, methods }] : [];
		}),
	);
}

/** `if path == "/x": return f(...)` chains: address -> first project function that the branch calls. */
export function comparedRoutes(
	decl: FunctionDecl,
	names: Names,
): { method: string | null; path: string; handler: FunctionDecl; line: number }[] {
	const found: { method: string | null; path: string; handler: FunctionDecl; line: number }[] = [];
	visitBody(
		decl.body,
		() => {},
		(stmt) => {
			if (stmt.kind !== "if") return;
			const texts: string[] = [];
			const look = (expr: SourceExpr): void => {
				if (expr.kind === "logic" && expr.op === "and") [expr.left, expr.right].forEach(look);
				const [only] = expr.kind === "compare" && expr.rest.length === 1 ? expr.rest : [];
				if (expr.kind !== "compare" || only?.op !== "==") return;
				for (const side of [expr.first, only.right]) if (side.kind === "string") texts.push(side.value);
			};
			look(stmt.test);
			const path = texts.find((text) => text.startsWith("/"));
			if (path === undefined) return;
			let handler: FunctionDecl | null = null;
			visitBody(stmt.then, (expr) => {
				if (handler || expr.kind !== "call") return;
				handler = functionBehind(expr.callee, decl.module, names);
			});
			const method = texts.find((text) => /^[A-Z]{3,7}$/.test(text)) ?? null;
			if (handler) found.push({ method, path, handler, line: stmt.span.line });
		},
	);
	return found;
}

/** Routes of http.server programs: dicts keyed by address, and comparisons with the path in what a do_METHOD calls. */
export const httpServerRoutes: RouteFinder = (program, names) => {
	const found = new Map<string, FoundRoute>();
	const servers = handlersOf(program, names);
	const verbs = [...new Set(servers.flatMap((server) => server.methods.map((method) => method.http)))];
	const add = (method: string | null, path: string, handler: string, file: string, line: number) => {
		for (const verb of method === null ? verbs : [method]) {
			const key = `${verb} ${path}`;
			if (!found.has(key)) found.set(key, { method: verb, path, handler, file, line, framework: "http.server" });
		}
	};
	if (servers.length === 0) return [];
	for (const table of routeTables(program, names)) {
		const file =
			program.modules.find((module) => table.id.startsWith(`${module.name}.`) && !table.id.slice(module.name.length + 1).includes("."))
				?.file ?? "";
		for (const entry of table.entries) if (entry.path !== null) add(entry.method, entry.path, entry.handler.id, file, entry.line);
	}
	for (const module of program.modules)
		for (const decl of module.functions)
			for (const route of comparedRoutes(decl, names))
				add(
					route.method ?? (/^do_[A-Z]+$/.test(decl.name) ? decl.name.slice(3) : null),
					route.path,
					route.handler.id,
					module.file,
					route.line,
				);
	return [...found.values()];
};
