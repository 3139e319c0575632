import type { FunctionDecl, Module, Program } from "../program.ts";
import { annotated } from "./annotations.ts";
import { load } from "./attributes.ts";
import { call } from "./calls.ts";
import type { Engine, Frame } from "./engine.ts";
import { instanceOf, only } from "./engine.ts";
import { evaluate } from "./evaluate.ts";
import { emptyFlow } from "./flow.ts";
import { type Code, createHeap, type Scope } from "./heap.ts";
import { moduleScope, sharedNames } from "./scopes.ts";
import { runBody } from "./statements.ts";

export type CallEdge = { from: string; to: string; lines: number[] };
export type PointsTo = {
	/** Dotted ids of everything that calls or may be called: modules, functions, lambdas. */
	scopes: string[];
	calls: CallEdge[];
	/** Functions given away to code outside of the program. */
	handedOn: CallEdge[];
	/** Calls of which nothing is known. */
	unresolved: { from: string; text: string; line: number }[];
	/** Values that a cell was too narrow for: 0 unless the program is large and its values meet in one place. */
	lost: number;
};

/**
 * Who may call whom, by following values through the whole program: assignments, containers, arguments, closures, results, classes. In a
 * second phase, what nothing in the program calls is given what its texts say of it: `self`, annotations. The rules are in SPEC.md.
 * Time grows with the program and the sets, which are bounded.
 */
export function pointsTo(program: Program): PointsTo {
	const steps = pointsToSteps(program);
	for (;;) {
		const { done, value } = steps.next();
		if (done) return value;
	}
}

export function* pointsToSteps(program: Program): Generator<{ done: number; total: number }, PointsTo> {
	const queue: string[] = [];
	const waiting = new Set<string>();
	const enqueue = (body: string) => {
		if (body === "" || waiting.has(body)) return;
		waiting.add(body);
		queue.push(body);
	};
	const heap = createHeap(enqueue);
	const modules = new Map(program.modules.map((module) => [module.name, module]));
	const moduleScopes = new Map(program.modules.map((module) => [module.name, moduleScope(module)]));
	const bodies = new Map<string, Code | null>(program.modules.map((module) => [module.name, null]));
	const calls = createEdges();
	const handedOn = createEdges();
	const unresolved = new Map<string, Map<string, { from: string; text: string; line: number }>>();
	const methodsByName = new Map<string, FunctionDecl[]>();
	for (const module of program.modules)
		for (const decl of module.functions) if (decl.owner) methodsByName.set(decl.name, [...(methodsByName.get(decl.name) ?? []), decl]);
	const endings = new Map<string, string[]>();
	const folders = new Set<string>();
	for (const name of modules.keys()) {
		const parts = name.split(".");
		const last = parts.at(-1) ?? name;
		endings.set(last, [...(endings.get(last) ?? []), name]);
		for (let length = 1; length < parts.length; length++) folders.add(parts.slice(0, length).join("."));
	}
	const importsOf = importClosure(modules, endings);
	const engine: Engine = {
		heap,
		program,
		modules,
		moduleScopes,
		endings,
		folders,
		shared: sharedNames(program.modules),
		classes: new Map(),
		codeOf: new Map(),
		lineages: new Map(),
		places: new Map(),
		open: { value: false },
		awaiting: new Set(),
		nesting: { value: 0 },
		methodsByName,
		addEdge: (frame, to) => calls.add(frame.scope.id, to, frame.line),
		addHandedOn(frame, value) {
			const object = heap.object(value);
			const target = object.kind === "bound" || object.kind === "wrapped" ? heap.object(object.fn) : object;
			if (target.kind === "code") handedOn.add(frame.scope.id, target.code.id, frame.line);
		},
		areConnected: (a, b) => a === b || importsOf(a).has(b) || importsOf(b).has(a),
		addUnresolved(frame, text) {
			const own = unresolved.get(frame.body) ?? new Map();
			unresolved.set(frame.body, own.set(`${text} ${frame.line}`, { from: frame.scope.id, text, line: frame.line }));
		},
		demandBody(value) {
			const object = heap.object(value);
			if (object.kind !== "code" || bodies.has(object.code.id)) return;
			bodies.set(object.code.id, object.code);
			engine.codeOf.set(object.code.id, object.code);
			enqueue(object.code.id);
		},
		evaluate,
		call,
		load,
	};
	const run = (body: string) => {
		const code = bodies.get(body);
		const scope = code?.scope ?? (moduleScopes.get(body) as Scope);
		heap.state.reader = body;
		unresolved.delete(body);
		const frame: Frame = { engine, scope, body, flow: emptyFlow(), exits: [], line: 1 };
		for (const param of code?.params ?? []) frame.flow?.vars.set(param.name, heap.read(`${scope.id}|${param.name}`));
		if (code?.result) heap.write(`${scope.id}()`, evaluate(frame, code.result));
		runBody(frame, code ? code.body : (modules.get(body)?.body ?? []));
		heap.state.reader = "";
	};
	let done = 0;
	function* settle() {
		for (let body = queue.shift(); body !== undefined; body = queue.shift()) {
			waiting.delete(body);
			run(body);
			if (++done % 50 === 0) yield { done, total: done + queue.length };
		}
	}
	for (const module of program.modules) enqueue(module.name);
	yield* settle();
	engine.open.value = true;
	for (const code of [...engine.codeOf.values()]) giveWhatTextsSay(engine, code);
	for (const body of engine.awaiting) enqueue(body);
	yield* settle();
	return {
		scopes: [...bodies.keys()],
		calls: calls.list(),
		handedOn: handedOn.list(),
		unresolved: [...unresolved.values()].flatMap((own) => [...own.values()]),
		lost: heap.state.lost,
	};
}

