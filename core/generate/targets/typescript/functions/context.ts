import type { FExpr, FFunction, FStmt, Unexpressed, ValueType } from "../../../../contract/function-ir.ts";
import type { Span } from "../../../../contract/ir.ts";

/** A piece of TypeScript: how tightly it binds (18 a name or call, 0 an arrow function), and what the compiler knows of its type. */
export type Code = { text: string; level: number; type: ValueType };

/** What one unit uses and lacks. */
export type UnitContext = {
	entry: string;
	/** CPython 3.12 and later add floats with compensation. */
	sumsCompensated: boolean;
	/** Helpers of the runtime, used as `py.name`. */
	helpers: Set<string>;
	/** Builtin functions and types that are used as values: name in `dispatch.ts` -> how it is made. */
	values: Map<string, string>;
	/** Method names that are asked of values whose type is not known. */
	methods: Set<string>;
	needsDispatch: { callMethod: boolean; attribute: boolean };
	/** Types that the unit can make besides the plain ones. */
	types: Set<string>;
	names: (name: string) => string;
	/** Module-level functions that nothing else is ever bound to. */
	functions: Map<string, FFunction>;
	/** Declared functions that are used as values: these must carry how they take their arguments. */
	valued: Set<FFunction>;
	/** Lines that stand only if their function is used as a value. */
	signatures: Map<string, FFunction>;
	unsupported: Unexpressed[];
	/** How an expression, a condition and the body of a function are written: what needs them calls them from here. */
	write: {
		expression(frame: Frame, expr: FExpr): Code;
		test(frame: Frame, expr: FExpr): Code;
		body(frame: Frame, fn: FFunction): string[];
	};
};

/** One function, or the module. */
export type Frame = {
	unit: UnitContext;
	parent: Frame | null;
	fn: FFunction | null;
	/** Types of the variables, as they are declared. */
	types: Map<string, ValueType>;
	/** Variables of which some read may come too early. */
	unbound: Set<string>;
	/** Where a variable is declared by its first assignment. */
	declaredAt: Map<FStmt, Set<string>>;
	/** Functions that are plain declarations here. */
	declared: Map<string, FFunction>;
	temporaries: number;
	hoisted: string[];
	qualified: string;
	/** The name of the exception that is being handled. */
	handling: string | null;
	/** The flag that `break` sets in a loop with an else. */
	breaking: string | null;
	isGenerator: boolean;
};

export function helper(frame: Frame, name: string): string {
	frame.unit.helpers.add(name);
	return `py.${name}`;
}

export function refuse(frame: Frame, construct: string, span: Span, why = "it has no exact spelling in TypeScript yet"): Code {
	const instead = "Write it with what the translation knows, or pass its result as a parameter.";
	frame.unit.unsupported.push({ construct, why, instead, span });
	return { text: "null", level: 18, type: "any" };
}

/** A variable of the function for a value that is needed twice. */
export function temporary(frame: Frame, name: string): string {
	frame.temporaries++;
	const made = `${name}_${frame.temporaries}`;
	frame.hoisted.push(`let ${made}!: py.Value;`);
	return made;
}

export function freshName(frame: Frame, name: string): string {
	frame.temporaries++;
	return `${name}_${frame.temporaries}`;
}

const spelled: Readonly<Record<ValueType, string>> = {
	int: "bigint",
	float: "number",
	bool: "boolean",
	str: "string",
	bytes: "py.Value",
	none: "null",
	list: "py.Value[]",
	tuple: "py.PyTuple",
	dict: "py.PyDict",
	set: "py.PySet",
	range: "py.PyRange",
	iterator: "py.PyIterator",
	function: "py.Value",
	any: "py.Value",
};

/** The TypeScript type of a value of which this is proven. */
export function typeText(frame: Frame, type: ValueType): string {
	const text = spelled[type];
	for (const [, name = ""] of text.matchAll(/py\.(\w+)/g)) frame.unit.helpers.add(name);
	return text;
}

/** Types that the compiler is told; of the others it knows no more than that they are values. */
export const isTold = (type: ValueType): boolean => !["any", "function", "bytes", "none"].includes(type);

export function typeOfName(frame: Frame, name: string): ValueType {
	for (let at: Frame | null = frame; at; at = at.parent) {
		const known = at.types.get(name);
		if (known !== undefined) return known;
	}
	return "any";
}

export function isUnbound(frame: Frame, name: string): boolean {
	for (let at: Frame | null = frame; at; at = at.parent) if (at.types.has(name)) return at.unbound.has(name);
	return false;
}

export function declaredFunction(frame: Frame, name: string, scope: "local" | "captured" | "module"): FFunction | null {
	if (scope === "module") return frame.unit.functions.get(name) ?? null;
	for (let at: Frame | null = frame; at; at = at.parent) {
		const known = at.declared.get(name);
		if (known) return known;
		if (at.types.has(name)) return null;
	}
	return null;
}
