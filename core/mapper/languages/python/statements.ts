import type { ClassDecl, FunctionDecl, Import, SourceExpr, SourceHandler, SourceStmt } from "../../../graph/index.ts";
import { expression, field, fields, NESTING, parameters, typeExpression } from "./expressions.ts";
import type { Cst } from "./tree.ts";

/** Where declarations are collected while a module is lowered. */
export type Sink = { module: string; functions: FunctionDecl[]; classes: ClassDecl[]; imports: Import[]; lines: readonly string[] };
type Scope = { path: string; owner: ClassDecl | null; within: string | null };

/** Lowers the statements below a module, block or clause. */
export function statements(node: Cst | undefined, sink: Sink, scope: Scope): SourceStmt[] {
	return node ? node.children.filter((child) => child.named).flatMap((child) => statement(child, sink, scope)) : [];
}

function statement(node: Cst, sink: Sink, scope: Scope): SourceStmt[] {
	const { span } = node;
	const block = (inner: Cst | undefined) => statements(inner, sink, scope);
	const exprOf = (name: string): SourceExpr => {
		const child = field(node, name);
		return child ? expression(child) : { kind: "opaque", what: `${node.type} without ${name}`, parts: [], span };
	};
	const firstExpr = () => {
		const child = node.children.find((item) => item.named);
		return child ? expression(child) : null;
	};
	switch (node.type) {
		case "expression_statement":
			return simple(node);
		case "return_statement":
			return [{ kind: "return", value: firstExpr(), span }];
		case "raise_statement":
			return [raised(node)];
		case "assert_statement": {
			const [test, message] = node.children.filter((child) => child.named).map(expression);
			return test ? [{ kind: "assert", test, message: message ?? null, span }] : [];
		}
		case "delete_statement": {
			const target = firstExpr();
			return [{ kind: "delete", targets: target?.kind === "tuple" ? target.items : target ? [target] : [], span }];
		}
		case "pass_statement":
			return [{ kind: "pass", span }];
		case "break_statement":
			return [{ kind: "break", span }];
		case "continue_statement":
			return [{ kind: "continue", span }];
		case "global_statement":
		case "nonlocal_statement":
			return [
				{
					kind: node.type === "global_statement" ? "global" : "nonlocal",
					names: node.children.filter((child) => child.named).map((child) => child.text),
					span,
				},
			];
		case "import_statement":
		case "import_from_statement":
		case "future_import_statement": {
			const items = imports(node);
			if (node.type === "future_import_statement") return [];
			sink.imports.push(...items);
			return [{ kind: "import", items, span }];
		}
		case "if_statement":
			return [conditional(node, fields(node, "alternative"), false, sink, scope)];
		case "while_statement": {
			const otherwise = field(node, "alternative");
			return [{ kind: "while", test: exprOf("condition"), body: block(field(node, "body")), otherwise: elseBody(otherwise, block), span }];
		}
		case "for_statement": {
			if (node.children.some((child) => child.type === "async")) return [unmodelled(node, block)];
			const otherwise = elseBody(field(node, "alternative"), block);
			return [{ kind: "for", target: exprOf("left"), iterable: exprOf("right"), body: block(field(node, "body")), otherwise, span }];
		}
		case "try_statement": {
			const handlers = node.children.filter((child) => child.type === "except_clause").map((child) => handler(child, block));
			const otherwise = elseBody(
				node.children.find((child) => child.type === "else_clause"),
				block,
			);
			const last = node.children.find((child) => child.type === "finally_clause");
			const ending = last ? block(last.children.find((child) => child.type === "block")) : [];
			return [{ kind: "try", body: block(field(node, "body")), handlers, otherwise, finally: ending, span }];
		}
		case "with_statement": {
			if (node.children.some((child) => child.type === "async")) return [unmodelled(node, block)];
			const clause = node.children.find((child) => child.type === "with_clause");
			const items = (clause?.children ?? [])
				.filter((child) => child.type === "with_item")
				.map((item) => {
					const value = field(item, "value") ?? item;
					if (value.type !== "as_pattern") return { value: expression(value), as: null };
					const [of, alias] = value.children.filter((child) => child.named);
					return { value: expression(of ?? value), as: alias ? expression(alias) : null };
				});
			return [{ kind: "with", items, body: block(field(node, "body")), span }];
		}
		case "function_definition":
			return [{ kind: "function", decl: declareFunction(node, [], sink, scope), span }];
		case "class_definition":
			return [{ kind: "class", decl: declareClass(node, [], sink, scope), span }];
		case "decorated_definition": {
			const decorators = node.children
				.filter((child) => child.type === "decorator")
				.flatMap((child) => child.children.filter((inner) => inner.named).map(expression));
			const inner = field(node, "definition");
			if (inner?.type === "class_definition") return [{ kind: "class", decl: declareClass(inner, decorators, sink, scope), span }];
			if (inner) return [{ kind: "function", decl: declareFunction(inner, decorators, sink, scope), span }];
			return [];
		}
		default:
			return [unmodelled(node, block)];
	}
}

