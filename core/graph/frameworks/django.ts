import type { Names } from "../names.ts";
import type { Module, Program, SourceExpr, SourceStmt } from "../program.ts";
import { dottedPath, visitBody } from "../walk.ts";
import { actionsOf, viewSetRoutes } from "./django-rest.ts";
import { classId, type FoundRoute, functionId, methodsIn, pathText, type RouteFinder, verbsOf } from "./found-route.ts";
import { argument, madeObject, outsidePaths, type Place, type SourceCall } from "./made-objects.ts";

const pathCalls = /^django\.(urls|conf\.urls)(\.\w+)?\.(path|re_path|url)$/;
const includeCalls = /^django\.(urls|conf\.urls)(\.\w+)?\.include$/;
const wrappers = /^django\.(conf\.urls\.(i18n\.i18n_patterns|patterns)|urls\.i18n_patterns)$/;

/** What Django's generic views answer by themselves, by the class they come from. */
const generic: [RegExp, string[]][] = [
	[/\.(CreateView|UpdateView|FormView|LoginView|PasswordChangeView|PasswordResetView|PasswordResetConfirmView)$/, ["GET", "POST"]],
	[/\.DeleteView$/, ["GET", "POST", "DELETE"]],
	[/\.LogoutView$/, ["POST"]],
	[/\.(ListCreateAPIView)$/, ["GET", "POST"]],
	[/\.(RetrieveUpdateDestroyAPIView)$/, ["GET", "PUT", "PATCH", "DELETE"]],
	[/\.(RetrieveUpdateAPIView)$/, ["GET", "PUT", "PATCH"]],
	[/\.(RetrieveDestroyAPIView)$/, ["GET", "DELETE"]],
	[/\.(ListAPIView|RetrieveAPIView)$/, ["GET"]],
	[/\.CreateAPIView$/, ["POST"]],
	[/\.UpdateAPIView$/, ["PUT", "PATCH"]],
	[/\.DestroyAPIView$/, ["DELETE"]],
	[/\.RedirectView$/, ["ANY"]],
	[/\.(TemplateView|ListView|DetailView|ArchiveIndexView|\w+ArchiveView)$/, ["GET"]],
];

/** Django's URL configurations from the root that the settings name, with what they include; classes as views, Django REST framework. */
export const djangoRoutes: RouteFinder = (program, names) => {
	const found: FoundRoute[] = [];
	const walked = new Set<string>();
	for (const root of rootsOf(program, names)) listOf(root, "urlpatterns", "/", names, found, walked, 0);
	return found;
};

/** The modules that ROOT_URLCONF names; without settings, every module of patterns that no other includes. */
function rootsOf(program: Program, names: Names): Module[] {
	const named: string[] = [];
	const included = new Set<string>();
	const candidates: Module[] = [];
	for (const module of program.modules) {
		for (const stmt of module.body) {
			const [target] = stmt.kind === "assign" ? stmt.targets : [];
			if (stmt.kind !== "assign" || target?.kind !== "name") continue;
			if (target.name === "ROOT_URLCONF" && stmt.value.kind === "string") named.push(stmt.value.value);
			if (target.name === "urlpatterns") candidates.push(module);
		}
		visitBody(module.body, (expr) => {
			if (
				expr.kind !== "call" ||
				!outsidePaths(expr.callee, { module: module.name, decl: null }, names).some((path) => includeCalls.test(path))
			)
				return;
			for (const text of includedTexts(expr)) included.add(text);
		});
	}
	const find = (name: string) =>
		candidates.find((module) => module.name === name) ?? candidates.find((module) => module.name.endsWith(`.${name}`));
	const roots = named.flatMap((name) => find(name) ?? []);
	return roots.length > 0
		? [...new Set(roots)]
		: candidates.filter((module) => ![...included].some((name) => module.name === name || module.name.endsWith(`.${name}`)));
}

function includedTexts(call: SourceCall): string[] {
	const [first] = call.args;
	const target = first?.kind === "tuple" ? first.items[0] : first;
	return target?.kind === "string" ? [target.value] : [];
}

