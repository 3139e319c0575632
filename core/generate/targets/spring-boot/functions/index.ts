// A FunctionUnit as Java 17: one class with the functions, the part of the runtime that they use, and a runner. Pure: texts in, texts out.
// What has no exact spelling is listed in `unsupported`; then no files are made.
import type { FExpr, FFunction, FStmt, FunctionUnit, Unexpressed } from "../../../../contract/function-ir.ts";
import { bindings } from "../../typescript/functions/declarations.ts";
import { moduleNames } from "../../typescript/functions/index.ts";
import { indent, plain } from "./code.ts";
import type { Frame, UnitContext } from "./context.ts";
import { methodLines, valueField, valueName } from "./definitions.ts";
import { writeExpression, writeTest } from "./expressions.ts";
import { className, createNames } from "./names.ts";
import { projectFiles } from "./project.ts";
import { runtimeClassNames } from "./runtime-members.ts";
import { emitStatement, writeBody } from "./statements.ts";

export function generateJavaFunctions(unit: FunctionUnit): { files: Record<string, string>; unsupported: Unexpressed[] } {
	if (unit.unsupported.length > 0) return { files: {}, unsupported: unit.unsupported };
	const counts = bindings(unit.body);
	const functions = new Map(
		unit.body.flatMap((stmt): [string, FFunction][] =>
			stmt.kind === "function" && counts.get(stmt.fn.name) === 1 ? [[stmt.fn.name, stmt.fn]] : [],
		),
	);
	const home = className(unit.entry, runtimeClassNames);
	const context: UnitContext = {
		entry: unit.entry,
		home,
		sumsCompensated: Number(unit.source.dialect.split(".")[1] ?? 0) >= 12,
		values: new Map(),
		methods: new Set(),
		types: new Set(),
		names: createNames([...runtimeClassNames, home, "Dispatch"]),
		functions,
		valued: new Set(),
		defaults: new Map(),
		unsupported: [],
		write: { expression: writeExpression, test: writeTest, body: writeBody },
	};
	const frame = moduleFrame(context, unit.body);
	const entry = functions.get(unit.entry);
	if (entry) context.valued.add(entry);
	const made = moduleLines(frame, unit.body);
	if (context.unsupported.length > 0) return { files: {}, unsupported: context.unsupported };
	const source = classText(home, made, unit.source.file);
	const value = entry ? valueName(frame, entry) : context.names(unit.entry);
	return { files: { [`src/main/java/translated/${home}.java`]: source, ...projectFiles(unit, context, source, value) }, unsupported: [] };
}

type Members = { values: string[]; fields: string[]; statics: string[]; methods: string[][] };

/** Functions become methods, everything else runs once, in the order of the source. */
function moduleLines(frame: Frame, body: readonly FStmt[]): Members {
	const { unit } = frame;
	const [fields, statics, methods]: [string[], string[], string[][]] = [[], [], []];
	for (const name of moduleNames(body)) if (!unit.functions.has(name)) fields.push(`static Object ${unit.names(name)};`);
	for (const stmt of body) {
		const fn = stmt.kind === "function" && unit.functions.get(stmt.fn.name) === stmt.fn ? stmt.fn : null;
		if (fn === null) {
			statics.push(...emitStatement(frame, stmt));
			continue;
		}
		const defaults = fn.params.map((param) => {
			if (!param.default || param.default.kind === "const") return null;
			const name = `${unit.names(fn.name)}_${unit.names(param.name)}Default`;
			fields.push(`private static final Object ${name};`);
			statics.push(`${name} = ${plain(frame, param.default as FExpr)};`);
			return name;
		});
		unit.defaults.set(fn, defaults);
	}
	for (const fn of unit.functions.values()) methods.push(methodLines(frame, fn));
	const values = [...unit.valued].map((fn) => valueField(frame, fn).replace(/^private /, fn.name === unit.entry ? "public " : "private "));
	return { values, fields, statics: [...frame.hoisted, ...statics], methods };
}

function classText(home: string, { values, fields, statics, methods }: Members, file: string): string {
	const members = [
		[...fields, ...values],
		...(statics.length > 0 ? [["static {", ...indent(statics), "}"]] : []),
		[`private ${home}() {}`],
		...methods,
	].filter((lines) => lines.length > 0);
	const body = members.map((lines) => indent(lines).join("\n")).join("\n\n");
	const needs = (name: string) => new RegExp(`\\b${name}\\b`).test(body);
	const imports = [
		...(needs("BigInteger") ? ["import java.math.BigInteger;"] : []),
		...(needs("ArrayList") ? ["import java.util.ArrayList;"] : []),
		...[...runtimeClassNames, "Dispatch"].sort().flatMap((name) => (needs(name) ? [`import python.${name};`] : [])),
	];
	return `package translated;\n\n${imports.join("\n")}\n\n/** Translated from ${file}. */\npublic final class ${home} {\n${body}\n}\n`;
}

function moduleFrame(unit: UnitContext, body: readonly FStmt[]): Frame {
	return {
		unit,
		parent: null,
		fn: null,
		types: new Map([...moduleNames(body)].map((name) => [name, "any"])),
		spelled: new Map(),
		unbound: new Set(),
		boxed: new Set(),
		declaredAt: new Map(),
		depth: 0,
		counter: { temporaries: 0 },
		hoisted: [],
		qualified: "",
		handling: null,
		breaking: null,
	};
}
