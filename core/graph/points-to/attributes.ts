import { type Engine, external, type Frame, given, instanceOf, noArguments, objectOf, only } from "./engine.ts";
import { fieldOf, NOTHING, union, type Value, type Values } from "./heap.ts";
import { variable } from "./lookup.ts";

/** A class and those above it in the order of their lookup (C3); a path stands for what is outside of the program. */
export type Lineage = (Value | string)[];

/** Kept until a class gets another base: whoever asks is run again then. */
export function lineageOf(frame: Frame, of: Value): Lineage {
	const { heap, lineages } = frame.engine;
	const known = lineages.get(of);
	if (known) {
		for (const key of known.read) heap.read(key);
		if (known.sizes.every((size, at) => heap.peek(known.read[at] ?? "").size === size)) return known.lineage;
	}
	const read: string[] = [];
	const lineage = computed(frame, of, read, 0);
	for (const key of read) heap.read(key);
	lineages.set(of, { lineage, read, sizes: read.map((key) => heap.peek(key).size) });
	return lineage;
}

function computed(frame: Frame, of: Value, read: string[], depth: number): Lineage {
	const { heap } = frame.engine;
	const bases: Lineage[] = [];
	read.push(`${of} base count`);
	for (let at = 0; at < heap.peek(`${of} base count`).size; at++) {
		read.push(`${of} base ${at}`);
		for (const base of heap.peek(`${of} base ${at}`)) {
			const object = heap.object(base);
			if (object.kind === "class" && depth < 30) bases.push(computed(frame, base, read, depth + 1));
			else if (object.kind === "external") bases.push([object.path]);
			else if (object.kind === "builtin" && object.name !== "object") bases.push([`<builtin>.${object.name}`]);
		}
	}
	return [of, ...merged([...bases, bases.flatMap((base) => base.slice(0, 1))])];
}

/** Takes the first head that is in no other tail; where the order contradicts itself, the first head. */
function merged(lists: Lineage[]): Lineage {
	const found: Lineage = [];
	let left = lists.filter((list) => list.length > 0);
	while (left.length > 0) {
		const heads = left.map((list) => list[0] as Value | string);
		const next = heads.find((head) => !left.some((list) => list.indexOf(head) > 0)) ?? (heads[0] as Value | string);
		found.push(next);
		left = left.map((list) => list.filter((item) => item !== next)).filter((list) => list.length > 0);
	}
	return found;
}

/** What the first class of a lineage that has the name gives. `outside`: the path of what is above the program, when it comes to that. */
export function inClasses(frame: Frame, lineage: Lineage, name: string): { values: Values; outside: string | null } {
	const { heap } = frame.engine;
	for (const item of lineage) {
		if (typeof item === "string") return { values: NOTHING, outside: item };
		const values = heap.read(fieldOf(item, name));
		if (values.size > 0) return { values, outside: null };
	}
	return { values: NOTHING, outside: null };
}

/** Binds what a class holds to the instance or class that was asked. */
function bind(frame: Frame, values: Values, self: Value | null, cls: Value): Values {
	const { heap, call } = frame.engine;
	const found = new Set<Value>();
	for (const value of values) {
		const object = heap.object(value);
		if (object.kind === "wrapped") {
			if (object.as === "static") found.add(object.fn);
			else if (object.as === "class") found.add(boundTo(frame, cls, object.fn));
			else if (self === null) found.add(value);
			else for (const result of call(frame, only(object.fn), given(only(self)), "a property")) found.add(result);
		} else if (self !== null && (object.kind === "code" || object.kind === "partial"))
			found.add(object.kind === "code" ? boundTo(frame, self, value) : value);
		else found.add(value);
	}
	return found;
}

export function boundTo(frame: Frame, self: Value, fn: Value): Value {
	return frame.engine.heap.intern(`bound ${self} ${fn}`, () => ({ kind: "bound", self, fn }));
}

export function load(frame: Frame, of: Values, name: string): Values {
	return union(...[...of].map((value) => loadOne(frame, value, name)));
}

