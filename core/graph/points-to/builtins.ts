import { deriveContainer, elementsOf, makeContainer, readElement, writeElement } from "./containers.ts";
import { type Arguments, type Frame, given, objectOf, only, plain } from "./engine.ts";
import { NOTHING, type Scope, union, type Value, type Values } from "./heap.ts";
import { copyElements, iterate } from "./iteration.ts";
import { special } from "./places.ts";

/** Results that are values of a builtin type, whatever the arguments. */
const plainResults: Record<string, string> = {
	ascii: "str",
	bin: "str",
	bool: "bool",
	bytes: "bytes",
	callable: "bool",
	chr: "str",
	float: "float",
	format: "str",
	hasattr: "bool",
	hex: "str",
	input: "str",
	int: "int",
	isinstance: "bool",
	issubclass: "bool",
	len: "int",
	oct: "str",
	ord: "int",
	repr: "str",
	round: "float",
	str: "str",
	unicode: "str",
};
/** Functions that ask a method of their first argument. */
const asks: Record<string, string> = {
	abs: "__abs__",
	bool: "__bool__",
	bytes: "__bytes__",
	float: "__float__",
	format: "__format__",
	hash: "__hash__",
	int: "__int__",
	len: "__len__",
	print: "__str__",
	repr: "__repr__",
	reversed: "__reversed__",
	round: "__round__",
	str: "__str__",
};

/** What a builtin gives, and whom it calls back. */
export function callBuiltin(frame: Frame, name: string, args: Arguments): Values {
	const { heap } = frame.engine;
	const [first = NOTHING, second = NOTHING] = args.plain;
	const asked = asks[name];
	const answered = asked
		? union(...args.plain.map((values) => special(frame, values, asked, asked === "__str__" ? "__repr__" : "")))
		: NOTHING;
	const made = (type: "list" | "tuple" | "dict" | "set" | "iterator", values: Values): Values => {
		const container = only(makeContainer(frame, `container ${frame.body} ${frame.line} ${name}`, type));
		writeElement(frame, container, null, values);
		return container;
	};
	const callbacks = (items: Values): Values => {
		const functions = [...args.plain, ...args.keywords.values()].filter((values) => [...values].some((value) => isCallable(frame, value)));
		return union(
			...functions.map((values) =>
				frame.engine.call(frame, new Set([...values].filter((value) => isCallable(frame, value))), given(items), name),
			),
		);
	};
	const items = () => union(...args.plain.map((values) => iterate(frame, values)));
	switch (name) {
		case "map":
			return made("iterator", callbacks(items()));
		case "filter": {
			const held = items();
			callbacks(held);
			return made("iterator", held);
		}
		case "reduce": {
			const held = union(iterate(frame, second), args.plain[2] ?? NOTHING);
			const result = frame.engine.call(frame, first, given(held, held), name);
			return union(result, args.plain[2] ?? NOTHING);
		}
		case "sorted":
		case "list":
		case "tuple":
		case "set":
		case "frozenset":
		case "reversed":
		case "iter":
		case "enumerate":
		case "zip": {
			const held = items();
			if (name === "sorted") callbacks(held);
			if (name === "enumerate") {
				const pair = only(makeContainer(frame, `container ${frame.body} ${frame.line} pair`, "tuple", 2));
				writeElement(frame, pair, "n:1", held);
				return made("iterator", pair);
			}
			if (name === "zip") {
				const pair = only(makeContainer(frame, `container ${frame.body} ${frame.line} pair`, "tuple", args.plain.length));
				for (const [at, values] of args.plain.entries()) writeElement(frame, pair, `n:${at}`, iterate(frame, values));
				return made("iterator", pair);
			}
			const copied = copyOf(frame, name, first);
			return (
				copied ??
				made(
					name === "sorted" || name === "list"
						? "list"
						: name === "tuple"
							? "tuple"
							: name === "iter" || name === "reversed"
								? "iterator"
								: "set",
					held,
				)
			);
		}
		case "min":
		case "max": {
			const held = args.plain.length > 1 ? union(...args.plain) : items();
			callbacks(held);
			return held;
		}
		case "sum":
			return items();
		case "next":
			return union(special(frame, first, "__next__", "next"), elementsOf(frame, first), second);
		case "any":
		case "all":
			items();
			return only(plain(heap, "bool"));
		case "dict": {
			const into = only(makeContainer(frame, `container ${frame.body} ${frame.line} dict`, "dict"));
			for (const value of [...args.plain, ...args.doubles].flatMap((values) => [...values])) copyElements(frame, value, into);
			for (const [key, values] of args.keywords) writeElement(frame, into, `s:${key}`, values);
			return into;
		}
		case "super":
			return superOf(frame, args);
		case "type":
			return new Set([...first].flatMap((value) => classOf(frame, value)));
		case "vars":
		case "open":
		case "compile":
			return NOTHING;
		case "property":
			return union(...[...first].map((fn) => only(heap.intern(`wrapped property ${fn}`, () => ({ kind: "wrapped", as: "property", fn })))));
		case "staticmethod":
		case "classmethod":
			return union(
				...[...first].map((fn) =>
					only(heap.intern(`wrapped ${name} ${fn}`, () => ({ kind: "wrapped", as: name === "staticmethod" ? "static" : "class", fn }))),
				),
			);
		default: {
			callbacks(NOTHING);
			const result = plainResults[name];
			return result ? only(plain(heap, result)) : answered;
		}
	}
}

