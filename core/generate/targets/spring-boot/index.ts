// Java 17 with Spring Boot 3 as a Maven project: controller, one class per legacy module, one repository method per statement, row
// records, JPA entities that a generated test holds against the old schema, and of the runtime only the classes that are named.
// A draft uses Java's own spelling only where that computes what TypeScript's does (`drafts.ts`); every other site is exact.
import type { Blueprint, Choices, ServiceFiles } from "../../../contract/blueprint.ts";
import { entryId, handlersOf } from "../../../contract/branches.ts";
import { type IrFunction, visitExprs } from "../../../contract/ir.ts";
import type { Trace } from "../../../contract/plan.ts";
import { sitesOf } from "../../../contract/sites.ts";
import { prepareService } from "../typescript/index.ts";
import { planLocals } from "../typescript/locals.ts";
import { manifestText, writtenSites } from "../typescript/project.ts";
import { createRanges } from "../typescript/ranges.ts";
import { refuse } from "../typescript/scope.ts";
import { traceOf } from "../typescript/trace.ts";
import type { JavaScope } from "./code.ts";
import { isDrafted } from "./drafts.ts";
import { applicationText, controllerText, portsText, propertiesText, wireText } from "./edge.ts";
import { entityFiles } from "./entities.ts";
import { write } from "./expressions.ts";
import { placed } from "./places.ts";
import { dockerText, pomText, readmeText } from "./project.ts";
import { repositoryText, rowText } from "./repository.ts";
import { runtimeClasses } from "./runtime-java.ts";
import { canComplete, indented, writeBlock } from "./statements.ts";
import { traced } from "./trace.ts";
import { classOf, type JavaService, javaName, typeText } from "./types.ts";
import { branchClass, branchesText, tookBranch } from "./watch.ts";

const root = "src/main/java/service";

export function generateSpringBoot(blueprint: Blueprint, choices: Choices): ServiceFiles {
	return writeSpringBoot(blueprint, choices, false).files;
}

/** The same service, which says in a header of each answer (`X-Phoenix-Branches: 0,3,7`) which branches its request took. */
export function generateWatchedSpringBoot(blueprint: Blueprint, choices: Choices): ServiceFiles {
	return writeSpringBoot(blueprint, choices, true).files;
}

/** For each function, constant and statement of legacy, the lines of the service that say it now. */
export function traceSpringBoot(blueprint: Blueprint, choices: Choices): Trace[] {
	return traceOf(writeSpringBoot(blueprint, choices, false).places);
}

function writeSpringBoot(
	blueprint: Blueprint,
	chosen: Choices,
	isWatched: boolean,
): { files: ServiceFiles; places: Map<string, { file: string; line: number }> } {
	const choices: Choices = { ...undraftedChoices(blueprint), ...chosen };
	const service = prepareService(blueprint, choices, isWatched);
	const java: JavaService = { service, names: service.names, shapes: service.shapes, repository: service.repository };
	const classes: Record<string, string> = {};
	const modules = new Set([...service.names.functions.values(), ...service.names.constants.values()].map(({ file }) => file));
	for (const file of [...modules].sort()) classes[classOf(file)] = moduleText(file, java);
	for (const exception of blueprint.exceptions) {
		const name = service.names.exceptions.get(exception.id)?.name ?? "";
		classes[name] = exceptionText(exception, name, java);
	}
	classes.Application = applicationText;
	classes.ServiceController = isWatched ? tellingBranches(controllerText(java)) : controllerText(java);
	classes.Ports = portsText;
	classes.Wire = wireText;
	classes.Repository = repositoryText(java);
	for (const { name, shape } of service.shapes.all()) if (shape.kind === "row") classes[name] = rowText(name, shape, java);
	const files: ServiceFiles = {};
	const places = new Map<string, { file: string; line: number }>();
	const used = usedRuntime(Object.values(classes));
	for (const [name, text] of [...Object.entries(classes), ...used.map((one) => [one, runtimeClasses[one] ?? ""] as const)])
		addClass(name, text);
	if (isWatched) addClass(branchClass, branchesText);
	Object.assign(files, entityFiles(blueprint, java));
	files["src/main/resources/application.properties"] = propertiesText;
	files["src/main/resources/service.json"] = manifestText(blueprint, choices, writtenSites(sitesOf(blueprint), choices, places));
	files["service.json"] = files["src/main/resources/service.json"];
	files["pom.xml"] = pomText(blueprint);
	files["README.md"] = readmeText(blueprint);
	files.Dockerfile = dockerText;
	return { files: Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))), places };

	function addClass(name: string, marked: string): void {
		const file = `${root}/${name}.java`;
		const { text, lines } = placed(`package service;\n\n${withImports(marked)}`);
		files[file] = text;
		for (const [mark, line] of lines) places.set(mark, { file, line });
	}
}