function listOf(module: Module, name: string, prefix: string, names: Names, found: FoundRoute[], walked: Set<string>, depth: number): void {
	const key = `${module.name} ${name} ${prefix}`;
	if (walked.has(key) || depth > 12) return;
	walked.add(key);
	const place: Place = { module: module.name, decl: null };
	const look = (body: readonly SourceStmt[]): void => {
		for (const stmt of body) {
			const target = stmt.kind === "assign" ? stmt.targets[0] : stmt.kind === "augment" ? stmt.target : null;
			if ((stmt.kind === "assign" || stmt.kind === "augment") && target?.kind === "name" && target.name === name)
				items(stmt.value, prefix, place, names, found, walked, depth);
			if (stmt.kind === "if") for (const inner of [stmt.then, stmt.otherwise]) look(inner);
			if (stmt.kind === "try") look(stmt.body);
			const call = stmt.kind === "expr" && stmt.value.kind === "call" ? stmt.value : null;
			const isOwn = call?.callee.kind === "attribute" && call.callee.of.kind === "name" && call.callee.of.name === name;
			if (call && isOwn)
				for (const arg of call.args)
					items(
						call.callee.kind === "attribute" && call.callee.name === "append" ? list(arg) : arg,
						prefix,
						place,
						names,
						found,
						walked,
						depth,
					);
		}
	};
	look(module.body);
}

const list = (item: SourceExpr): SourceExpr => ({ kind: "list", items: [item], span: item.span });

function items(
	expr: SourceExpr,
	prefix: string,
	place: Place,
	names: Names,
	found: FoundRoute[],
	walked: Set<string>,
	depth: number,
): void {
	const again = (part: SourceExpr) => items(part, prefix, place, names, found, walked, depth);
	if (expr.kind === "list" || expr.kind === "tuple") {
		for (const item of expr.items)
			if (item.kind === "call") pattern(item, prefix, place, names, found, walked, depth);
			else if (item.kind === "star") again(item.of);
			else again(item);
		return;
	}
	if (expr.kind === "binary") {
		again(expr.left);
		again(expr.right);
		return;
	}
	if (expr.kind === "call") {
		if (outsidePaths(expr.callee, place, names).some((path) => wrappers.test(path)))
			for (const item of expr.args) item.kind === "call" ? pattern(item, prefix, place, names, found, walked, depth) : again(item);
		return;
	}
	const path = dottedPath(expr);
	const meaning = path ? names.meaningOf(place.module, path) : null;
	if (path?.at(-1) === "urls" && expr.kind === "attribute") routerUrls(expr.of, prefix, place, names, found);
	else if (meaning?.kind === "value" && meaning.rest.length === 0)
		listOf(meaning.value.module, meaning.value.name, prefix, names, found, walked, depth + 1);
}

function pattern(
	call: SourceCall,
	prefix: string,
	place: Place,
	names: Names,
	found: FoundRoute[],
	walked: Set<string>,
	depth: number,
): void {
	const paths = outsidePaths(call.callee, place, names);
	if (!paths.some((path) => pathCalls.test(path))) {
		items(call, prefix, place, names, found, walked, depth);
		return;
	}
	const isExpression = !paths.some((path) => path.endsWith(".path"));
	const text = pathText(argument(call, 0, "route"), place, names);
	const path = prefix + (isExpression ? text.replace(/^\^/, "").replace(/\$$/, "") : text);
	const view = argument(call, 1, "view");
	if (view?.kind === "call" && outsidePaths(view.callee, place, names).some((item) => includeCalls.test(item)))
		include(view, path, place, names, found, walked, depth);
	else if (view?.kind === "attribute" && view.name === "urls") routerUrls(view.of, path, place, names, found);
	else if (view)
		for (const { method, handler } of viewRoutes(view, place, names))
			found.push({ method, path, handler, file: call.span.file, line: call.span.line, framework: "django" });
}