/** `list(xs)` keeps the places of what it copies. */
function copyOf(frame: Frame, name: string, values: Values): Values | null {
	if ((name !== "list" && name !== "tuple") || values.size !== 1) return null;
	const [value] = values;
	const object = value === undefined ? null : objectOf(frame, value);
	if (value === undefined || object?.kind !== "container" || object.type === "dict" || object.length === null) return null;
	const into = only(makeContainer(frame, `container ${frame.body} ${frame.line} ${name}`, name, object.length));
	copyElements(frame, value, into);
	return into;
}

function isCallable(frame: Frame, value: Value): boolean {
	return ["code", "bound", "class", "partial", "wrapped"].includes(objectOf(frame, value).kind);
}

function classOf(frame: Frame, value: Value): Value[] {
	const object = objectOf(frame, value);
	return object.kind === "instance" ? [object.of] : [];
}

/** Without arguments: of the class that the method around belongs to, for its first parameter. */
function superOf(frame: Frame, args: Arguments): Values {
	const { heap, classes } = frame.engine;
	const make = (of: Value, self: Value) => heap.intern(`super ${of} ${self}`, () => ({ kind: "super", of, self }));
	const [type, subject] = args.plain;
	if (type && subject)
		return new Set(
			[...type].filter((value) => objectOf(frame, value).kind === "class").flatMap((of) => [...subject].map((self) => make(of, self))),
		);
	for (let at: Scope | null = frame.scope; at; at = at.parent) {
		const code = frame.engine.codeOf.get(at.id);
		if (!code?.decl?.owner) continue;
		const owner = [...classes].find(([decl]) => decl.id === code.decl?.owner && decl.module === code.decl.module)?.[1];
		const self = code.params[0]?.name;
		if (owner === undefined || self === undefined) return NOTHING;
		return new Set([...heap.read(`${code.id}|${self}`)].map((value) => make(owner, value)));
	}
	return NOTHING;
}

const stringResults = new Set(
	"join strip lstrip rstrip upper lower replace format title capitalize decode encode zfill ljust rjust center swapcase".split(" "),
);

/** Methods of the language's own values: what they hold goes in and out. */
export function callMethod(frame: Frame, of: Value, name: string, args: Arguments): Values {
	const { heap } = frame.engine;
	const object = heap.object(of);
	const [first = NOTHING, second = NOTHING] = args.plain;
	const self = only(of);
	const made = (type: "list" | "iterator" | "tuple", values: Values): Values => {
		const container = only(deriveContainer(frame, `container ${frame.body} ${frame.line} ${name}`, of, type));
		writeElement(frame, container, null, values);
		return container;
	};
	if (object.kind === "plain") {
		if (stringResults.has(name)) return only(plain(heap, "str"));
		if (name === "split" || name === "rsplit" || name === "splitlines") return made("list", only(plain(heap, "str")));
		return NOTHING;
	}
	switch (name) {
		case "append":
		case "add":
		case "appendleft":
		case "put":
			writeElement(frame, self, null, first);
			return NOTHING;
		case "insert":
			writeElement(frame, self, null, second);
			return NOTHING;
		case "extend":
			writeElement(frame, self, null, iterate(frame, first));
			return NOTHING;
		case "update":
			for (const value of [...args.plain, ...args.doubles].flatMap((values) => [...values])) copyElements(frame, value, self);
			for (const [key, values] of args.keywords) writeElement(frame, self, `s:${key}`, values);
			return NOTHING;
		case "setdefault":
			writeElement(frame, self, args.keys[0] ?? null, second);
			return union(readElement(frame, of, args.keys[0] ?? null), second);
		case "get":
		case "pop":
		case "popitem":
		case "popleft":
		case "__getitem__":
			return union(readElement(frame, of, object.kind === "container" && object.type === "dict" ? (args.keys[0] ?? null) : null), second);
		case "values":
			return made("iterator", readElement(frame, of, null));
		case "items": {
			const pair = only(deriveContainer(frame, `container ${frame.body} ${frame.line} item`, of, "tuple", 2));
			writeElement(frame, pair, "n:0", only(plain(heap, "str")));
			writeElement(frame, pair, "n:1", readElement(frame, of, null));
			return made("iterator", pair);
		}
		case "keys":
			return made("iterator", only(plain(heap, "str")));
		case "copy":
		case "union":
		case "difference":
		case "intersection":
			return self;
		case "sort": {
			const key = args.keywords.get("key");
			if (key) frame.engine.call(frame, key, given(readElement(frame, of, null)), "sort");
			return NOTHING;
		}
		case "send":
		case "__next__":
		case "next":
			return readElement(frame, of, null);
		default:
			return NOTHING;
	}
}