/** Sites that this target always writes exactly. */
export function undraftedChoices(blueprint: Blueprint): Choices {
	const drafted = new Set<string>();
	for (const fn of blueprint.functions)
		visitExprs(fn, (expr) => {
			if (isDrafted(expr)) drafted.add(expr.id);
		});
	return Object.fromEntries(
		sitesOf(blueprint)
			.filter(({ expr }) => !drafted.has(expr))
			.map(({ expr }) => [expr, "exact" as const]),
	);
}

/** Set on the thread that has served the request, before the answer leaves. */
function tellingBranches(controller: string): string {
	const head = '\t\tresponse.setHeader("Content-Type", answer.contentType());\n';
	const told = controller.replace(head, `${head}\t\tresponse.setHeader("X-Phoenix-Branches", ${branchClass}.take());\n`);
	if (told === controller) throw new Error("the controller sets no Content-Type");
	return told;
}

function usedRuntime(texts: string[]): string[] {
	const used = new Set<string>();
	for (let waiting = texts; waiting.length > 0; ) {
		const found = Object.keys(runtimeClasses).filter((name) => !used.has(name) && waiting.some((text) => text.includes(`${name}.`)));
		for (const name of found) used.add(name);
		waiting = found.map((name) => runtimeClasses[name] ?? "");
	}
	return [...used].sort();
}

const imports: [RegExp, string][] = [
	[/\bBigDecimal\b/, "java.math.BigDecimal"],
	[/\bRoundingMode\b/, "java.math.RoundingMode"],
	[/\bLocalDate\b/, "java.time.LocalDate"],
	[/\bLocalDateTime\b/, "java.time.LocalDateTime"],
	[/\bYear\./, "java.time.Year"],
	[/\bChronoUnit\b/, "java.time.temporal.ChronoUnit"],
	[/\bArrayList\b/, "java.util.ArrayList"],
	[/\bLinkedHashMap\b/, "java.util.LinkedHashMap"],
	[/\bList[<.]/, "java.util.List"],
	[/\bLocale\./, "java.util.Locale"],
	[/\bMap[<.]/, "java.util.Map"],
	[/\bObjects\./, "java.util.Objects"],
];

function withImports(text: string): string {
	const code = text.replace(/"(?:\\.|[^"\\])*"|\/\*[\s\S]*?\*\//g, "");
	const needed = imports.filter(([sign, name]) => sign.test(code) && !text.includes(`import ${name};`));
	const lines = needed.map(([, name]) => `import ${name};\n`).join("");
	return lines === "" ? text : `${lines}${text.startsWith("import ") ? "" : "\n"}${text}`;
}

