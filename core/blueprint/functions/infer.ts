import type { BinaryOp, FExpr, FFunction, FLocal, FStmt, FTarget, ValueType } from "../../contract/function-ir.ts";
import { builtinResult, libraryResult, methodResult } from "./results.ts";
import { expressionParts } from "./walk.ts";

/**
 * What is proven of every value: a variable has a type when all its assignments have it. Starts with nothing that could arrive, and only
 * ever widens, so the first state that repeats is the least one; a parameter is whatever a caller hands in.
 * Writes `type` into every expression and local.
 */
type Known = ValueType | null;
/** Types of the variables that a body sees, by name; inner functions see the outer ones. */
type Env = {
	/** Set at the module: a class may answer a comparison with anything. */
	classes?: boolean;
	own: Map<string, Known>;
	parent: Env | null;
	returns: Map<string, Known>;
	result: Known;
	changed: { value: boolean };
};

export function inferTypes(body: readonly FStmt[]): void {
	const changed = { value: true };
	const env: Env = {
		own: new Map(),
		parent: null,
		returns: new Map(),
		result: null,
		changed,
		classes: body.some((stmt) => stmt.kind === "class"),
	};
	const frames = new Map<FFunction, Env>();
	while (changed.value) {
		changed.value = false;
		statements(body, env, frames);
	}
}

const join = (a: Known, b: Known): Known => (a === null ? b : b === null || a === b ? a : "any");

/** The environment that owns a variable: the nearest that has the name, or the module's when the source says so. */
function envOf(env: Env, name: string, scope: Place): Env {
	for (let at: Env = env; ; at = at.parent) if (at.parent === null || (scope !== "module" && at.own.has(name))) return at;
}
type Place = "local" | "captured" | "module";

function assign(env: Env, name: string, scope: Place, type: Known): void {
	const at = envOf(env, name, scope);
	const before = at.own.get(name) ?? null;
	const after = join(before, type);
	if (after === before) return;
	at.own.set(name, after);
	at.changed.value = true;
}

function functionFrame(fn: FFunction, env: Env, frames: Map<FFunction, Env>): Known {
	let frame = frames.get(fn);
	if (!frame) {
		frame = { own: new Map(), parent: env, returns: new Map(), result: null, changed: env.changed };
		for (const local of fn.locals) frame.own.set(local.name, null);
		for (const param of fn.params) frame.own.set(param.name, param.form === "rest" ? "tuple" : param.form === "keywords" ? "dict" : "any");
		frames.set(fn, frame);
	}
	for (const param of fn.params) if (param.default) typeOf(param.default, env, frames);
	const ended = statements(fn.body, frame, frames);
	const result = fn.isGenerator ? "iterator" : ended ? join(frame.result, "none") : frame.result;
	for (const local of fn.locals) local.type = frame.own.get(local.name) ?? "any";
	return result;
}

/** Whether the end can be reached. */
function statements(body: readonly FStmt[], env: Env, frames: Map<FFunction, Env>): boolean {
	let reached = true;
	for (const stmt of body) reached = statement(stmt, env, frames) && reached;
	return reached;
}

function statement(stmt: FStmt, env: Env, frames: Map<FFunction, Env>): boolean {
	const type = (expr: FExpr) => typeOf(expr, env, frames);
	const block = (inner: readonly FStmt[]) => statements(inner, env, frames);
	switch (stmt.kind) {
		case "assign": {
			const value = type(stmt.value);
			for (const target of stmt.targets) bind(target, value, stmt.value, env, frames);
			return true;
		}
		case "augment": {
			const value = type(stmt.value);
			touch(stmt.target, env, frames);
			if (stmt.target.kind !== "name") return true;
			const before = envOf(env, stmt.target.name, stmt.target.scope).own.get(stmt.target.name) ?? null;
			const inPlace = stmt.op === "+" && before === "list" ? "list" : binaryResult(stmt.op, before, value, stmt.value);
			assign(env, stmt.target.name, stmt.target.scope, inPlace);
			return true;
		}
		case "delete":
			touch(stmt.target, env, frames);
			return true;
		case "expr":
			type(stmt.value);
			return true;
		case "if": {
			type(stmt.test);
			const then = block(stmt.then);
			return block(stmt.otherwise) || then;
		}
		case "while": {
			type(stmt.test);
			block(stmt.body);
			block(stmt.otherwise);
			const forever = stmt.test.kind === "const" && stmt.test.value.kind === "bool" && stmt.test.value.value;
			return !forever || breaks(stmt.body);
		}
		case "forEach":
			type(stmt.iterable);
			bindItem(stmt.target, stmt.iterable, env, frames);
			block(stmt.body);
			return block(stmt.otherwise) || breaks(stmt.body);
		case "return": {
			const result = stmt.value ? type(stmt.value) : "none";
			const after = join(env.result, result);
			if (after !== env.result) {
				env.result = after;
				env.changed.value = true;
			}
			return false;
		}
		case "raise":
			for (const part of [stmt.value, stmt.cause]) if (part) type(part);
			return false;
		case "assert":
			type(stmt.test);
			if (stmt.message) type(stmt.message);
			return true;
		case "try": {
			const ended = block(stmt.body) && block(stmt.otherwise);
			if (!ended) block(stmt.otherwise);
			let reached = ended;
			for (const handler of stmt.handlers) {
				for (const caught of handler.types) type(caught);
				if (handler.name !== null) assign(env, handler.name, "local", "any");
				reached = block(handler.body) || reached;
			}
			return block(stmt.finally) && reached;
		}
		case "function": {
			assign(env, stmt.fn.name, "local", "function");
			const result = functionFrame(stmt.fn, env, frames);
			const at = envOf(env, stmt.fn.name, "local");
			const before = at.returns.get(stmt.fn.name);
			const known = frames.get(stmt.fn);
			// A second function of the same name, or an assignment to it, makes the result unknown (see `called`).
			if (before !== result && known) {
				at.returns.set(stmt.fn.name, before === undefined || before === null ? result : join(before, result));
				if (at.returns.get(stmt.fn.name) !== before) env.changed.value = true;
			}
			return true;
		}
		case "class":
			for (const part of [...stmt.bases, ...stmt.attributes.map((attribute) => attribute.value)]) type(part);
			for (const method of stmt.methods) functionFrame(method, env, frames);
			assign(env, stmt.name, "local", "any");
			return true;
		case "break":
		case "continue":
			return false;
	}
}

