import { entryId } from "../../../contract/branches.ts";
import { type Expr, type IrFunction, visitExprs } from "../../../contract/ir.ts";
import { brokenList, type Code, literal, primary } from "./code.ts";
import { write } from "./expressions.ts";
import { braces, type Doc, group, hard, join, listed, print } from "./layout.ts";
import { forEachStatement, planLocals } from "./locals.ts";
import { createRanges } from "./ranges.ts";
import { createFileScope, createFunctionScope, type FileScope, type FunctionScope, type Service } from "./scope.ts";
import { writeBlock } from "./statements.ts";
import { traced } from "./trace.ts";
import { branchFile, opened, tookBranch } from "./watch.ts";

export type WrittenFile = { text: string; marks: Map<string, number> };

/** One file of `service/`: the constants and functions of one legacy module, in their old order. */
export function writeModule(service: Service, path: string): WrittenFile {
	const file = createFileScope(service, path);
	const { blueprint, names } = service;
	const constants = blueprint.constants.filter(({ id }) => names.constants.get(id)?.file === path);
	const functions = blueprint.functions.filter(({ id }) => names.functions.get(id)?.file === path);
	const docs: { line: number; doc: Doc }[] = [
		...constants.map((constant) => ({ line: constant.span.line, doc: writeConstant(constant, file) })),
		...functions.map((fn) => ({ line: fn.span.line, doc: writeFunction(fn, file) })),
	];
	docs.sort((a, b) => a.line - b.line);
	const { text, marks } = print(
		join(
			docs.map(({ doc }) => doc),
			[hard, hard],
		),
		{ cuts: service.isWatched },
	);
	const sources = [...new Set([...constants, ...functions].map(({ span }) => span.file))];
	const head = `// Translated from ${sources.join(", ")}. The comments are those of the original.\n`;
	const imports = file.imports();
	const before = `${head}${imports}\n`;
	const offset = before.split("\n").length - 1;
	// At the end, so that every line keeps its number.
	const after = text.includes("$branches.") && service.isWatched ? `${file.importAll(branchFile, "$branches")}` : "";
	return { text: `${before}${tightenConstants(text)}\n${after}`, marks: shifted(text, marks, offset) };
}

/** Constants stand in a block, without blank lines between them. */
function tightenConstants(text: string): string {
	return text.replace(/^(export const .*;)\n\n(?=export const [^\n]*;$)/gm, "$1\n");
}

/** Lines of the marks in the tightened text. */
function shifted(text: string, marks: Map<string, number>, offset: number): Map<string, number> {
	const before = text.split("\n");
	const after = tightenConstants(text).split("\n");
	const moved: number[] = [];
	for (let i = 0, j = 0; i < before.length; i++) {
		moved.push(j + 1);
		if (before[i] === after[j]) j++;
	}
	return new Map([...marks].map(([id, row]) => [id, (moved[row - 1] ?? row) + offset]));
}

function writeConstant({ id, value, span }: Service["blueprint"]["constants"][number], file: FileScope): Doc {
	const name = file.service.names.constants.get(id)?.name ?? id;
	const scope = constantScope(file, value, span);
	const plain = file.service.plainObjects.has(id) && value.kind === "dict" ? plainObject(value, scope) : null;
	const code = plain ?? write(value, scope);
	const type = value.kind === "list" || value.kind === "tuple" ? `: ${readOnly(file.typeText(value.type, name))}` : "";
	return traced(id, { span }, [[`export const ${name}${type} = `, group(code.doc), ";"]]);
}

function readOnly(type: string): string {
	return type.endsWith("[]") ? `readonly ${type}` : type;
}

