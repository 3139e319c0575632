import type { Module, SourceExpr, SourceStmt } from "../program.ts";
import { childrenOf, partsOf } from "../walk.ts";
import type { Scope } from "./heap.ts";

/** The names that an assignment target binds. */
export function namesIn(target: SourceExpr): string[] {
	if (target.kind === "name") return [target.name];
	if (target.kind === "tuple" || target.kind === "list") return target.items.flatMap(namesIn);
	if (target.kind === "star") return namesIn(target.of);
	return target.kind === "opaque" ? target.parts.flatMap(namesIn) : [];
}

/** What a body binds and what it takes from outside. Comprehension variables count as the body's: nothing is called differently for it. */
export function bindingsOf(body: readonly SourceStmt[], expr: SourceExpr | null, params: readonly string[]) {
	const bound = new Set<string>(params);
	const outer = new Map<string, "global" | "nonlocal">();
	const inExpr = (at: SourceExpr): void => {
		if (at.kind === "lambda") {
			for (const param of at.params) if (param.default) inExpr(param.default);
			return;
		}
		if (at.kind === "walrus") bound.add(at.name);
		if (at.kind === "comprehension") for (const clause of at.clauses) for (const name of namesIn(clause.target)) bound.add(name);
		for (const part of childrenOf(at)) inExpr(part);
	};
	const inBody = (stmts: readonly SourceStmt[]): void => {
		for (const stmt of stmts) {
			const targets =
				stmt.kind === "assign" || stmt.kind === "delete"
					? stmt.targets
					: stmt.kind === "augment" || stmt.kind === "for"
						? [stmt.target]
						: [];
			for (const target of targets) for (const name of namesIn(target)) bound.add(name);
			if (stmt.kind === "with") for (const item of stmt.items) for (const name of item.as ? namesIn(item.as) : []) bound.add(name);
			if (stmt.kind === "try") for (const handler of stmt.handlers) if (handler.name) bound.add(handler.name);
			if (stmt.kind === "function" || stmt.kind === "class") bound.add(stmt.decl.name);
			if (stmt.kind === "global" || stmt.kind === "nonlocal") for (const name of stmt.names) outer.set(name, stmt.kind);
			if (stmt.kind === "import")
				for (const item of stmt.items)
					if (item.as !== "*") bound.add(item.names || item.as !== item.module ? item.as : (item.as.split(".")[0] ?? item.as));
			const parts = partsOf(stmt);
			for (const part of parts.exprs) inExpr(part);
			for (const inner of parts.bodies) inBody(inner);
		}
	};
	inBody(body);
	if (expr) inExpr(expr);
	for (const name of outer.keys()) bound.delete(name);
	return { bound, outer };
}

export function moduleScope(module: Module): Scope {
	const { bound } = bindingsOf(module.body, null, []);
	return {
		id: module.name,
		kind: "module",
		classValue: null,
		module: module.name,
		parent: null,
		bound,
		outer: new Map(),
		lambdas: new Map(),
		keys: new Map(),
	};
}

/** Names that `global` and `nonlocal` hand to inner functions, by the id of the scope that owns them. */
export function sharedNames(modules: readonly Module[]): Map<string, Set<string>> {
	const shared = new Map<string, Set<string>>();
	const add = (scope: string, name: string) => shared.set(scope, (shared.get(scope) ?? new Set()).add(name));
	for (const module of modules) {
		const visit = (body: readonly SourceStmt[], within: readonly string[]): void => {
			for (const stmt of body) {
				if (stmt.kind === "global") for (const name of stmt.names) add(module.name, name);
				if (stmt.kind === "nonlocal") for (const name of stmt.names) for (const scope of within) add(scope, name);
				if (stmt.kind === "function") visit(stmt.decl.body, [...within, stmt.decl.id]);
				if (stmt.kind === "class") visit(stmt.decl.body, within);
				for (const inner of partsOf(stmt).bodies) visit(inner, within);
			}
		};
		visit(module.body, []);
	}
	return shared;
}