function loadOne(frame: Frame, value: Value, name: string): Values {
	const { heap } = frame.engine;
	const object = objectOf(frame, value);
	switch (object.kind) {
		case "instance": {
			const own = heap.read(fieldOf(value, name));
			const lineage = lineageOf(frame, object.of);
			const { values, outside } = inClasses(frame, lineage, name);
			const below = object.open ? belowOf(frame, object.of, name, value) : NOTHING;
			if (name === "__class__") return only(object.of);
			const found = union(own, bind(frame, values, value, object.of), below);
			if (found.size > 0) return found;
			const caught = inClasses(frame, lineage, "__getattr__").values;
			if (caught.size > 0) return frame.engine.call(frame, bind(frame, caught, value, object.of), noArguments, "__getattr__");
			return outside === null ? NOTHING : only(external(heap, `${outside}.${name}`));
		}
		case "class": {
			const { values, outside } = inClasses(frame, lineageOf(frame, value), name);
			if (values.size > 0) return bind(frame, values, null, value);
			return outside === null ? NOTHING : only(external(heap, `${outside}.${name}`));
		}
		case "super": {
			const self = objectOf(frame, object.self);
			const cls = self.kind === "instance" ? self.of : object.self;
			const lineage = lineageOf(frame, cls);
			const { values, outside } = inClasses(frame, lineage.slice(lineage.indexOf(object.of) + 1), name);
			const own = values.size > 0 || cls === object.of ? { values, outside } : inClasses(frame, lineageOf(frame, object.of).slice(1), name);
			if (own.values.size > 0) return bind(frame, own.values, self.kind === "instance" ? object.self : null, cls);
			return own.outside === null ? NOTHING : only(external(heap, `${own.outside}.${name}`));
		}
		case "module": {
			const sub = frame.engine.modules.has(`${object.module}.${name}`)
				? only(heap.intern(`module ${object.module}.${name}`, () => ({ kind: "module", module: `${object.module}.${name}` })))
				: NOTHING;
			return union(moduleMember(frame.engine, object.module, name), sub);
		}
		case "external":
			return only(external(heap, `${object.path}.${name}`));
		case "code":
		case "partial":
			return heap.read(fieldOf(value, name));
		case "wrapped":
			if (object.as === "property" && (name === "setter" || name === "getter" || name === "deleter"))
				return only(heap.intern(`accessor ${value}`, () => ({ kind: "builtin", name: "property accessor" })));
			return NOTHING;
		case "bound":
			return loadOne(frame, object.fn, name);
		case "constant":
			return only(heap.intern(`method ${object.plain} ${name}`, () => ({ kind: "method", of: object.plain, name })));
		case "container":
		case "plain":
			return only(heap.intern(`method ${value} ${name}`, () => ({ kind: "method", of: value, name })));
		case "builtin":
			return only(heap.intern(`builtin ${object.name}.${name}`, () => ({ kind: "builtin", name: `${object.name}.${name}` })));
		case "method":
			return NOTHING;
	}
}

/** A name of a module, through what it imports by a star as well. */
export function moduleMember(engine: Engine, module: string, name: string): Values {
	const scope = engine.moduleScopes.get(module);
	if (!scope) return NOTHING;
	return union(engine.heap.read(variable(scope, name)), engine.heap.read(variable(scope, `*${name}`)));
}

/** What the classes below give instead, when only the upper one is known. */
function belowOf(frame: Frame, of: Value, name: string, self: Value): Values {
	const { heap } = frame.engine;
	const found: Values[] = [];
	for (const sub of heap.read(`${of} below`)) {
		const own = heap.read(fieldOf(sub, name));
		if (own.size > 0) found.push(bind(frame, own, self, sub));
		found.push(belowOf(frame, sub, name, self));
	}
	return union(...found);
}

export function store(frame: Frame, of: Values, name: string, values: Values): void {
	const { heap } = frame.engine;
	for (const value of of) {
		const object = objectOf(frame, value);
		if (object.kind === "module") {
			const scope = frame.engine.moduleScopes.get(object.module);
			if (scope) heap.write(variable(scope, name), values);
			continue;
		}
		if (object.kind === "instance") {
			const { values: found } = inClasses(frame, lineageOf(frame, object.of), name);
			for (const item of found) {
				const held = heap.object(item);
				const setter = held.kind === "wrapped" && held.as === "property" ? heap.read(`${item} setter`) : NOTHING;
				if (setter.size > 0) frame.engine.call(frame, setter, given(only(value), values), "a property");
			}
			heap.write(fieldOf(value, name), values);
			if (object.open) heap.write(`${instanceOf(heap, object.of)}.${name}`, values);
		} else if (object.kind === "class" || object.kind === "code" || object.kind === "partial") heap.write(fieldOf(value, name), values);
	}
}