/** A `break` of this very loop. */
function breaks(body: readonly FStmt[]): boolean {
	return body.some((stmt) => {
		if (stmt.kind === "break") return true;
		if (stmt.kind === "if") return breaks(stmt.then) || breaks(stmt.otherwise);
		if (stmt.kind === "while" || stmt.kind === "forEach") return breaks(stmt.otherwise);
		if (stmt.kind !== "try") return false;
		return [stmt.body, stmt.otherwise, stmt.finally, ...stmt.handlers.map((handler) => handler.body)].some(breaks);
	});
}

/** Types the parts of a target that are read. */
function touch(target: FTarget, env: Env, frames: Map<FFunction, Env>): void {
	if (target.kind === "name") return;
	if (target.kind === "unpack") for (const item of target.items) touch(item, env, frames);
	else {
		typeOf(target.of, env, frames);
		if (target.kind === "index") typeOf(target.index, env, frames);
		if (target.kind === "slice") for (const part of [target.from, target.to, target.step]) if (part) typeOf(part, env, frames);
	}
}

function bind(target: FTarget, value: Known, source: FExpr | null, env: Env, frames: Map<FFunction, Env>): void {
	if (target.kind === "name") {
		assign(env, target.name, target.scope, value);
		// A function value that is no definition: what it gives is not followed.
		if (value === "function") envOf(env, target.name, target.scope).returns.set(target.name, "any");
		return;
	}
	touch(target, env, frames);
	if (target.kind !== "unpack") return;
	const items = source?.kind === "tuple" && source.items.every((item) => !item.spread) && target.star === null ? source.items : null;
	for (const [at, item] of target.items.entries()) {
		const given = items?.length === target.items.length ? (items[at]?.value ?? null) : null;
		const type = at === target.star ? "list" : given ? typeOf(given, env, frames) : value === "str" ? "str" : "any";
		bind(item, type, given, env, frames);
	}
}

/** What iterating over `iterable` gives. */
function bindItem(target: FTarget, iterable: FExpr, env: Env, frames: Map<FFunction, Env>): void {
	const first = iterable.kind === "builtin" ? iterable.args[0] : undefined;
	if (
		iterable.kind === "builtin" &&
		iterable.name === "enumerate" &&
		first?.form === "plain" &&
		target.kind === "unpack" &&
		target.items.length === 2
	) {
		const [index, item] = target.items;
		if (index) bind(index, "int", null, env, frames);
		if (item) bindItem(item, first.value, env, frames);
		return;
	}
	bind(target, itemOf(iterable), null, env, frames);
}

function itemOf(iterable: FExpr): Known {
	if (iterable.type === "range" || iterable.type === "bytes") return "int";
	if (iterable.type === "str") return "str";
	const first = iterable.kind === "builtin" ? iterable.args[0] : undefined;
	if (iterable.kind === "builtin" && iterable.name === "reversed" && first?.form === "plain") return itemOf(first.value);
	return "any";
}

type Settable = { -readonly [K in keyof FExpr]: FExpr[K] };

function typeOf(expr: FExpr, env: Env, frames: Map<FFunction, Env>): Known {
	const known = compute(expr, env, frames);
	(expr as Settable).type = known ?? "any";
	return known;
}

