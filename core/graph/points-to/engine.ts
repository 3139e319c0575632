import type { ClassDecl, FunctionDecl, Module, Program, SourceExpr } from "../program.ts";
import type { Flow } from "./flow.ts";
import type { Code, Heap, Obj, Scope, Value, Values } from "./heap.ts";

/** A call's arguments as values; `stars` and `doubles` are what `*x` and `**x` spread, `keys` the constants among the plain ones. */
export type Arguments = {
	plain: readonly Values[];
	keys: readonly (string | null)[];
	stars: readonly Values[];
	keywords: ReadonlyMap<string, Values>;
	doubles: readonly Values[];
};
export const noArguments: Arguments = { plain: [], keys: [], stars: [], keywords: new Map(), doubles: [] };
export const given = (...plain: Values[]): Arguments => ({ ...noArguments, plain });

/** A body while it is run. `exits` collects where `break` leaves the loops around, innermost last. */
export type Frame = { engine: Engine; scope: Scope; body: string; flow: Flow | null; exits: (Flow | null)[]; line: number };

/**
 * What the parts of the analysis know of each other. `evaluate`, `call` and `load` use one another, so they are reached from here.
 */
export type Engine = {
	heap: Heap;
	program: Program;
	modules: ReadonlyMap<string, Module>;
	moduleScopes: ReadonlyMap<string, Scope>;
	/** Names that functions assign by `global` or `nonlocal`, by scope: they are never followed in a straight line. */
	shared: ReadonlyMap<string, ReadonlySet<string>>;
	classes: Map<ClassDecl, Value>;
	codeOf: Map<string, Code>;
	lineages: Map<Value, { lineage: (Value | string)[]; read: string[]; sizes: number[] }>;
	/** Second phase: what the program itself never calls is given what its texts say of it. */
	/** Names of the containers that expressions make. */
	places: Map<SourceExpr, string>;
	open: { value: boolean };
	/** Bodies that met something in the first phase which the second may answer. */
	awaiting: Set<string>;
	nesting: { value: number };
	methodsByName: ReadonlyMap<string, readonly FunctionDecl[]>;
	/** Module names by their last part, and the packages without a file of their own. */
	endings: ReadonlyMap<string, readonly string[]>;
	folders: ReadonlySet<string>;
	addEdge(frame: Frame, to: string): void;
	/** A function that is given away to code outside of the program. */
	addHandedOn(frame: Frame, value: Value): void;
	/** Whether one module imports the other, over however many. */
	areConnected(a: string, b: string): boolean;
	addUnresolved(frame: Frame, text: string): void;
	demandBody(value: Value): void;
	evaluate(frame: Frame, expr: SourceExpr): Values;
	call(frame: Frame, callees: Values, args: Arguments, text: string, method?: string): Values;
	load(frame: Frame, of: Values, name: string): Values;
};

/** A key of an object by its number, made once. */
function keyed(prefix: string): (value: Value) => string {
	const keys: string[] = [];
	return (value) => {
		const known = keys[value];
		if (known !== undefined) return known;
		const made = `${prefix} ${value}`;
		keys[value] = made;
		return made;
	};
}
const closedKey = keyed("instance");
const openKey = keyed("open instance");

export const objectOf = (frame: Frame, value: Value): Obj => frame.engine.heap.object(value);
export const only = (value: Value): Values => new Set([value]);
export const builtin = (heap: Heap, name: string): Value => heap.intern(`builtin ${name}`, () => ({ kind: "builtin", name }));
export const plain = (heap: Heap, type: string): Value => heap.intern(`plain ${type}`, () => ({ kind: "plain", type }));
export function constant(heap: Heap, type: "str" | "int", key: string): Value {
	const any = plain(heap, type);
	return key.length > 40 ? any : heap.intern(`constant ${key}`, () => ({ kind: "constant", type, key, plain: any }));
}
export const external = (heap: Heap, path: string): Value => heap.intern(`external ${path}`, () => ({ kind: "external", path }));
export const instanceOf = (heap: Heap, of: Value, open = false): Value =>
	heap.intern(open ? openKey(of) : closedKey(of), () => ({ kind: "instance", of, open }));
