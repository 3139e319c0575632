import type { Blueprint, Choices, Site } from "../../../contract/blueprint.ts";
import { kebab } from "./names.ts";

/** Where a site stands in the generated code. */
export type WrittenSite = {
	expr: string;
	op: string;
	cause: string;
	spelled: "idiom" | "exact";
	legacy: string;
	file: string;
	line: number;
};

export function manifestText(blueprint: Blueprint, choices: Choices, sites: WrittenSite[]): string {
	const exact = Object.fromEntries(
		Object.entries(choices)
			.filter(([, spelled]) => spelled === "exact")
			.sort(([a], [b]) => (a < b ? -1 : 1)),
	);
	const functions = blueprint.functions.map(({ id, span }) => ({ id, legacy: `${span.file}:${span.line}-${span.endLine}` }));
	const { routes, response, readOnly, idempotencyHeader } = blueprint.interface;
	const manifest = {
		unit: blueprint.unit,
		version: "1.0.0",
		blueprint: blueprint.hash,
		routes: routes.map(({ method, path }) => ({ method, path })),
		response,
		readOnly,
		idempotencyHeader,
		tables: blueprint.tables.map(({ name, access }) => ({ name, access })),
		functions,
		choices: exact,
		sites,
	};
	return `${JSON.stringify(manifest, null, "\t")}\n`;
}

export function packageText(blueprint: Blueprint): string {
	const manifest = {
		name: serviceName(blueprint),
		version: "1.0.0",
		private: true,
		type: "module",
		engines: { node: ">=24" },
		scripts: { start: "node main.ts", test: "node --test" },
	};
	return `${JSON.stringify(manifest, null, "\t")}\n`;
}

export function serviceName(blueprint: Blueprint): string {
	return kebab(blueprint.unit.replaceAll(".", "-"));
}

export const dockerText = `FROM node:24-slim
WORKDIR /service
COPY --chown=node:node . .
USER node
ENV PORT=8080 HOST=0.0.0.0
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=2s CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "main.ts"]
`;

export function readmeText(blueprint: Blueprint, sites: WrittenSite[]): string {
	const { routes, request, response } = blueprint.interface;
	const inputs = request.map(
		({ name, in: place, default: missing }) => `| \`${name}\` | ${place} | ${missing === null ? "" : `\`${missing}\``} |`,
	);
	const rules = blueprint.rules.map((rule) => `- ${rule.text} (${rule.span.file}:${rule.span.line})`);
	const tables = blueprint.tables.map(
		({ name, access }) => `- \`${name}\`: ${[access.read && "read", access.write && "written"].filter(Boolean).join(", ")}`,
	);
	const exact = sites.filter((site) => site.spelled === "exact").length;
	return `# ${serviceName(blueprint)}

\`${blueprint.unit}\` of the legacy system as a service of its own: ${routes.map(({ method, path }) => `\`${method} ${path}\``).join(", ")}.

\`\`\`
DATABASE=bank.db PORT=8080 node main.ts
\`\`\`

Node 24 runs it as it stands; there is nothing to install or to build. It prints \`{"listening": PORT}\`, answers \`GET /healthz\`, and on
SIGTERM finishes what is open and ends.

| variable | meaning | default |
| --- | --- | --- |
| \`DATABASE\` | path of the SQLite file | |
| \`PORT\`, \`HOST\` | where it listens; port 0 takes a free one | \`0\`, \`127.0.0.1\` |
| \`PHOENIX_MODE\` | \`live\`, or \`shadow\`: the header \`x-phoenix-clock\` pins the clock of a request | \`live\` |
| \`TZ\` | zone of its dates and times, as for the legacy system | the machine's |

Answers are \`${response.contentType}\`${response.format === "xml" ? ", or JSON for a client whose `Accept` ranks `application/json` first" : ""}.

| input | in | default |
| --- | --- | --- |
${inputs.join("\n")}

## Tables
${tables.join("\n")}

## Rules
${rules.join("\n") || "None were found beyond the calculation itself."}

## Numerics
${sites.length} places have a usual spelling that can differ from the legacy system on some inputs; ${exact} of them are written exactly as
legacy computes. \`service.json\` lists each with its line here and its line there.
`;
}

export function openApiText(blueprint: Blueprint): string {
	const { routes, request, response } = blueprint.interface;
	const type = response.contentType.split(";")[0]?.trim() ?? "text/plain";
	const parameter = (item: (typeof request)[number]) => ({
		name: item.name,
		in: item.in === "header" ? "header" : "query",
		required: false,
		schema: item.default === null ? { type: "string" } : { type: "string", default: item.default },
	});
	const headers = request.filter((item) => item.in === "header");
	const fields = request.filter((item) => item.in !== "header");
	const form = {
		content: {
			"application/x-www-form-urlencoded": {
				schema: { type: "object", properties: Object.fromEntries(fields.map((item) => [item.name, parameter(item).schema])) },
			},
		},
	};
	const answer = (content: Record<string, unknown>) => ({ description: "The answer, also for refusals: its code says which.", content });
	const operation = (method: string) => ({
		operationId: serviceName(blueprint),
		parameters: (method === "POST" ? headers : request).map(parameter),
		...(method === "POST" ? { requestBody: form } : {}),
		responses: {
			[response.status]: answer({
				[type]: { schema: { type: "string" } },
				...(response.format === "xml" ? { "application/json": { schema: { type: "object" } } } : {}),
			}),
			500: {
				description: "A fault of the service itself.",
				content: { "application/json": { schema: { type: "object", properties: { code: { type: "string" } } } } },
			},
		},
	});
	const paths: Record<string, Record<string, unknown>> = {};
	for (const { method, path } of routes) paths[path] = { ...paths[path], [method.toLowerCase()]: operation(method) };
	return `${JSON.stringify({ openapi: "3.1.0", info: { title: serviceName(blueprint), version: "1.0.0" }, paths }, null, "\t")}\n`;
}

export function writtenSites(sites: Site[], choices: Choices, places: ReadonlyMap<string, { file: string; line: number }>): WrittenSite[] {
	return sites.flatMap(({ expr, op, cause, span }) => {
		const place = places.get(expr);
		if (place === undefined) return [];
		return [{ expr, op, cause, spelled: choices[expr] ?? "idiom", legacy: `${span.file}:${span.line}`, ...place }];
	});
}
