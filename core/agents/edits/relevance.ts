import type { Blueprint } from "../../contract/blueprint.ts";
import { type Expr, type ExprId, type IrFunction, type Stmt, visitExprs } from "../../contract/ir.ts";

type Assigned = { name: string; value: Expr; tests: Expr[] };

/**
 * Expressions that a field of the answer or a column of a row can depend on: backwards from where its name is written, over variables,
 * arguments, calls and the tests around them. Of a field that is not written by name nothing; then every place is as good as another.
 */
export function placesOf(blueprint: Blueprint, field: string): Set<ExprId> {
	const found = new Set<ExprId>();
	const wholes = new Set<string>();
	const locals = new Set<string>();
	const functions = new Map(blueprint.functions.map((fn) => [fn.id, fn]));
	const constants = new Map(blueprint.constants.map((one) => [one.id, one.value]));
	const assigned = new Map(blueprint.functions.map((fn) => [fn.id, assignmentsOf(fn.body)]));
	const calls = callSites(blueprint);

	const addExpr = (fn: IrFunction, root: Expr): void =>
		visitExprs(root, (expr) => {
			found.add(expr.id);
			if (expr.kind === "local") addLocal(fn, expr.name);
			if (expr.kind === "call") addWhole(expr.function);
			if (expr.kind === "global") addConstant(expr.constant);
		});
	const addConstant = (id: string): void => {
		const value = constants.get(id);
		if (value !== undefined) visitExprs(value, (expr) => void found.add(expr.id));
	};
	const addWhole = (id: string): void => {
		const fn = functions.get(id);
		if (fn === undefined || wholes.has(id)) return;
		wholes.add(id);
		visitExprs(fn, (expr) => {
			found.add(expr.id);
			if (expr.kind === "call") addWhole(expr.function);
			if (expr.kind === "global") addConstant(expr.constant);
		});
	};
	const addLocal = (fn: IrFunction, name: string): void => {
		const key = `${fn.id} ${name}`;
		if (locals.has(key)) return;
		locals.add(key);
		for (const one of assigned.get(fn.id) ?? []) {
			if (one.name !== name) continue;
			addExpr(fn, one.value);
			for (const test of one.tests) addExpr(fn, test);
		}
		const at = fn.params.findIndex((param) => param.name === name);
		if (at < 0) return;
		for (const { caller, args } of calls.get(fn.id) ?? []) if (args[at] !== undefined) addExpr(caller, args[at]);
	};

	const name = field.slice(field.lastIndexOf("/") + 1);
	const table = field.startsWith("rows/") ? (field.split("/")[1] ?? "") : null;
	for (const fn of blueprint.functions)
		visitExprs(fn, (expr) => {
			if (table !== null) for (const param of columnParams(blueprint, expr, table, name)) addExpr(fn, param);
			else for (const value of writtenAs(expr, name)) addExpr(fn, value);
		});
	return found;
}

/** What stands beside a constant text: `{"NAME": value}`, `("NAME", value)`, `element("NAME", value)`. */
function writtenAs(expr: Expr, name: string): Expr[] {
	const isName = (one: Expr | undefined): boolean => one?.kind === "const" && one.value.kind === "str" && one.value.value === name;
	if (expr.kind === "dict") return expr.entries.filter(({ key }) => isName(key)).map(({ value }) => value);
	if (expr.kind === "tuple" && isName(expr.items[0])) return expr.items.slice(1);
	if (expr.kind === "call" && isName(expr.args[0])) return expr.args.slice(1);
	return [];
}

/** Parameters of a statement that fill a column of a table. */
function columnParams(blueprint: Blueprint, expr: Expr, table: string, column: string): Expr[] {
	if (expr.kind !== "sql") return [];
	const statement = blueprint.statements.find((one) => one.id === expr.statement);
	if (statement === undefined || statement.kind === "select" || !statement.tables.includes(table)) return [];
	const insert = /\(([^()]*)\)\s*VALUES\s*\((.*)\)/is.exec(statement.sql);
	const marks = (text: string): number => text.split("?").length - 1;
	if (insert !== null) {
		const at = (insert[1] ?? "").split(",").findIndex((one) => one.trim() === column);
		const before = (insert[2] ?? "").split(",").slice(0, at).join(",");
		return at < 0 ? [] : expr.params.slice(marks(before), marks(before) + 1);
	}
	const at = new RegExp(`\\b${column}\\s*=`, "i").exec(statement.sql);
	return at === null ? [] : expr.params.slice(marks(statement.sql.slice(0, at.index)), marks(statement.sql.slice(0, at.index)) + 1);
}

function assignmentsOf(body: readonly Stmt[], tests: Expr[] = []): Assigned[] {
	const found: Assigned[] = [];
	const below = (part: readonly Stmt[], ...more: Expr[]): void => void found.push(...assignmentsOf(part, [...tests, ...more]));
	for (const stmt of body) {
		switch (stmt.kind) {
			case "assign": {
				const names = namesIn(stmt.target);
				found.push(...names.map((name) => ({ name, value: stmt.value, tests })));
				break;
			}
			case "if":
				below(stmt.then, stmt.test);
				below(stmt.otherwise, stmt.test);
				break;
			case "while":
				below(stmt.body, stmt.test);
				break;
			case "forEach":
				found.push(...namesIn(stmt.target).map((name) => ({ name, value: stmt.iterable, tests })));
				below(stmt.body, stmt.iterable);
				break;
			case "forRange":
				found.push(...[stmt.from, stmt.to, stmt.step].map((value) => ({ name: stmt.name, value, tests })));
				below(stmt.body, stmt.from, stmt.to);
				break;
			case "try":
				for (const part of [stmt.body, ...stmt.handlers.map((handler) => handler.body), stmt.otherwise, stmt.finally]) below(part);
				break;
		}
	}
	return found;
}

function namesIn(target: Extract<Stmt, { kind: "assign" }>["target"]): string[] {
	if (target.kind === "name") return [target.name];
	if (target.kind === "unpack") return target.items.flatMap(namesIn);
	return target.of.kind === "local" ? [target.of.name] : [];
}

function callSites(blueprint: Blueprint): Map<string, { caller: IrFunction; args: Expr[] }[]> {
	const sites = new Map<string, { caller: IrFunction; args: Expr[] }[]>();
	for (const caller of blueprint.functions)
		visitExprs(caller, (expr) => {
			if (expr.kind === "call") sites.set(expr.function, [...(sites.get(expr.function) ?? []), { caller, args: expr.args }]);
		});
	return sites;
}
