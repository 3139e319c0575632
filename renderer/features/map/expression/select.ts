import { classOf, type Facts, numberOf } from "./facts.ts";
import type { Comparison, Expression, TextField } from "./parse.ts";

/** Which nodes an expression names, by index of the graph. */
export function selectNodes(facts: Facts, expression: Expression): Set<number> {
	const test = testOf(facts, expression);
	const found = new Set<number>();
	for (let index = 0; index < facts.graph.nodes.length; index++) if (test(index)) found.add(index);
	return found;
}

type Test = (index: number) => boolean;

function testOf(facts: Facts, expression: Expression): Test {
	switch (expression.kind) {
		case "and":
		case "or": {
			const [left, right] = [testOf(facts, expression.left), testOf(facts, expression.right)];
			return expression.kind === "and" ? (index) => left(index) && right(index) : (index) => left(index) || right(index);
		}
		case "not": {
			const of = testOf(facts, expression.of);
			return (index) => !of(index);
		}
		case "number": {
			const { field, op, value } = expression;
			// Only functions have numbers: a table is not a function of complexity 0.
			return (index) => facts.graph.nodes[index]?.kind === "function" && compare(numberOf(facts, index, field), op, value);
		}
		case "class":
			return (index) => {
				const node = facts.graph.nodes[index];
				return node !== undefined && classOf(node) === expression.name;
			};
		case "name": {
			const matches = pattern(expression.value, "part");
			return (index) =>
				matches(facts.names[index]?.name ?? "") || (expression.value.includes(".") && matches(facts.names[index]?.dotted ?? ""));
		}
		case "text":
			return textTest(facts, expression.field, expression.value);
	}
}

function compare(a: number, op: Comparison, b: number): boolean {
	switch (op) {
		case ">":
			return a > b;
		case ">=":
			return a >= b;
		case "<":
			return a < b;
		case "<=":
			return a <= b;
		case "=":
			return a === b;
		case "!=":
			return a !== b;
	}
}

function textTest(facts: Facts, field: TextField, value: string): Test {
	const part = pattern(value, "part");
	const named = () => {
		const whole = pattern(value, "whole");
		const all = new Set<number>();
		for (const [index, { name, dotted }] of facts.names.entries()) if (whole(name) || whole(dotted)) all.add(index);
		return all;
	};
	const touching = (lists: readonly (readonly (readonly number[])[])[]): Test => {
		const targets = named();
		return (index) => lists.some((list) => list[index]?.some((other) => targets.has(other)) === true);
	};
	switch (field) {
		case "name":
		case "module":
		case "package":
		case "file":
			return (index) => part(facts.names[index]?.[field] ?? "");
		case "kind":
			return (index) => part(facts.graph.nodes[index]?.kind ?? "");
		case "calls":
			return touching([facts.callees]);
		case "calledby":
			return touching([facts.callers]);
		case "reads":
			return touching([facts.reads]);
		case "writes":
			return touching([facts.writes]);
		case "touches":
			return touching([facts.reads, facts.writes]);
		case "reaches": {
			const reached = closure([...named()], (index) => [
				...(facts.callers[index] ?? []),
				...usersOf(facts, index),
				...(facts.routes[index] ?? []),
			]);
			return (index) => reached.has(index);
		}
		case "route": {
			const routes = facts.graph.nodes.flatMap((node, index) =>
				node.kind === "route" && part(facts.names[index]?.name ?? "") ? [index] : [],
			);
			const handlers = facts.routes.flatMap((list, index) => (list.some((route) => routes.includes(route)) ? [index] : []));
			const reached = closure([...routes, ...handlers], (index) => facts.callees[index] ?? []);
			return (index) => reached.has(index);
		}
	}
}

/** Functions that read or write a table. */
function usersOf(facts: Facts, table: number): number[] {
	if (facts.graph.nodes[table]?.kind !== "table") return [];
	return facts.graph.nodes.flatMap((_, index) =>
		facts.reads[index]?.includes(table) || facts.writes[index]?.includes(table) ? [index] : [],
	);
}

function closure(starts: readonly number[], next: (index: number) => readonly number[]): Set<number> {
	const found = new Set(starts);
	for (const index of found) for (const other of next(index)) found.add(other);
	return found;
}

/** `*` stands for anything. `part`: somewhere in the text; `whole`: all of it, or what follows its last dot. */
function pattern(value: string, how: "part" | "whole"): (text: string) => boolean {
	const wanted = value.toLowerCase();
	if (!wanted.includes("*"))
		return how === "part" ? (text) => text.includes(wanted) : (text) => text === wanted || text.endsWith(`.${wanted}`);
	const inner = wanted
		.split("*")
		.map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
		.join(".*");
	const whole = new RegExp(`^(.*\\.)?${inner}$`);
	return (text) => whole.test(text);
}
