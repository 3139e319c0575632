import type { ClassDecl, FunctionDecl, Import, SourceHandler, SourceStmt } from "../program.ts";
import { decorate } from "./calls.ts";
import { elementsOf } from "./containers.ts";
import { type Frame, given, noArguments, objectOf, only } from "./engine.ts";
import { narrow } from "./evaluate.ts";
import { copyFlow, emptyFlow, type Flow, joinFlows, sameFlow } from "./flow.ts";
import { type Code, NOTHING, type Scope, union, type Value, type Values } from "./heap.ts";
import { bindImport } from "./imports.ts";
import { iterate } from "./iteration.ts";
import { writeName } from "./lookup.ts";
import { special } from "./places.ts";
import { bindingsOf } from "./scopes.ts";
import { assignTo } from "./targets.ts";
import { yields } from "./yields.ts";

const ROUNDS = 4;

/** Runs a body from what is known at its start; what cannot be reached is not looked at. */
export function runBody(frame: Frame, body: readonly SourceStmt[]): void {
	for (const stmt of body) {
		if (frame.flow === null) return;
		runStatement(frame, stmt);
	}
}

function runStatement(frame: Frame, stmt: SourceStmt): void {
	const { heap } = frame.engine;
	const value = (expr: Parameters<typeof frame.engine.evaluate>[1]) => frame.engine.evaluate(frame, expr);
	switch (stmt.kind) {
		case "assign": {
			const values = value(stmt.value);
			for (const target of stmt.targets) assignTo(frame, target, values);
			return;
		}
		case "augment": {
			const before = value(stmt.target);
			const given = value({ kind: "binary", op: stmt.op, left: stmt.target, right: stmt.value, span: stmt.span });
			const isContainer = [...before].some((item) => objectOf(frame, item).kind === "container");
			if (isContainer)
				for (const item of before)
					frame.engine.call(frame, frame.engine.load(frame, only(item), "extend"), { ...noArguments, plain: [value(stmt.value)] }, "+=");
			else assignTo(frame, stmt.target, union(before, given));
			return;
		}
		case "expr":
			value(stmt.value);
			return;
		case "if": {
			special(frame, value(stmt.test), "__bool__", "__len__");
			const start = frame.flow;
			frame.flow = start && copyFlow(start);
			narrow(frame, stmt.test);
			runBody(frame, stmt.then);
			const then = frame.flow;
			frame.flow = start && copyFlow(start);
			runBody(frame, stmt.otherwise);
			frame.flow = joinFlows(then, frame.flow);
			return;
		}
		case "while":
			loop(frame, stmt.otherwise, () => {
				value(stmt.test);
				runBody(frame, stmt.body);
			});
			return;
		case "for": {
			const items = iterate(frame, value(stmt.iterable));
			loop(frame, stmt.otherwise, () => {
				assignTo(frame, stmt.target, items);
				runBody(frame, stmt.body);
			});
			return;
		}
		case "try":
			runTry(frame, stmt.body, stmt.handlers, stmt.otherwise, stmt.finally);
			return;
		case "with": {
			for (const item of stmt.items) {
				const given = value(item.value);
				const entered = special(frame, given, "__enter__");
				special(frame, given, "__exit__", "", { ...noArguments, plain: [NOTHING, NOTHING, NOTHING] });
				const kept = new Set(
					[...given].filter((found) => ["external", "instance"].includes(objectOf(frame, found).kind) && entered.size === 0),
				);
				if (item.as) assignTo(frame, item.as, union(entered, kept, elementsOf(frame, given)));
			}
			runBody(frame, stmt.body);
			return;
		}
		case "return":
			if (stmt.value) heap.write(`${frame.scope.id}()`, value(stmt.value));
			frame.flow = null;
			return;
		case "raise": {
			if (stmt.cause) value(stmt.cause);
			const raised = stmt.value ? value(stmt.value) : NOTHING;
			const classes = new Set([...raised].filter((item) => objectOf(frame, item).kind === "class"));
			if (classes.size > 0) frame.engine.call(frame, classes, noArguments, "raise");
			frame.flow = null;
			return;
		}
		case "assert":
			value(stmt.test);
			if (stmt.message) value(stmt.message);
			narrow(frame, stmt.test);
			return;
		case "delete":
			for (const target of stmt.targets) {
				if (target.kind !== "subscript") continue;
				special(frame, value(target.of), "__delitem__", "", given(value(target.index)));
			}
			return;
		case "function":
			define(frame, stmt.decl);
			return;
		case "class":
			defineClass(frame, stmt.decl);
			return;
		case "import":
			for (const item of stmt.items) bindImport(frame, item satisfies Import);
			return;
		case "break":
			if (frame.exits.length > 0) frame.exits.push(joinFlows(frame.exits.pop() ?? null, frame.flow));
			frame.flow = null;
			return;
		case "continue":
			frame.flow = null;
			return;
		case "opaque":
			for (const part of stmt.parts) value(part);
			runBody(frame, stmt.body);
			return;
		case "global":
		case "nonlocal":
		case "pass":
			return;
	}
}

