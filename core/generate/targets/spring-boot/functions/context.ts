import type { FExpr, FFunction, FStmt, Unexpressed, ValueType } from "../../../../contract/function-ir.ts";
import type { Span } from "../../../../contract/ir.ts";
import { runtimeMembers } from "./runtime-members.ts";

/** A piece of Java: how tightly it binds (18 a name or call, 1 a choice, 0 an assignment), and what its static type says of the value. */
export type Code = { text: string; level: number; type: ValueType };

/** What one unit uses and lacks. */
export type UnitContext = {
	entry: string;
	/** The class that holds the functions. */
	home: string;
	/** CPython 3.12 and later add floats with compensation. */
	sumsCompensated: boolean;
	/** Builtin functions and types that are used as values: name in `Dispatch` -> how it is made. */
	values: Map<string, string>;
	/** Method names that are asked of values whose type is not known. */
	methods: Set<string>;
	/** Types that the unit can make besides the plain ones. */
	types: Set<string>;
	names: (name: string) => string;
	/** Module-level functions that nothing else is ever bound to. */
	functions: Map<string, FFunction>;
	/** Those that are used as values. */
	valued: Set<FFunction>;
	/** Static fields for defaults that are evaluated once, by function. */
	defaults: Map<FFunction, (string | null)[]>;
	unsupported: Unexpressed[];
	write: {
		expression(frame: Frame, expr: FExpr): Code;
		test(frame: Frame, expr: FExpr): Code;
		body(frame: Frame, fn: FFunction, outlet: boolean): string[];
	};
};

/** One function, one comprehension, or the module. */
export type Frame = {
	unit: UnitContext;
	parent: Frame | null;
	fn: FFunction | null;
	/** Types of the variables, as they are declared. */
	types: Map<string, ValueType>;
	/** How the variables are written: two that are seen at one place never share a name. */
	spelled: Map<string, string>;
	/** Variables of which some read may come too early. */
	unbound: Set<string>;
	/** Variables that a lambda shares and that change: each in a `Cell`. */
	boxed: Set<string>;
	/** Where a variable is declared by its first assignment. */
	declaredAt: Map<FStmt, Set<string>>;
	/** How many lambdas stand around: each takes its arguments under another name. */
	depth: number;
	counter: { temporaries: number };
	hoisted: string[];
	qualified: string;
	/** The name of the exception that is being handled. */
	handling: string | null;
	/** The flag that `break` sets in a loop with an else. */
	breaking: string | null;
};

export function refuse(frame: Frame, construct: string, span: Span, why = "it has no exact spelling in Java yet"): Code {
	const instead = "Write it with what the translation knows, translate it to TypeScript, or pass its result as a parameter.";
	frame.unit.unsupported.push({ construct, why, instead, span });
	return { text: "null", level: 18, type: "none" };
}

/** `Class.name` of a helper of the runtime. */
export function helper(name: string): string {
	const found = runtimeMembers.get(name);
	if (found === undefined) throw new Error(`the runtime has no ${name}`);
	return `${found.home}.${name}`;
}

/** A call of a helper, of the type that it returns. */
export function call(name: string, args: readonly string[]): Code {
	return { text: `${helper(name)}(${args.join(", ")})`, level: 18, type: runtimeMembers.get(name)?.type ?? "any" };
}

/** A variable of the function for a value that is needed twice. */
export function temporary(frame: Frame, name: string): string {
	const made = freshName(frame, name);
	frame.hoisted.push(`Object ${made};`);
	return made;
}

export function freshName(frame: Frame, name: string): string {
	frame.counter.temporaries++;
	return `${name}_${frame.counter.temporaries}`;
}

const declared: Partial<Record<ValueType, string>> = {
	float: "double",
	bool: "boolean",
	str: "String",
	list: "ArrayList<Object>",
	tuple: "Tuple",
	dict: "Dict",
	set: "PySet",
	range: "Range",
	iterator: "Iter",
};

/** The Java type of a value of which this is proven. */
export const typeText = (type: ValueType): string => declared[type] ?? "Object";

/** What a variable holds before its first assignment. */
export const emptyText = (type: ValueType): string => (type === "float" ? "0" : type === "bool" ? "false" : "null");

/** Types that have a Java type of their own. */
export const isTold = (type: ValueType): boolean => declared[type] !== undefined;

function home(frame: Frame, name: string): Frame | null {
	for (let at: Frame | null = frame; at; at = at.parent) if (at.types.has(name)) return at;
	return null;
}

export const typeOfName = (frame: Frame, name: string): ValueType => home(frame, name)?.types.get(name) ?? "any";
export const isUnbound = (frame: Frame, name: string): boolean => home(frame, name)?.unbound.has(name) ?? false;
export const isBoxed = (frame: Frame, name: string): boolean => home(frame, name)?.boxed.has(name) ?? false;
export const spelledName = (frame: Frame, name: string): string => home(frame, name)?.spelled.get(name) ?? frame.unit.names(name);

/** A name for a variable of `frame` that nothing around it has. */
export function spell(frame: Frame, name: string): string {
	const taken = new Set<string>();
	for (let at: Frame | null = frame; at; at = at.parent) for (const text of at.spelled.values()) taken.add(text);
	const wanted = frame.unit.names(name);
	let made = wanted;
	for (let number = 2; taken.has(made); number++) made = `${wanted}${number}`;
	frame.spelled.set(name, made);
	return made;
}

const numbered = (word: string, depth: number): string => (depth < 2 ? word : `${word}${depth}`);
/** The array of arguments of the innermost lambda. */
export const argsName = (frame: Frame): string => numbered("args", frame.depth);
/** Where a generator gives its items to. */
export const outletName = (frame: Frame): string => numbered("outlet", frame.depth);

/** A module-level function that this name can only mean. */
export function declaredFunction(frame: Frame, name: string, scope: "local" | "captured" | "module"): FFunction | null {
	return scope === "module" ? (frame.unit.functions.get(name) ?? null) : null;
}
