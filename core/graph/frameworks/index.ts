// Where requests enter a program: one file a framework and one line below. What a framework does by rules of its own (its admin pages, its
// static files) is not listed: no code of the program answers there.
import type { Names } from "../names.ts";
import type { Program } from "../program.ts";
import { bottleRoutes } from "./bottle.ts";
import { cgiRoutes } from "./cgi.ts";
import { djangoRoutes } from "./django.ts";
import { fastapiRoutes } from "./fastapi.ts";
import { flaskRoutes } from "./flask.ts";
import type { FoundRoute, RouteFinder } from "./found-route.ts";
import { httpServerRoutes } from "./http-server.ts";
import { wsgiRoutes } from "./wsgi.ts";

export type { FoundRoute } from "./found-route.ts";

const finders: readonly RouteFinder[] = [httpServerRoutes, flaskRoutes, djangoRoutes, fastapiRoutes, bottleRoutes, wsgiRoutes, cgiRoutes];

/** Every route once; two rules for the same address and verb are one, the first that the source names. */
export function routesOf(program: Program, names: Names): FoundRoute[] {
	const found = new Map<string, FoundRoute>();
	for (const find of finders)
		for (const route of find(program, names)) {
			const key = `${route.method} ${route.path}`;
			if (!found.has(key)) found.set(key, route);
		}
	return [...found.values()];
}
