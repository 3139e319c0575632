// A FunctionUnit as TypeScript that runs on Node 24: one module with the functions, the part of the runtime that they use, and a runner.
// Pure: texts in, texts out. What has no exact spelling is listed in `unsupported`; then no files are made.
import type { FFunction, FStmt, FunctionUnit, Unexpressed } from "../../../../contract/function-ir.ts";
import type { Frame, UnitContext } from "./context.ts";
import { typeText } from "./context.ts";
import { bindings, unboundNames } from "./declarations.ts";
import { writeExpression, writeTest } from "./expressions.ts";
import { createNames } from "./names.ts";
import { projectFiles } from "./project.ts";
import { emitStatement, writeBody } from "./statements.ts";

export function generateFunctions(unit: FunctionUnit): { files: Record<string, string>; unsupported: Unexpressed[] } {
	if (unit.unsupported.length > 0) return { files: {}, unsupported: unit.unsupported };
	const counts = bindings(unit.body);
	const context: UnitContext = {
		entry: unit.entry,
		sumsCompensated: Number(unit.source.dialect.split(".")[1] ?? 0) >= 12,
		helpers: new Set(["call"]),
		values: new Map(),
		methods: new Set(),
		needsDispatch: { callMethod: false, attribute: false },
		types: new Set(),
		names: createNames(),
		functions: new Map(
			unit.body.flatMap((stmt): [string, FFunction][] =>
				stmt.kind === "function" && counts.get(stmt.fn.name) === 1 ? [[stmt.fn.name, stmt.fn]] : [],
			),
		),
		valued: new Set(),
		signatures: new Map(),
		unsupported: [],
		write: { expression: writeExpression, test: writeTest, body: writeBody },
	};
	const frame = moduleFrame(context, unit.body);
	const entry = context.functions.get(unit.entry);
	if (entry) context.valued.add(entry);
	const body = unit.body.flatMap((stmt) => emitStatement(frame, stmt));
	const variables = [...moduleNames(unit.body)]
		.filter((name) => !context.functions.has(name))
		.map((name) => `let ${context.names(name)}${frame.unbound.has(name) ? "" : "!"}: ${typeText(frame, frame.types.get(name) ?? "any")};`);
	const spelled = context.names(unit.entry);
	const isPlain = entry !== undefined && spelled === unit.entry;
	const renamed = isPlain ? [] : [`export { ${spelled === unit.entry ? spelled : `${spelled} as ${unit.entry}`} };`];
	const lines = [...variables, ...frame.hoisted, ...body, ...renamed].flatMap((line) => line.split("\n"));
	const kept = lines.filter((line) => {
		const fn = context.signatures.get(line.trim());
		return fn === undefined || context.valued.has(fn);
	});
	if (context.unsupported.length > 0) return { files: {}, unsupported: context.unsupported };
	const text = kept.join("\n");
	for (const [, name = ""] of text.matchAll(/\bpy\.(\w+)/g)) context.helpers.add(name);
	for (const name of context.helpers)
		if (!text.includes(`py.${name}`) || context.values.has(name) || name === "callMethod" || name === "attribute") drop(context, name);
	const module = moduleName(unit.entry);
	const source = `import * as py from "./python.ts";\n\n${spaced(text.split("\n")).join("\n")}\n`;
	return { files: { [`${module}.ts`]: source, ...projectFiles(unit, context, module) }, unsupported: [] };
}

/** Builtins that are values are made in `dispatch.ts`: the module itself does not use what they are made of. */
function drop(context: UnitContext, name: string): void {
	const inValues = [...context.values.values()].some((text) => new RegExp(`\\b${name}\\b`).test(text));
	if (!inValues || context.values.has(name)) context.helpers.delete(name);
}

export const moduleName = (entry: string): string =>
	entry
		.replace(/([a-z0-9])([A-Z])/g, "$1-$2")
		.replace(/_+/g, "-")
		.replace(/^-|-$/g, "")
		.toLowerCase() || "function";

function moduleFrame(unit: UnitContext, body: readonly FStmt[]): Frame {
	return {
		unit,
		parent: null,
		fn: null,
		types: new Map([...moduleNames(body)].map((name) => [name, "any"])),
		unbound: unboundNames(body),
		declaredAt: new Map(),
		declared: new Map(),
		temporaries: 0,
		hoisted: [],
		qualified: "",
		handling: null,
		breaking: null,
		isGenerator: false,
	};
}

/** Everything that is bound as a name of the module, also from inside of functions. */
export function moduleNames(body: readonly FStmt[]): Set<string> {
	const names = new Set<string>();
	const visit = (part: unknown, top: boolean): void => {
		if (Array.isArray(part)) for (const one of part) visit(one, top);
		else if (part !== null && typeof part === "object") {
			const node = part as { kind?: string; name?: string; scope?: string; fn?: FFunction };
			const isTarget = (node.kind === "name" && !("type" in node)) || node.kind === "assigned";
			if (isTarget && node.name !== undefined && (node.scope === "module" || (top && node.scope === "local"))) names.add(node.name);
			if (top && node.kind === "function" && node.fn) names.add(node.fn.name);
			if (top && node.kind === "class" && node.name !== undefined) names.add(node.name);
			if (top && "types" in node && "body" in node && typeof node.name === "string") names.add(node.name);
			const inner =
				node.kind === "function" || node.kind === "lambda" || node.kind === "comprehension" || ("params" in node && "locals" in node);
			for (const [key, value] of Object.entries(part)) if (key !== "span" && key !== "locals") visit(value, top && !inner);
		}
	};
	visit(body, true);
	return names;
}

/** A blank line around each function of the module. */
function spaced(lines: readonly string[]): string[] {
	return lines.flatMap((line, at) => {
		const starts =
			/^(export )?function |^\/\*\*|^\w.* = py\.(signature|defineClass)\(/.test(line) && !/^( \*|\/\*\*)/.test(lines[at - 1] ?? "");
		const opens = at > 0 && starts && lines[at - 1] !== "" && !(lines[at - 1] ?? "").startsWith("import");
		return opens ? ["", line] : [line];
	});
}
