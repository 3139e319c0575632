import type { Blueprint, Statement } from "../contract/blueprint.ts";
import type { Expr, Span, Stmt } from "../contract/ir.ts";
import type { FunctionDecl, Module, Names, Program, RouteTable, SourceExpr, SqlSchema, SqlStatement } from "../graph/index.ts";
import { type Binding, cloneEnv, type Env, forget, type Static } from "./env.ts";
import { none } from "./nodes.ts";
import { ANY, join, type Kind, sameKind, showType } from "./types.ts";

/** One function of the slice while its types grow to a fixpoint. */
export type FunctionState = {
	id: string;
	decl: FunctionDecl;
	params: Kind[];
	returns: Kind;
	/** Versions of each local: a name that is given values of unrelated types becomes several locals. */
	locals: Map<string, Kind[]>;
	body: Stmt[];
	/** Set for a dispatcher made for one route: the request's method and path are constants in it. */
	route: { method: string; path: string; handler: string } | null;
	/** Names of parameters that are the request itself. */
	requests: Set<string>;
};

export type ExceptionState = { id: string; base: string; fields: { name: string; type: Kind }[]; span: Span };

/** What all functions of one blueprint share while it is made. */
export type Slice = {
	program: Program;
	names: Names;
	schema: SqlSchema;
	routeTables: RouteTable[];
	functions: Map<string, FunctionState>;
	constants: Map<string, { type: Kind; value: Expr; span: Span }>;
	exceptions: Map<string, ExceptionState>;
	/** Classes of the project that some place of the slice raises. */
	raised: Set<string>;
	/** Keyed by call site, so that a second round finds the same. */
	statements: Map<string, Statement & { parsed: SqlStatement }>;
	unsupported: Blueprint["unsupported"];
	outside: Blueprint["outside"];
	/** True when any type grew in this round. */
	changed: boolean;
	/** Gives the state of a function of the slice, made at its first call. */
	demand(decl: FunctionDecl, route: FunctionState["route"]): FunctionState;
	/** Lowers a module's constant at its first use. */
	constant(id: string, value: SourceExpr, module: Module): Kind;
	/** Functions that the handler of a route is reached through. */
	isDispatcher(id: string, handler: string): boolean;
};

/** The lowering of one function body. */
export type Frame = {
	slice: Slice;
	state: FunctionState;
	module: Module;
	env: Env;
	/** Where statements go. */
	block: Stmt[];
	handlers: { name: string | null; exceptions: string[] }[];
	loops: { breaks: Env[]; continues: Env[] }[];
	/** Environments seen inside the open `try` bodies. */
	collectors: Env[][];
	lower(expr: SourceExpr): Expr;
};

/** Records that a construct has no exact translation, and stands in a value so that the rest can still be read. */
export function refuse(frame: Pick<Frame, "slice" | "state">, construct: string, remedy: string, span: Span): Expr {
	frame.slice.unsupported.push({ function: frame.state.id, construct, remedy, span });
	return { ...none(span), type: ANY };
}

/** Grows a type; a conflict is refused by name. Returns what holds afterwards. */
export function grow(frame: Pick<Frame, "slice" | "state">, old: Kind, more: Kind, what: string, span: Span): Kind {
	const joined = join(old, more);
	if (!joined) {
		refuse(frame, `${what} is ${showType(old)} here and ${showType(more)} there`, "Give the two values different names.", span);
		return old;
	}
	if (!sameKind(joined, old)) frame.slice.changed = true;
	return joined;
}

/** The spelling of a local's version in the IR. */
export const irName = (name: string, version: number): string => (version === 0 ? name : `${name}_${version + 1}`);

export function bindingOf(frame: Frame, name: string): Binding | "ambiguous" | undefined {
	return frame.env.names.get(name);
}

/** The type of a bound name at this point. */
export function typeOfName(frame: Frame, name: string, binding: Binding): Kind {
	return binding.narrowed ?? frame.state.locals.get(name)?.[binding.version] ?? ANY;
}

/**
 * Binds a name to a value of a type, in the version that can hold it, and returns the version's own type.
 * A value of an unrelated type opens a new version: `amount` (text), `amount_2` (float).
 */
export function bind(frame: Frame, name: string, type: Kind): { ir: string; type: Kind } {
	const versions = frame.state.locals.get(name) ?? [];
	frame.state.locals.set(name, versions);
	const current = frame.env.names.get(name);
	const order = [...versions.keys()];
	if (current && current !== "ambiguous") order.unshift(current.version);
	let at = order.find((version) => join(versions[version] ?? ANY, type) !== null);
	if (at === undefined) {
		at = versions.length;
		versions.push(type);
		frame.slice.changed = true;
	}
	const old = versions[at] ?? ANY;
	const joined = join(old, type) ?? old;
	if (!sameKind(old, joined)) frame.slice.changed = true;
	versions[at] = joined;
	forget(frame.env, name);
	const narrowed = joined.kind === "optional" && type.kind !== "optional" && type.kind !== "none" && type.kind !== "any" ? joined.of : null;
	frame.env.names.set(name, { version: at, narrowed, sure: true, fixed: null });
	return { ir: irName(name, at), type: joined };
}

export function bindStatic(frame: Frame, name: string, fixed: Static): void {
	forget(frame.env, name);
	frame.env.names.set(name, { version: 0, narrowed: null, sure: true, fixed });
}

/** Runs with a block and an environment of its own, and gives both back. */
export function within<T>(frame: Frame, env: Env, run: () => T): { result: T; block: Stmt[]; env: Env } {
	const { block, env: outer } = frame;
	frame.block = [];
	frame.env = cloneEnv(env);
	try {
		const result = run();
		return { result, block: frame.block, env: frame.env };
	} finally {
		frame.block = block;
		frame.env = outer;
	}
}

/** Runs an expression that may not be evaluated, under an environment of its own. */
export function conditionally<T>(frame: Frame, env: Env, run: () => T): T {
	const outer = frame.env;
	frame.env = cloneEnv(env);
	try {
		return run();
	} finally {
		frame.env = outer;
	}
}
