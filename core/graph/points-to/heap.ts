import type { ClassDecl, FunctionDecl, Parameter, SourceExpr, SourceStmt } from "../program.ts";

/** An abstract object by its number; a set of them is what an expression may be. */
export type Value = number;
export type Values = ReadonlySet<Value>;
export const NOTHING: Values = new Set();

/**
 * Where names live. `id` is the node that calls made there belong to: dotted from the root, `main`, `main.f.g`, `main.C.m`,
 * `main.<lambda1>`; a class body's calls belong to what surrounds the class.
 */
export type Scope = {
	id: string;
	kind: "module" | "function" | "class";
	/** Of a class body. */
	classValue: Value | null;
	module: string;
	parent: Scope | null;
	bound: ReadonlySet<string>;
	outer: ReadonlyMap<string, "global" | "nonlocal">;
	lambdas: Map<SourceExpr, string>;
	/** Cells of its names, as texts. */
	keys: Map<string, string>;
};

/** Something with a body that runs when it is called. */
export type Code = {
	id: string;
	scope: Scope;
	params: readonly Parameter[];
	body: readonly SourceStmt[];
	/** Of a lambda. */
	result: SourceExpr | null;
	isGenerator: boolean;
	decl: FunctionDecl | null;
};

export type Obj =
	| { kind: "code"; code: Code }
	| { kind: "class"; decl: ClassDecl; scope: Scope }
	/** `open`: only known to be of the class or of one below it. */
	| { kind: "instance"; of: Value; open: boolean }
	| { kind: "bound"; self: Value; fn: Value }
	| { kind: "wrapped"; as: "static" | "class" | "property"; fn: Value }
	| { kind: "super"; of: Value; self: Value }
	| { kind: "module"; module: string }
	/** One for each place that makes one; `owner` is the body whose straight line may update it strongly. */
	| { kind: "container"; type: "list" | "tuple" | "dict" | "set" | "iterator"; owner: string; length: number | null; derived?: boolean }
	| { kind: "builtin"; name: string }
	/** A value of a builtin type with nothing inside that matters. */
	| { kind: "plain"; type: string }
	/** A short text or a whole number; `key` is its name as an element's key: `s:rate`, `n:7`. */
	| { kind: "constant"; type: "str" | "int"; key: string; plain: Value }
	| { kind: "method"; of: Value; name: string }
	| { kind: "partial"; fn: Values; args: readonly Values[]; keywords: ReadonlyMap<string, Values> }
	| { kind: "external"; path: string };

/** More than this many values are not told apart any more: the set stays as it is, and what flows in later is counted as lost. */
const WIDEST = 48;
/** More constants than this are any value of their type. */
const CONSTANTS = 6;

const fieldKeys = new Map<string, string[]>();
const elementKeys = new Map<string, string[]>();

function numbered(table: Map<string, string[]>, value: Value, name: string, make: () => string): string {
	let keys = table.get(name);
	if (!keys) {
		keys = [];
		table.set(name, keys);
	}
	const known = keys[value];
	if (known !== undefined) return known;
	const made = make();
	keys[value] = made;
	return made;
}

/** The cell of a field of an object, and of an element of a container: texts that are made once, since they are looked up all the time. */
export const fieldOf = (value: Value, name: string): string => numbered(fieldKeys, value, name, () => `${value}.${name}`);
export const elementOf = (value: Value, key: string): string => numbered(elementKeys, value, key, () => `${value}[${key}]`);

type Cell = { values: Set<Value>; readers: Set<string> };

export type Heap = ReturnType<typeof createHeap>;

/**
 * Objects and cells. A cell is a variable, a field, an element, a result; whoever reads one is run again when it grows. Everything only
 * grows, so the end is reached.
 */
export function createHeap(enqueue: (body: string) => void) {
	const objects: Obj[] = [];
	const interned = new Map<string, Value>();
	const cells = new Map<string, Cell>();
	const elements = new Map<Value, Set<string>>();
	const state = { reader: "", lost: 0 };

	const cellOf = (key: string): Cell => {
		const known = cells.get(key);
		if (known) return known;
		const cell = { values: new Set<Value>(), readers: new Set<string>() };
		cells.set(key, cell);
		return cell;
	};
	return {
		state,
		object: (value: Value): Obj => objects[value] as Obj,
		/** The object of this name; `make` is called once. */
		intern(key: string, make: () => Obj): Value {
			let value = interned.get(key);
			if (value === undefined) {
				value = objects.push(make()) - 1;
				interned.set(key, value);
			}
			return value;
		},
		read(key: string): Values {
			const cell = cellOf(key);
			cell.readers.add(state.reader);
			return cell.values;
		},
		/** Without asking to be told. */
		peek: (key: string): Values => cells.get(key)?.values ?? NOTHING,
		write(key: string, values: Values): void {
			if (values.size === 0) return;
			const cell = cellOf(key);
			let grown = false;
			for (const given of values) {
				const object = objects[given];
				if (cell.values.has(given)) continue;
				const isMany =
					object?.kind === "constant" && [...cell.values].filter((held) => objects[held]?.kind === "constant").length >= CONSTANTS;
				const value = isMany ? object.plain : given;
				if (cell.values.has(value)) continue;
				if (cell.values.size >= WIDEST) {
					state.lost++;
					break;
				}
				cell.values.add(value);
				grown = true;
			}
			if (grown) for (const reader of cell.readers) enqueue(reader);
		},
		/** The keys under which a container holds something; `*` is any. */
		keysOf(value: Value): ReadonlySet<string> {
			const cell = cellOf(`${value} keys`);
			cell.readers.add(state.reader);
			return elements.get(value) ?? new Set();
		},
		addKey(value: Value, key: string): void {
			const keys = elements.get(value) ?? new Set();
			if (keys.has(key)) return;
			elements.set(value, keys.add(key));
			for (const reader of cellOf(`${value} keys`).readers) enqueue(reader);
		},
	};
}

export function union(...sets: readonly Values[]): Values {
	let only: Values = NOTHING;
	let made: Set<Value> | null = null;
	for (const set of sets) {
		if (set.size === 0 || set === only) continue;
		if (only.size === 0) only = set;
		else {
			made ??= new Set(only);
			for (const value of set) made.add(value);
		}
	}
	return made ?? only;
}
