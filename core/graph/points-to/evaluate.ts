import type { SourceExpr } from "../program.ts";
import { dottedPath } from "../walk.ts";
import { lineageOf, store } from "./attributes.ts";
import { deriveContainer, elementsOf, makeContainer, readElement, writeElement } from "./containers.ts";
import { constant, type Frame, given, noArguments, objectOf, only, plain } from "./engine.ts";
import { copyFlow, joinFlows } from "./flow.ts";
import { type Code, NOTHING, union, type Value, type Values } from "./heap.ts";
import { copyElements, iterate } from "./iteration.ts";
import { readName, writeName } from "./lookup.ts";
import { keyIn, placeOf, readAt, special } from "./places.ts";
import { bindingsOf } from "./scopes.ts";
import { assignTo } from "./targets.ts";

/** What an expression may be; what it calls is recorded on the way. */
export function evaluate(frame: Frame, expr: SourceExpr): Values {
	const { heap } = frame.engine;
	const all = (parts: readonly SourceExpr[]) => parts.map((part) => frame.engine.evaluate(frame, part));
	const value = (part: SourceExpr) => frame.engine.evaluate(frame, part);
	const before = frame.line;
	frame.line = expr.span.line;
	try {
		switch (expr.kind) {
			case "name":
				return readName(frame, expr.name);
			case "string":
				return only(constant(heap, "str", `s:${expr.value}`));
			case "formatted":
				for (const part of expr.parts)
					if (typeof part !== "string") special(frame, union(value(part.value), ...all(part.specHoles)), "__format__", "__str__");
				return only(plain(heap, "str"));
			case "bytes":
				return only(plain(heap, "bytes"));
			case "number":
				return only(
					/^\d+$/.test(expr.text)
						? constant(heap, "int", `n:${Number(expr.text)}`)
						: plain(heap, /^[\d_]+$|^0[xob]/i.test(expr.text) ? "int" : "float"),
				);
			case "literal":
				return expr.value === null ? NOTHING : only(plain(heap, "bool"));
			case "ellipsis":
				return NOTHING;
			case "list":
			case "tuple":
			case "set":
				return display(frame, expr);
			case "dict": {
				const made = only(makeContainer(frame, placeOf(frame, expr), "dict"));
				for (const { key, value: item } of expr.entries) {
					const held = value(item);
					if (key) writeElement(frame, made, keyIn(frame, value(key)), held);
					else for (const other of held) copyElements(frame, other, made);
				}
				return made;
			}
			case "unary": {
				const of = value(expr.of);
				if (expr.op === "-" && expr.of.kind === "number" && /^\d+$/.test(expr.of.text))
					return only(constant(heap, "int", `n:-${Number(expr.of.text)}`));
				if (expr.op !== "not") return special(frame, of, expr.op === "-" ? "__neg__" : expr.op === "+" ? "__pos__" : "__invert__");
				special(frame, of, "__bool__", "__len__");
				return only(plain(heap, "bool"));
			}
			case "binary":
				return operate(frame, value(expr.left), value(expr.right), expr.op, placeOf(frame, expr));
			case "logic":
				return union(...all([expr.left, expr.right]));
			case "compare": {
				let left = value(expr.first);
				for (const { op, right } of expr.rest) {
					const other = value(right);
					if (op === "in" || op === "not in") special(frame, other, "__contains__", "__iter__");
					else if (comparisons[op]) special(frame, left, comparisons[op], "", given(other));
					left = other;
				}
				return only(plain(heap, "bool"));
			}
			case "choose": {
				value(expr.test);
				const start = frame.flow;
				const then = narrowed(frame, expr.test, () => value(expr.then));
				const after = frame.flow;
				frame.flow = start && copyFlow(start);
				const otherwise = value(expr.otherwise);
				frame.flow = joinFlows(after, frame.flow);
				return union(then, otherwise);
			}
			case "attribute":
				return frame.engine.load(frame, value(expr.of), expr.name);
			case "subscript":
				return subscript(frame, expr);
			case "slice":
				all([expr.from, expr.to, expr.step].filter((part) => part !== null));
				return NOTHING;
			case "call":
				return callOf(frame, expr);
			case "lambda":
				return lambda(frame, expr);
			case "comprehension":
				return comprehension(frame, expr);
			case "star":
				return value(expr.of);
			case "await":
				return value(expr.of);
			case "yield": {
				const given = expr.value ? value(expr.value) : NOTHING;
				const gives = expr.from ? iterate(frame, given) : given;
				writeElement(frame, only(generatorOf(frame)), null, gives);
				return NOTHING;
			}
			case "walrus": {
				const given = value(expr.value);
				writeName(frame, expr.name, given);
				return given;
			}
			case "opaque":
				all(expr.parts);
				return NOTHING;
		}
	} finally {
		frame.line = before;
	}
}