/** Parameters that nothing flowed into: `self` is of the class or one below, an annotated one is what the annotation says. */
function giveWhatTextsSay(engine: Engine, code: Code): void {
	const { heap } = engine;
	const frame: Frame = { engine, scope: code.scope.parent ?? code.scope, body: "", flow: null, exits: [], line: 1 };
	const [first] = code.params;
	const owner = code.scope.parent?.classValue ?? null;
	const isStatic = code.decl?.decorators.some((decorator) => decorator.kind === "name" && decorator.name === "staticmethod") ?? false;
	const isClass = code.decl?.decorators.some((decorator) => decorator.kind === "name" && decorator.name === "classmethod") ?? false;
	if (owner !== null && first && !isStatic && heap.peek(`${code.id}|${first.name}`).size === 0)
		heap.write(`${code.id}|${first.name}`, only(isClass ? owner : instanceOf(heap, owner, true)));
	for (const param of code.params)
		if (param.annotation && heap.peek(`${code.id}|${param.name}`).size === 0)
			heap.write(`${code.id}|${param.name}`, annotated(frame, param.annotation, code.scope.parent ?? code.scope));
}

function createEdges() {
	const edges = new Map<string, Map<string, Set<number>>>();
	return {
		add(from: string, to: string, line: number) {
			let callees = edges.get(from);
			if (!callees) {
				callees = new Map();
				edges.set(from, callees);
			}
			const lines = callees.get(to);
			if (lines) lines.add(line);
			else callees.set(to, new Set([line]));
		},
		list: (): CallEdge[] => [...edges].flatMap(([from, callees]) => [...callees].map(([to, lines]) => ({ from, to, lines: [...lines] }))),
	};
}

/** The modules that a module imports, and those import, by the last parts of the names: close enough for "knows of". */
function importClosure(modules: ReadonlyMap<string, Module>, endings: ReadonlyMap<string, readonly string[]>) {
	const closures = new Map<string, Set<string>>();
	const direct = (name: string): string[] =>
		(modules.get(name)?.imports ?? []).flatMap((item) => {
			const paths = item.names ? [item.module, `${item.module}.${item.names.name}`] : [item.module];
			return paths.flatMap((path) =>
				(endings.get(path.split(".").at(-1) ?? "") ?? []).filter(
					(found) => found === path || found.endsWith(`.${path}`) || path.endsWith(found),
				),
			);
		});
	return (name: string): ReadonlySet<string> => {
		const known = closures.get(name);
		if (known) return known;
		const found = new Set<string>();
		const waiting = [name];
		for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
			for (const other of direct(next)) {
				if (found.has(other)) continue;
				found.add(other);
				waiting.push(other);
			}
		closures.set(name, found);
		return found;
	};
}
