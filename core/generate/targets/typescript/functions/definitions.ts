import type { FFunction, FParam } from "../../../../contract/function-ir.ts";
import { code, emit, indent, plain } from "./code.ts";
import { type Code, type Frame, helper, typeText } from "./context.ts";

/** How a function takes its arguments, in the notation of the source. */
export function parametersText(params: readonly FParam[]): string {
	const made: string[] = [];
	for (const [at, param] of params.entries()) {
		const optional = param.default ? "=" : "";
		if (param.form === "rest") made.push(`*${param.name}`);
		else if (param.form === "keywords") made.push(`**${param.name}`);
		else {
			if (param.form === "keyword" && !params.slice(0, at).some((one) => one.form === "rest" || one.form === "keyword")) made.push("*");
			made.push(`${param.name}${optional}`);
		}
		if (param.form === "positional" && params[at + 1]?.form !== "positional") made.push("/");
	}
	return made.join(" ");
}

/** The parameters as they are declared; a default that is not a plain constant is evaluated once, into `before`. */
function parameterList(frame: Frame, fn: FFunction, before: string[]): string {
	const items = fn.params.map((param) => {
		const name = frame.unit.names(param.name);
		const local = fn.locals.find((one) => one.name === param.name);
		const type = typeText(frame, param.form === "rest" || param.form === "keywords" ? (local?.type ?? "any") : "any");
		if (!param.default) return `${name}: ${type}`;
		if (param.default.kind === "const") return `${name}: ${type} = ${emit(frame, param.default).text}`;
		frame.temporaries++;
		const stored = `${name}Default_${frame.temporaries}`;
		before.push(`const ${stored}: py.Value = ${plain(frame, param.default)};`);
		frame.unit.helpers.add("Value");
		return `${name}: ${type} = ${stored}`;
	});
	// A parameter with a default may stand before one without, which JavaScript fills by undefined.
	return items.join(", ");
}

function bodyLines(frame: Frame, fn: FFunction): string[] {
	if (!fn.isGenerator) return indent(frame.unit.write.body(frame, fn));
	const lines = frame.unit.write.body(frame, fn);
	frame.unit.helpers.add("Value");
	return [
		`\treturn ${helper(frame, "generator")}(`,
		"\t\t(function* (): Generator<py.Value, py.Value, py.Value> {",
		...indent(indent(indent(lines))),
		"\t\t})(),",
		"\t);",
	];
}

function docLines(comment: string): string[] {
	if (comment === "") return [];
	const lines = comment.replaceAll("*/", "* /").split("\n");
	return lines.length === 1 ? [`/** ${lines[0]} */`] : ["/**", ...lines.map((line) => ` * ${line}`.trimEnd()), " */"];
}

/** A function declaration: `before` are the defaults that are evaluated once, where the source defines it. */
export function functionLines(frame: Frame, fn: FFunction, exported: boolean): { before: string[]; lines: string[] } {
	const before: string[] = [];
	const params = parameterList(frame, fn, before);
	const head = `${exported ? "export " : ""}function ${frame.unit.names(fn.name)}(${params}): ${typeText(frame, "any")} {`;
	return { before, lines: [...docLines(fn.comment), head, ...bodyLines(frame, fn), "}"] };
}

export const qualifiedName = (frame: Frame, name: string): string =>
	frame.qualified === "" ? name : `${frame.qualified}.<locals>.${name}`;

/** The function as a value that carries how it takes its arguments. */
export function signedFunction(frame: Frame, fn: FFunction, qualified: string): { before: string[]; text: string } {
	const before: string[] = [];
	const params = parameterList(frame, fn, before);
	const body = [`(${params}): ${typeText(frame, "any")} => {`, ...bodyLines(frame, fn), "}"].join("\n");
	const signature = `${JSON.stringify(qualified)}, ${JSON.stringify(parametersText(fn.params))}`;
	return { before, text: `${helper(frame, "signature")}(${body}, ${signature})` };
}

export function emitLambda(frame: Frame, fn: FFunction): Code {
	const before: string[] = [];
	const params = parameterList(frame, fn, before);
	const [only] = fn.body;
	const lines = frame.unit.write.body(frame, fn);
	const [line = ""] = lines;
	const short = lines.length === 1 && only?.kind === "return" && !fn.isGenerator && line.startsWith("return ");
	const value = line.slice("return ".length, -1);
	const body = short ? (value.startsWith("{") ? `(${value})` : value) : `{\n${bodyLines(frame, fn).join("\n")}\n}`;
	const signature = `${JSON.stringify(qualifiedName(frame, "<lambda>"))}, ${JSON.stringify(parametersText(fn.params))}`;
	const made = `${helper(frame, "signature")}((${params}): ${typeText(frame, "any")} => ${body}, ${signature})`;
	if (before.length === 0) return code(made);
	// Defaults of a lambda are evaluated when it is made.
	return code(`(() => {\n${indent([...before, `return ${made};`]).join("\n")}\n})()`);
}

/** A declared function where a value is asked: it must carry its signature. */
export function functionValue(frame: Frame, name: string, fn: FFunction): Code {
	frame.unit.valued.add(fn);
	return code(frame.unit.names(name));
}
