import { join } from "node:path";
import { expect, test } from "vitest";
import { mapProject } from "./index.ts";

const routesIn = async (name: string): Promise<string[]> => {
	const { graph } = await mapProject(join(import.meta.dirname, "fixtures/routes", name));
	const unknown = graph.edges.filter((edge) => edge.kind === "route" && !graph.nodes.some((node) => node.id === edge.to));
	expect(unknown).toEqual([]);
	return graph.routes.map((route) => `${route.method} ${route.path} ${route.handler}`).sort();
};

test("[R3] [R4] [R5] Flask: decorators, rules, views as classes, blueprints under prefixes, nested and in an application's factory", async () => {
	expect(await routesIn("flask")).toEqual([
		"DELETE /cards/<number> app.Cards.delete",
		"GET / app.create_app.home",
		"GET /cards/<number> app.Cards.get",
		"GET /health app.health",
		"GET /home app.create_app.home",
		"GET /reports/<int:year> app.yearly",
		"GET /v1/accounts accounts.every",
		"POST / app.create_app.home",
		"POST /reports/inner/run app.run",
		"PUT /v1/accounts/<uuid:key> accounts.change",
	]);
});

test("[R5] [R6] [R7] Django: what the root configuration includes, views as classes and wrapped, and the routers of the REST framework", async () => {
	expect(await routesIn("django")).toEqual([
		"ANY /info/about/ shop.views.about",
		"ANY /old/(?P<year>[0-9]{4})/ shop.views.old",
		"GET / shop.views.Home.get",
		"GET /api/orders/ shop.views.Orders.get_queryset",
		"GET /api/orders/{number}/ shop.views.Orders.get_queryset",
		"GET /shop/items/<int:pk>/ shop.views.Item.form_valid",
		"POST /api/orders/{number}/cancel/ shop.views.Orders.cancel",
		"POST /shop/items/<int:pk>/ shop.views.Item.form_valid",
		"POST /shop/pay/ shop.views.pay",
	]);
});

test("[R4] FastAPI: applications and routers, one under the other", async () => {
	expect(await routesIn("fastapi")).toEqual([
		"GET / main.root",
		"GET /v2/api/items/{key} items.one",
		"POST /v2/api/echo main.echo",
		"POST /v2/api/items items.add",
		"PUT /v2/api/echo main.echo",
	]);
});

test("[R4] Bottle: the default application, instances, and what is mounted", async () => {
	expect(await routesIn("bottle")).toEqual([
		"DELETE /admin/cache web.clear",
		"GET /hello/<name> web.hello",
		"GET /ping web.ping",
		"POST /hello/<name> web.hello",
	]);
});

test("[R8] WSGI callables and CGI scripts", async () => {
	expect(await routesIn("wsgi")).toEqual([
		"ANY /balance application.balance",
		"ANY /health application.application",
		"ANY /ping application.application",
	]);
	expect(await routesIn("cgi")).toEqual(["ANY /cgi-bin/guest.py cgi-bin.guest.show"]);
});

test("[R2] a prefix that is not constant stands by its name, and no route is lost for it", async () => {
	expect(await routesIn("computed")).toEqual(["GET {settings.prefix}/rates/{currency} main.rate"]);
});
