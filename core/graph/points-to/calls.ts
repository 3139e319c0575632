import { annotated } from "./annotations.ts";
import { boundTo, inClasses, lineageOf, load } from "./attributes.ts";
import { callBuiltin, callMethod } from "./builtins.ts";
import { elementsOf, readElement, writeElement } from "./containers.ts";
import { type Arguments, external, type Frame, given, instanceOf, objectOf, only } from "./engine.ts";
import { type Code, fieldOf, NOTHING, union, type Value, type Values } from "./heap.ts";
import { knownMethods } from "./known-methods.ts";

/** Objects that call one another without end (`__call__` of a `__call__`) are left at this depth. */
const DEEPEST = 4;

/** Calls all that the callee may be: an edge to each, arguments into parameters, results out. */
export function call(frame: Frame, callees: Values, args: Arguments, text: string, method = ""): Values {
	if (callees.size === 0) return callUnknown(frame, args, text, method);
	const { nesting } = frame.engine;
	if (nesting.value > DEEPEST) return NOTHING;
	nesting.value++;
	try {
		return union(...[...callees].map((value) => callOne(frame, value, args)));
	} finally {
		nesting.value--;
	}
}

function callOne(frame: Frame, value: Value, args: Arguments): Values {
	const { heap } = frame.engine;
	const object = objectOf(frame, value);
	switch (object.kind) {
		case "code":
			return callCode(frame, value, object.code, args);
		case "bound":
			return callOne(frame, object.fn, { ...args, plain: [only(object.self), ...args.plain] });
		case "class":
			return construct(frame, value, args);
		case "instance": {
			const found = load(frame, only(value), "__call__");
			return found.size > 0 ? call(frame, found, args, "__call__") : NOTHING;
		}
		case "wrapped":
			return callOne(frame, object.fn, args);
		case "partial": {
			const keywords = new Map([...object.keywords, ...args.keywords]);
			return call(frame, object.fn, { ...args, plain: [...object.args, ...args.plain], keywords }, "partial");
		}
		case "external":
			return callExternal(frame, object.path, args);
		case "builtin":
			frame.engine.addEdge(frame, `<builtin>.${object.name}`);
			return callBuiltin(frame, object.name, args);
		case "method": {
			const owner = heap.object(object.of);
			const type = owner.kind === "container" || owner.kind === "plain" ? owner.type : "";
			if (!mutators.has(object.name))
				frame.engine.addEdge(frame, `<**Py${type.slice(0, 1).toUpperCase()}${type.slice(1)}**>.${object.name}`);
			return callMethod(frame, object.of, object.name, args);
		}
		case "super":
		case "module":
		case "container":
		case "plain":
		case "constant":
			return NOTHING;
	}
}

/** A change of a container in place is a write to it, not a call. */
const mutators = new Set("append add insert extend update setdefault clear discard remove sort reverse".split(" "));

export function callCode(frame: Frame, value: Value, code: Code, args: Arguments): Values {
	const { engine } = frame;
	engine.addEdge(frame, code.id);
	engine.demandBody(value);
	bindParameters(frame, code, args);
	if (code.isGenerator)
		return only(
			engine.heap.intern(`generator ${code.id}`, () => ({
				kind: "container",
				type: "iterator",
				owner: `generator ${code.id}`,
				length: null,
			})),
		);
	const results = engine.heap.read(`${code.id}()`);
	if (results.size === 0 && code.decl?.returns) engine.awaiting.add(frame.body);
	return results.size === 0 && engine.open.value && code.decl?.returns
		? annotated(frame, code.decl.returns, code.scope.parent ?? code.scope)
		: results;
}

/** Positions first, then names; what is spread may go to every parameter that is left. */
function bindParameters(frame: Frame, code: Code, args: Arguments): void {
	const { heap } = frame.engine;
	const cell = (name: string) => `${code.id}|${name}`;
	const spread = union(...args.stars.map((values) => elementsOf(frame, values)));
	const rest = code.params.find((param) => param.form === "rest");
	const keywords = code.params.find((param) => param.form === "keywords");
	const own = (name: string, type: "tuple" | "dict") =>
		only(
			heap.intern(`container ${code.id} *${name}`, () => ({ kind: "container", type, owner: `parameters of ${code.id}`, length: null })),
		);
	if (rest) heap.write(cell(rest.name), own(rest.name, "tuple"));
	if (keywords) heap.write(cell(keywords.name), own(keywords.name, "dict"));
	const positions = code.params.filter((param) => param.form === "plain" || param.form === "positional");
	for (const [at, values] of args.plain.entries()) {
		const param = positions[at];
		if (param) heap.write(cell(param.name), values);
		else if (rest) writeElement(frame, own(rest.name, "tuple"), `n:${at - positions.length}`, values);
	}
	for (const param of positions.slice(args.plain.length)) if (!args.keywords.has(param.name)) heap.write(cell(param.name), spread);
	if (rest && spread.size > 0) writeElement(frame, own(rest.name, "tuple"), null, spread);
	const byName = (name: string, values: Values) => {
		const param = code.params.find((item) => item.name === name && item.form !== "rest" && item.form !== "keywords");
		if (param) heap.write(cell(name), values);
		else if (keywords) writeElement(frame, own(keywords.name, "dict"), `s:${name}`, values);
	};
	for (const [name, values] of args.keywords) byName(name, values);
	for (const doubles of args.doubles)
		for (const value of doubles) {
			if (objectOf(frame, value).kind !== "container") continue;
			for (const key of heap.keysOf(value)) {
				const values = readElement(frame, value, key === "*" ? null : key);
				if (key.startsWith("s:")) byName(key.slice(2), values);
				else for (const param of code.params) if (param.form !== "rest" && param.form !== "keywords") heap.write(cell(param.name), values);
			}
		}
}