/** Until nothing is added any more: what one round assigns, the next may read. */
function loop(frame: Frame, otherwise: readonly SourceStmt[], round: () => void): void {
	frame.exits.push(null);
	let start = frame.flow;
	for (let count = 0; count < ROUNDS && start; count++) {
		frame.flow = copyFlow(start);
		round();
		const next: Flow | null = joinFlows(start, frame.flow);
		const settled = next === null || sameFlow(start, next);
		start = next;
		if (settled) break;
	}
	frame.flow = start && copyFlow(start);
	runBody(frame, otherwise);
	frame.flow = joinFlows(frame.flow, frame.exits.pop() ?? null);
}

function runTry(
	frame: Frame,
	body: readonly SourceStmt[],
	handlers: readonly SourceHandler[],
	otherwise: readonly SourceStmt[],
	last: readonly SourceStmt[],
): void {
	const before = frame.flow && copyFlow(frame.flow);
	runBody(frame, body);
	const failed = joinFlows(before, frame.flow);
	runBody(frame, otherwise);
	let end = frame.flow;
	for (const handler of handlers) {
		frame.flow = failed && copyFlow(failed);
		const types = union(...handler.types.map((type) => frame.engine.evaluate(frame, type)));
		if (handler.name) {
			const caught = [...types].filter((type) => objectOf(frame, type).kind === "class");
			writeName(
				frame,
				handler.name,
				new Set(caught.map((of) => frame.engine.heap.intern(`open instance ${of}`, () => ({ kind: "instance", of, open: true })))),
			);
		}
		runBody(frame, handler.body);
		end = joinFlows(end, frame.flow);
	}
	frame.flow = end ?? (last.length > 0 ? failed : null);
	const reached = end !== null;
	runBody(frame, last);
	if (!reached) frame.flow = null;
}

function define(frame: Frame, decl: FunctionDecl): void {
	const { engine, scope } = frame;
	const { heap } = engine;
	const key = `code ${decl.id} ${decl.span.file}:${decl.span.line}`;
	const value = heap.intern(key, () => {
		const params = decl.params.map((param) => param.name);
		const { bound, outer } = bindingsOf(decl.body, null, params);
		const inner: Scope = {
			id: decl.id,
			kind: "function",
			classValue: null,
			module: scope.module,
			parent: scope,
			bound,
			outer,
			lambdas: new Map(),
			keys: new Map(),
		};
		const code: Code = {
			id: decl.id,
			scope: inner,
			params: decl.params,
			body: decl.body,
			result: null,
			isGenerator: yields(decl.body),
			decl,
		};
		return { kind: "code", code };
	});
	for (const param of decl.params) if (param.default) heap.write(`${decl.id}|${param.name}`, engine.evaluate(frame, param.default));
	engine.demandBody(value);
	let made: Values = only(value);
	for (const decorator of [...decl.decorators].reverse()) {
		frame.line = decorator.span.line;
		// `@total.setter` adds to the property that is there.
		if (decorator.kind === "attribute" && /^(setter|getter|deleter)$/.test(decorator.name)) {
			const property = [...engine.evaluate(frame, decorator.of)].filter((item) => objectOf(frame, item).kind === "wrapped");
			for (const item of property) heap.write(`${item} setter`, made);
			if (property.length > 0) made = new Set(property);
		} else made = decorate(frame, engine.evaluate(frame, decorator), made);
	}
	writeName(frame, decl.name, made);
}

function defineClass(frame: Frame, decl: ClassDecl): void {
	const { engine, scope } = frame;
	const { heap } = engine;
	const value: Value = heap.intern(`class ${decl.id} ${decl.span.file}:${decl.span.line}`, () => ({ kind: "class", decl, scope }));
	engine.classes.set(decl, value);
	for (const keyword of decl.keywords) engine.evaluate(frame, keyword.value);
	for (const [at, base] of decl.bases.entries()) {
		const found = engine.evaluate(frame, base);
		heap.write(`${value} base ${at}`, found);
		heap.write(`${value} base count`, only(at));
		for (const upper of found) if (objectOf(frame, upper).kind === "class") heap.write(`${upper} below`, only(value));
	}
	const { bound, outer } = bindingsOf(decl.body, null, []);
	const own: Scope = {
		id: scope.id,
		kind: "class",
		classValue: value,
		module: scope.module,
		parent: scope,
		bound,
		outer,
		lambdas: scope.lambdas,
		keys: new Map(),
	};
	const inner: Frame = { ...frame, scope: own, flow: emptyFlow(), exits: [] };
	runBody(inner, decl.body);
	let made: Values = only(value);
	for (const decorator of [...decl.decorators].reverse()) {
		const result = decorate(frame, engine.evaluate(frame, decorator), made);
		if (result.size > 0) made = result;
	}
	writeName(frame, decl.name, made);
}
