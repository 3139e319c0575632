import type { Parameter, SourceExpr } from "../../../graph/index.ts";
import { unescapeText } from "./text.ts";
import type { Cst } from "./tree.ts";

const named = (node: Cst): Cst[] => node.children.filter((child) => child.named);
export const field = (node: Cst, name: string): Cst | undefined => node.children.find((child) => child.field === name);
export const fields = (node: Cst, name: string): Cst[] => node.children.filter((child) => child.field === name);

/** Levels of one expression that are lowered as they stand. Every reader of the tree goes down by recursion. */
export const NESTING = 500;

/** Lowers an expression. What is not modelled, or nests deeper than any reader of the tree may descend, becomes `opaque` with its parts. */
export function expression(given: Cst): SourceExpr {
	const node = unwrapped(given);
	if (node.height > NESTING) return flattened(node);
	const { span } = node;
	switch (node.type) {
		case "identifier":
		case "keyword_identifier":
			return { kind: "name", name: node.text, span };
		case "integer":
		case "float":
			return { kind: "number", text: node.text, span };
		case "true":
		case "false":
			return { kind: "literal", value: node.type === "true", span };
		case "none":
			return { kind: "literal", value: null, span };
		case "string":
			return joinStrings([node], node);
		case "concatenated_string":
			return joinStrings(named(node), node);
		case "parenthesized_expression":
		case "as_pattern_target":
			return opaque(node);
		case "type":
			return typeExpression(node);
		case "tuple":
		case "expression_list":
		case "pattern_list":
		case "tuple_pattern":
			return { kind: "tuple", items: named(node).map(expression), span };
		case "list":
		case "list_pattern":
			return { kind: "list", items: named(node).map(expression), span };
		case "set":
			return { kind: "set", items: named(node).map(expression), span };
		case "dictionary": {
			const entries = named(node);
			if (entries.some((item) => item.type !== "pair" && item.type !== "dictionary_splat")) return opaque(node);
			return {
				kind: "dict",
				entries: entries.map((item) => (item.type === "pair" ? pair(item) : { key: null, value: inside(item) })),
				span,
			};
		}
		case "unary_operator": {
			const op = field(node, "operator")?.text;
			if (op === "-" || op === "+" || op === "~") return { kind: "unary", op, of: part(node, "argument"), span };
			return opaque(node);
		}
		case "not_operator":
			return { kind: "unary", op: "not", of: part(node, "argument"), span };
		case "binary_operator":
			return { kind: "binary", op: field(node, "operator")?.text ?? "?", left: part(node, "left"), right: part(node, "right"), span };
		case "boolean_operator": {
			const op = field(node, "operator")?.text === "or" ? "or" : "and";
			return { kind: "logic", op, left: part(node, "left"), right: part(node, "right"), span };
		}
		case "comparison_operator":
			return comparison(node);
		case "conditional_expression": {
			const [then, test, otherwise] = named(node);
			if (!then || !test || !otherwise) return opaque(node);
			return { kind: "choose", test: expression(test), then: expression(then), otherwise: expression(otherwise), span };
		}
		case "attribute":
			return { kind: "attribute", of: part(node, "object"), name: field(node, "attribute")?.text ?? "", span };
		case "subscript": {
			const items = fields(node, "subscript").map(expression);
			const [only] = items;
			const index: SourceExpr = only && items.length === 1 ? only : { kind: "tuple", items, span };
			return { kind: "subscript", of: part(node, "value"), index, span };
		}
		case "slice":
			return slice(node);
		case "call":
			return call(node);
		case "lambda": {
			const params = field(node, "parameters");
			return { kind: "lambda", params: params ? parameters(params) : [], body: part(node, "body"), span };
		}
		case "list_comprehension":
		case "set_comprehension":
		case "dictionary_comprehension":
		case "generator_expression":
			return comprehension(node);
		case "list_splat":
		case "list_splat_pattern":
			return { kind: "star", form: "*", of: inside(node), span };
		case "dictionary_splat":
			return { kind: "star", form: "**", of: inside(node), span };
		case "yield": {
			const from = node.children.some((child) => child.type === "from");
			return { kind: "yield", from, value: named(node).length > 0 ? inside(node) : null, span };
		}
		case "await":
			return { kind: "await", of: inside(node), span };
		case "named_expression":
			return { kind: "walrus", name: field(node, "name")?.text ?? "", value: part(node, "value"), span };
		case "ellipsis":
			return { kind: "ellipsis", span };
		default:
			return opaque(node);
	}
}

