import { call } from "./calls.ts";
import { equals } from "./compare.ts";
import { fail, notTranslated, PyException, PyExceptionClass } from "./exceptions.ts";
import { iterate } from "./iterate.ts";
import { str } from "./repr.ts";
import { truth } from "./truth.ts";
import { typeNamed } from "./types.ts";
import { type CompareOp, type Keywords, PyObject, typeName, type Value } from "./values.ts";

/** A class of the source. */
export class PyClass extends PyObject {
	readonly typeName = "type";
	readonly name: string;
	readonly base: PyClass | null;
	readonly members: Map<string, Value>;
	constructor(name: string, base: PyClass | null, members: Map<string, Value>) {
		super();
		this.name = name;
		this.base = base;
		this.members = members;
	}
	find(name: string): Value | undefined {
		return this.members.get(name) ?? this.base?.find(name);
	}
	override key(): unknown {
		return this;
	}
	override repr(): string {
		return notTranslated("the text of a class names its module");
	}
	override getAttribute(name: string): Value | undefined {
		if (name === "__name__") return this.name;
		if (name === "__mro__") return this.base ? [this, ...((this.base.getAttribute("__mro__") ?? []) as Value[])] : [this];
		return this.find(name);
	}
	override setAttribute(name: string, value: Value): void {
		this.members.set(name, value);
	}
	override call(args: readonly Value[], keywords: Keywords): Value {
		const made = new PyInstance(this);
		const init = this.find("__init__");
		if (init !== undefined) call(init, [made, ...args], keywords);
		else if (args.length + Object.keys(keywords).length > 0) fail("TypeError", `${this.name}() takes no arguments`);
		return made;
	}
}

export class PyBoundMethod extends PyObject {
	readonly typeName = "method";
	readonly self: Value;
	readonly fn: Value;
	constructor(self: Value, fn: Value) {
		super();
		this.self = self;
		this.fn = fn;
	}
	override call(args: readonly Value[], keywords: Keywords): Value {
		return call(this.fn, [this.self, ...args], keywords);
	}
}

const named: Readonly<Record<string, string>> = {
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
	"<": "lt",
	"<=": "le",
	">": "gt",
	">=": "ge",
	"==": "eq",
	"!=": "ne",
	"unary -": "neg",
	"unary +": "pos",
	"unary ~": "invert",
};

