import type { Blueprint } from "../../../contract/blueprint.ts";
import type { Type } from "../../../contract/ir.ts";
import { propertyKey } from "./names.ts";
import { createFileScope, refuse, type Service } from "./scope.ts";

/** `service.ts`: routes a request to its translated function and answers; needs no HTTP and no process of its own. */
export function writeService(service: Service): string {
	const file = createFileScope(service, "service.ts");
	const { blueprint, names } = service;
	const { response } = blueprint.interface;
	const routes = blueprint.interface.routes.map((route) => {
		const entry = service.functions.get(route.entry);
		const place = names.functions.get(route.entry);
		if (entry === undefined || place === undefined)
			return refuse({ service }, `the entry ${route.entry}, which the blueprint does not define`, spanOf(blueprint));
		const request = entry.params.map((param) => requestText(param.type, blueprint));
		const args = [...(service.portUsers.has(route.entry) ? ["ports"] : []), ...request];
		return `\t\t${JSON.stringify(`${route.method} ${route.path}`)}: (request) => ${file.from(place.file, place.name)}(${args.join(", ")}),`;
	});
	file.use("Ports");
	for (const name of ["HttpRequest", "ReadRequest", "readRequest"]) file.use(name);
	const asJson =
		response.format === "xml"
			? `\t\tif (prefersJson(request.headers.get("accept") ?? "")) return { status, contentType: json, body: xmlToJson(text) };\n`
			: "";
	if (asJson !== "") for (const name of ["prefersJson", "xmlToJson"]) file.use(name);
	file.from("repository.ts", "createRepository");
	file.use("Answer");
	return `import type { DatabaseSync } from "node:sqlite";
${file.imports()}
const json = "application/json; charset=utf-8";
const status = ${response.status};
const contentType = ${JSON.stringify(response.contentType)};

/** What the service needs from outside: its database, a clock in milliseconds since the epoch, and a random source. */
export type Outside = {
	database: DatabaseSync;
	now(): number;
	tokenHex(bytes: number): string;
	/** Told of each failure that is a bug. */
	onFailure?(error: unknown): void;
};

/** Answers requests one at a time, each from start to end. */
export function createService({ database, now, tokenHex, onFailure }: Outside) {
	const ports: Ports = { repository: createRepository(database), now, tokenHex };
	const routes: Record<string, (request: ReadRequest) => string> = {
${routes.join("\n")}
	};

	function answer(request: ReadRequest): Answer {
		const route = routes[\`\${request.method} \${request.path}\`];
		if (route === undefined) return { status: 404, contentType: json, body: JSON.stringify({ code: "NOT_FOUND" }) };
		const text = route(request);
${asJson}		return { status, contentType, body: text };
	}

	return {
		handle(request: HttpRequest): Answer {
			try {
				return answer(readRequest(request));
			} catch (error) {
				onFailure?.(error);
				return { status: 500, contentType: json, body: JSON.stringify({ code: "INTERNAL" }) };
			} finally {
				if (database.isTransaction) database.exec("ROLLBACK");
			}
		},
	};
}
`;
}

function spanOf(blueprint: Blueprint) {
	return blueprint.functions[0]?.span ?? { file: blueprint.source.root, line: 1, column: 1, endLine: 1, endColumn: 1 };
}

/** The legacy program's request, built from what came over the line. */
function requestText(type: Type, blueprint: Blueprint): string {
	if (type.kind === "dict") return "request.params";
	if (type.kind !== "record") return "request.path";
	const fields = type.fields.map((field) => `${propertyKey(field.name)}: ${fieldText(field.name, field.type, blueprint)}`);
	return type.fields.every((field) => ["method", "path", "params", "headers"].includes(field.name))
		? "request"
		: `{ ${fields.join(", ")} }`;
}

function fieldText(name: string, type: Type, blueprint: Blueprint): string {
	if (type.kind === "dict") return name.includes("header") ? "request.headers" : "request.params";
	if (name === "method" || name === "path") return `request.${name}`;
	const input = blueprint.interface.request.find((item) => item.name === name);
	const source = input?.in === "header" ? "headers" : "params";
	const missing =
		input?.default === null || input === undefined ? (type.kind === "optional" ? "null" : '""') : JSON.stringify(input.default);
	return `request.${source}.get(${JSON.stringify(source === "headers" ? name.toLowerCase() : name)}) ?? ${missing}`;
}

/** `ports.ts` */
export const portsText = `import type { Repository } from "./repository.ts";

/** Everything a translated function reaches outside itself. */
export type Ports = {
	repository: Repository;
	/** Milliseconds since the epoch, with fractions. */
	now(): number;
	/** Random bytes as hexadecimal digits. */
	tokenHex(bytes: number): string;
};
`;

/** `main.ts` */
export const mainText = `import { randomBytes } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { watchCommits } from "./runtime/commits.ts";
import { type Answer, startHttpServer } from "./runtime/http-server.ts";
import { createService } from "./service.ts";
import manifest from "./service.json" with { type: "json" };

// PORT 0 takes a free one. In shadow mode the caller may pin the clock of a request, and losing the last commits is harmless.
const { PORT = "0", HOST = "127.0.0.1", DATABASE, PHOENIX_MODE = "live" } = process.env;
if (!DATABASE) throw new Error("DATABASE must name the SQLite file");
const isShadow = PHOENIX_MODE === "shadow";

const database = new DatabaseSync(DATABASE);
database.exec(\`PRAGMA busy_timeout = 30000; PRAGMA synchronous = \${isShadow ? "OFF" : "NORMAL"}\`);

const commits = watchCommits(DATABASE);

let pinned: number | null = null;
let hasFailed = false;
const service = createService({
	database,
	now: () => pinned ?? performance.timeOrigin + performance.now(),
	tokenHex: (bytes) => randomBytes(bytes).toString("hex"),
	onFailure(error) {
		hasFailed = true;
		console.error(error);
	},
});

const server = await startHttpServer(HOST, Number(PORT), (request): Answer => {
	if (request.method === "GET" && request.target === "/healthz") {
		const body = JSON.stringify({ status: "ok", blueprint: manifest.blueprint, version: manifest.version });
		return { status: 200, contentType: "application/json; charset=utf-8", body };
	}
	const clock = isShadow ? request.headers.find(([name]) => name.toLowerCase() === "x-phoenix-clock")?.[1] : undefined;
	pinned = clock !== undefined && Number.isFinite(Number(clock)) ? Number(clock) : null;
	hasFailed = false;
	const before = commits.count();
	const answer = service.handle(request);
	// Whoever asked may have legacy answer instead when nothing was changed.
	return hasFailed && commits.count() === before ? { ...answer, effects: "none" } : answer;
});
for (const signal of ["SIGTERM", "SIGINT"] as const) {
	process.once(signal, async () => {
		await server.stop();
		commits.close();
		database.close();
		process.exit(0);
	});
}
console.log(JSON.stringify({ listening: server.port }));
`;