const comparisons: Record<string, string> = {
	"==": "__eq__",
	"!=": "__ne__",
	"<": "__lt__",
	"<=": "__le__",
	">": "__gt__",
	">=": "__ge__",
};
const operators: Record<string, string> = {
	"+": "add",
	"-": "sub",
	"*": "mul",
	"/": "truediv",
	"//": "floordiv",
	"%": "mod",
	"**": "pow",
	"<<": "lshift",
	">>": "rshift",
	"&": "and",
	"|": "or",
	"^": "xor",
	"@": "matmul",
};

function operate(frame: Frame, left: Values, right: Values, op: string, place: string): Values {
	const { heap } = frame.engine;
	const name = operators[op] ?? "";
	const given = { ...noArguments, plain: [right] };
	const own = special(frame, left, `__${name}__`, "", given);
	const reflected = own.size === 0 ? special(frame, right, `__r${name}__`, "", { ...noArguments, plain: [left] }) : NOTHING;
	const kept = [...left, ...right]
		.filter((value) => ["container", "plain", "constant"].includes(heap.object(value).kind))
		.map((value) => widened(frame, value));
	if (op === "+" && kept.some((value) => heap.object(value).kind === "container")) {
		const type = kept.map((value) => heap.object(value)).find((object) => object.kind === "container");
		const made = only(makeContainer(frame, place, type?.kind === "container" ? type.type : "list"));
		writeElement(frame, made, null, elementsOf(frame, new Set(kept)));
		return union(own, reflected, made);
	}
	return union(own, reflected, new Set(kept.filter((value) => heap.object(value).kind === "plain" || op === "*")));
}

/** A calculation with a constant gives any value of its type. */
function widened(frame: Frame, value: Value): Value {
	const object = objectOf(frame, value);
	return object.kind === "constant" ? object.plain : value;
}

function display(frame: Frame, expr: Extract<SourceExpr, { kind: "list" | "tuple" | "set" }>): Values {
	const fixed = expr.items.every((item) => item.kind !== "star");
	const items = expr.items.map((item) => frame.engine.evaluate(frame, item));
	const made = only(makeContainer(frame, placeOf(frame, expr), expr.kind, fixed ? items.length : null));
	for (const [at, item] of expr.items.entries()) {
		const held = items[at] ?? NOTHING;
		if (item.kind === "star") writeElement(frame, made, null, iterate(frame, held));
		else writeElement(frame, made, fixed ? `n:${at}` : null, held);
	}
	return made;
}

function subscript(frame: Frame, expr: Extract<SourceExpr, { kind: "subscript" }>): Values {
	const { heap } = frame.engine;
	const of = frame.engine.evaluate(frame, expr.of);
	const index = frame.engine.evaluate(frame, expr.index);
	const results: Values[] = [special(frame, of, "__getitem__", "", given(index))];
	for (const value of of) {
		const object = heap.object(value);
		// `Parser[State]` is the class, for what it makes.
		if (object.kind === "external" || object.kind === "class") results.push(only(value));
		if (object.kind === "plain" || object.kind === "constant") results.push(only(plain(heap, "str")));
		if (object.kind !== "container") continue;
		if (expr.index.kind === "slice") results.push(sliceOf(frame, value, expr.index, placeOf(frame, expr)));
		else results.push(readAt(frame, value, index));
	}
	return union(...results);
}

