import { call } from "./calls.ts";
import { PyBoundMethod } from "./classes.ts";
import { fail, PyException } from "./exceptions.ts";
import { PyTuple } from "./tuple.ts";
import { baseOf } from "./types.ts";
import { type Callable, isNumber, type Keywords, PyObject, typeName, type Value } from "./values.ts";

/** Method name -> type name -> the function, which takes the value first. */
export type MethodTable = Readonly<Record<string, Readonly<Record<string, Callable>>>>;

const fixedSet = new Set(
	"add clear difference_update discard intersection_update pop remove symmetric_difference_update update".split(" "),
);

function methodFor(methods: MethodTable, of: Value, name: string): Callable | undefined {
	const table = methods[name];
	if (!table) return undefined;
	const type = typeName(of);
	if (type === "frozenset") return fixedSet.has(name) ? undefined : table.set;
	for (let at: string | undefined = type; at; at = baseOf(at)) if (Object.hasOwn(table, at)) return table[at];
	return undefined;
}

/** What is known of methods in a unit; made once, from the methods that it names. */
export function createDispatch(methods: MethodTable): {
	/** of.name(*args, **keywords) */
	callMethod(of: Value, name: string, args: readonly Value[], keywords?: Keywords): Value;
	/** of.name */
	attribute(of: Value, name: string): Value;
} {
	const attribute = (of: Value, name: string): Value => {
		const own = of instanceof PyObject ? of.getAttribute?.(name) : undefined;
		if (own !== undefined) return own;
		if (of instanceof PyException && name === "args") return new PyTuple(of.args);
		if (isNumber(of) && (name === "real" || name === "numerator") && typeof of !== "number") return BigInt(of);
		if (isNumber(of) && name === "imag") return typeof of === "number" ? 0 : 0n;
		if (typeof of === "number" && name === "real") return of;
		if ((typeof of === "bigint" || typeof of === "boolean") && name === "denominator") return 1n;
		const method = methodFor(methods, of, name);
		if (method) return new PyBoundMethod(of, method);
		return fail("AttributeError", missing(of, name));
	};
	const callMethod = (of: Value, name: string, args: readonly Value[], keywords: Keywords = {}): Value => {
		const own = of instanceof PyObject ? of.getAttribute?.(name) : undefined;
		if (own !== undefined) return call(own, args, keywords);
		const method = methodFor(methods, of, name);
		return method ? call(method, [of, ...args], keywords) : call(attribute(of, name), args, keywords);
	};
	return { callMethod, attribute };
}

function missing(of: Value, name: string): string {
	if (of instanceof PyObject && of.typeName === "type")
		return `type object '${String((of as { name?: string }).name)}' has no attribute '${name}'`;
	return `'${typeName(of)}' object has no attribute '${name}'`;
}

/** of.name = value */
export function setAttribute(of: Value, name: string, value: Value): void {
	if (of instanceof PyObject && of.setAttribute) of.setAttribute(name, value);
	else fail("AttributeError", `'${typeName(of)}' object has no attribute '${name}'`);
}

/** del of.name */
export function deleteAttribute(of: Value, name: string): void {
	const attributes = of instanceof PyObject && "attributes" in of ? (of.attributes as Map<string, Value>) : null;
	if (!attributes?.delete(name)) fail("AttributeError", `'${typeName(of)}' object has no attribute '${name}'`);
}

/** hasattr(of, name), by what `attribute` finds. */
export function hasAttribute(attribute: (of: Value, name: string) => Value, of: Value, name: string): boolean {
	try {
		attribute(of, name);
		return true;
	} catch (thrown) {
		if (thrown instanceof Error && "exception" in thrown && (thrown.exception as PyException).typeName === "AttributeError") return false;
		throw thrown;
	}
}
