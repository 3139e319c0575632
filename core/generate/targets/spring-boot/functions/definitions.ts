import type { FFunction, FParam } from "../../../../contract/function-ir.ts";
import { parametersText } from "../../typescript/functions/definitions.ts";
import { stringText } from "../code.ts";
import { code, emit, indent, plain } from "./code.ts";
import { argsName, type Code, type Frame, spell } from "./context.ts";

/** What stands for a parameter that is not given: a constant, or the variable that keeps what was evaluated once. */
export function defaultText(frame: Frame, fn: FFunction, at: number): string {
	const param = fn.params[at];
	if (param?.default?.kind === "const") return emit(frame, param.default).text;
	return frame.unit.defaults.get(fn)?.[at] ?? "null";
}

const paramType = (param: FParam): string => (param.form === "rest" ? "Tuple" : param.form === "keywords" ? "Dict" : "Object");

export function docLines(comment: string): string[] {
	if (comment === "") return [];
	const lines = comment.replaceAll("*/", "* /").replaceAll("\\", "&#92;").split("\n");
	return lines.length === 1 ? [`/** ${lines[0]} */`] : ["/**", ...lines.map((line) => ` * ${line}`.trimEnd()), " */"];
}

/** A module-level function as a static method. */
export function methodLines(frame: Frame, fn: FFunction): string[] {
	const inner = frame.unit.write.body(frame, fn, false);
	const params = fn.params.map((param) => `${paramType(param)} ${parameterName(frame, param)}`);
	const head = `public static Object ${frame.unit.names(fn.name)}(${params.join(", ")}) {`;
	return [...docLines(fn.comment), head, ...indent(inner), "}"];
}

const parameterName = (frame: Frame, param: FParam): string => frame.unit.names(param.name);

export const qualifiedName = (frame: Frame, name: string): string =>
	frame.qualified === "" ? name : `${frame.qualified}.<locals>.${name}`;

/** A module-level function as a value: one object for the whole unit. */
export function functionValue(frame: Frame, fn: FFunction): Code {
	frame.unit.valued.add(fn);
	return code(valueName(frame, fn));
}

export const valueName = (frame: Frame, fn: FFunction): string => `${frame.unit.names(fn.name)}_value`;

/** The field that holds a module-level function as a value. */
export function valueField(frame: Frame, fn: FFunction): string {
	const args = fn.params.map((param, at) => {
		const given = `args[${at}]`;
		if (paramType(param) !== "Object") return `(${paramType(param)}) ${given}`;
		return param.default ? `Func.or(${given}, ${defaultText(frame, fn, at)})` : given;
	});
	const made = `Func.of(${stringText(fn.name)}, ${stringText(parametersText(fn.params))}, args -> ${frame.unit.names(fn.name)}(${args.join(", ")}))`;
	return `private static final Func ${valueName(frame, fn)} = ${made};`;
}

/** A function inside of a function, or a lambda: what must be evaluated before it, and the value. */
export function innerFunction(frame: Frame, fn: FFunction, name: string): { before: string[]; text: string } {
	const before: string[] = [];
	const defaults = fn.params.map((param) => {
		if (!param.default) return null;
		if (param.default.kind === "const") return emit(frame, param.default).text;
		frame.counter.temporaries++;
		const stored = `${frame.unit.names(param.name)}Default_${frame.counter.temporaries}`;
		before.push(`final Object ${stored} = ${plain(frame, param.default)};`);
		return stored;
	});
	frame.unit.defaults.set(fn, defaults);
	const lines = frame.unit.write.body(frame, fn, true);
	const signature = `${stringText(qualifiedName(frame, name))}, ${stringText(parametersText(fn.params))}`;
	const [line = ""] = lines;
	const short = lines.length === 1 && line.startsWith("return ") ? line.slice("return ".length, -1) : null;
	const taken = argsName({ ...frame, depth: frame.depth + 1 });
	const args = short === null ? `${taken} -> {\n${indent(lines).join("\n")}\n}` : `${taken} -> ${short}`;
	return { before, text: `Func.of(${signature}, ${args})` };
}

export function emitLambda(frame: Frame, fn: FFunction): Code {
	const { before, text } = innerFunction(frame, fn, "<lambda>");
	if (before.length > 0) frame.hoisted.push(...before);
	return code(text);
}

/** The first lines of an inner function: its parameters out of the array. */
export function parameterLines(frame: Frame, fn: FFunction, boxed: ReadonlySet<string>): string[] {
	return fn.params.map((param, at) => {
		const given = `${argsName(frame)}[${at}]`;
		const cast = paramType(param) === "Object" ? "" : `(${paramType(param)}) `;
		const value = param.default ? `Func.or(${given}, ${defaultText(frame, fn, at)})` : `${cast}${given}`;
		const name = frame.spelled.get(param.name) ?? spell(frame, param.name);
		return boxed.has(param.name) ? `final Cell ${name} = new Cell(${value});` : `${paramType(param)} ${name} = ${value};`;
	});
}
