import type { FExpr, FFunction, FStmt, FTarget } from "../../contract/function-ir.ts";
import { expressionParts } from "./walk.ts";

/**
 * Definite assignment: sets `unbound` on every read of a variable that has no value on some path. A state is the set of names that are
 * assigned on all paths to a point; null where nothing arrives.
 */
type State = ReadonlySet<string> | null;
type Loop = { breaks: State[] };
type Flow = { outer: ReadonlySet<string>; loops: Loop[] };

export function markUnbound(body: readonly FStmt[]): void {
	walk(body, new Set(), { outer: new Set(), loops: [] });
}

const both = (a: State, b: State): State => (a === null ? b : b === null ? a : new Set([...a].filter((name) => b.has(name))));
const plus = (state: State, names: readonly string[]): State =>
	state === null || names.length === 0 ? state : new Set([...state, ...names]);

function walk(body: readonly FStmt[], from: State, flow: Flow): State {
	let state = from;
	for (const stmt of body) state = step(stmt, state, flow);
	return state;
}

function step(stmt: FStmt, from: State, flow: Flow): State {
	const state = from ?? new Set<string>();
	switch (stmt.kind) {
		case "assign": {
			let at = read(stmt.value, state, flow);
			for (const target of stmt.targets) at = write(target, at, flow);
			return at;
		}
		case "augment": {
			if (stmt.target.kind === "name") markName(stmt.target, state);
			return write(stmt.target, read(stmt.value, state, flow), flow);
		}
		case "delete": {
			const { target } = stmt;
			if (target.kind !== "name") return write(target, state, flow);
			return new Set([...state].filter((name) => name !== target.name));
		}
		case "expr":
			return read(stmt.value, state, flow);
		case "if": {
			const tested = read(stmt.test, state, flow);
			return both(walk(stmt.then, tested, flow), walk(stmt.otherwise, tested, flow));
		}
		case "while": {
			const loop: Loop = { breaks: [] };
			const tested = read(stmt.test, state, flow);
			walk(stmt.body, tested, { ...flow, loops: [...flow.loops, loop] });
			const forever = stmt.test.kind === "const" && stmt.test.value.kind === "bool" && stmt.test.value.value;
			return loop.breaks.reduce(both, forever ? null : walk(stmt.otherwise, tested, flow));
		}
		case "forEach": {
			const loop: Loop = { breaks: [] };
			const asked = read(stmt.iterable, state, flow);
			walk(stmt.body, write(stmt.target, asked, flow), { ...flow, loops: [...flow.loops, loop] });
			return loop.breaks.reduce(both, walk(stmt.otherwise, asked, flow));
		}
		case "return":
			if (stmt.value) read(stmt.value, state, flow);
			return null;
		case "raise":
			for (const part of [stmt.value, stmt.cause]) if (part) read(part, state, flow);
			return null;
		case "assert": {
			const tested = read(stmt.test, state, flow);
			if (stmt.message) read(stmt.message, tested, flow);
			return tested;
		}
		case "try": {
			// A handler may begin after any part of the body, also after a deletion there.
			const entered = new Set([...state].filter((name) => !deletes(stmt.body, name)));
			let end = walk(stmt.otherwise, walk(stmt.body, state, flow), flow);
			for (const handler of stmt.handlers) {
				for (const type of handler.types) read(type, entered, flow);
				const ended = walk(handler.body, plus(entered, handler.name === null ? [] : [handler.name]), flow);
				end = both(end, ended === null ? null : new Set([...ended].filter((name) => name !== handler.name)));
			}
			if (stmt.finally.length === 0) return end;
			const last = walk(stmt.finally, entered, flow);
			return last === null || end === null ? null : new Set([...end, ...last]);
		}
		case "function":
			inside(stmt.fn, plus(state, [stmt.fn.name]) ?? state, flow);
			return plus(state, [stmt.fn.name]);
		case "class":
			for (const part of [...stmt.bases, ...stmt.attributes.map((attribute) => attribute.value)]) read(part, state, flow);
			for (const method of stmt.methods) inside(method, state, flow);
			return plus(state, [stmt.name]);
		case "break":
			flow.loops.at(-1)?.breaks.push(state);
			return null;
		case "continue":
			return null;
	}
}

function deletes(body: readonly FStmt[], name: string): boolean {
	return JSON.stringify(body, (_, value) =>
		value?.kind === "delete" && value.target.kind === "name" && value.target.name === name ? "deleted here" : value,
	).includes('"deleted here"');
}

/** Defaults are read outside; inside, the parameters are bound, and whatever was when the function was made still is. */
function inside(fn: FFunction, state: ReadonlySet<string>, flow: Flow): void {
	for (const param of fn.params) if (param.default) read(param.default, state, flow);
	const own = new Set(fn.locals.map((local) => local.name));
	const outer = new Set([...flow.outer, ...state].filter((name) => !own.has(name)));
	walk(fn.body, new Set(fn.params.map((param) => param.name)), { outer, loops: [] });
}

type NameNode = Extract<FExpr, { kind: "name" }>;
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function markName(node: { kind: "name"; name: string; scope: string }, state: ReadonlySet<string>): void {
	if ("unbound" in node && node.scope === "local") (node as Mutable<NameNode>).unbound = !state.has(node.name);
}

/** Gives the state after: an assignment inside an expression counts where it is certain to be reached. */
function read(expr: FExpr, state: State, flow: Flow): State {
	const at = state ?? new Set<string>();
	switch (expr.kind) {
		case "name":
			if (expr.scope === "local") expr.unbound = !at.has(expr.name);
			else if (expr.scope === "captured") expr.unbound = !flow.outer.has(expr.name);
			return at;
		case "assigned":
			return plus(read(expr.value, at, flow), [expr.name]);
		case "logic":
			read(expr.right, read(expr.left, at, flow), flow);
			return read(expr.left, at, flow);
		case "choose": {
			const tested = read(expr.test, at, flow);
			return both(read(expr.then, tested, flow), read(expr.otherwise, tested, flow));
		}
		case "lambda":
			inside(expr.fn, at, flow);
			return at;
		case "comprehension": {
			let inner: State = at;
			for (const clause of expr.clauses) {
				inner = write(clause.target, read(clause.iterable, inner, flow), flow);
				for (const test of clause.tests) inner = read(test, inner, flow);
			}
			if (expr.key) inner = read(expr.key, inner, flow);
			read(expr.element, inner, flow);
			return at;
		}
		default: {
			let last: State = at;
			for (const part of expressionParts(expr)) last = read(part, last, flow);
			return last;
		}
	}
}

function write(target: FTarget, state: State, flow: Flow): State {
	switch (target.kind) {
		case "name":
			return target.scope === "local" || target.scope === "module" ? plus(state, [target.name]) : state;
		case "unpack":
			return target.items.reduce((at, item) => write(item, at, flow), state);
		case "index":
			return read(target.index, read(target.of, state, flow), flow);
		case "slice": {
			let at = read(target.of, state, flow);
			for (const part of [target.from, target.to, target.step]) if (part) at = read(part, at, flow);
			return at;
		}
		case "attribute":
			return read(target.of, state, flow);
	}
}