function sliceOf(frame: Frame, value: Value, slice: Extract<SourceExpr, { kind: "slice" }>, place: string): Values {
	const object = objectOf(frame, value);
	if (object.kind !== "container") return NOTHING;
	const bound = (part: SourceExpr | null, otherwise: number): number | null =>
		part === null ? otherwise : part.kind === "number" ? Number(part.text) : null;
	const from = bound(slice.from, 0);
	const to = bound(slice.to, object.length ?? -1);
	const known = object.length !== null && from !== null && to !== null && slice.step === null;
	const made = only(deriveContainer(frame, place, value, object.type, known ? Math.max(0, to - from) : null));
	const [copy] = made;
	const target = copy === undefined ? null : objectOf(frame, copy);
	if (!known || (target?.kind === "container" && target.length === null)) writeElement(frame, made, null, readElement(frame, value, null));
	else
		for (let at = from; at < Math.min(to, object.length ?? 0); at++)
			writeElement(frame, made, `n:${at - from}`, readElement(frame, value, `n:${at}`));
	return made;
}

export const generatorOf = (frame: Frame): Value => generatorNamed(frame, frame.scope.id);
export function generatorNamed(frame: Frame, id: string): Value {
	return frame.engine.heap.intern(`generator ${id}`, () => ({
		kind: "container",
		type: "iterator",
		owner: `generator ${id}`,
		length: null,
	}));
}

function callOf(frame: Frame, expr: Extract<SourceExpr, { kind: "call" }>): Values {
	const { callee } = expr;
	const callees = frame.engine.evaluate(frame, callee);
	const plainArgs: Values[] = [];
	const keys: (string | null)[] = [];
	const stars: Values[] = [];
	const doubles: Values[] = [];
	for (const arg of expr.args) {
		const values = frame.engine.evaluate(frame, arg);
		if (arg.kind !== "star") {
			plainArgs.push(values);
			keys.push(keyIn(frame, values));
		} else if (arg.form === "*") stars.push(values);
		else doubles.push(values);
	}
	const named = namedAccess(frame, callees, expr, plainArgs);
	const keywords = new Map(expr.keywords.map((keyword) => [keyword.name, frame.engine.evaluate(frame, keyword.value)]));
	const method = callee.kind === "attribute" ? callee.name : "";
	const text = dottedPath(callee)?.join(".") ?? (method === "" ? "(...)" : `(...).${method}`);
	return union(named, frame.engine.call(frame, callees, { plain: plainArgs, keys, stars, keywords, doubles }, text, method));
}

/** What a put-together name surely begins with: `"visit_" + kind`, f"visit_{kind}", "visit_%s" % kind. Shorter than three letters says nothing. */
function prefixOf(expr: SourceExpr): string {
	const first = expr.kind === "formatted" ? expr.parts[0] : expr.kind === "binary" ? expr.left : null;
	const text = typeof first === "string" ? first : first && "kind" in first && first.kind === "string" ? first.value : "";
	const prefix = text.split("%")[0] ?? "";
	return prefix.length >= 3 ? prefix : "";
}

/** Methods of the classes of these instances, and of those above, whose names begin so. */
function methodsFrom(frame: Frame, values: Values, prefix: string): Set<string> {
	const found = new Set<string>();
	for (const value of values) {
		const object = objectOf(frame, value);
		if (object.kind !== "instance") continue;
		for (const item of lineageOf(frame, object.of)) {
			const owner = typeof item === "string" ? null : objectOf(frame, item);
			if (owner?.kind === "class") for (const method of owner.decl.methods) if (method.name.startsWith(prefix)) found.add(method.name);
		}
	}
	return found;
}

