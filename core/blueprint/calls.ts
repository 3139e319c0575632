import type { Expr } from "../contract/ir.ts";
import { dottedPath, type FunctionDecl, type SourceExpr, visitBody } from "../graph/index.ts";
import { type Args, builtins } from "./builtins.ts";
import { convert } from "./convert.ts";
import { connectionMode } from "./database.ts";
import { newEnv, type Static } from "./env.ts";
import { exceptionId, messageOf } from "./exceptions.ts";
import { type Frame, grow, refuse, typeOfName } from "./frame.ts";
import { library } from "./library.ts";
import { method } from "./methods.ts";
import { none, op } from "./nodes.ts";
import { ANY, CONNECTION, join, type Kind, sameKind } from "./types.ts";

type SourceCall = Extract<SourceExpr, { kind: "call" }>;

/** Lowers a call of anything: a function of the project, of the library, a method of a value. */
export function lowerCall(frame: Frame, call: SourceCall): Expr {
	const { span, callee } = call;
	const args: Args = { source: call.args, keywords: new Map(call.keywords.map((keyword) => [keyword.name, keyword.value])), span };
	const spread = call.args.find((arg) => arg.kind === "star");
	if (spread) return refuse(frame, `the argument ${spread.form}`, "Write the arguments one by one.", spread.span);
	const fixed = staticOf(frame, callee);
	if (fixed?.kind === "function") return callFunction(frame, fixed.decl, call);
	const path = dottedPath(callee);
	const head = path?.[0] ?? "";
	if (path && !frame.env.names.has(head) && !frame.slice.names.localsOf(frame.state.decl).has(head)) {
		const meaning = frame.slice.names.meaningOf(frame.module.name, path);
		switch (meaning.kind) {
			case "function":
				if (meaning.rest.length === 0) return callFunction(frame, meaning.decl, call);
				break;
			case "class":
				return refuse(frame, `an object of the class ${meaning.decl.name}`, "Use functions and plain values.", span);
			case "external":
				return callLibrary(frame, meaning.path, args);
			case "value":
				if (meaning.rest.length === 1 && callee.kind === "attribute") return method(frame, frame.lower(callee.of), callee.name, args);
				break;
			case "module":
			case "unknown":
		}
	}
	if (callee.kind === "attribute") {
		const self = frame.lower(callee.of);
		if (self.type.kind === "connection")
			return refuse(frame, `the method ${callee.name}() of a connection`, "Use execute, commit, rollback and close as statements.", span);
		return method(frame, unwrapped(self), callee.name, args);
	}
	return refuse(frame, `a call of ${path?.join(".") ?? "a computed function"}`, "Call a function by its name.", span);
}

function unwrapped(expr: Expr): Expr {
	return expr.type.kind === "optional" ? op("optional.get", expr.type.of, [expr], expr.span, { spec: "AttributeError" }) : expr;
}

function callLibrary(frame: Frame, path: string, args: Args): Expr {
	if (path.startsWith("builtins.")) {
		const name = path.slice("builtins.".length);
		if (name === "str" && args.source.length === 1) {
			const [source] = args.source;
			const value = source ? frame.lower(source) : none(args.span);
			if (value.type.kind === "exception") return messageOf(frame, value, args.span);
		}
		const builtin = Object.hasOwn(builtins, name) ? builtins[name] : undefined;
		if (builtin) return builtin(frame, args);
		return refuse(frame, `the builtin ${name}()`, "Write it with plain operations.", args.span);
	}
	const known = Object.hasOwn(library, path) ? library[path] : undefined;
	return known
		? known(frame, args)
		: refuse(frame, `the library call ${path}()`, "Move it out of the slice, or write it with plain operations.", args.span);
}

/** A call of a function of the project, with the types of its arguments handed on. */
function callFunction(frame: Frame, decl: FunctionDecl, call: SourceCall): Expr {
	const { span } = call;
	const mode = connectionMode(decl, frame.slice.names);
	if (mode === "unclear")
		return refuse(
			frame,
			`${decl.id}, which opens the database and does more`,
			"Let it connect, set row_factory, run PRAGMAs, and return.",
			span,
		);
	if (mode) {
		frame.slice.outside.push({ kind: "database", span: decl.span, text: `${decl.id} opens the database` });
		return op("db.connect", CONNECTION, [], span, { spec: mode });
	}
	const problem = unfit(decl);
	if (problem) return refuse(frame, `${decl.id}, which is ${problem}`, "Make it a plain function of its module.", span);
	const route = frame.state.route && frame.slice.isDispatcher(decl.id, frame.state.route.handler) ? frame.state.route : null;
	const state = frame.slice.demand(decl, route);
	if (call.args.length > decl.params.length) refuse(frame, `${call.args.length} arguments for ${decl.id}`, "Give what it takes.", span);
	const args = decl.params.map((param, at): Expr => {
		const source = call.args[at] ?? call.keywords.find((keyword) => keyword.name === param.name)?.value;
		let value: Expr;
		if (source) value = frame.lower(source);
		else if (param.default) value = lowerDefault(frame, decl, param.default);
		else return refuse(frame, `${decl.id} without its argument ${param.name}`, "Give it.", span);
		const old = state.params[at] ?? ANY;
		const type = grow(frame, old, value.type, `the parameter ${param.name} of ${decl.id}`, value.span);
		state.params[at] = type;
		if (source?.kind === "name" && frame.state.requests.has(source.name) && !state.requests.has(param.name)) {
			state.requests.add(param.name);
			frame.slice.changed = true;
		}
		if (source?.kind === "name") learnFromCallee(frame, source.name, state.locals.get(param.name)?.[0]);
		return convert(frame, value, type);
	});
	return { kind: "call", id: "", type: state.returns, span, function: state.id, args };
}