function include(
	call: SourceCall,
	prefix: string,
	place: Place,
	names: Names,
	found: FoundRoute[],
	walked: Set<string>,
	depth: number,
): void {
	const [first] = call.args;
	const target = first?.kind === "tuple" ? first.items[0] : first;
	if (!target) return;
	if (target.kind === "string") {
		const module = names.module(target.value) ?? endingModule(names, place.module, target.value);
		if (module) listOf(module, "urlpatterns", prefix, names, found, walked, depth + 1);
		return;
	}
	const path = dottedPath(target);
	const meaning = path ? names.meaningOf(place.module, path) : null;
	if (meaning?.kind === "module") listOf(meaning.module, "urlpatterns", prefix, names, found, walked, depth + 1);
	else items(target, prefix, place, names, found, walked, depth + 1);
}

/** A project below the root: `api.urls` is `site.api.urls` beside what includes it. */
function endingModule(names: Names, from: string, name: string): Module | undefined {
	const parts = from.split(".");
	for (let length = parts.length - 1; length > 0; length--) {
		const found = names.module([...parts.slice(0, length), name].join("."));
		if (found) return found;
	}
	return undefined;
}

function routerUrls(router: SourceExpr, prefix: string, place: Place, names: Names, found: FoundRoute[]): void {
	const object = madeObject(router, place, names);
	if (object && /rest_framework(_nested)?\.routers\.\w+Router$/.test(object.path)) found.push(...viewSetRoutes(object, prefix, names));
}

/** The verbs that a view answers, each with the function of the program that does. */
function viewRoutes(view: SourceExpr, place: Place, names: Names): { method: string; handler: string }[] {
	if (view.kind === "call") {
		if (view.callee.kind === "attribute" && view.callee.name === "as_view") {
			const owner = classId(view.callee.of, place, names);
			if (owner === null) return [];
			const mapping = view.args[0]?.kind === "dict" ? actionsOf(view.args[0], owner, names) : null;
			return mapping ?? classRoutes(owner, names);
		}
		// A view inside of calls that wrap it: `login_required(view)`, `cache_page(60)(view)`.
		for (const arg of view.args) {
			const inner = viewRoutes(arg, place, names);
			if (inner.length > 0) return inner;
		}
		return [];
	}
	const handler = functionId(view, place, names);
	if (handler !== null) return (decoratedMethods(handler, names) ?? ["ANY"]).map((method) => ({ method, handler }));
	const path = dottedPath(view);
	const meaning = path ? names.meaningOf(place.module, path) : null;
	return meaning?.kind === "value" && meaning.rest.length === 0
		? viewRoutes(meaning.value.value, { module: meaning.value.module.name, decl: null }, names)
		: [];
}

function classRoutes(owner: string, names: Names): { method: string; handler: string }[] {
	const own = verbsOf(owner, names).map(({ verb, handler }) => ({ method: verb, handler }));
	const { classes, outer } = names.lineage(owner);
	const inherited = generic.find(([base]) => outer.some((path) => base.test(path)))?.[1] ?? [];
	const answering = classes.flatMap((decl) => decl.methods).find((method) => !method.name.startsWith("__"))?.id ?? owner;
	return [
		...own,
		...inherited.filter((method) => !own.some((item) => item.method === method)).map((method) => ({ method, handler: answering })),
	];
}

function decoratedMethods(handler: string, names: Names): string[] | null {
	const decl = names.function(handler);
	for (const decorator of decl?.decorators ?? []) {
		const callee = decorator.kind === "call" ? decorator.callee : decorator;
		const name = dottedPath(callee)?.at(-1);
		if (name === "require_http_methods" || name === "api_view")
			return decorator.kind === "call" ? (methodsIn(decorator.args[0] ?? null) ?? ["GET"]) : ["GET"];
		if (name === "require_GET") return ["GET"];
		if (name === "require_POST") return ["POST"];
		if (name === "require_safe") return ["GET", "HEAD"];
	}
	return null;
}
