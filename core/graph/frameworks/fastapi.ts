import { type FoundRoute, functionId, httpMethods, joinPaths, methodsIn, pathText, type RouteFinder } from "./found-route.ts";
import { argument, eachCall, eachDecorator, type MadeObject, madeObject, outsidePaths } from "./made-objects.ts";
import { prefixesOf } from "./mounted.ts";

const isApp = (path: string) => /^(fastapi(\..+)?\.(FastAPI|APIRouter)|starlette\.(applications\.Starlette|routing\.Router))$/.test(path);

/** FastAPI and Starlette: decorators of applications and routers, routers under prefixes, tables of `Route`. */
export const fastapiRoutes: RouteFinder = (program, names) => {
	const found: FoundRoute[] = [];
	const prefixes = prefixesOf(program, names, {
		methods: new Set(["include_router", "mount"]),
		child: [0, "router"],
		prefix: [-1, "prefix"],
		own: "prefix",
		replaces: false,
	});
	const add = (object: MadeObject, path: string, method: string, handler: string, at: { span: FoundRouteSpan }) => {
		for (const prefix of prefixes(object))
			found.push({ method, path: joinPaths(prefix, path) || "/", handler, file: at.span.file, line: at.span.line, framework: "fastapi" });
	};
	eachDecorator(program, (decorator, decl, place) => {
		if (decorator.kind !== "call" || decorator.callee.kind !== "attribute") return;
		const verb = decorator.callee.name;
		if (verb !== "api_route" && verb !== "websocket" && verb !== "route" && verb !== "trace" && !httpMethods.includes(verb)) return;
		const object = madeObject(decorator.callee.of, place, names);
		if (!object || !isApp(object.path)) return;
		const methods =
			verb === "api_route" || verb === "route" ? (methodsIn(argument(decorator, -1, "methods")) ?? ["GET"]) : [verb.toUpperCase()];
		for (const method of methods) add(object, pathText(argument(decorator, 0, "path"), place, names), method, decl.id, decorator);
	});
	eachCall(program, (call, place) => {
		if (call.callee.kind === "attribute" && (call.callee.name === "add_api_route" || call.callee.name === "add_route")) {
			const object = madeObject(call.callee.of, place, names);
			const handler = functionId(argument(call, 1, "endpoint"), place, names);
			if (object && isApp(object.path) && handler !== null)
				for (const method of methodsIn(argument(call, -1, "methods")) ?? ["GET"])
					add(object, pathText(argument(call, 0, "path"), place, names), method, handler, call);
			return;
		}
		if (!outsidePaths(call.callee, place, names).includes("starlette.routing.Route")) return;
		const handler = functionId(argument(call, 1, "endpoint"), place, names);
		if (handler === null) return;
		for (const method of methodsIn(argument(call, -1, "methods")) ?? ["GET"])
			found.push({
				method,
				path: joinPaths(pathText(argument(call, 0, "path"), place, names)),
				handler,
				file: call.span.file,
				line: call.span.line,
				framework: "fastapi",
			});
	});
	return found;
};

type FoundRouteSpan = { file: string; line: number };