function moduleText(file: string, java: JavaService): string {
	const { blueprint } = java.service;
	const isHere = (place: { file: string } | undefined) => place?.file === file;
	const constants = blueprint.constants.filter(({ id }) => isHere(java.names.constants.get(id)));
	const functions = blueprint.functions.filter(({ id }) => isHere(java.names.functions.get(id)));
	const sources = [...new Set([...constants, ...functions].map(({ span }) => span.file))].join(", ");
	const fields = constants.map(({ id, value, span }) => {
		const name = java.names.constants.get(id)?.name ?? "";
		const fn: IrFunction = { id: blueprint.unit, params: [], returns: value.type, body: [], span, comment: "" };
		const text = write(value, scopeOf(fn, java, classOf(file))).text;
		return traced(id, { span }, [`static final ${typeText(value.type, java, span, name)} ${name} = ${text};`]).join("");
	});
	const sorted = [...functions].sort((a, b) => a.span.line - b.span.line);
	const name = classOf(file);
	const members = [
		...(fields.length > 0 ? [fields] : []),
		[`private ${name}() {}`],
		...sorted.map((fn) => methodLines(fn, java, classOf(file))),
	];
	const body = members.map((lines) => indented(lines).join("\n")).join("\n\n");
	return `/** Translated from ${sources}. The comments are those of the original. */\nfinal class ${name} {\n${body}\n}\n`;
}

function scopeOf(fn: IrFunction, java: JavaService, home: string): JavaScope & { fn: IrFunction } {
	const rangeOf = createRanges(
		fn,
		(id) => java.service.constants.get(id),
		(id) => java.service.functions.get(id),
	);
	return { ...java, fn, home, rangeOf, caught: [], renamed: new Map(), handlers: handlersOf(fn) };
}

function methodLines(fn: IrFunction, java: JavaService, home: string): string[] {
	const scope = scopeOf(fn, java, home);
	const params = fn.params.map(({ name, type }) => `${typeText(type, java, fn.span, name)} ${javaName(name)}`);
	if (java.service.portUsers.has(fn.id)) params.unshift("Ports ports");
	const name = javaName(java.names.functions.get(fn.id)?.name ?? "");
	const returns = fn.returns.kind === "none" ? "void" : typeText(fn.returns, java, fn.span, name);
	const body = tookBranch(entryId(fn.id), writeBlock(fn.body, { scope, locals: planLocals(fn) }), scope);
	if (fn.returns.kind !== "none" && canComplete(fn.body)) body.push("return null;");
	if (fn.returns.kind !== "none" && canComplete(fn.body) && fn.returns.kind !== "optional")
		refuse(scope, "a function that may end without its value, in Java", fn.span);
	const head = `static ${returns} ${name}(${params.join(", ")}) {`;
	const lines = head.length <= 130 ? [head] : [`static ${returns} ${name}(`, ...indented([params.join(",\n")]), ") {"];
	return traced(fn.id, fn, [...comment(fn), ...lines, ...indented(body), "}"]);
}

function comment(fn: IrFunction): string[] {
	const where = `legacy: ${fn.span.file}:${fn.span.line}`;
	const words = fn.comment.trim().replaceAll("*/", "* /").replaceAll("\\", "&#92;");
	if (words === "") return [`/** ${where} */`];
	return ["/**", ...[...words.split("\n"), where].map((text) => ` * ${text}`.trimEnd()), " */"];
}

function exceptionText({ id, fields, base, span }: Blueprint["exceptions"][number], name: string, java: JavaService): string {
	if (base !== "Exception") refuse(java, `the exception ${id}, which derives from ${base}, in Java`, span);
	const params = fields.map((field) => `String ${javaName(field)}`).join(", ");
	const message = fields.length === 0 ? '""' : fields.map(javaName).join(' + " " + ');
	const set = fields.map((field) => `\t\tthis.${javaName(field)} = ${javaName(field)};\n`).join("");
	const declared = fields.map((field) => `\tpublic final String ${javaName(field)};\n`).join("");
	const head = `/** legacy: ${span.file}:${span.line} */\npublic class ${name} extends Errors.PyError {\n${declared}`;
	return `${head}\n\tpublic ${name}(${params}) {\n\t\tsuper(${message});\n${set}\t}\n}\n`;
}