/** What stands in parentheses, however many. */
function unwrapped(given: Cst): Cst {
	let node = given;
	while (node.type === "parenthesized_expression" || node.type === "as_pattern_target") {
		const inner = node.children.find((child) => child.named);
		if (inner === undefined) return node;
		node = inner;
	}
	return node;
}

/** What leaves the longest way down, level after level, and where it is no longer too long. */
function flattened(node: Cst): SourceExpr {
	const parts: SourceExpr[] = [];
	let at = node;
	while (at.height > NESTING) {
		const { height, children } = at;
		const next = children.find((child) => child.height === height - 1) as Cst;
		for (const child of children) if (child.named && child !== next) parts.push(expression(child));
		at = next;
	}
	parts.push(expression(at));
	return { kind: "opaque", what: `an expression of ${node.height} levels`, parts, span: node.span };
}

/** The one expression that a node wraps. */
function inside(node: Cst): SourceExpr {
	const [only] = named(node);
	return only ? expression(only) : { kind: "opaque", what: `${node.type} without a value`, parts: [], span: node.span };
}

function opaque(node: Cst): SourceExpr {
	const parts = named(node).filter(
		(child) => !["type", "type_parameter", "string_start", "string_content", "string_end"].includes(child.type),
	);
	return { kind: "opaque", what: node.type.replace(/_/g, " "), parts: parts.map(expression), span: node.span };
}

function part(node: Cst, name: string): SourceExpr {
	const child = field(node, name);
	return child ? expression(child) : { kind: "opaque", what: `${node.type} without ${name}`, parts: [], span: node.span };
}

function pair(node: Cst): { key: SourceExpr; value: SourceExpr } {
	return { key: part(node, "key"), value: part(node, "value") };
}

function comparison(node: Cst): SourceExpr {
	const [first, ...operands] = node.children.filter((child) => child.named && child.field !== "operators");
	const signs = fields(node, "operators").map((sign) => (sign.text === "<>" ? "!=" : sign.text.replace(/\s+/g, " ")));
	if (!first || operands.length !== signs.length) return opaque(node);
	const rest = operands.map((operand, index) => ({ op: signs[index] ?? "?", right: expression(operand) }));
	return { kind: "compare", first: expression(first), rest, span: node.span };
}

function slice(node: Cst): SourceExpr {
	const bounds: [SourceExpr | null, SourceExpr | null, SourceExpr | null] = [null, null, null];
	let at = 0;
	for (const child of node.children) {
		if (child.type === ":") at++;
		else if (child.named) bounds[at] = expression(child);
	}
	return { kind: "slice", from: bounds[0], to: bounds[1], step: bounds[2], span: node.span };
}

function call(node: Cst): SourceExpr {
	const callee = part(node, "function");
	const list = field(node, "arguments");
	if (list?.type === "generator_expression") return { kind: "call", callee, args: [expression(list)], keywords: [], span: node.span };
	const args: SourceExpr[] = [];
	const keywords: { name: string; value: SourceExpr }[] = [];
	for (const child of list ? named(list) : []) {
		if (child.type === "keyword_argument") keywords.push({ name: field(child, "name")?.text ?? "", value: part(child, "value") });
		else args.push(expression(child));
	}
	return { kind: "call", callee, args, keywords, span: node.span };
}

function comprehension(node: Cst): SourceExpr {
	const clauses: { target: SourceExpr; iterable: SourceExpr; tests: SourceExpr[] }[] = [];
	for (const child of named(node)) {
		if (child.type === "for_in_clause") clauses.push({ target: part(child, "left"), iterable: part(child, "right"), tests: [] });
		else if (child.type === "if_clause") {
			const test = named(child)[0];
			if (test) clauses.at(-1)?.tests.push(expression(test));
		}
	}
	const body = field(node, "body");
	if (!body || clauses.length === 0) return opaque(node);
	const entry = body.type === "pair" ? pair(body) : null;
	const form = node.type === "list_comprehension" ? "list" : node.type === "set_comprehension" ? "set" : entry ? "dict" : "generator";
	return { kind: "comprehension", form, key: entry?.key ?? null, element: entry?.value ?? expression(body), clauses, span: node.span };
}

