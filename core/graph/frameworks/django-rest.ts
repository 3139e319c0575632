import type { Names } from "../names.ts";
import type { SourceExpr, SourceStmt } from "../program.ts";
import { dottedPath } from "../walk.ts";
import { classId, type FoundRoute, methodsIn, pathText } from "./found-route.ts";
import { argument, type MadeObject, type Place, type SourceCall } from "./made-objects.ts";

const actions: { name: string; method: string; detail: boolean }[] = [
	{ name: "list", method: "GET", detail: false },
	{ name: "create", method: "POST", detail: false },
	{ name: "retrieve", method: "GET", detail: true },
	{ name: "update", method: "PUT", detail: true },
	{ name: "partial_update", method: "PATCH", detail: true },
	{ name: "destroy", method: "DELETE", detail: true },
];
const mixins: [RegExp, string[]][] = [
	[/\.ModelViewSet$/, actions.map((action) => action.name)],
	[/\.ReadOnlyModelViewSet$/, ["list", "retrieve"]],
	[/\.ListModelMixin$/, ["list"]],
	[/\.CreateModelMixin$/, ["create"]],
	[/\.RetrieveModelMixin$/, ["retrieve"]],
	[/\.UpdateModelMixin$/, ["update", "partial_update"]],
	[/\.DestroyModelMixin$/, ["destroy"]],
];

/** What a router of Django REST framework makes of the view sets registered with it: the standard actions and those that are declared. */
export function viewSetRoutes(router: MadeObject, prefix: string, names: Names): FoundRoute[] {
	const found: FoundRoute[] = [];
	const module = names.module(router.place.module);
	if (!module) return [];
	const slash = router.call.keywords.some(
		(keyword) => keyword.name === "trailing_slash" && keyword.value.kind === "literal" && keyword.value.value === false,
	)
		? ""
		: "/";
	for (const { call, place } of registrations(module.body, router)) {
		const name = pathText(argument(call, 0, "prefix"), place, names);
		const owner = classId(argument(call, 1, "viewset"), place, names);
		if (owner === null) continue;
		const { classes, outer } = names.lineage(owner);
		const lookup = lookupOf(owner, names);
		const add = (method: string, path: string, handler: string) =>
			found.push({ method, path: `${prefix}${path}`, handler, file: call.span.file, line: call.span.line, framework: "django" });
		const inherited = new Set(mixins.filter(([base]) => outer.some((path) => base.test(path))).flatMap(([, list]) => list));
		const fallback = classes.flatMap((decl) => decl.methods).find((method) => !method.name.startsWith("__"))?.id ?? owner;
		for (const action of actions) {
			const method = names.method(owner, action.name);
			if (method || inherited.has(action.name))
				add(action.method, action.detail ? `${name}/{${lookup}}${slash}` : `${name}${slash}`, method?.id ?? fallback);
		}
		for (const method of classes.flatMap((decl) => decl.methods))
			for (const decorator of method.decorators) {
				if (decorator.kind !== "call" || dottedPath(decorator.callee)?.at(-1) !== "action") continue;
				const detail = argument(decorator, -1, "detail");
				const url = argument(decorator, -1, "url_path");
				const path = url ? pathText(url, place, names) : method.name;
				const isDetail = detail?.kind === "literal" && detail.value === true;
				for (const verb of methodsIn(argument(decorator, 0, "methods")) ?? ["GET"])
					add(verb, isDetail ? `${name}/{${lookup}}/${path}${slash}` : `${name}/${path}${slash}`, method.id);
			}
	}
	return found;
}

function registrations(body: readonly SourceStmt[], router: MadeObject): { call: SourceCall; place: Place }[] {
	const name = router.id.split(".").at(-1);
	return body.flatMap((stmt) => {
		const call = stmt.kind === "expr" && stmt.value.kind === "call" ? stmt.value : null;
		if (
			call?.callee.kind !== "attribute" ||
			call.callee.name !== "register" ||
			call.callee.of.kind !== "name" ||
			call.callee.of.name !== name
		)
			return [];
		return [{ call, place: router.place }];
	});
}

function lookupOf(owner: string, names: Names): string {
	for (const decl of names.lineage(owner).classes) {
		for (const wanted of ["lookup_url_kwarg", "lookup_field"]) {
			const value = decl.attributes.find((attribute) => attribute.name === wanted)?.value;
			if (value?.kind === "string") return value.value;
		}
	}
	return "pk";
}

/** `ViewSet.as_view({"get": "list"})`. */
export function actionsOf(
	mapping: Extract<SourceExpr, { kind: "dict" }>,
	owner: string,
	names: Names,
): { method: string; handler: string }[] {
	return mapping.entries.flatMap(({ key, value }) => {
		if (key?.kind !== "string" || value.kind !== "string") return [];
		return [{ method: key.value.toUpperCase(), handler: names.method(owner, value.value)?.id ?? owner }];
	});
}
