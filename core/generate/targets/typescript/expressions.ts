import type { Clause, Constant, Expr, Target, Type } from "../../../contract/ir.ts";
import { driftOf, type OpName } from "../../../contract/ops.ts";
import { binary, brokenList, type Code, callDoc, levels, literal, primary, stringText, within } from "./code.ts";
import { type Doc, group, indent, line, listed, mark, soft } from "./layout.ts";
import { camel, isIdentifier, propertyKey } from "./names.ts";
import { spellings } from "./operations/index.ts";
import { type FunctionScope, refuse } from "./scope.ts";
import { plainType } from "./types.ts";
import { watchedItems, watchedTest } from "./watch.ts";

export function write(expr: Expr, scope: FunctionScope): Code {
	switch (expr.kind) {
		case "const":
			return constant(expr.value, expr, scope);
		case "local":
			return primary(scope.local(expr.name));
		case "global": {
			const place = scope.service.names.constants.get(expr.constant);
			if (place === undefined) return refuse(scope, `the constant ${expr.constant}, which the blueprint does not define`, expr.span);
			return primary(scope.from(place.file, place.name));
		}
		case "call":
			return writeCall(expr, scope);
		case "op":
			return writeOperation(expr, scope);
		case "logic":
			return writeLogic(expr, scope);
		case "not": {
			const of = test(expr.of, scope);
			return { doc: ["!", within(of, levels.unary)], level: levels.unary };
		}
		case "truth":
			return asBoolean(expr.of, scope);
		case "choose": {
			const [yes, no] = [write(expr.then, scope), write(expr.otherwise, scope)];
			return {
				doc: group([
					watchedTest(expr.test, within(test(expr.test, scope), levels.or), scope),
					indent([line, "? ", within(yes, levels.choice), line, ": ", within(no, levels.choice)]),
				]),
				level: levels.choice,
			};
		}
		case "list":
		case "tuple":
			return primary(
				literal(
					listed(
						"[",
						expr.items.map((item) => write(item, scope).doc),
						"]",
					),
				),
			);
		case "dict":
			return writeDict(expr, scope);
		case "comprehension":
			return writeComprehension(expr, scope);
		case "lambda":
			return {
				doc: [`(${expr.params.map(scope.local).join(", ")}) => `, within(write(expr.body, scope), levels.choice)],
				level: levels.arrow,
			};
		case "template":
			return writeTemplate(expr.parts, scope);
		case "sql": {
			const method = scope.service.repository.methodOf(expr.statement);
			if (method === undefined) return refuse(scope, `the statement ${expr.statement}, which the blueprint does not define`, expr.span);
			const connection = within(write(expr.connection, scope), levels.primary);
			return primary(
				callDoc(
					[connection, `.${method}`],
					expr.params.map((param) => write(param, scope).doc),
				),
			);
		}
		case "column":
			return member(write(expr.row, scope), expr.name);
		case "field":
			return member(write(expr.record, scope), expr.name);
		case "exceptionField":
			return member(write(expr.exception, scope), camel(expr.name));
	}
}

/** As the condition of a test, where JavaScript's own truthiness may do the work. */
export function test(expr: Expr, scope: FunctionScope): Code {
	if (expr.kind === "truth")
		return hasSameTruth(expr.of.type) && expr.of.type.kind !== "int" ? write(expr.of, scope) : asBoolean(expr.of, scope);
	if (expr.kind === "logic") {
		const [sign, level] = expr.op === "and" ? (["&&", levels.and] as const) : (["||", levels.or] as const);
		if (expr.type.kind === "bool") return binary(test(expr.left, scope), sign, test(expr.right, scope), level);
	}
	if (expr.type.kind === "bool") return write(expr, scope);
	return asBoolean(expr, scope);
}

/** Fits a value to the type that a parameter or variable declares. */
export function fitted(expr: Expr, wanted: Type, scope: FunctionScope): Doc {
	const code = write(expr, scope);
	if (wanted.kind === "dict" && expr.type.kind === "record") return ["new Map(Object.entries(", code.doc, "))"];
	return code.doc;
}

