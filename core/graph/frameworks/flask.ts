import type { Names } from "../names.ts";
import type { SourceExpr } from "../program.ts";
import { classId, type FoundRoute, functionId, joinPaths, methodsIn, pathText, type RouteFinder, verbsOf } from "./found-route.ts";
import { argument, eachCall, eachDecorator, type MadeObject, madeObject, type Place, type SourceCall } from "./made-objects.ts";
import { prefixesOf } from "./mounted.ts";

const shortcuts = new Set(["get", "post", "put", "delete", "patch"]);
const isFlask = (path: string) =>
	/^(flask(\..+)?\.(Flask|Blueprint|sansio\.\w+\.\w+)|quart\.(Quart|Blueprint)|flask_openapi3\.(OpenAPI|APIBlueprint))$/.test(path);
const isRest = (path: string) => /^(flask_restful|flask_restx|flask_restplus)\.(Api|Namespace)$/.test(path);

/** Flask: decorators and rules of applications and blueprints, views as classes, resources of Flask-RESTful. */
export const flaskRoutes: RouteFinder = (program, names) => {
	const found: FoundRoute[] = [];
	const prefixes = prefixesOf(program, names, {
		methods: new Set(["register_blueprint"]),
		child: [0, "blueprint"],
		prefix: [-1, "url_prefix"],
		own: "url_prefix",
		replaces: true,
	});
	const add = (object: MadeObject, rule: string, method: string, handler: string, call: SourceExpr) => {
		for (const prefix of prefixes(object))
			found.push({ method, path: joinPaths(prefix, rule), handler, file: call.span.file, line: call.span.line, framework: "flask" });
	};
	eachDecorator(program, (decorator, decl, place) => {
		if (decorator.kind !== "call" || decorator.callee.kind !== "attribute") return;
		const verb = decorator.callee.name;
		if (verb !== "route" && !shortcuts.has(verb)) return;
		const object = madeObject(decorator.callee.of, place, names);
		if (!object || !isFlask(object.path)) return;
		const methods = verb === "route" ? (methodsIn(argument(decorator, -1, "methods")) ?? ["GET"]) : [verb.toUpperCase()];
		const rule = pathText(argument(decorator, 0, "rule"), place, names);
		for (const method of methods) add(object, rule, method, decl.id, decorator);
	});
	eachCall(program, (call, place) => {
		if (call.callee.kind !== "attribute") return;
		const object = madeObject(call.callee.of, place, names);
		if (object && call.callee.name === "add_url_rule" && isFlask(object.path))
			addRule(call, place, names, (rule, method, handler) => add(object, rule, method, handler, call));
		if (object && (call.callee.name === "add_resource" || call.callee.name === "route") && isRest(object.path)) {
			const owner = classId(call.args[0] ?? null, place, names);
			if (owner === null) return;
			const app = restTarget(object, names);
			for (const path of call.args.slice(1))
				for (const { verb, handler } of verbsOf(owner, names)) add(app ?? object, pathText(path, place, names), verb, handler, call);
		}
	});
	return found;
};

/** `Api(blueprint)` answers under the blueprint's prefix. */
function restTarget(api: MadeObject, names: Names): MadeObject | null {
	const target = argument(api.call, 0, "app");
	return target ? madeObject(target, api.place, names) : null;
}

function addRule(call: SourceCall, place: Place, names: Names, add: (rule: string, method: string, handler: string) => void): void {
	const rule = pathText(argument(call, 0, "rule"), place, names);
	const view = argument(call, 2, "view_func");
	const methods = methodsIn(argument(call, -1, "methods"));
	const made =
		view?.kind === "call" && view.callee.kind === "attribute" && view.callee.name === "as_view"
			? view.callee.of
			: viewBehind(view, place, names);
	const owner = classId(made, place, names);
	if (owner !== null) {
		const verbs = verbsOf(owner, names).filter(({ verb }) => methods === null || methods.includes(verb));
		const dispatch = names.method(owner, "dispatch_request");
		for (const { verb, handler } of verbs) add(rule, verb, handler);
		if (verbs.length === 0 && dispatch)
			for (const method of methods ?? methodsOfClass(owner, names) ?? ["GET"]) add(rule, method, dispatch.id);
		return;
	}
	const handler = functionId(view, place, names);
	if (handler !== null) for (const method of methods ?? ["GET"]) add(rule, method, handler);
}

/** `view = Users.as_view("users")`, used by its name. */
function viewBehind(view: SourceExpr | null, place: Place, names: Names): SourceExpr | null {
	if (view?.kind !== "name") return null;
	const meaning = names.meaningOf(place.module, [view.name]);
	const value = meaning.kind === "value" ? meaning.value.value : null;
	return value?.kind === "call" && value.callee.kind === "attribute" && value.callee.name === "as_view" ? value.callee.of : null;
}

function methodsOfClass(owner: string, names: Names): string[] | null {
	for (const decl of names.lineage(owner).classes) {
		const methods = decl.attributes.find((attribute) => attribute.name === "methods");
		if (methods) return methodsIn(methods.value);
	}
	return null;
}
