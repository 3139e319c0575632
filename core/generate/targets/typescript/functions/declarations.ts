import type { FExpr, FFunction, FStmt, FTarget } from "../../../../contract/function-ir.ts";

/** Every mention of a variable in a statement or expression, inner functions included. */
function mentions(part: unknown, found: (name: string, node: { kind: string; unbound?: boolean; scope?: string }) => void): void {
	if (Array.isArray(part)) for (const one of part) mentions(one, found);
	else if (part !== null && typeof part === "object") {
		const node = part as { kind?: string; name?: unknown; unbound?: boolean; scope?: string };
		if ((node.kind === "name" || node.kind === "assigned") && typeof node.name === "string")
			found(node.name, node as { kind: string; unbound?: boolean; scope?: string });
		if (node.kind === "function" || node.kind === "class") {
			const named = node as { fn?: FFunction; name?: string };
			found(named.fn?.name ?? named.name ?? "", { kind: "bound" });
		}
		if ("types" in node && "body" in node && typeof node.name === "string") found(node.name, { kind: "bound" });
		for (const [key, value] of Object.entries(part)) if (key !== "span" && key !== "locals" && key !== "names") mentions(value, found);
	}
}

export function mentionedNames(part: unknown): Set<string> {
	const names = new Set<string>();
	mentions(part, (name) => names.add(name));
	return names;
}

/** Variables of which a read may come before the first assignment. */
export function unboundNames(body: readonly FStmt[]): Set<string> {
	const names = new Set<string>();
	mentions(body, (name, node) => {
		if (node.kind === "name" && node.unbound === true && node.scope !== "module") names.add(name);
	});
	return names;
}

/** How often a name is bound in a body, inner functions included. */
export function bindings(body: readonly FStmt[]): Map<string, number> {
	const counts = new Map<string, number>();
	const add = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
	mentions(body, (name, node) => {
		if (node.kind === "bound" || node.kind === "assigned" || (node.kind === "name" && !("type" in node))) add(name);
	});
	return counts;
}

const namesOf = (target: FTarget): string[] | null => {
	if (target.kind === "name") return target.scope === "local" ? [target.name] : null;
	if (target.kind !== "unpack" || target.star !== null) return null;
	const names = target.items.map((item) => (item.kind === "name" && item.scope === "local" ? item.name : null));
	return names.every((name) => name !== null) ? (names as string[]) : null;
};

/**
 * The statements that may declare their variables: the first that mentions them in the one block that holds all mentions. Variables of
 * inner functions and those that are read too early stay at the top.
 */
export function declarationsOf(body: readonly FStmt[], candidates: ReadonlySet<string>): Map<FStmt, Set<string>> {
	const made = new Map<FStmt, Set<string>>();
	place(body, new Set(candidates), made);
	return made;
}

function place(block: readonly FStmt[], candidates: Set<string>, made: Map<FStmt, Set<string>>): void {
	const homes = new Map<string, FStmt[]>();
	for (const stmt of block)
		for (const name of mentionedNames(stmt)) if (candidates.has(name)) homes.set(name, [...(homes.get(name) ?? []), stmt]);
	const inner = new Map<FStmt, Set<string>>();
	for (const [name, at] of homes) {
		const [first] = at;
		if (!first) continue;
		if (declares(first, name) || (at.length === 1 && walks(first, name))) made.set(first, new Set([...(made.get(first) ?? []), name]));
		else if (at.length === 1) inner.set(first, new Set([...(inner.get(first) ?? []), name]));
	}
	for (const [stmt, names] of inner) for (const part of blocksOf(stmt, names)) place(part, names, made);
	// A declaration of several names takes all of them or none.
	for (const [stmt, names] of made) if (!allDeclared(stmt, names)) made.delete(stmt);
}

function allDeclared(stmt: FStmt, names: ReadonlySet<string>): boolean {
	const target = stmt.kind === "assign" ? stmt.targets[0] : stmt.kind === "forEach" ? stmt.target : undefined;
	const own = target ? namesOf(target) : null;
	return own?.every((name) => names.has(name)) === true;
}

function declares(stmt: FStmt, name: string): boolean {
	if (stmt.kind !== "assign" || stmt.targets.length !== 1) return false;
	const [target] = stmt.targets;
	const names = target ? namesOf(target) : null;
	if (!names?.includes(name) || new Set(names).size !== names.length) return false;
	return !mentionedNames(stmt.value).has(name);
}

/** A loop whose variable nothing outside of its body mentions. */
function walks(stmt: FStmt, name: string): boolean {
	if (stmt.kind !== "forEach") return false;
	const names = namesOf(stmt.target);
	if (!names?.includes(name) || new Set(names).size !== names.length) return false;
	return !mentionedNames([stmt.iterable, stmt.otherwise]).has(name);
}

/** The only block of a statement that mentions these names, if there is one: nothing outside of it may. */
function blocksOf(stmt: FStmt, names: Set<string>): FStmt[][] {
	const blocks: FStmt[][] =
		stmt.kind === "if"
			? [stmt.then, stmt.otherwise]
			: stmt.kind === "while" || stmt.kind === "forEach"
				? [stmt.body, stmt.otherwise]
				: stmt.kind === "try"
					? [stmt.body, stmt.otherwise, stmt.finally, ...stmt.handlers.map((handler) => handler.body)]
					: [];
	const heads: (FExpr | FTarget | string | null)[] =
		stmt.kind === "if" || stmt.kind === "while" ? [stmt.test] : stmt.kind === "forEach" ? [stmt.iterable, stmt.target] : [];
	const blocked = mentionedNames(heads);
	for (const name of [...names]) {
		const holders = blocks.filter((block) => mentionedNames(block).has(name));
		if (blocked.has(name) || holders.length !== 1) names.delete(name);
	}
	return blocks;
}