function compute(expr: FExpr, env: Env, frames: Map<FFunction, Env>): Known {
	const type = (part: FExpr) => typeOf(part, env, frames);
	const parts = expressionParts(expr).map(type);
	switch (expr.kind) {
		case "const":
			return expr.value.kind;
		case "bytes":
			return "bytes";
		case "name":
			return envOf(env, expr.name, expr.scope).own.get(expr.name) ?? null;
		case "builtinValue":
		case "libraryValue":
		case "attribute":
			return "any";
		case "binary":
			return binaryResult(expr.op, parts[0] ?? null, parts[1] ?? null, expr.right);
		case "unary":
			return unaryResult(expr.op, parts[0] ?? null);
		case "not":
			return "bool";
		case "compare":
			return !hasClasses(env) || expr.rest.every(({ op }) => identity.has(op)) ? "bool" : "any";
		case "logic":
			return join(parts[0] ?? null, parts[1] ?? null);
		case "choose":
			return join(parts[1] ?? null, parts[2] ?? null);
		case "list":
		case "tuple":
		case "set":
		case "dict":
			return expr.kind;
		case "template":
			return "str";
		case "index":
			return parts[0] === "str" ? "str" : parts[0] === "bytes" || parts[0] === "range" ? "int" : parts[0] === null ? null : "any";
		case "slice":
			return parts[0] ?? null;
		case "call":
			return called(expr.callee, env);
		case "builtin":
			return builtinResult(expr, parts);
		case "library":
			return libraryResult(expr.name);
		case "method":
			return methodResult(expr.of.type, expr.name);
		case "lambda":
			functionFrame(expr.fn, env, frames);
			return "function";
		case "comprehension": {
			const inner = comprehensionEnv(
				expr.clauses.flatMap((clause) => clause.names),
				env,
			);
			for (const clause of expr.clauses) {
				typeOf(clause.iterable, inner, frames);
				bindItem(clause.target, clause.iterable, inner, frames);
				for (const test of clause.tests) typeOf(test, inner, frames);
				for (const local of clause.names) local.type = inner.own.get(local.name) ?? "any";
			}
			if (expr.key) typeOf(expr.key, inner, frames);
			typeOf(expr.element, inner, frames);
			return expr.form === "generator" ? "iterator" : expr.form;
		}
		case "assigned":
			assign(env, expr.name, expr.scope, parts[0] ?? null);
			return parts[0] ?? null;
		case "yield":
		case "yieldFrom":
			return "any";
	}
}

function comprehensionEnv(names: readonly FLocal[], env: Env): Env {
	const own = new Map<string, Known>(names.map((local) => [local.name, null]));
	return { own, parent: env, returns: new Map(), result: null, changed: { value: false } };
}

/** The result of a function that nothing but its definition is ever bound to. */
function called(callee: FExpr, env: Env): Known {
	if (callee.kind !== "name") return "any";
	const at = envOf(env, callee.name, callee.scope);
	if (at.own.get(callee.name) !== "function" || at.parent !== null) return at.own.get(callee.name) === null ? null : "any";
	return at.returns.get(callee.name) ?? null;
}

const identity = new Set<string>(["is", "is not", "in", "not in"]);

function hasClasses(env: Env): boolean {
	let at = env;
	while (at.parent) at = at.parent;
	return at.classes === true;
}

const isWhole = (type: Known) => type === "int" || type === "bool";
const isNumber = (type: Known) => isWhole(type) || type === "float";

function binaryResult(op: BinaryOp, left: Known, right: Known, divisor: FExpr): Known {
	if (left === null || right === null) return null;
	const exponent = divisor.kind === "const" && divisor.value.kind === "int" && !divisor.value.value.startsWith("-");
	if (isNumber(left) && isNumber(right)) {
		const float = left === "float" || right === "float";
		if (op === "/") return "float";
		if (op === "**") return exponent ? (left === "float" ? "float" : "int") : "any";
		if (op === "&" || op === "|" || op === "^") return float ? "any" : left === "bool" && right === "bool" ? "bool" : "int";
		if (op === "<<" || op === ">>") return float ? "any" : "int";
		return float ? "float" : "int";
	}
	const sequence = (type: Known) => type === "str" || type === "list" || type === "tuple";
	if (op === "%" && left === "str") return "str";
	if (op === "+" && left === right && sequence(left)) return left;
	if (op === "*" && sequence(left) && isWhole(right)) return left;
	if (op === "*" && isWhole(left) && sequence(right)) return right;
	if (left === "set" && right === "set" && ["-", "&", "|", "^"].includes(op)) return "set";
	if (left === "dict" && right === "dict" && op === "|") return "dict";
	return "any";
}

function unaryResult(op: "-" | "+" | "~", of: Known): Known {
	if (of === null) return null;
	if (isWhole(of)) return "int";
	return of === "float" && op !== "~" ? "float" : "any";
}