function asBoolean(of: Expr, scope: FunctionScope): Code {
	const code = write(of, scope);
	const type = of.type;
	switch (type.kind) {
		case "bool":
			return code;
		case "int":
		case "float":
			return { doc: [within(code, levels.equality), " !== 0"], level: levels.equality };
		case "str":
			return { doc: [within(code, levels.equality), ' !== ""'], level: levels.equality };
		case "list":
		case "tuple":
			return { doc: [within(code, levels.primary), ".length > 0"], level: levels.relation };
		case "dict":
			return { doc: [within(code, levels.primary), ".size > 0"], level: levels.relation };
		case "row":
		case "record":
		case "connection":
		case "exception":
		case "date":
		case "datetime":
			return primary("true");
		case "none":
			return primary("false");
		case "optional":
			if (isAlwaysTrue(type.of)) return { doc: [within(code, levels.equality), " !== null"], level: levels.equality };
			if (hasSameTruth(type)) return primary(callDoc("Boolean", [code.doc]));
			return refuse(scope, `the truth of a value that may be none (${plainType(type).kind})`, of.span);
		case "bytes":
		case "any":
			return refuse(scope, `the truth of a value of type ${type.kind}`, of.span);
	}
}

/** Types whose truth is the same in both languages. */
function hasSameTruth(type: Type): boolean {
	if (type.kind === "optional") return hasSameTruth(type.of) || (isAlwaysTrue(type.of) && type.of.kind !== "date");
	return type.kind === "bool" || type.kind === "str" || type.kind === "int" || type.kind === "none";
}

function isAlwaysTrue(type: Type): boolean {
	return ["row", "record", "connection", "exception", "date", "datetime"].includes(type.kind);
}

function writeLogic(expr: Extract<Expr, { kind: "logic" }>, scope: FunctionScope): Code {
	const [sign, level] = expr.op === "and" ? (["&&", levels.and] as const) : (["||", levels.or] as const);
	if (expr.type.kind === "bool" && expr.left.type.kind === "bool")
		return binary(test(expr.left, scope), sign, test(expr.right, scope), level);
	if (hasSameTruth(expr.left.type)) {
		const first = write(expr.left, scope);
		return binary({ ...first, doc: watchedTest(expr.left, first.doc, scope) }, sign, write(expr.right, scope), level);
	}
	if (expr.left.kind !== "local" && expr.left.kind !== "column")
		return refuse(scope, `"${expr.op}" on values of type ${expr.left.type.kind}`, expr.span);
	const [left, right] = [write(expr.left, scope), write(expr.right, scope)];
	const [yes, no] = expr.op === "and" ? [right, left] : [left, right];
	return {
		doc: group([
			watchedTest(expr.left, within(asBoolean(expr.left, scope), levels.or), scope),
			indent([line, "? ", within(yes, levels.choice), line, ": ", within(no, levels.choice)]),
		]),
		level: levels.choice,
	};
}

function writeCall(expr: Extract<Expr, { kind: "call" }>, scope: FunctionScope): Code {
	const { names, functions, portUsers } = scope.service;
	const place = names.functions.get(expr.function);
	const callee = functions.get(expr.function);
	if (place === undefined || callee === undefined)
		return refuse(scope, `the call of ${expr.function}, which is not in the blueprint`, expr.span);
	const args = expr.args.map((arg, index) => fitted(arg, callee.params[index]?.type ?? arg.type, scope));
	if (portUsers.has(expr.function)) args.unshift("ports");
	return primary(callDoc(scope.from(place.file, place.name), args));
}

function writeOperation(expr: Extract<Expr, { kind: "op" }>, scope: FunctionScope): Code {
	const spell = spellings[expr.op as OpName];
	if (spell === undefined) return refuse(scope, `the operation ${expr.op}`, expr.span);
	const exact = scope.service.choices[expr.id] === "exact";
	const codeOf = (index: number): Code => {
		const arg = expr.args[index];
		return arg === undefined ? refuse(scope, `the operation ${expr.op} without its argument ${index + 1}`, expr.span) : write(arg, scope);
	};
	const code = spell({
		expr,
		args: expr.args,
		detail: expr.detail ?? {},
		exact,
		scope,
		code: codeOf,
		doc: (index, level = 0) => within(codeOf(index), level),
		items: (index) => items(expr.args[index] as Expr, scope),
		write: (other) => write(other, scope),
	});
	return driftOf(expr.op) ? { doc: [mark(expr.id), code.doc], level: code.level } : code;
}

function member(of: Code, name: string): Code {
	return primary([within(of, levels.primary), isIdentifier(name) ? `.${name}` : `[${JSON.stringify(name)}]`]);
}

function constant(value: Constant, expr: Expr, scope: FunctionScope): Code {
	switch (value.kind) {
		case "int": {
			const number = Number(value.value);
			if (!Number.isSafeInteger(number)) return refuse(scope, `the whole number ${value.value}, beyond 2^53`, expr.span);
			return { doc: String(number), level: number < 0 ? levels.unary : levels.primary };
		}
		case "float": {
			const number = floatOf(value.bits);
			if (Number.isNaN(number)) return primary("Number.NaN");
			return {
				doc: Object.is(number, -0) ? "-0" : String(number),
				level: number < 0 || Object.is(number, -0) ? levels.unary : levels.primary,
			};
		}
		case "str":
			return primary(stringText(value.value));
		case "bool":
			return primary(String(value.value));
		case "none":
			return primary("null");
	}
}

