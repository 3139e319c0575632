// TypeScript for Node 24: a service that runs as it stands, with nothing to install. One file per legacy module, the SQL in one
// repository, and of the runtime only what is used. Not in here: which sites are exact (the caller's choices), and any I/O.
import type { Blueprint, Choices, ServiceFiles } from "../../../contract/blueprint.ts";
import { branchesOf } from "../../../contract/branches.ts";
import { type Expr, type IrFunction, visitExprs } from "../../../contract/ir.ts";
import type { Trace } from "../../../contract/plan.ts";
import { sitesOf } from "../../../contract/sites.ts";
import { mainText, portsText, writeService } from "./edge.ts";
import { writeModule } from "./functions.ts";
import { runtimeFiles } from "./helpers.ts";
import { forEachStatement } from "./locals.ts";
import { nameService, pascal, propertyKey } from "./names.ts";
import { portOperations } from "./operations/ports.ts";
import { dockerText, manifestText, openApiText, packageText, readmeText, writtenSites } from "./project.ts";
import { writeRepository } from "./repository.ts";
import { planRepository, rowHint } from "./repository-plan.ts";
import { createFileScope, type Service } from "./scope.ts";
import { traceOf } from "./trace.ts";
import { createShapes, createTypeWriter, shapeText } from "./types.ts";
import { branchFile } from "./watch.ts";

export function generateTypescript(blueprint: Blueprint, choices: Choices): ServiceFiles {
	return writeTypescript(blueprint, choices).files;
}

/** The same service, which says in a header of each answer (`X-Phoenix-Branches: 0,3,7`) which branches its request took. */
export function generateWatchedTypescript(blueprint: Blueprint, choices: Choices): ServiceFiles {
	const { files } = writeTypescript(blueprint, choices, true);
	const server = "runtime/http-server.ts";
	const text = files[server] ?? "";
	const told = text.replace(
		'"Content-Type": contentType, ',
		'"Content-Type": contentType, "X-Phoenix-Branches": $branches.takeBranches(), ',
	);
	if (told === text) throw new Error(`${server} writes no Content-Type`);
	return {
		...files,
		[server]: `${told}import * as $branches from "./branches.ts";\n`,
		...runtimeFiles([branchFile]),
	};
}

/** For each function, constant and statement of legacy, the lines of the service that say it now. */
export function traceTypescript(blueprint: Blueprint, choices: Choices): Trace[] {
	return traceOf(writeTypescript(blueprint, choices).places);
}

function writeTypescript(
	blueprint: Blueprint,
	choices: Choices,
	isWatched = false,
): { files: ServiceFiles; places: Map<string, { file: string; line: number }> } {
	const service = prepareService(blueprint, choices, isWatched);
	const files: ServiceFiles = {};
	const places = new Map<string, { file: string; line: number }>();
	const modules = new Set([...service.names.functions.values(), ...service.names.constants.values()].map(({ file }) => file));
	for (const path of [...modules].sort()) {
		const { text, marks } = writeModule(service, path);
		files[path] = text;
		for (const [expr, line] of marks) places.set(expr, { file: path, line });
	}
	files["service.ts"] = writeService(service);
	files["repository.ts"] = writeRepository(service.repository, createFileScope(service, "repository.ts"), repositoryOptions(blueprint));
	files["ports.ts"] = portsText;
	files["main.ts"] = mainText;
	if (blueprint.exceptions.length > 0) files["errors.ts"] = writeExceptions(service);
	files["records.ts"] = writeRecords(service);
	if (files["records.ts"] === "") delete files["records.ts"];
	Object.assign(files, runtimeFiles(runtimeRoots(files)));
	const sites = writtenSites(sitesOf(blueprint), choices, places);
	files["service.json"] = manifestText(blueprint, choices, sites);
	files["package.json"] = packageText(blueprint);
	files["README.md"] = readmeText(blueprint, sites);
	files["openapi.json"] = openApiText(blueprint);
	files.Dockerfile = dockerText;
	return { files: Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))), places };
}

export function prepareService(blueprint: Blueprint, choices: Choices, isWatched: boolean): Service {
	const shapes = createShapes();
	for (const statement of blueprint.statements)
		if (statement.kind === "select") shapes.nameOf({ kind: "row", columns: statement.columns }, rowHint(statement));
	return {
		blueprint,
		choices,
		shapes,
		names: nameService(blueprint),
		repository: planRepository(blueprint),
		portUsers: functionsWithPorts(blueprint.functions),
		plainObjects: plainObjects(blueprint, choices),
		constants: new Map(blueprint.constants.map(({ id, value }) => [id, value])),
		functions: new Map(blueprint.functions.map((fn) => [fn.id, fn])),
		branches: new Map(branchesOf(blueprint).map(({ id }, number) => [id, number])),
		isWatched,
	};
}

/** Functions that use a port, or call one that does. */
function functionsWithPorts(functions: IrFunction[]): Set<string> {
	const users = new Set<string>();
	for (let before = -1; before !== users.size; ) {
		before = users.size;
		for (const fn of functions)
			visitExprs(fn, (expr) => {
				if ((expr.kind === "op" && portOperations.has(expr.op)) || (expr.kind === "call" && users.has(expr.function))) users.add(fn.id);
			});
	}
	return users;
}

