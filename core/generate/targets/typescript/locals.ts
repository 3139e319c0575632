import type { IrFunction, Stmt, Target, Type } from "../../../contract/ir.ts";
import { blocksOf } from "./ranges.ts";

/** Where each local of a function is declared: in the innermost block that holds all its uses. */
export type Locals = {
	names: string[];
	/** Declared by this very assignment: `const` if it is the only one. */
	declaredBy: ReadonlyMap<Stmt, ReadonlyMap<string, "const" | "let">>;
	/** `let name: type;` in front of this statement. */
	declaredBefore: ReadonlyMap<Stmt, { name: string; type: Type | null }[]>;
};

export function planLocals(fn: IrFunction): Locals {
	const params = new Set(fn.params.map((param) => param.name));
	const assigned = new Map<string, { count: number; type: Type | null }>();
	forEachStatement(fn.body, (statement) => {
		for (const { name, type } of boundBy(statement)) {
			const before = assigned.get(name);
			assigned.set(name, { count: (before?.count ?? 0) + 1, type: wider(before?.type ?? null, type) });
		}
	});
	const declaredBy = new Map<Stmt, Map<string, "const" | "let">>();
	const declaredBefore = new Map<Stmt, { name: string; type: Type | null }[]>();
	for (const [name, { count, type }] of assigned) {
		if (params.has(name)) continue;
		const home = homeOf(fn.body, name);
		if (home === null) continue;
		const first = home;
		if (isDeclarable(first, name)) {
			const entry = declaredBy.get(first) ?? new Map();
			declaredBy.set(first, entry.set(name, count === 1 ? "const" : "let"));
		} else declaredBefore.set(first, [...(declaredBefore.get(first) ?? []), { name, type }]);
	}
	// An unpacking declares all of its names or none.
	for (const [statement, names] of declaredBy) {
		if (statement.kind !== "assign" || statement.target.kind !== "unpack") continue;
		const all = namesOf(statement.target);
		if (all.every(({ name }) => names.has(name))) continue;
		declaredBy.delete(statement);
		const early = all.filter(({ name }) => names.has(name));
		declaredBefore.set(statement, [...(declaredBefore.get(statement) ?? []), ...early]);
	}
	return { names: [...params, ...[...assigned.keys()].filter((name) => !params.has(name))], declaredBy, declaredBefore };
}

/** The first statement that uses the name in the innermost block that holds all its uses; null for a loop's own variable. */
function homeOf(block: Stmt[], name: string): Stmt | null {
	const users = block.filter((statement) => mentions(statement, name));
	const [first] = users;
	if (first === undefined) return null;
	if (users.length > 1) return first;
	const inHead = mentions({ ...first, ...Object.fromEntries(blockKeys(first)) }, name);
	if (isLoopVariable(first, name)) return null;
	const inner = blocksOf(first).filter((child) => child.some((statement) => mentions(statement, name)));
	if (inHead || inner.length !== 1 || inner[0] === undefined) return first;
	return homeOf(inner[0], name);
}

/** The loop binds the name, and nothing outside needs it (that was checked) nor does its body assign it. */
export function isLoopVariable(statement: Stmt, name: string): boolean {
	if (statement.kind === "forRange") return statement.name === name;
	if (statement.kind !== "forEach") return false;
	return namesOf(statement.target).some((bound) => bound.name === name) && !mentions(statement.iterable, name);
}

function isDeclarable(statement: Stmt, name: string): boolean {
	if (statement.kind !== "assign" || statement.target.kind === "item") return false;
	return namesOf(statement.target).some((bound) => bound.name === name) && !mentions(statement.value, name);
}

function boundBy(statement: Stmt): { name: string; type: Type | null }[] {
	if (statement.kind === "assign" || statement.kind === "forEach") return namesOf(statement.target);
	return statement.kind === "forRange" ? [{ name: statement.name, type: { kind: "int" } }] : [];
}

export function namesOf(target: Target): { name: string; type: Type }[] {
	if (target.kind === "name") return [{ name: target.name, type: target.type }];
	return target.kind === "unpack" ? target.items.flatMap(namesOf) : [];
}

/** The type that holds both; the widest one that any assignment states. */
function wider(a: Type | null, b: Type | null): Type | null {
	if (a === null || b === null) return a ?? b;
	if (a.kind === "none") return b.kind === "optional" || b.kind === "none" ? b : { kind: "optional", of: b };
	if (b.kind === "none") return wider(b, a);
	return b.kind === "optional" ? b : a;
}

export function forEachStatement(block: Stmt[], visit: (statement: Stmt) => void): void {
	for (const statement of block) {
		visit(statement);
		for (const child of blocksOf(statement)) forEachStatement(child, visit);
	}
}

function blockKeys(statement: Stmt): [string, never[]][] {
	if (statement.kind === "if")
		return [
			["then", []],
			["otherwise", []],
		];
	if (statement.kind === "try")
		return [
			["body", []],
			["handlers", []],
			["otherwise", []],
			["finally", []],
		];
	return blocksOf(statement).length > 0 ? [["body", []]] : [];
}

/** Whether a local of that name is read or bound anywhere below. */
export function mentions(node: unknown, name: string): boolean {
	if (Array.isArray(node)) return node.some((item) => mentions(item, name));
	if (typeof node !== "object" || node === null) return false;
	if ("kind" in node && "name" in node && node.name === name && (node.kind === "local" || node.kind === "name" || node.kind === "forRange"))
		return true;
	return Object.entries(node).some(([key, item]) => key !== "type" && key !== "span" && mentions(item, name));
}
