import type { Blueprint } from "./blueprint.ts";
import type { Clause, Expr, Handler, IrFunction, Span, Stmt } from "./ir.ts";

/**
 * One way that a request can take through a function: an outcome of a condition, a loop that runs or does not, an exception that is
 * caught, or the entry of a route. A request takes any number of them.
 */
export type Branch = {
	/** Of the blueprint's expressions, so the same in every version that is written from it: `scoring.band_of#12:yes`. */
	id: string;
	kind: "entry" | "condition" | "value" | "loop" | "handler";
	function: string;
	outcome: "reached" | "yes" | "no" | "some" | "none" | "caught";
	/** Of the condition, the iterable or the handler. */
	span: Span;
	/** Of an entry its routes, of a handler its exceptions. */
	names: string[];
};

/** A branch as it is shown and journaled. `words`: "country == 'EU': no". */
export type BranchName = { id: string; words: string; file: string; line: number };

type Draft = Omit<Branch, "function">;

/**
 * All branches of the slice, in a fixed order: the entries, then each function in the order of its source. The place in this list is
 * the number that a shadow build reports. Operands of `and` and `or` between truth values are not told apart: the condition is.
 */
export function branchesOf({ functions, interface: { routes } }: Pick<Blueprint, "functions" | "interface">): Branch[] {
	const found: Branch[] = [];
	for (const fn of functions) {
		const names = routes.filter((route) => route.entry === fn.id).map(({ method, path }) => `${method} ${path}`);
		if (names.length > 0) found.push({ id: entryId(fn.id), kind: "entry", function: fn.id, outcome: "reached", span: fn.span, names });
	}
	for (const fn of functions) {
		const own: Draft[] = [];
		visit(fn.body, own, handlersOf(fn));
		own.sort((a, b) => a.span.line - b.span.line || a.span.column - b.span.column || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
		const seen = new Set<string>();
		for (const draft of own) {
			// What the blueprint holds twice is one branch.
			if (seen.has(draft.id)) continue;
			seen.add(draft.id);
			found.push({ ...draft, function: fn.id });
		}
	}
	return found;
}

export const entryId = (functionId: string): string => `${functionId}:reached`;

/** Handlers have no id of their own: their number within the function, in the order of the source. */
export function handlersOf(fn: IrFunction): Map<Handler, string> {
	const ids = new Map<Handler, string>();
	const walk = (value: unknown): void => {
		if (Array.isArray(value)) for (const item of value) walk(item);
		else if (typeof value === "object" && value !== null) {
			if ("exceptions" in value && "body" in value) ids.set(value as Handler, `${fn.id}!${ids.size + 1}:caught`);
			for (const item of Object.values(value)) walk(item);
		}
	};
	walk(fn.body);
	return ids;
}

/** A choice between two values by the truth of the first: `text or "none"`. Between truth values it is part of a condition. */
export function isChoiceOfValues(expr: Extract<Expr, { kind: "logic" }>): boolean {
	return expr.type.kind !== "bool" || expr.left.type.kind !== "bool";
}

/** "country == 'EU': no"; `text` reads a span of legacy's source, and what cannot be read is named by its line. */
export function nameOf(branch: Branch, text: (span: Span) => string): BranchName {
	const { id, span } = branch;
	return { id, words: wordsOf(branch, text), file: span.file, line: span.line };
}

const LONGEST = 90;

function wordsOf({ kind, outcome, span, names }: Branch, text: (span: Span) => string): string {
	if (kind === "entry") return `${names.join(", ")}: reached`;
	if (kind === "handler") return `${names.length === 0 ? "any exception" : names.join(" or ")}: caught`;
	const read = text(span).replace(/\s+/g, " ").trim() || `line ${span.line}`;
	const shown = read.length > LONGEST ? `${read.slice(0, LONGEST - 3)}...` : read;
	if (kind === "loop") return `each of ${shown}: ${outcome === "none" ? "not once" : "at least once"}`;
	return `${shown}: ${outcome}`;
}

function visit(value: unknown, into: Draft[], handlers: ReadonlyMap<Handler, string>): void {
	if (Array.isArray(value)) {
		for (const item of value) visit(item, into, handlers);
		return;
	}
	if (typeof value !== "object" || value === null) return;
	if ("kind" in value && "span" in value) ofNode(value as Stmt | Expr, into);
	if ("iterable" in value && "tests" in value) ofClause(value as Clause, into);
	const handler = handlers.get(value as Handler);
	if (handler !== undefined) {
		const { exceptions, span } = value as Handler;
		into.push({ id: handler, kind: "handler", outcome: "caught", span, names: exceptions });
	}
	for (const [key, item] of Object.entries(value)) if (key !== "type" && key !== "span") visit(item, into, handlers);
}

function ofNode(node: Stmt | Expr, into: Draft[]): void {
	switch (node.kind) {
		case "if":
		case "choose":
			into.push(...both(node.test, "condition"));
			return;
		case "while":
			into.push(...turns(node.test));
			return;
		case "forEach":
			into.push(...turns(node.iterable));
			return;
		case "forRange":
			into.push(...turns(node.to));
			return;
		case "logic":
			if (isChoiceOfValues(node)) into.push(...both(node.left, "value"));
			return;
		default:
			return;
	}
}

function ofClause({ iterable, tests }: Clause, into: Draft[]): void {
	into.push(...turns(iterable));
	for (const test of tests) into.push(...both(test, "condition"));
}

function both({ id, span }: Expr, kind: "condition" | "value"): Draft[] {
	return [
		{ id: `${id}:yes`, kind, outcome: "yes", span, names: [] },
		{ id: `${id}:no`, kind, outcome: "no", span, names: [] },
	];
}

function turns({ id, span }: Expr): Draft[] {
	return [
		{ id: `${id}:some`, kind: "loop", outcome: "some", span, names: [] },
		{ id: `${id}:none`, kind: "loop", outcome: "none", span, names: [] },
	];
}