/** An instance: every operation asks its class for the method that the language calls. */
export class PyInstance extends PyObject {
	readonly cls: PyClass;
	readonly attributes = new Map<string, Value>();
	constructor(cls: PyClass) {
		super();
		this.cls = cls;
	}
	get typeName(): string {
		return this.cls.name;
	}
	private ask(name: string, ...args: Value[]): Value | undefined {
		const method = this.cls.find(name);
		return method === undefined ? undefined : call(method, [this, ...args]);
	}
	private need(name: string, message: string, ...args: Value[]): Value {
		return this.ask(name, ...args) ?? (this.cls.find(name) === undefined ? fail("TypeError", message) : null);
	}
	override getAttribute(name: string): Value | undefined {
		if (name === "__class__") return this.cls;
		const own = this.attributes.get(name);
		if (own !== undefined) return own;
		const found = this.cls.find(name);
		return typeof found === "function" ? new PyBoundMethod(this, found) : found;
	}
	override setAttribute(name: string, value: Value): void {
		this.attributes.set(name, value);
	}
	override repr(): string {
		const told = this.ask("__repr__");
		return typeof told === "string" ? told : notTranslated(`the text of a ${this.typeName} holds its address`);
	}
	override str(): string {
		const told = this.ask("__str__");
		return typeof told === "string" ? told : this.repr();
	}
	override truth(): boolean {
		const told = this.ask("__bool__") ?? this.ask("__len__");
		return told === undefined || truth(told);
	}
	override equals(other: Value): boolean | undefined {
		const told = this.ask("__eq__", other);
		return told === undefined ? undefined : truth(told);
	}
	override order(op: CompareOp, other: Value): Value | undefined {
		const told = this.ask(`__${named[op]}__`, other);
		if (told !== undefined || op !== "!=") return told;
		return this.cls.find("__eq__") === undefined ? undefined : !equals(this, other);
	}
	override length(): number {
		return Number(this.need("__len__", `object of type '${this.typeName}' has no len()`));
	}
	override iterator(): Iterator<Value> {
		const made = this.need("__iter__", `'${this.typeName}' object is not iterable`);
		if (made instanceof PyInstance) return { next: () => made.next() };
		return iterate(made)[Symbol.iterator]();
	}
	next(): IteratorResult<Value> {
		try {
			return { done: false, value: this.need("__next__", `'${this.typeName}' object is not an iterator`) };
		} catch (thrown) {
			if (thrown instanceof Error && "exception" in thrown && (thrown.exception as PyException).typeName === "StopIteration")
				return { done: true, value: undefined };
			throw thrown;
		}
	}
	override contains(item: Value): boolean {
		const told = this.ask("__contains__", item);
		if (told !== undefined) return truth(told);
		for (const one of iterate(this)) if (equals(one, item)) return true;
		return false;
	}
	override getItem(key: Value): Value {
		return this.need("__getitem__", `'${this.typeName}' object is not subscriptable`, key);
	}
	override setItem(key: Value, value: Value): void {
		this.need("__setitem__", `'${this.typeName}' object does not support item assignment`, key, value);
	}
	override deleteItem(key: Value): void {
		this.need("__delitem__", `'${this.typeName}' object doesn't support item deletion`, key);
	}
	override call(args: readonly Value[], keywords: Keywords): Value {
		const method = this.cls.find("__call__");
		return method === undefined ? fail("TypeError", `'${this.typeName}' object is not callable`) : call(method, [this, ...args], keywords);
	}
	override binary(op: string, other: Value, reflected: boolean): Value | undefined {
		if (op.startsWith("unary")) return this.ask(`__${named[op]}__`);
		return this.ask(`__${reflected ? "r" : ""}${named[op]}__`, other);
	}
	override inPlace(op: string, other: Value): Value | undefined {
		return this.ask(`__i${named[op]}__`, other);
	}
	override key(): unknown {
		for (let cls: PyClass | null = this.cls; cls; cls = cls.base)
			if (cls.members.has("__eq__")) return fail("TypeError", `unhashable type: '${this.typeName}'`);
		return this;
	}
}

/** An exception class of the source, which may have methods of its own. */
class UserExceptionClass extends PyExceptionClass {
	readonly members: Map<string, Value>;
	constructor(name: string, parent: PyExceptionClass, members: Map<string, Value>) {
		super(name, parent);
		this.members = members;
	}
	find(name: string): Value | undefined {
		return this.members.get(name) ?? (this.parent instanceof UserExceptionClass ? this.parent.find(name) : undefined);
	}
	override repr(): string {
		return notTranslated("the text of a class names its module");
	}
	override getAttribute(name: string): Value | undefined {
		return name === "__name__" ? this.name : this.find(name);
	}
	override call(args: readonly Value[], keywords: Keywords = {}): PyException {
		const made = new UserException(this, [...args]);
		const init = this.find("__init__");
		if (init === undefined) return Object.keys(keywords).length > 0 ? super.call(args, keywords) : made;
		call(init, [made, ...args], keywords);
		return made;
	}
}

class UserException extends PyException {
	override getAttribute(name: string): Value | undefined {
		const own = this.attributes.get(name);
		if (own !== undefined) return own;
		const found = (this.cls as UserExceptionClass).find(name);
		return typeof found === "function" ? new PyBoundMethod(this, found) : found;
	}
	override str(): string {
		const method = (this.cls as UserExceptionClass).find("__str__");
		return method === undefined ? str(new PyException(this.cls, this.args)) : str(call(method, [this]));
	}
}

/** `class name(base)` with its attributes and methods. */
export function defineClass(name: string, base: Value, members: Readonly<Record<string, Value>>): Value {
	const own = new Map(Object.entries(members));
	if (base instanceof PyExceptionClass) return new UserExceptionClass(name, base, own);
	if (base instanceof PyClass) return new PyClass(name, base, own);
	if (base === null || base === typeNamed("object")) return new PyClass(name, null, own);
	return notTranslated(`a class on the base of ${typeName(base)}`);
}