function construct(frame: Frame, value: Value, args: Arguments): Values {
	const { heap } = frame.engine;
	const made = instanceOf(heap, value);
	const lineage = lineageOf(frame, value);
	const makers = inClasses(frame, lineage, "__new__").values;
	for (const maker of makers) {
		const object = heap.object(maker);
		const fn = object.kind === "wrapped" ? object.fn : maker;
		call(frame, only(fn), { ...args, plain: [only(value), ...args.plain] }, "__new__");
	}
	const { values, outside } = inClasses(frame, lineage, "__init__");
	for (const init of values) callOne(frame, boundTo(frame, made, init), args);
	if (values.size > 0) return only(made);
	if (outside !== null && !outside.startsWith("<builtin>")) {
		frame.engine.addEdge(frame, `${outside}.__init__`);
		handOn(frame, args);
	}
	for (const [name, given] of args.keywords) heap.write(fieldOf(made, name), given);
	return only(made);
}

/** What is outside keeps the functions that it is given, and may call them whenever it likes. */
function handOn(frame: Frame, args: Arguments): void {
	for (const values of [...args.plain, ...args.stars, ...args.keywords.values()])
		for (const value of values) {
			const { kind } = objectOf(frame, value);
			if (kind === "code" || kind === "bound" || kind === "class" || kind === "partial") frame.engine.addHandedOn(frame, value);
		}
}

function callExternal(frame: Frame, path: string, args: Arguments): Values {
	const { heap } = frame.engine;
	frame.engine.addEdge(frame, path);
	const [first, ...others] = args.plain;
	switch (path) {
		case "functools.partial": {
			const key = `partial ${frame.body} ${frame.line}`;
			return only(heap.intern(key, () => ({ kind: "partial", fn: first ?? NOTHING, args: others, keywords: args.keywords })));
		}
		case "functools.reduce":
			return callBuiltin(frame, "reduce", args);
		case "copy.copy":
		case "copy.deepcopy":
		case "contextlib.closing":
		case "typing.cast":
			return path === "typing.cast" ? (others[0] ?? NOTHING) : (first ?? NOTHING);
		case "collections.OrderedDict":
			return callBuiltin(frame, "dict", args);
		case "collections.deque":
			return callBuiltin(frame, "list", args);
		case "collections.defaultdict": {
			const made = callBuiltin(frame, "dict", { ...args, plain: others });
			writeElement(frame, made, null, call(frame, first ?? NOTHING, given(), "defaultdict"));
			return made;
		}
		default:
			handOn(frame, args);
			return only(external(heap, path));
	}
}

/**
 * Nothing is known of the callee. In the second phase a method that only one class of the program has is taken for it, unless the language's
 * own values have one of that name, or the class's module and the caller's know nothing of each other.
 */
function callUnknown(frame: Frame, args: Arguments, text: string, method: string): Values {
	const { engine } = frame;
	handOn(frame, args);
	engine.awaiting.add(frame.body);
	const found = engine.open.value && method !== "" && !knownMethods.has(method) ? onlyMethod(frame, method) : NOTHING;
	if (found.size > 0) return call(frame, found, args, method);
	if (!knownMethods.has(method)) engine.addUnresolved(frame, text);
	return NOTHING;
}

function onlyMethod(frame: Frame, method: string): Values {
	const { engine } = frame;
	const [single, ...others] = engine.methodsByName.get(method) ?? [];
	if (single === undefined || others.length > 0 || !engine.areConnected(frame.scope.module, single.module)) return NOTHING;
	const owner = [...engine.classes].find(([decl]) => decl.id === single.owner && decl.module === single.module)?.[1];
	return owner === undefined ? NOTHING : load(frame, only(instanceOf(engine.heap, owner)), method);
}

/** Applies a decorator: what is outside of the program gives back what it was given. */
export function decorate(frame: Frame, decorators: Values, value: Values): Values {
	const { heap } = frame.engine;
	const results: Values[] = [];
	for (const decorator of decorators) {
		const object = objectOf(frame, decorator);
		const name = object.kind === "builtin" ? object.name : object.kind === "external" ? object.path : "";
		const as = name === "staticmethod" ? "static" : name === "classmethod" ? "class" : isProperty(name) ? "property" : null;
		if (as !== null) for (const fn of value) results.push(only(heap.intern(`wrapped ${as} ${fn}`, () => ({ kind: "wrapped", as, fn }))));
		else if (object.kind === "external") {
			frame.engine.addEdge(frame, object.path);
			for (const fn of value) frame.engine.addHandedOn(frame, fn);
			results.push(value);
		} else results.push(call(frame, only(decorator), given(value), "a decorator"));
	}
	return decorators.size === 0 ? value : union(...results);
}

const isProperty = (name: string) =>
	name === "property" || name === "functools.cached_property" || name === "abc.abstractproperty" || name.endsWith(".cached_property");
