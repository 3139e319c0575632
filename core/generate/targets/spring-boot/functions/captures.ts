import type { FFunction, FStmt } from "../../../../contract/function-ir.ts";
import { mentionedNames } from "../../typescript/functions/declarations.ts";

/**
 * The names that stand in a part of a body which becomes a lambda in Java: inner functions, and comprehensions behind their first iterable.
 * `lasting`: only in what may run later, functions and generators.
 */
export function capturedNames(body: readonly FStmt[], lasting = false): Set<string> {
	const names = new Set<string>();
	const take = (part: unknown): void => {
		for (const name of mentionedNames(part)) names.add(name);
	};
	const visit = (part: unknown): void => {
		if (Array.isArray(part)) for (const one of part) visit(one);
		else if (part !== null && typeof part === "object") {
			const node = part as { kind?: string; form?: string; fn?: FFunction; clauses?: { iterable: unknown }[] };
			if ((node.kind === "function" || node.kind === "lambda") && node.fn) {
				take(node.fn.body);
				// Defaults are evaluated where it is defined.
				visit(node.fn.params);
				return;
			}
			if (node.kind === "comprehension" && (!lasting || node.form === "generator")) {
				const [first, ...others] = node.clauses ?? [];
				visit(first?.iterable);
				const { iterable: _, ...rest } = (first ?? {}) as { iterable?: unknown };
				take([rest, others, { ...node, clauses: [], kind: "" }]);
				return;
			}
			for (const [key, value] of Object.entries(part)) if (key !== "span" && key !== "locals") visit(value);
		}
	};
	visit(body);
	return names;
}

/** The variables that are declared inside of a loop, or by one: Java makes a new one in each round, the source has one. */
export function loopNames(body: readonly FStmt[], declaredAt: ReadonlyMap<FStmt, ReadonlySet<string>>): Set<string> {
	const names = new Set<string>();
	const visit = (block: readonly FStmt[], isInside: boolean): void => {
		for (const stmt of block) {
			const isLoop = stmt.kind === "forEach" || stmt.kind === "while";
			if (isInside || isLoop) for (const name of declaredAt.get(stmt) ?? []) names.add(name);
			for (const inner of blocksOf(stmt)) visit(inner, isInside || isLoop);
		}
	};
	visit(body, false);
	return names;
}

function blocksOf(stmt: FStmt): readonly (readonly FStmt[])[] {
	switch (stmt.kind) {
		case "if":
			return [stmt.then, stmt.otherwise];
		case "while":
		case "forEach":
			return [stmt.body, stmt.otherwise];
		case "try":
			return [stmt.body, stmt.otherwise, stmt.finally, ...stmt.handlers.map((handler) => handler.body)];
		default:
			return [];
	}
}
