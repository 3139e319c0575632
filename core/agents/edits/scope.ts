import type { Blueprint } from "../../contract/blueprint.ts";
import { type Expr, type IrFunction, type Stmt, type Target, type Type, visitExprs } from "../../contract/ir.ts";

/** What the operators may use at a place besides the expression itself. */
export type Scope = {
	holder: string;
	/** Names of the function by their type; empty in a module constant. */
	named: Map<string, Set<string>>;
	/** Functions of the slice by signature. */
	alike: Map<string, IrFunction[]>;
	/** Formats of dates and of numbers that occur in the slice. */
	formats: Set<string>;
	specs: Set<string>;
	/** Whether the place is a number that is compared, or that a comparison decides by. */
	isTested: boolean;
};

export const typeKey = (type: Type): string => JSON.stringify(type);

export const signatureOf = (fn: IrFunction): string => `${fn.params.map((param) => typeKey(param.type)).join()}>${typeKey(fn.returns)}`;

/** Visits every expression of the slice with its scope, constants of modules last. */
export function visitPlaces(blueprint: Blueprint, visit: (expr: Expr, scope: Scope) => void): void {
	const alike = new Map<string, IrFunction[]>();
	const formats = new Set(["%d.%m.%Y", "%Y-%m-%d", "%d%m%y", "%m/%d/%Y"]);
	const specs = new Set<string>();
	for (const fn of blueprint.functions) {
		alike.set(signatureOf(fn), [...(alike.get(signatureOf(fn)) ?? []), fn]);
		visitExprs(fn, (expr) => {
			if (expr.kind !== "op") return;
			if (expr.detail?.format !== undefined) formats.add(expr.detail.format);
			if (expr.op === "str.format_float" && expr.detail?.spec !== undefined) specs.add(expr.detail.spec);
		});
	}
	for (const fn of blueprint.functions) {
		const named = namesOf(fn);
		const tested = new Set<string>();
		visitExprs(fn, (expr) => {
			if (expr.kind === "op" && /\.(lt|le|gt|ge|eq|ne)$/.test(expr.op)) for (const arg of expr.args) tested.add(arg.id);
		});
		visitExprs(fn, (expr) => visit(expr, { holder: fn.id, named, alike, formats, specs, isTested: tested.has(expr.id) }));
	}
	for (const one of blueprint.constants) {
		visitExprs(one.value, (expr) => visit(expr, { holder: one.id, named: new Map(), alike, formats, specs, isTested: false }));
	}
}

function namesOf(fn: IrFunction): Map<string, Set<string>> {
	const named = new Map<string, Set<string>>();
	const add = (name: string, type: Type): void => {
		const key = typeKey(type);
		named.set(key, (named.get(key) ?? new Set()).add(name));
	};
	for (const { name, type } of fn.params) add(name, type);
	visitStatements(fn.body, (stmt) => {
		if (stmt.kind === "assign") targetNames(stmt.target, add);
	});
	return named;
}

function targetNames(target: Target, add: (name: string, type: Type) => void): void {
	if (target.kind === "name") add(target.name, target.type);
	if (target.kind === "unpack") for (const item of target.items) targetNames(item, add);
}

export function visitStatements(body: readonly Stmt[], visit: (stmt: Stmt) => void): void {
	for (const stmt of body) {
		visit(stmt);
		switch (stmt.kind) {
			case "if":
				visitStatements(stmt.then, visit);
				visitStatements(stmt.otherwise, visit);
				break;
			case "while":
			case "forEach":
			case "forRange":
				visitStatements(stmt.body, visit);
				break;
			case "try":
				for (const part of [stmt.body, ...stmt.handlers.map((handler) => handler.body), stmt.otherwise, stmt.finally])
					visitStatements(part, visit);
				break;
		}
	}
}