/** Module dictionaries that are only read by key or walked, with no walk that must keep the written order. */
function plainObjects(blueprint: Blueprint, choices: Choices): Set<string> {
	const walked = new Set<string>();
	const kept = new Set<string>();
	const keyed = new Set<Expr>();
	for (const fn of blueprint.functions)
		visitExprs(fn, (expr) => {
			if (expr.kind === "global" && expr.type.kind === "dict" && !keyed.has(expr)) kept.add(expr.constant);
			if (expr.kind !== "op" || !expr.op.startsWith("dict.")) return;
			const [dict] = expr.args;
			if (dict?.kind !== "global") return;
			keyed.add(dict);
			if (!/^dict\.(keys|values|items)$/.test(expr.op)) return;
			if (choices[expr.id] === "exact") kept.add(dict.constant);
			else walked.add(dict.constant);
		});
	const isSimple = ({ value }: Blueprint["constants"][number]) =>
		value.kind === "dict" &&
		value.type.kind === "dict" &&
		(value.type.key.kind === "int" || value.type.key.kind === "str") &&
		value.entries.every(({ key }) => key.kind === "const");
	return new Set(
		blueprint.constants.filter((constant) => isSimple(constant) && walked.has(constant.id) && !kept.has(constant.id)).map(({ id }) => id),
	);
}

function repositoryOptions(blueprint: Blueprint) {
	const found = { implicit: false, legacyErrors: false, lastRowId: false, rowCount: false };
	for (const fn of blueprint.functions) {
		visitExprs(fn, (expr) => {
			if (expr.kind !== "op") return;
			if (expr.op === "db.connect" && expr.detail?.spec === "implicit") found.implicit = true;
			if (expr.op === "db.last_row_id") found.lastRowId = true;
			if (expr.op === "db.row_count") found.rowCount = true;
		});
		forEachStatement(fn.body, (statement) => {
			if (statement.kind !== "try") return;
			for (const { exceptions, body } of statement.handlers) {
				const broad = exceptions.length === 0 || exceptions.some((id) => id === "Exception" || id === "BaseException");
				if (exceptions.some((id) => id.startsWith("sqlite3.")) || (broad && body.at(-1)?.kind !== "reraise")) found.legacyErrors = true;
			}
		});
	}
	return found;
}

function writeRecords(service: Service): string {
	const file = createFileScope(service, "records.ts");
	const writer = createTypeWriter(service.shapes, file.use, (id) => service.names.exceptions.get(id)?.name ?? "Error");
	const texts: string[] = [];
	// Writing one shape may name another.
	for (let index = 0; index < service.shapes.all().length; index++) {
		const shape = service.shapes.all()[index];
		if (shape) texts.push(shapeText(shape, writer));
	}
	if (texts.length === 0) return "";
	const imports = file.imports();
	return `${imports}${imports === "" ? "" : "\n"}${texts.join("\n")}`;
}

function writeExceptions(service: Service): string {
	const file = createFileScope(service, "errors.ts");
	const classes = service.blueprint.exceptions.map(({ id, fields, base, span }) => {
		const name = service.names.exceptions.get(id)?.name ?? pascal(id);
		const own = service.names.exceptions.get(base)?.name;
		const parent = own ?? file.use(parentOf(base));
		const types = fields.map((field, index) => fieldType(service, id, field, index));
		const declared = fields.map((field, index) => `\treadonly ${propertyKey(camelField(field))}: ${types[index]};\n`).join("");
		const params = fields.map((field, index) => `${camelField(field)}: ${types[index]}`).join(", ");
		const message = fields.length > 0 ? `[${fields.map(camelField).join(", ")}].join(" ")` : "";
		const set = fields.map((field) => `\t\tthis.${camelField(field)} = ${camelField(field)};\n`).join("");
		const build =
			fields.length > 0
				? `${declared}\n\tconstructor(${params}) {\n\t\tsuper(${own ? fields.map(camelField).join(", ") : message});\n${set}\t}\n`
				: "";
		return `/** legacy: ${span.file}:${span.line} */\nexport class ${name} extends ${parent} {${build === "" ? "" : `\n${build}`}}\n`;
	});
	return `${file.imports()}\n${classes.join("\n")}`;
}

function camelField(field: string): string {
	return field.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function parentOf(base: string): string {
	return ["ValueError", "KeyError", "LookupError", "IndexError", "ArithmeticError", "RuntimeError"].includes(base) ? base : "PyError";
}

/** What the raising places pass for a field. */
function fieldType(service: Service, id: string, field: string, index: number): string {
	const kinds = new Set<string>();
	const note = (expr: Expr | undefined) => {
		if (expr)
			kinds.add({ int: "number", float: "number", str: "string", bool: "boolean", none: "null" }[expr.type.kind as "int"] ?? "unknown");
	};
	for (const fn of service.blueprint.functions)
		forEachStatement(fn.body, (statement) => {
			if (statement.kind === "raise" && statement.exception === id) note(statement.args[index]);
		});
	return kinds.size === 0 || kinds.has("unknown") ? (field === "code" || field === "text" ? "string" : "unknown") : [...kinds].join(" | ");
}

function runtimeRoots(files: ServiceFiles): string[] {
	return Object.values(files).flatMap((text) =>
		[...text.matchAll(/from "(?:\.\.?\/)+(runtime\/[\w-]+\.ts)"/g)].map((match) => match[1] ?? ""),
	);
}
