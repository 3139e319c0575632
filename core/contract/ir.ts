/**
 * The intermediate representation that front ends (Python) produce and back ends (TypeScript) consume.
 * Nodes are small, frozen, tagged data; every expression carries an id, a type and the span it came from.
 * Semantics are those of the SOURCE language, always: an `op` names one exact operation of `ops.ts`.
 * How a back end spells it (idiom or exact) is not in here: see `Choices`.
 */
export type Span = { file: string; line: number; column: number; endLine: number; endColumn: number };

export type Type =
	| { kind: "int" | "float" | "bool" | "str" | "bytes" | "none" | "date" | "datetime" | "connection" | "any" }
	| { kind: "optional"; of: Type }
	| { kind: "list"; of: Type }
	| { kind: "tuple"; items: Type[] }
	| { kind: "dict"; key: Type; value: Type }
	/** A dict literal with known string keys, such as the request or an answer. Ordered. */
	| { kind: "record"; fields: { name: string; type: Type }[] }
	| { kind: "row"; columns: { name: string; type: Type }[] }
	| { kind: "exception"; id: string };

/** Stable within a blueprint: `<function id>#<running number>` in source order. */
export type ExprId = string;

type Node<K extends string, Body> = { kind: K; id: ExprId; type: Type; span: Span } & Body;

export type Constant =
	| { kind: "int"; value: string }
	/** `bits`: the 16 hex digits of the IEEE 754 double; `text`: as the source wrote it. */
	| { kind: "float"; bits: string; text: string }
	| { kind: "str"; value: string }
	| { kind: "bool"; value: boolean }
	| { kind: "none" };

export type Expr =
	| Node<"const", { value: Constant }>
	| Node<"local", { name: string }>
	/** A module constant of `Blueprint.constants`. */
	| Node<"global", { constant: string }>
	/** A call of a function of the slice: one argument per parameter, defaults filled in. */
	| Node<"call", { function: string; args: Expr[] }>
	/** One exact operation of the source language; `args` as `ops.ts` says. */
	| Node<"op", { op: string; args: Expr[]; detail?: OpDetail }>
	/** Python's `and`/`or` give back an operand. With bool operands this is the plain operator. */
	| Node<"logic", { op: "and" | "or"; left: Expr; right: Expr }>
	| Node<"not", { of: Expr }>
	/** Source truthiness of a value of any type, made explicit wherever a test is not already bool. */
	| Node<"truth", { of: Expr }>
	| Node<"choose", { test: Expr; then: Expr; otherwise: Expr }>
	| Node<"list" | "tuple", { items: Expr[] }>
	| Node<"dict", { entries: { key: Expr; value: Expr }[] }>
	/** List comprehensions and generator expressions alike; `form` is what the source wrote. */
	| Node<"comprehension", { form: "list" | "generator" | "dict"; key?: Expr; element: Expr; clauses: Clause[] }>
	| Node<"lambda", { params: string[]; body: Expr }>
	/** Text with holes, from f-strings, `%` and `.format`; every hole is already a str expression. */
	| Node<"template", { parts: (string | Expr)[] }>
	/** One SQL statement of `Blueprint.statements`, run on `connection` with `params` in order. */
	| Node<"sql", { statement: string; connection: Expr; params: Expr[]; fetch: "one" | "all" | "none" }>
	/** A column of a fetched row. */
	| Node<"column", { row: Expr; name: string }>
	/** A field of a record. */
	| Node<"field", { record: Expr; name: string }>
	/** A field of a caught exception (`e.code`). */
	| Node<"exceptionField", { exception: Expr; name: string }>;

export type Clause = { target: Target; iterable: Expr; tests: Expr[] };
/** Extra constants of an operation, such as the digits of a rounding or the format of a date. */
export type OpDetail = { digits?: number; format?: string; spec?: string; chars?: string };

export type Target =
	| { kind: "name"; name: string; type: Type }
	| { kind: "unpack"; items: Target[] }
	| { kind: "item"; of: Expr; index: Expr };

export type Stmt =
	| { kind: "assign"; target: Target; value: Expr; span: Span }
	| { kind: "expr"; value: Expr; span: Span }
	| { kind: "if"; test: Expr; then: Stmt[]; otherwise: Stmt[]; span: Span }
	| { kind: "while"; test: Expr; body: Stmt[]; span: Span }
	| { kind: "forEach"; target: Target; iterable: Expr; body: Stmt[]; span: Span }
	/** `for i in range(...)`: all three are ints; `step` is never 0. */
	| { kind: "forRange"; name: string; from: Expr; to: Expr; step: Expr; body: Stmt[]; span: Span }
	| { kind: "return"; value: Expr | null; span: Span }
	| { kind: "raise"; exception: string; args: Expr[]; span: Span }
	/** `raise` alone, inside a handler. */
	| { kind: "reraise"; span: Span }
	| { kind: "try"; body: Stmt[]; handlers: Handler[]; otherwise: Stmt[]; finally: Stmt[]; span: Span }
	| { kind: "break" | "continue"; span: Span }
	| {
			kind: "transaction";
			action: "begin" | "commit" | "rollback";
			mode?: "deferred" | "immediate" | "exclusive";
			connection: Expr;
			span: Span;
	  };

/** `exceptions`: ids of `Blueprint.exceptions` or builtin names such as `ValueError`; empty catches all. */
export type Handler = { exceptions: string[]; name: string | null; body: Stmt[]; span: Span };

export type Param = { name: string; type: Type };

export type IrFunction = {
	/** Dotted: `interests.interest`. */
	id: string;
	params: Param[];
	returns: Type;
	body: Stmt[];
	span: Span;
	/** The comment or docstring that stands with it in the source, as text. */
	comment: string;
};

/** Visits every expression below, parents first. */
export function visitExprs(node: Stmt | Expr | IrFunction, visit: (expr: Expr) => void): void {
	walk(node, visit);
}

function walk(value: unknown, visit: (expr: Expr) => void): void {
	if (Array.isArray(value)) {
		for (const item of value) walk(item, visit);
		return;
	}
	if (typeof value !== "object" || value === null) return;
	if ("id" in value && "type" in value && "kind" in value && "span" in value) visit(value as Expr);
	for (const [key, item] of Object.entries(value)) if (key !== "type" && key !== "span") walk(item, visit);
}