/** `getattr`, `setattr`, `eval` and imports by a constant text. */
function namedAccess(frame: Frame, callees: Values, expr: Extract<SourceExpr, { kind: "call" }>, args: readonly Values[]): Values {
	const { heap, modules } = frame.engine;
	const results: Values[] = [];
	for (const value of callees) {
		const object = heap.object(value);
		const name = object.kind === "builtin" ? object.name : object.kind === "external" ? object.path : "";
		const text = expr.args[name === "getattr" || name === "setattr" ? 1 : 0];
		const prefix = name === "getattr" && text ? prefixOf(text) : "";
		if (prefix !== "")
			for (const method of methodsFrom(frame, args[0] ?? NOTHING, prefix))
				results.push(frame.engine.load(frame, args[0] ?? NOTHING, method));
		if (text?.kind !== "string") continue;
		const module = text.value;
		if (name === "getattr") results.push(frame.engine.load(frame, args[0] ?? NOTHING, text.value));
		// A call that is written as a constant text is made from here.
		const called = name === "eval" ? /^([A-Za-z_][\w.]*)\(\)$/.exec(text.value)?.[1] : undefined;
		if (called) {
			const [head = "", ...rest] = called.split(".");
			const callee = rest.reduce<SourceExpr>((of, part) => ({ kind: "attribute", of, name: part, span: text.span }), {
				kind: "name",
				name: head,
				span: text.span,
			});
			results.push(frame.engine.call(frame, frame.engine.evaluate(frame, callee), noArguments, called));
		}
		if (name === "setattr") store(frame, args[0] ?? NOTHING, text.value, args[2] ?? NOTHING);
		if ((name === "__import__" || name === "importlib.import_module") && modules.has(module))
			results.push(only(heap.intern(`module ${module}`, () => ({ kind: "module", module }))));
	}
	return union(...results);
}

function lambda(frame: Frame, expr: Extract<SourceExpr, { kind: "lambda" }>): Values {
	const { heap } = frame.engine;
	const lambdas = frame.scope.lambdas;
	const id = lambdas.get(expr) ?? `${frame.scope.id}.<lambda${lambdas.size + 1}>`;
	lambdas.set(expr, id);
	const value = heap.intern(`code ${id}`, () => {
		const params = expr.params.map((param) => param.name);
		const { bound, outer } = bindingsOf([], expr.body, params);
		const scope = {
			id,
			kind: "function" as const,
			classValue: null,
			module: frame.scope.module,
			parent: frame.scope,
			bound,
			outer,
			lambdas: new Map(),
			keys: new Map(),
		};
		const code: Code = { id, scope, params: expr.params, body: [], result: expr.body, isGenerator: false, decl: null };
		return { kind: "code", code };
	});
	for (const param of expr.params) if (param.default) heap.write(`${id}|${param.name}`, frame.engine.evaluate(frame, param.default));
	frame.engine.demandBody(value);
	return only(value);
}

function comprehension(frame: Frame, expr: Extract<SourceExpr, { kind: "comprehension" }>): Values {
	const made = only(makeContainer(frame, placeOf(frame, expr), expr.form === "generator" ? "iterator" : expr.form));
	for (const clause of expr.clauses) {
		assignTo(frame, clause.target, iterate(frame, frame.engine.evaluate(frame, clause.iterable)));
		for (const test of clause.tests) frame.engine.evaluate(frame, test);
	}
	if (expr.key) frame.engine.evaluate(frame, expr.key);
	writeElement(frame, made, null, frame.engine.evaluate(frame, expr.element));
	return made;
}

/** After `isinstance(name, Class)` the name is of that class, also when nothing was known of it. */
export function narrowed<T>(frame: Frame, test: SourceExpr, then: () => T): T {
	narrow(frame, test);
	return then();
}

export function narrow(frame: Frame, test: SourceExpr): void {
	if (test.kind === "logic" && test.op === "and") {
		narrow(frame, test.left);
		narrow(frame, test.right);
	}
	if (test.kind !== "call" || test.callee.kind !== "name" || test.callee.name !== "isinstance" || !frame.flow) return;
	const [subject, type] = test.args;
	if (subject?.kind !== "name" || !type || readName(frame, subject.name).size > 0) return;
	const types = type.kind === "tuple" ? type.items : [type];
	const found = union(...types.map((item) => frame.engine.evaluate(frame, item)));
	const { heap } = frame.engine;
	const instances = [...found]
		.filter((value) => heap.object(value).kind === "class")
		.map((value) => heap.intern(`open instance ${value}`, () => ({ kind: "instance", of: value, open: true })));
	if (instances.length > 0) frame.flow.vars.set(subject.name, new Set(instances));
}
