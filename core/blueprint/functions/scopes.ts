import type { FLocal } from "../../contract/function-ir.ts";
import { childrenOf, type FunctionDecl, type Parameter, partsOf, type SourceExpr, type SourceStmt } from "../../graph/index.ts";

/**
 * Where a name is looked up, inside out: comprehensions, functions, the module. A class body is no scope for its methods.
 * `locals` holds what is bound, by its name in the source; the entry's own name is the one in the unit.
 */
export type Scope =
	| {
			kind: "function";
			parent: Scope;
			locals: Map<string, FLocal>;
			outer: ReadonlyMap<string, "global" | "nonlocal">;
			imports: ImportTable;
	  }
	| { kind: "comprehension"; parent: Scope; locals: Map<string, FLocal> }
	| { kind: "module"; parent: null; module: string };

/** Name -> dotted path of what an import statement binds to it. */
export type ImportTable = ReadonlyMap<string, string>;

export type Found = { kind: "variable"; name: string; scope: "local" | "captured" } | { kind: "import"; path: string } | { kind: "module" };

/** A variable that an inner function reaches becomes a cell. */
export function lookUp(scope: Scope, name: string): Found {
	let crossed = false;
	for (let at: Scope = scope; at.kind !== "module"; at = at.parent) {
		const local = at.locals.get(name);
		if (at.kind === "function" && at.outer.get(name) === "global") return { kind: "module" };
		if (local) {
			if (crossed) local.cell = true;
			return { kind: "variable", name: local.name, scope: crossed ? "captured" : "local" };
		}
		if (at.kind !== "function") continue;
		const path = at.imports.get(name);
		if (path !== undefined) return { kind: "import", path };
		crossed = true;
	}
	return { kind: "module" };
}

export function functionScope(parent: Scope, params: readonly Parameter[], body: readonly SourceStmt[], expr: SourceExpr | null): Scope {
	const { bound, outer, imports } = bindingsOf(body, expr);
	const locals = new Map<string, FLocal>();
	for (const name of [...params.map((param) => param.name), ...bound])
		if (!outer.has(name) && !locals.has(name)) locals.set(name, { name, type: "any", cell: false });
	const kept = new Map([...imports].filter(([name]) => !locals.has(name)));
	return { kind: "function", parent, locals, outer, imports: kept };
}

/** A scope of its own for what the clauses bind; a name that an enclosing scope of the same function has gets a new one. */
export function comprehensionScope(parent: Scope, targets: readonly SourceExpr[]): Extract<Scope, { kind: "comprehension" }> {
	const locals = new Map<string, FLocal>();
	for (const target of targets)
		for (const name of namesIn(target)) if (!locals.has(name)) locals.set(name, { name: freeName(parent, name), type: "any", cell: false });
	return { kind: "comprehension", parent, locals };
}

function freeName(parent: Scope, name: string): string {
	const taken = new Set<string>();
	for (let at: Scope = parent; at.kind !== "module"; at = at.parent) for (const local of at.locals.values()) taken.add(local.name);
	if (!taken.has(name)) return name;
	for (let count = 2; ; count++) if (!taken.has(`${name}_${count}`)) return `${name}_${count}`;
}

/** The names that an assignment target binds. */
export function namesIn(target: SourceExpr): string[] {
	if (target.kind === "name") return [target.name];
	if (target.kind === "tuple" || target.kind === "list") return target.items.flatMap(namesIn);
	return target.kind === "star" ? namesIn(target.of) : [];
}

/** What a body binds: everything but the inside of nested functions, lambdas and the variables of comprehensions. */
export function bindingsOf(body: readonly SourceStmt[], expr: SourceExpr | null) {
	const bound = new Set<string>();
	const outer = new Map<string, "global" | "nonlocal">();
	const imports = new Map<string, string>();
	const add = (target: SourceExpr) => {
		for (const name of namesIn(target)) bound.add(name);
	};
	const inExpr = (at: SourceExpr): void => {
		if (at.kind === "lambda") return;
		if (at.kind === "walrus") bound.add(at.name);
		for (const part of childrenOf(at)) inExpr(part);
	};
	const inBody = (stmts: readonly SourceStmt[]): void => {
		for (const stmt of stmts) {
			if (stmt.kind === "assign") for (const target of stmt.targets) add(target);
			else if (stmt.kind === "augment" || stmt.kind === "for") add(stmt.target);
			else if (stmt.kind === "delete") for (const target of stmt.targets) add(target);
			else if (stmt.kind === "with") {
				for (const item of stmt.items) if (item.as) add(item.as);
			} else if (stmt.kind === "try") {
				for (const handler of stmt.handlers) if (handler.name) bound.add(handler.name);
			} else if (stmt.kind === "function" || stmt.kind === "class") bound.add(stmt.decl.name);
			else if (stmt.kind === "global" || stmt.kind === "nonlocal") for (const name of stmt.names) outer.set(name, stmt.kind);
			else if (stmt.kind === "import")
				for (const item of stmt.items)
					if (item.names) imports.set(item.as, `${".".repeat(item.level)}${item.module}.${item.names.name}`);
					else if (item.as !== item.module) imports.set(item.as, item.module);
					else imports.set(item.as.split(".")[0] ?? item.as, item.module.split(".")[0] ?? item.module);
			const parts = partsOf(stmt);
			for (const part of parts.exprs) inExpr(part);
			for (const inner of parts.bodies) inBody(inner);
		}
	};
	inBody(body);
	if (expr) inExpr(expr);
	return { bound, outer, imports };
}

/** Whether a function is a generator: a yield of its own, not of a function inside. */
export function yields(decl: Pick<FunctionDecl, "body">): boolean {
	let found = false;
	const inExpr = (at: SourceExpr): void => {
		if (at.kind === "yield") found = true;
		if (at.kind !== "lambda") for (const part of childrenOf(at)) inExpr(part);
	};
	const inBody = (stmts: readonly SourceStmt[]): void => {
		for (const stmt of stmts) {
			const parts = partsOf(stmt);
			for (const part of parts.exprs) inExpr(part);
			for (const inner of parts.bodies) inBody(inner);
		}
	};
	inBody(decl.body);
	return found;
}
