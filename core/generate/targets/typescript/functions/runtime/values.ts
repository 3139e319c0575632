/**
 * A value of the source's data model. Each Python type has one representation:
 * int bigint, float number, bool boolean, None null, str string (counted by code point), list Array, the others subclasses of PyObject.
 */
export type Value = null | boolean | bigint | number | string | Value[] | PyObject | Callable;
export type Callable = (...args: never[]) => Value;
export type Keywords = Readonly<Record<string, Value>>;

export type CompareOp = "==" | "!=" | "<" | "<=" | ">" | ">=";

/** What is no number, text or list. Whatever a type does not answer to is left out, or answers undefined (NotImplemented). */
export abstract class PyObject {
	abstract readonly typeName: string;
	repr(): string {
		return `<${this.typeName} object>`;
	}
	str(): string {
		return this.repr();
	}
	truth(): boolean {
		return true;
	}
	equals(other: Value): boolean | undefined {
		return this === other ? true : undefined;
	}
	order?(op: CompareOp, other: Value): Value | undefined;
	length?(): number;
	iterator?(): Iterator<Value>;
	contains?(item: Value): boolean;
	getItem?(key: Value): Value;
	setItem?(key: Value, value: Value): void;
	deleteItem?(key: Value): void;
	/** `reflected`: this is the right operand. */
	binary?(op: string, other: Value, reflected: boolean): Value | undefined;
	/** As `binary` for `+=` and its like, which may change this very value. */
	inPlace?(op: string, other: Value): Value | undefined;
	call?(args: readonly Value[], keywords: Keywords): Value;
	getAttribute?(name: string): Value | undefined;
	setAttribute?(name: string, value: Value): void;
	/** A text that equal values share, so that a Map can hold them; absent for what cannot be hashed. */
	key?(): unknown;
	/** CPython's hash; null where it differs from process to process. */
	hash?(): bigint | null;
}

/** What is consumed by iterating once. It has no `return`: leaving a loop does not end it. */
export class PyIterator extends PyObject implements Iterator<Value> {
	readonly typeName: string;
	private readonly step: () => Value | undefined;
	/** `step` gives undefined at the end, and at every call after it. */
	constructor(typeName: string, step: () => Value | undefined) {
		super();
		this.typeName = typeName;
		this.step = step;
	}
	next(): IteratorResult<Value> {
		const value = this.advance();
		return value === undefined ? { done: true, value: undefined } : { done: false, value };
	}
	/** StopIteration of a function that a step calls is the end as well. */
	private advance(): Value | undefined {
		try {
			return this.step();
		} catch (thrown) {
			if (thrown instanceof Error && "exception" in thrown && (thrown.exception as PyObject).typeName === "StopIteration") return undefined;
			throw thrown;
		}
	}
	override iterator(): Iterator<Value> {
		return this;
	}
	[Symbol.iterator](): Iterator<Value> {
		return this;
	}
}

/** The iterator of a value that can be walked again. */
export function iteratorOf(typeName: string, source: Iterator<Value>): PyIterator {
	return new PyIterator(typeName, () => {
		const step = source.next();
		return step.done ? undefined : step.value;
	});
}

export const isWhole = (value: Value): value is bigint | boolean => typeof value === "bigint" || typeof value === "boolean";
export const isNumber = (value: Value): value is bigint | boolean | number => isWhole(value) || typeof value === "number";

/** The name of the type, as messages have it. */
export function typeName(value: Value): string {
	if (value === null) return "NoneType";
	switch (typeof value) {
		case "bigint":
			return "int";
		case "number":
			return "float";
		case "boolean":
			return "bool";
		case "string":
			return "str";
		case "function":
			return "builtinName" in value ? "builtin_function_or_method" : "function";
		default:
			return Array.isArray(value) ? "list" : value.typeName;
	}
}

/** Something happened that has no exact translation: no Python exception, and no handler of the source may catch it. */
export class NotTranslated extends Error {}