/** `raise A from b`; Python 2's `raise A, b` keeps both as a tuple. */
function raised(node: Cst): SourceStmt {
	const given = node.children.filter((child) => child.named && child.field !== "cause");
	const cause = field(node, "cause");
	const [value] = given;
	return { kind: "raise", value: value ? expression(value) : null, cause: cause ? expression(cause) : null, span: node.span };
}

function unmodelled(node: Cst, block: (node: Cst | undefined) => SourceStmt[]): SourceStmt {
	const parts: SourceExpr[] = [];
	const body: SourceStmt[] = [];
	for (const child of node.children) {
		if (child.type === "block") body.push(...block(child));
		else if (child.named && /_(statement|definition|clause)$/.test(child.type)) body.push(...block({ ...node, children: [child] }));
		else if (child.named) parts.push(expression(child));
	}
	const what = node.type === "ERROR" ? "text that does not parse" : node.type.replace(/_/g, " ");
	return { kind: "opaque", what, parts, body, span: node.span };
}

function elseBody(node: Cst | undefined, block: (node: Cst | undefined) => SourceStmt[]): SourceStmt[] {
	return node ? block(field(node, "body")) : [];
}

function conditional(node: Cst, alternatives: Cst[], elif: boolean, sink: Sink, scope: Scope): SourceStmt {
	const test = field(node, "condition");
	const [next, ...others] = alternatives;
	if (alternatives.length > NESTING) return longChoice(node, alternatives, sink, scope);
	const otherwise = !next
		? []
		: next.type === "elif_clause"
			? [conditional(next, others, true, sink, scope)]
			: statements(field(next, "body"), sink, scope);
	const last = alternatives.at(-1)?.span ?? field(node, "consequence")?.span ?? node.span;
	const span = { ...node.span, endLine: last.endLine, endColumn: last.endColumn };
	return {
		kind: "if",
		test: test ? expression(test) : { kind: "opaque", what: "missing condition", parts: [], span: node.span },
		then: statements(field(node, "consequence"), sink, scope),
		otherwise,
		elif,
		span,
	};
}

/** A choice of more branches than may nest: its tests and, one after the other, its branches. */
function longChoice(node: Cst, alternatives: readonly Cst[], sink: Sink, scope: Scope): SourceStmt {
	const branches = [node, ...alternatives];
	const parts = branches.flatMap((branch) => field(branch, "condition") ?? []).map(expression);
	const body = branches.flatMap((branch) => statements(field(branch, "consequence") ?? field(branch, "body"), sink, scope));
	return { kind: "opaque", what: `a choice of ${branches.length} branches`, parts, body, span: node.span };
}

function handler(node: Cst, block: (node: Cst | undefined) => SourceStmt[]): SourceHandler {
	const value = fields(node, "value");
	const [only] = value;
	const body = block(node.children.find((child) => child.type === "block"));
	if (!only) return { types: [], name: null, body, span: node.span };
	if (only.type === "as_pattern") {
		const [of, alias] = only.children.filter((child) => child.named);
		return { types: of ? typesOf(expression(of)) : [], name: alias?.text ?? null, body, span: node.span };
	}
	const alias = field(node, "alias");
	// Python 2 wrote `except Error, name`.
	if (value.length === 2) return { types: typesOf(expression(only)), name: value[1]?.text ?? null, body, span: node.span };
	return { types: typesOf(expression(only)), name: alias?.text ?? null, body, span: node.span };
}
const typesOf = (expr: SourceExpr): SourceExpr[] => (expr.kind === "tuple" ? expr.items : [expr]);

