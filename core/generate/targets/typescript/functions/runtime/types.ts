import { call } from "./calls.ts";
import { fail, notTranslated, PyException, PyExceptionClass } from "./exceptions.ts";
import { type Callable, type Keywords, PyObject, typeName, type Value } from "./values.ts";

const bases: Readonly<Record<string, string>> = { bool: "int", Counter: "dict", defaultdict: "dict", OrderedDict: "dict" };

/** The type before a name, as methods and `isinstance` look it up. */
export const baseOf = (name: string): string | undefined => bases[name];

/** A builtin type as a value: `int`, `type(x)`. */
export class PyType extends PyObject {
	readonly typeName = "type";
	readonly name: string;
	make: Callable | null = null;
	constructor(name: string) {
		super();
		this.name = name;
	}
	override repr(): string {
		const from = ["Counter", "defaultdict", "OrderedDict", "deque"].includes(this.name) ? "collections." : "";
		return `<class '${from}${this.name}'>`;
	}
	override key(): unknown {
		return this;
	}
	override call(args: readonly Value[], keywords: Keywords): Value {
		return this.make ? call(this.make, args, keywords) : notTranslated(`making a ${this.name} from its type`);
	}
	override getAttribute(name: string): Value | undefined {
		return name === "__name__" ? this.name : undefined;
	}
}

const known = new Map<string, PyType>();

/** The builtin type of that name; `make` is what calling it does. */
export function typeNamed(name: string, make?: Callable): PyType {
	let found = known.get(name);
	if (!found) {
		found = new PyType(name);
		known.set(name, found);
	}
	if (make) found.make = make;
	return found;
}

/** type(value) */
export function typeOf(value: Value): Value {
	if (value instanceof PyException) return value.cls;
	const cls = value instanceof PyObject ? value.getAttribute?.("__class__") : undefined;
	return cls ?? typeNamed(typeName(value));
}

/** isinstance(value, type or tuple of types) */
export function isinstance(value: Value, type: Value): boolean {
	return isSubtype(typeOf(value), type, "isinstance() arg 2 must be a type, a tuple of types, or a union");
}

/** issubclass(type, type or tuple of types) */
export function issubclass(type: Value, other: Value): boolean {
	if (!(type instanceof PyObject) || type.typeName !== "type") return fail("TypeError", "issubclass() arg 1 must be a class");
	return isSubtype(type, other, "issubclass() arg 2 must be a class, a tuple of classes, or a union");
}

function isSubtype(type: Value, other: Value, message: string): boolean {
	if (other instanceof PyObject && other.typeName === "tuple" && other.iterator) {
		const items = other.iterator();
		for (let step = items.next(); !step.done; step = items.next()) if (isSubtype(type, step.value, message)) return true;
		return false;
	}
	if (!(other instanceof PyObject) || other.typeName !== "type") return fail("TypeError", message);
	if (other instanceof PyType && other.name === "object") return true;
	if (type instanceof PyExceptionClass) return other instanceof PyExceptionClass && type.isA(other);
	if (type instanceof PyType) {
		for (let name: string | undefined = type.name; name; name = bases[name]) if (typeNamed(name) === other) return true;
		return false;
	}
	const lineage = type instanceof PyObject ? (type.getAttribute?.("__mro__") ?? null) : null;
	return Array.isArray(lineage) && lineage.includes(other);
}