/** A list or dict that a callee fills has in the caller the type that the callee gave it. */
function learnFromCallee(frame: Frame, name: string, type: Kind | undefined): void {
	if (!type || (type.kind !== "list" && type.kind !== "dict")) return;
	const binding = frame.env.names.get(name);
	const versions = frame.state.locals.get(name);
	if (!binding || binding === "ambiguous" || !versions) return;
	const joined = join(typeOfName(frame, name, { ...binding, narrowed: null }), type);
	if (joined && !sameKind(joined, versions[binding.version] ?? ANY)) {
		versions[binding.version] = joined;
		frame.slice.changed = true;
	}
}

function unfit(decl: FunctionDecl): string | null {
	if (decl.owner) return "a method";
	if (decl.within) return "a nested function";
	if (decl.async) return "async";
	if (decl.decorators.length > 0) return "decorated";
	if (decl.params.some((param) => param.form !== "plain")) return "open in its parameters";
	let yields = false;
	visitBody(decl.body, (expr) => {
		if (expr.kind === "yield" || expr.kind === "await") yields = true;
	});
	return yields ? "a generator" : null;
}

/** Defaults are evaluated in the callee's module, without its locals. */
function lowerDefault(frame: Frame, decl: FunctionDecl, source: SourceExpr): Expr {
	const module = frame.slice.names.module(decl.module);
	if (!module) return none(source.span);
	const outer = { env: frame.env, module: frame.module, state: frame.state };
	frame.env = newEnv();
	frame.module = module;
	frame.state = {
		...outer.state,
		decl: { ...decl, id: `${decl.id}.<defaults>`, params: [], body: [] },
		locals: new Map(),
		route: null,
		requests: new Set(),
	};
	try {
		return frame.lower(source);
	} finally {
		Object.assign(frame, outer);
	}
}

/** What an expression is known to be without running it: a function, or nothing. Null when that is not known. */
export function staticOf(frame: Frame, expr: SourceExpr): Static | null {
	if (expr.kind === "name") {
		const binding = frame.env.names.get(expr.name);
		if (binding) return binding === "ambiguous" ? null : binding.fixed;
	}
	const key =
		expr.kind === "subscript"
			? expr.index
			: expr.kind === "call" && expr.callee.kind === "attribute" && expr.callee.name === "get"
				? expr.args[0]
				: undefined;
	const of = expr.kind === "subscript" ? expr.of : expr.kind === "call" && expr.callee.kind === "attribute" ? expr.callee.of : undefined;
	if (!key || !of) return null;
	const table = tableOf(frame, of);
	if (!table) return null;
	const wanted = keyText(frame, key);
	if (wanted === null) return null;
	const entry = table.entries.find((item) => keyText(frame, item.key) === wanted);
	if (entry) return { kind: "function", decl: entry.handler };
	return expr.kind === "call" ? { kind: "none" } : null;
}

/** The dict of functions that an expression names. */
export function tableOf(frame: Frame, expr: SourceExpr): Frame["slice"]["routeTables"][number] | null {
	const path = dottedPath(expr);
	if (!path || frame.env.names.has(path[0] ?? "")) return null;
	const meaning = frame.slice.names.meaningOf(frame.module.name, path);
	if (meaning.kind !== "value" || !meaning.value.fixed) return null;
	return frame.slice.routeTables.find((table) => table.id === meaning.value.id) ?? null;
}

/** A constant key as text that is equal exactly for equal keys, or null when it is not constant. */
export function keyText(frame: Frame, key: SourceExpr): string | null {
	const expr = frame.lower(key);
	const items = expr.kind === "tuple" ? expr.items : [expr];
	const texts = items.map((item) => (item.kind === "const" && item.value.kind === "str" ? item.value.value : null));
	return texts.some((text) => text === null) ? null : JSON.stringify(texts);
}

/** The ids of an `except` clause's types. */
export function caughtTypes(frame: Frame, types: readonly SourceExpr[]): { ids: string[]; project: string[] } {
	const ids: string[] = [];
	const project: string[] = [];
	for (const type of types) {
		const found = exceptionId(frame, type);
		if (!found) refuse(frame, "a computed type of exception", "Name the classes.", type.span);
		else {
			ids.push(found.id);
			if (found.decl) project.push(found.id);
		}
	}
	return { ids, project };
}
