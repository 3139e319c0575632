import { type Keywords, NotTranslated, PyObject, type Value } from "./values.ts";

/** A class that can be raised and caught: a builtin one, or one of the source (see classes.ts). */
export class PyExceptionClass extends PyObject {
	readonly typeName = "type";
	readonly name: string;
	readonly parent: PyExceptionClass | null;
	constructor(name: string, parent: PyExceptionClass | null) {
		super();
		this.name = name;
		this.parent = parent;
	}
	override repr(): string {
		return `<class '${this.name}'>`;
	}
	override key(): unknown {
		return this;
	}
	override call(args: readonly Value[], keywords: Keywords = {}): PyException {
		if (Object.keys(keywords).length > 0) throw raised(exception("TypeError", `${this.name}() takes no keyword arguments`));
		return new PyException(this, [...args]);
	}
	isA(other: PyExceptionClass): boolean {
		for (let at: PyExceptionClass | null = this; at; at = at.parent) if (at === other) return true;
		return false;
	}
}

export class PyException extends PyObject {
	readonly cls: PyExceptionClass;
	args: Value[];
	readonly attributes = new Map<string, Value>();
	cause: Value = null;
	constructor(cls: PyExceptionClass, args: Value[]) {
		super();
		this.cls = cls;
		this.args = args;
	}
	get typeName(): string {
		return this.cls.name;
	}
	override key(): unknown {
		return this;
	}
	override getAttribute(name: string): Value | undefined {
		return this.attributes.get(name);
	}
	override setAttribute(name: string, value: Value): void {
		this.attributes.set(name, value);
	}
}

/** What JavaScript throws; `exception` is the value of the source. */
export class Raised extends Error {
	readonly exception: PyException;
	constructor(exception: PyException) {
		const [first] = exception.args;
		super(`${exception.typeName}${typeof first === "string" ? `: ${first}` : ""}`);
		this.exception = exception;
	}
}

const parents: Readonly<Record<string, string>> = {
	Exception: "BaseException",
	KeyboardInterrupt: "BaseException",
	SystemExit: "BaseException",
	GeneratorExit: "BaseException",
	FloatingPointError: "ArithmeticError",
	OverflowError: "ArithmeticError",
	ZeroDivisionError: "ArithmeticError",
	ModuleNotFoundError: "ImportError",
	IndexError: "LookupError",
	KeyError: "LookupError",
	UnboundLocalError: "NameError",
	FileNotFoundError: "OSError",
	PermissionError: "OSError",
	TimeoutError: "OSError",
	ConnectionError: "OSError",
	NotImplementedError: "RuntimeError",
	RecursionError: "RuntimeError",
	UnicodeError: "ValueError",
	UnicodeDecodeError: "UnicodeError",
	UnicodeEncodeError: "UnicodeError",
};
const known = new Map<string, PyExceptionClass>();

/** The builtin exception class of that name. */
export function exceptionClass(name: string): PyExceptionClass {
	let found = known.get(name);
	if (!found) {
		found = new PyExceptionClass(name, name === "BaseException" ? null : exceptionClass(parents[name] ?? "Exception"));
		known.set(name, found);
	}
	return found;
}

export function exception(name: string, ...args: Value[]): PyException {
	return new PyException(exceptionClass(name), args);
}

export function raised(value: PyException): Raised {
	return new Raised(value);
}

/** Raises a builtin exception with its message. */
export function fail(name: string, ...args: Value[]): never {
	throw raised(exception(name, ...args));
}

/** For `throw`: `raise value from cause`. A class is made into an exception first. */
export function raise(value: Value, cause?: Value): Raised {
	const made = value instanceof PyExceptionClass ? value.call([]) : value;
	if (!(made instanceof PyException)) return fail("TypeError", "exceptions must derive from BaseException");
	if (cause !== undefined) made.cause = cause instanceof PyExceptionClass ? cause.call([]) : cause;
	return raised(made);
}

/** What a handler sees of what was thrown. An exhausted stack is a RecursionError, as in the source. */
export function caught(thrown: unknown): PyException {
	if (thrown instanceof Raised) return thrown.exception;
	if (thrown instanceof RangeError && /call stack/.test(thrown.message))
		return exception("RecursionError", "maximum recursion depth exceeded");
	if (thrown instanceof RangeError && /BigInt/.test(thrown.message)) return exception("MemoryError");
	const early = thrown instanceof ReferenceError ? /'(.*)' before/.exec(thrown.message) : null;
	if (early) return exception("NameError", `name '${early[1]}' is not defined`);
	throw thrown;
}

/** Whether `except types` catches it; each is a class or a tuple of classes. */
export function matches(error: PyException, ...types: Value[]): boolean {
	return types.some((type) => {
		if (type instanceof PyExceptionClass) return error.cls.isA(type);
		const items = type instanceof PyObject ? type.iterator?.() : undefined;
		if (!items) return fail("TypeError", "catching classes that do not inherit from BaseException is not allowed");
		for (let step = items.next(); !step.done; step = items.next()) if (matches(error, step.value)) return true;
		return false;
	});
}

/** A variable that may have no value yet. */
export function bound<T>(value: T | undefined, name: string): T {
	if (value !== undefined) return value;
	return fail("UnboundLocalError", `cannot access local variable '${name}' where it is not associated with a value`);
}

/** The same for a variable of the function around. */
export function boundFree<T>(value: T | undefined, name: string): T {
	if (value !== undefined) return value;
	return fail("NameError", `cannot access free variable '${name}' where it is not associated with a value in enclosing scope`);
}

export function notTranslated(what: string): never {
	throw new NotTranslated(what);
}