/** A dictionary with constant keys, as one writes it in JavaScript. */
function plainObject(value: Extract<Expr, { kind: "dict" }>, scope: FunctionScope): Code {
	const entries = value.entries.map(({ key, value: item }): Doc => [write(key, scope).doc, ": ", write(item, scope).doc]);
	const short = entries.length <= 6 && value.entries.every(({ value: item }) => item.kind === "const");
	const type =
		value.type.kind === "dict"
			? `Record<${scope.typeText(value.type.key, "key")}, ${scope.typeText(value.type.value, "value")}>`
			: "object";
	const list = short ? listed("{", entries, "}", { kind: "line", flat: " ", forced: false }) : brokenList("{", entries, "}");
	return primary([literal(list), ` as ${type}`]);
}

function constantScope(file: FileScope, value: Expr, span: IrFunction["span"]): FunctionScope {
	const fn: IrFunction = { id: file.service.blueprint.unit, params: [], returns: value.type, body: [], span, comment: "" };
	return createFunctionScope(
		file,
		fn,
		[],
		new Set(),
		createRanges(
			fn,
			(id) => file.service.constants.get(id),
			() => undefined,
		),
	);
}

function writeFunction(fn: IrFunction, file: FileScope): Doc {
	const { service } = file;
	const place = service.names.functions.get(fn.id);
	const locals = planLocals(fn);
	const scope = createFunctionScope(
		file,
		fn,
		[...locals.names, ...innerNames(fn)],
		namesUsed(fn, service),
		createRanges(
			fn,
			(id) => service.constants.get(id),
			(id) => service.functions.get(id),
		),
	);
	const params: Doc[] = fn.params.map((param) => `${scope.local(param.name)}: ${file.typeText(param.type, hintOf(fn, param.name))}`);
	if (service.portUsers.has(fn.id)) params.unshift(`ports: ${file.use("Ports")}`);
	const returns = fn.returns.kind === "none" ? "void" : file.typeText(fn.returns, `${place?.name} result`);
	const head: Doc = [`export function ${place?.name}`, listed("(", params, ")"), `: ${returns}`];
	return traced(fn.id, fn, [
		[...comment(fn), braces(head, opened(tookBranch(entryId(fn.id), scope), writeBlock(fn.body, { scope, locals })))],
	]);
}

function hintOf(fn: IrFunction, param: string): string {
	return `${fn.id.split(".").at(-1)} ${param}`;
}

function comment(fn: IrFunction): Doc[] {
	const where = `legacy: ${fn.span.file}:${fn.span.line}`;
	const words = fn.comment.trim().replaceAll("*/", "* /");
	if (words === "") return [`/** ${where} */`, hard];
	const lines = [...words.split("\n").map((text) => text.trimEnd()), where];
	return ["/**", ...lines.flatMap((text): Doc[] => [hard, text === "" ? " *" : ` * ${text}`]), hard, " */", hard];
}

/** Names that comprehensions and lambdas bind. */
function innerNames(fn: IrFunction): string[] {
	const found = new Set<string>();
	visitExprs(fn, (expr) => {
		if (expr.kind === "lambda") for (const param of expr.params) found.add(param);
		if (expr.kind === "comprehension") for (const clause of expr.clauses) collect(clause.target, found);
	});
	const own = new Set(fn.params.map((param) => param.name));
	forEachStatement(fn.body, (statement) => {
		if (statement.kind === "assign" || statement.kind === "forEach") collect(statement.target, own);
		if (statement.kind === "forRange") own.add(statement.name);
	});
	return [...found].filter((name) => !own.has(name));
}

function collect(target: { kind: string; name?: string; items?: unknown[] }, into: Set<string>): void {
	if (target.kind === "name" && target.name !== undefined) into.add(target.name);
	for (const item of target.items ?? []) collect(item as { kind: string }, into);
}

/** Top-level names that the function uses: no local may hide them. */
function namesUsed(fn: IrFunction, service: Service): Set<string> {
	const used = new Set<string>();
	visitExprs(fn, (expr) => {
		const place =
			expr.kind === "call"
				? service.names.functions.get(expr.function)
				: expr.kind === "global"
					? service.names.constants.get(expr.constant)
					: undefined;
		if (place) used.add(place.name);
	});
	for (const { name } of service.names.exceptions.values()) used.add(name);
	return used;
}