export function parameters(node: Cst): Parameter[] {
	const found: Parameter[] = [];
	let form: "plain" | "keyword" = "plain";
	for (const item of node.children) {
		if (item.type === "positional_separator") for (const param of found) param.form = "positional";
		else if (item.type === "keyword_separator") form = "keyword";
		else if (item.named) {
			const param = parameter(item, form);
			if (param?.form === "rest") form = "keyword";
			if (param) found.push(param);
		}
	}
	return found;
}

function parameter(item: Cst, form: "plain" | "keyword"): Parameter | null {
	const { span } = item;
	const type = field(item, "type");
	const annotation = type ? typeExpression(type) : null;
	switch (item.type) {
		case "identifier":
			return { name: item.text, default: null, form, annotation, span };
		case "default_parameter":
		case "typed_default_parameter":
			return { name: field(item, "name")?.text ?? "", default: part(item, "value"), form, annotation, span };
		case "list_splat_pattern":
			return { name: item.text.replace(/^\*\s*/, ""), default: null, form: "rest", annotation, span };
		case "dictionary_splat_pattern":
			return { name: item.text.replace(/^\*\*\s*/, ""), default: null, form: "keywords", annotation, span };
		case "typed_parameter": {
			const [inner] = named(item);
			const param = inner ? parameter(inner, form) : null;
			return param && { ...param, annotation, span };
		}
		default:
			return null;
	}
}

/** `list[int]` as the subscript that it is at run time. */
export function typeExpression(node: Cst): SourceExpr {
	const inner = node.type === "type" ? (named(node)[0] ?? node) : node;
	if (inner.type !== "generic_type") return expression(inner);
	const [of, ...rest] = named(inner);
	const items = rest.flatMap((item) => (item.type === "type_parameter" ? named(item).map(typeExpression) : [expression(item)]));
	const [only] = items;
	if (!of) return opaque(inner);
	const index: SourceExpr = only && items.length === 1 ? only : { kind: "tuple", items, span: inner.span };
	return { kind: "subscript", of: expression(of), index, span: inner.span };
}

/** Adjacent literals are one string; if one of them has holes, the whole has. */
function joinStrings(nodes: Cst[], whole: Cst): SourceExpr {
	const { span } = whole;
	const parts: Extract<SourceExpr, { kind: "formatted" }>["parts"] = [];
	let bytes = false;
	const push = (text: string) => {
		const last = parts.at(-1);
		if (typeof last === "string") parts[parts.length - 1] = last + text;
		else parts.push(text);
	};
	for (const node of nodes) {
		const prefix = (node.children.find((child) => child.type === "string_start")?.text ?? "").toLowerCase();
		const raw = prefix.includes("r");
		const holes = prefix.includes("f");
		if (prefix.includes("b")) bytes = true;
		for (const child of node.children) {
			if (child.type === "string_content") {
				const text = unescapeText(child.text, raw, bytes);
				push(holes ? text.replace(/\{\{/g, "{").replace(/\}\}/g, "}") : text);
			} else if (child.type === "interpolation") {
				const spoken = selfDocumented(child);
				if (spoken !== null) push(spoken);
				const made = hole(child);
				parts.push(spoken !== null && made.conversion === "" && made.spec === "" ? { ...made, conversion: "r" } : made);
			}
		}
	}
	const [only] = parts;
	if (parts.length === 0 || (parts.length === 1 && typeof only === "string")) {
		const value = typeof only === "string" ? only : "";
		return bytes ? { kind: "bytes", value, span } : { kind: "string", value, span };
	}
	return { kind: "formatted", parts, span };
}

/** `{total=}` writes the text up to the sign as well. */
function selfDocumented(node: Cst): string | null {
	const value = field(node, "expression");
	if (!value || !node.children.some((child) => child.type === "=")) return null;
	const rest = node.text.slice(1 + node.text.slice(1).indexOf(value.text) + value.text.length);
	return node.text.slice(1, node.text.length - rest.length) + (/^\s*=\s*/.exec(rest)?.[0] ?? "=");
}

function hole(node: Cst): { value: SourceExpr; conversion: string; spec: string; specHoles: SourceExpr[] } {
	const spec = field(node, "format_specifier");
	const nested = spec ? named(spec).filter((child) => child.type === "format_expression") : [];
	return {
		value: part(node, "expression"),
		conversion: (field(node, "type_conversion")?.text ?? "").slice(1),
		spec: spec ? spec.text.slice(1) : "",
		specHoles: nested.map((child) => part(child, "expression")),
	};
}
