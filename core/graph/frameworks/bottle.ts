import type { SourceExpr } from "../program.ts";
import { type FoundRoute, functionId, joinPaths, methodsIn, pathText, type RouteFinder } from "./found-route.ts";
import {
	argument,
	eachCall,
	eachDecorator,
	type MadeObject,
	madeObject,
	outsidePaths,
	type Place,
	type SourceCall,
} from "./made-objects.ts";
import { prefixesOf } from "./mounted.ts";

const verbs = new Set(["get", "post", "put", "delete", "patch"]);

/** Bottle: the default application's functions and the methods of instances, as decorators or called, and mounted applications. */
export const bottleRoutes: RouteFinder = (program, names) => {
	const found: FoundRoute[] = [];
	const prefixes = prefixesOf(program, names, {
		methods: new Set(["mount", "merge"]),
		child: [1, "app"],
		prefix: [0, "prefix"],
		own: null,
		replaces: false,
	});
	/** Null: not Bottle's. */
	const target = (callee: SourceExpr, place: Place): { verb: string; object: MadeObject | null } | null => {
		const [path] = outsidePaths(callee, place, names);
		const verb = /^bottle\.(route|get|post|put|delete|patch)$/.exec(path ?? "")?.[1];
		if (verb) return { verb, object: null };
		if (callee.kind !== "attribute" || (callee.name !== "route" && !verbs.has(callee.name))) return null;
		const object = madeObject(callee.of, place, names);
		return object && /^bottle\.(Bottle|default_app|app)$/.test(object.path) ? { verb: callee.name, object } : null;
	};
	const add = (call: SourceCall, handler: string, place: Place, at: { verb: string; object: MadeObject | null }) => {
		const methods = at.verb === "route" ? (methodsIn(argument(call, 1, "method")) ?? ["GET"]) : [at.verb.toUpperCase()];
		const given = argument(call, 0, "path");
		const rules = given?.kind === "list" || given?.kind === "tuple" ? given.items : [given];
		for (const rule of rules)
			for (const prefix of at.object ? prefixes(at.object) : [""])
				for (const method of methods)
					found.push({
						method,
						path: joinPaths(prefix, pathText(rule, place, names)),
						handler,
						file: call.span.file,
						line: call.span.line,
						framework: "bottle",
					});
	};
	eachDecorator(program, (decorator, decl, place) => {
		const at = decorator.kind === "call" ? target(decorator.callee, place) : null;
		if (decorator.kind === "call" && at) add(decorator, decl.id, place, at);
	});
	eachCall(program, (call, place) => {
		const callback =
			call.keywords.find((keyword) => keyword.name === "callback")?.value ?? (call.args.length > 2 ? (call.args[2] ?? null) : null);
		const handler = functionId(callback, place, names);
		const at = handler === null ? null : target(call.callee, place);
		if (handler !== null && at) add(call, handler, place, at);
	});
	return found;
};
