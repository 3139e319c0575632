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
export function branchesOf(blueprint: Pick<Blueprint, "functions" | "interface" | "constants">): Branch[] {
	const { functions, constants } = blueprint;
	const { routes } = blueprint.interface;
	const filled = new Set(constants.filter(({ value }) => hasItems(value)).map(({ id }) => id));
	const found: Branch[] = [];
	for (const fn of functions) {
		const names = routes.filter((route) => route.entry === fn.id).map(({ method, path }) => `${method} ${path}`);
		if (names.length > 0) found.push({ id: entryId(fn.id), kind: "entry", function: fn.id, outcome: "reached", span: fn.span, names });
	}
	for (const fn of functions) {
		const own: Draft[] = [];
		visit(fn.body, { own, handlers: handlersOf(fn), filled });
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

type Search = { own: Draft[]; handlers: ReadonlyMap<Handler, string>; filled: ReadonlySet<string> };

function visit(value: unknown, search: Search): void {
	if (Array.isArray(value)) {
		for (const item of value) visit(item, search);
		return;
	}
	if (typeof value !== "object" || value === null) return;
	if ("kind" in value && "span" in value) ofNode(value as Stmt | Expr, search);
	if ("iterable" in value && "tests" in value) ofClause(value as Clause, search);
	const handler = search.handlers.get(value as Handler);
	if (handler !== undefined) {
		const { exceptions, span } = value as Handler;
		search.own.push({ id: handler, kind: "handler", outcome: "caught", span, names: exceptions });
	}
	for (const [key, item] of Object.entries(value)) if (key !== "type" && key !== "span") visit(item, search);
}

function ofNode(node: Stmt | Expr, search: Search): void {
	const { own } = search;
	switch (node.kind) {
		case "if":
		case "choose":
			own.push(...both(node.test, "condition"));
			return;
		case "while":
			own.push(...turns(node.test));
			return;
		case "forEach":
			own.push(...turnsOver(node.iterable, search));
			return;
		case "forRange":
			own.push(...turns(node.to));
			return;
		case "logic":
			if (isChoiceOfValues(node)) own.push(...both(node.left, "value"));
			return;
		default:
			return;
	}
}

function ofClause({ iterable, tests }: Clause, search: Search): void {
	search.own.push(...turnsOver(iterable, search));
	for (const test of tests) search.own.push(...both(test, "condition"));
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

/** A loop over a table that is written into the source always runs: there is no choice in it. */
function turnsOver(iterable: Expr, { filled }: Search): Draft[] {
	const walked = iterable.kind === "op" && /^dict\.(keys|values|items)$/.test(iterable.op) ? iterable.args[0] : iterable;
	const isFilled = walked !== undefined && (walked.kind === "global" ? filled.has(walked.constant) : hasItems(walked));
	return isFilled ? [] : turns(iterable);
}

function hasItems(value: Expr): boolean {
	if (value.kind === "list" || value.kind === "tuple") return value.items.length > 0;
	return value.kind === "dict" && value.entries.length > 0;
}
