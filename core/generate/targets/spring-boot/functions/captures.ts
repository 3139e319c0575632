import type { FFunction, FStmt } from "../../../../contract/function-ir.ts";
import { mentionedNames } from "../../typescript/functions/declarations.ts";

/** The names that stand in a part of a body which becomes a lambda in Java: inner functions, and comprehensions behind their first iterable. */
export function capturedNames(body: readonly FStmt[]): Set<string> {
	const names = new Set<string>();
	const take = (part: unknown): void => {
		for (const name of mentionedNames(part)) names.add(name);
	};
	const visit = (part: unknown): void => {
		if (Array.isArray(part)) for (const one of part) visit(one);
		else if (part !== null && typeof part === "object") {
			const node = part as { kind?: string; fn?: FFunction; clauses?: { iterable: unknown }[] };
			if ((node.kind === "function" || node.kind === "lambda") && node.fn) {
				take(node.fn.body);
				// Defaults are evaluated where it is defined.
				visit(node.fn.params);
				return;
			}
			if (node.kind === "comprehension") {
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