export function floatOf(bits: string): number {
	const view = new DataView(new ArrayBuffer(8));
	view.setBigUint64(0, BigInt(`0x${bits}`));
	return view.getFloat64(0);
}

function writeDict(expr: Extract<Expr, { kind: "dict" }>, scope: FunctionScope): Code {
	if (expr.type.kind === "record") {
		const entries = expr.entries.map(({ key, value }): Doc => {
			if (key.kind !== "const" || key.value.kind !== "str") return refuse(scope, "a record whose keys are not constant", key.span);
			const code = write(value, scope).doc;
			return code === key.value.value ? code : [propertyKey(key.value.value), ": ", code];
		});
		return primary(literal(brokenList("{", entries, "}")));
	}
	if (expr.type.kind === "dict" && ["tuple", "datetime", "list", "record", "row", "dict"].includes(expr.type.key.kind))
		return refuse(scope, `a dictionary with keys of type ${expr.type.key.kind}`, expr.span);
	const entries = expr.entries.map(({ key, value }): Doc => literal(listed("[", [write(key, scope).doc, write(value, scope).doc], "]")));
	if (entries.length > 0) return primary(["new Map(", literal(brokenList("[", entries, "]")), ")"]);
	if (expr.type.kind !== "dict") return primary("new Map()");
	return primary(`new Map<${scope.typeText(expr.type.key, "key")}, ${scope.typeText(expr.type.value, "value")}>()`);
}

function writeTemplate(parts: (string | Expr)[], scope: FunctionScope): Code {
	const [only] = parts;
	if (parts.length === 1 && only !== undefined && typeof only !== "string" && only.type.kind === "str") return write(only, scope);
	const docs = parts.map((part): Doc => {
		if (typeof part === "string")
			return part.replace(/[`\\]|\$(?=\{)/g, "\\$&").replace(/\p{Cc}/gu, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`);
		return ["${", flat(write(part, scope).doc), "}"];
	});
	return primary(["`", ...docs, "`"]);
}

/** Never broken over lines. */
function flat(doc: Doc): Doc {
	if (typeof doc === "string") return doc;
	if (Array.isArray(doc)) return doc.map(flat);
	if (doc.kind === "group" || doc.kind === "indent") return flat(doc.of);
	if (doc.kind === "line") return doc.flat;
	return doc.kind === "broken" ? "" : doc;
}

export function bindingText(target: Target, scope: FunctionScope): string {
	if (target.kind === "name") return scope.local(target.name);
	if (target.kind === "unpack") return `[${target.items.map((item) => bindingText(item, scope)).join(", ")}]`;
	return refuse(scope, "a loop or comprehension over a stored place", target.of.span);
}

function writeComprehension(expr: Extract<Expr, { kind: "comprehension" }>, scope: FunctionScope): Code {
	const key = expr.key;
	const element: Code = key
		? primary(listed("[", [write(key, scope).doc, write(expr.element, scope).doc], "]"))
		: write(expr.element, scope);
	const list = chain(expr.clauses, element, scope);
	return expr.form === "dict" ? primary(["new Map(", list.doc, ")"]) : list;
}

/** `items.filter(...).map(...)`, and `flatMap` for the outer ones of several clauses. */
function chain(clauses: Clause[], element: Code, scope: FunctionScope): Code {
	const [clause, ...inner] = clauses;
	if (clause === undefined) return element;
	const binding = bindingText(clause.target, scope);
	const param = `(${binding})`;
	let doc: Doc = watchedItems(clause.iterable, within(items(clause.iterable, scope), levels.primary), "listBranch", scope);
	for (const condition of clause.tests)
		doc = [doc, indent([soft, `.filter(${param} => `, watchedTest(condition, within(test(condition, scope), levels.choice), scope), ")"])];
	if (inner.length > 0)
		return primary(group([doc, indent([soft, `.flatMap(${param} => `, within(chain(inner, element, scope), levels.choice), ")"])]));
	if (element.doc === binding) return clause.tests.length > 0 ? primary(group(doc)) : primary(["[...", doc, "]"]);
	return primary(group([doc, indent([soft, `.map(${param} => `, within(element, levels.choice), ")"])]));
}

/** An iterable as an array. */
export function items(expr: Expr, scope: FunctionScope): Code {
	const code = write(expr, scope);
	if (expr.type.kind === "dict") return primary(["[...", within(code, levels.primary), ".keys()]"]);
	if (expr.type.kind === "str") return primary(["[...", code.doc, "]"]);
	return code;
}