function simple(node: Cst): SourceStmt[] {
	const [only, ...more] = node.children.filter((child) => child.named);
	if (!only) return [];
	const { span } = node;
	if (more.length > 0) return [{ kind: "expr", value: { kind: "tuple", items: [only, ...more].map(expression), span }, span }];
	if (only.type === "assignment") {
		const targets: SourceExpr[] = [];
		let at: Cst = only;
		for (;;) {
			const left = field(at, "left");
			if (left) targets.push(expression(left));
			const right = field(at, "right");
			// `x: int` declares and does nothing.
			if (!right) return [];
			if (right.type !== "assignment") return [{ kind: "assign", targets, value: expression(right), span }];
			at = right;
		}
	}
	if (only.type === "augmented_assignment") {
		const [left, op, right] = [field(only, "left"), field(only, "operator"), field(only, "right")];
		if (left && op && right)
			return [{ kind: "augment", target: expression(left), op: op.text.slice(0, -1), value: expression(right), span }];
	}
	return [{ kind: "expr", value: expression(only), span }];
}

function imports(node: Cst): Import[] {
	const from = field(node, "module_name");
	const level = from?.type === "relative_import" ? (from.text.match(/^\.+/)?.[0].length ?? 0) : 0;
	const module = (from?.text ?? "").replace(/^\.+/, "");
	const items: Import[] = [];
	for (const item of fields(node, "name")) {
		const name = item.type === "aliased_import" ? (field(item, "name")?.text ?? "") : item.text;
		const alias = item.type === "aliased_import" ? (field(item, "alias")?.text ?? name) : null;
		const span = item.span;
		if (from) items.push({ module, level, names: { name, as: alias ?? name }, as: alias ?? name, span });
		else items.push({ module: name, level: 0, names: null, as: alias ?? name, span });
	}
	if (from && node.children.some((child) => child.type === "wildcard_import")) {
		items.push({ module, level, names: { name: "*", as: "*" }, as: "*", span: node.span });
	}
	return items;
}

function declareFunction(node: Cst, decorators: SourceExpr[], sink: Sink, scope: Scope): FunctionDecl {
	const name = field(node, "name")?.text ?? "";
	const id = `${scope.path}.${name}`;
	const params = field(node, "parameters");
	const block = field(node, "body");
	const result = field(node, "return_type");
	const decl: FunctionDecl = {
		id,
		name,
		module: sink.module,
		owner: scope.owner?.id ?? null,
		within: scope.within,
		params: params ? parameters(params) : [],
		decorators,
		returns: result ? typeExpression(result) : null,
		async: node.children.some((child) => child.type === "async"),
		body: [],
		span: node.span,
		comment: commentAbove(sink.lines, node.span.line),
	};
	sink.functions.push(decl);
	scope.owner?.methods.push(decl);
	decl.body = statements(block, sink, { path: id, owner: null, within: id });
	const [first] = decl.body;
	if (first?.kind === "expr" && first.value.kind === "string") {
		decl.comment = [decl.comment, first.value.value.trim()].filter((text) => text !== "").join("\n");
	}
	return decl;
}

function declareClass(node: Cst, decorators: SourceExpr[], sink: Sink, scope: Scope): ClassDecl {
	const name = field(node, "name")?.text ?? "";
	const id = `${scope.path}.${name}`;
	const list = field(node, "superclasses");
	const given = (list?.children ?? []).filter((child) => child.named);
	const bases = given.filter((child) => child.type !== "keyword_argument").map(expression);
	const keywords = given
		.filter((child) => child.type === "keyword_argument")
		.flatMap((child) => {
			const value = field(child, "value");
			return value ? [{ name: field(child, "name")?.text ?? "", value: expression(value) }] : [];
		});
	const own = { id, name, module: sink.module, bases, keywords, decorators };
	const decl: ClassDecl = { ...own, methods: [], attributes: [], body: [], span: node.span };
	sink.classes.push(decl);
	decl.body = statements(field(node, "body"), sink, { path: id, owner: decl, within: scope.within });
	for (const stmt of decl.body) {
		if (stmt.kind !== "assign") continue;
		for (const target of stmt.targets) if (target.kind === "name") decl.attributes.push({ name: target.name, value: stmt.value });
	}
	return decl;
}

/** The comment lines that stand directly above a line, without their marks. */
function commentAbove(lines: readonly string[], line: number): string {
	const found: string[] = [];
	for (let at = line - 2; at >= 0; at--) {
		const text = (lines[at] ?? "").trim();
		if (!text.startsWith("#")) break;
		const inner = text.replace(/^#+\s?/, "").replace(/\s+$/, "");
		if (!/^[-=#*\s]*$/.test(inner)) found.unshift(inner);
	}
	return found.join("\n");
}
