import type { ValueType } from "../../../../contract/function-ir.ts";
import { functionRuntimeClasses } from "./runtime-sources.ts";

const types: Readonly<Record<string, ValueType>> = {
	double: "float",
	boolean: "bool",
	String: "str",
	"ArrayList<Object>": "list",
	Tuple: "tuple",
	Dict: "dict",
	PySet: "set",
	Range: "range",
	Iter: "iterator",
};

const declaration = /^\tpublic static (?:<T> )?([\w<>[\].]+) (\w+)\(/gm;

/** The functions of the runtime by name: their class, and what their Java type says of the result. */
export const runtimeMembers: ReadonlyMap<string, { home: string; type: ValueType }> = new Map(
	Object.entries(functionRuntimeClasses).flatMap(([home, text]) =>
		[...text.matchAll(declaration)].map(([, type = "", name = ""]) => [name, { home, type: types[type] ?? "any" }] as const),
	),
);

export const runtimeClassNames: ReadonlySet<string> = new Set(Object.keys(functionRuntimeClasses));
