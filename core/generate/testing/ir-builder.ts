import type { Blueprint, Statement } from "../../contract/blueprint.ts";
import type { Expr, Handler, IrFunction, OpDetail, Span, Stmt, Type } from "../../contract/ir.ts";
import { visitExprs } from "../../contract/ir.ts";

// Short words to write IR by hand. Ids are numbered at the end, as a front end does.
export const at = (line = 1, file = "desk.py"): Span => ({ file, line, column: 1, endLine: line, endColumn: 1 });
export const INT: Type = { kind: "int" };
export const FLOAT: Type = { kind: "float" };
export const STR: Type = { kind: "str" };
export const BOOL: Type = { kind: "bool" };
export const NONE: Type = { kind: "none" };
export const DATE: Type = { kind: "date" };
export const CONNECTION: Type = { kind: "connection" };
export const optional = (of: Type): Type => ({ kind: "optional", of });
export const listOf = (of: Type): Type => ({ kind: "list", of });
export const dictOf = (key: Type, value: Type): Type => ({ kind: "dict", key, value });
export const tupleOf = (...items: Type[]): Type => ({ kind: "tuple", items });
export const REQUEST: Type = {
	kind: "record",
	fields: [
		{ name: "method", type: STR },
		{ name: "path", type: STR },
		{ name: "params", type: dictOf(STR, STR) },
		{ name: "headers", type: dictOf(STR, STR) },
	],
};

const node = { id: "", span: at() };
export const int = (value: number): Expr => ({ ...node, kind: "const", type: INT, value: { kind: "int", value: String(value) } });
export const str = (value: string): Expr => ({ ...node, kind: "const", type: STR, value: { kind: "str", value } });
export const bool = (value: boolean): Expr => ({ ...node, kind: "const", type: BOOL, value: { kind: "bool", value } });
export const none = (): Expr => ({ ...node, kind: "const", type: NONE, value: { kind: "none" } });
export function float(value: number): Expr {
	const view = new DataView(new ArrayBuffer(8));
	view.setFloat64(0, value);
	const bits = view.getBigUint64(0).toString(16).padStart(16, "0");
	return { ...node, kind: "const", type: FLOAT, value: { kind: "float", bits, text: String(value) } };
}
export const local = (name: string, type: Type): Expr => ({ ...node, kind: "local", type, name });
export const global = (constant: string, type: Type): Expr => ({ ...node, kind: "global", type, constant });
export const op = (name: string, type: Type, args: Expr[], detail?: OpDetail): Expr => ({
	...node,
	kind: "op",
	type,
	op: name,
	args,
	...(detail ? { detail } : {}),
});
export const call = (fn: string, type: Type, ...args: Expr[]): Expr => ({ ...node, kind: "call", type, function: fn, args });
export const field = (record: Expr, name: string, type: Type): Expr => ({ ...node, kind: "field", type, record, name });
export const column = (row: Expr, name: string, type: Type): Expr => ({ ...node, kind: "column", type, row, name });
export const sql = (statement: string, type: Type, fetch: "one" | "all" | "none", ...params: Expr[]): Expr => ({
	...node,
	kind: "sql",
	type,
	statement,
	connection: local("con", CONNECTION),
	params,
	fetch,
});
export const list = (of: Type, ...items: Expr[]): Expr => ({ ...node, kind: "list", type: listOf(of), items });
export const tuple = (...items: Expr[]): Expr => ({ ...node, kind: "tuple", type: tupleOf(...items.map(({ type }) => type)), items });
export const dict = (type: Type, ...entries: [Expr, Expr][]): Expr => ({
	...node,
	kind: "dict",
	type,
	entries: entries.map(([key, value]) => ({ key, value })),
});
export const param = (name: string): Expr =>
	op("dict.get", STR, [field(local("request", REQUEST), "params", dictOf(STR, STR)), str(name), str("")]);
export const header = (name: string): Expr =>
	op("dict.get", STR, [field(local("request", REQUEST), "headers", dictOf(STR, STR)), str(name), str("")]);

export const let_ = (name: string, value: Expr, type: Type = value.type): Stmt => ({
	kind: "assign",
	target: { kind: "name", name, type },
	value,
	span: at(),
});
export const unpack = (names: [string, Type][], value: Expr): Stmt => ({
	kind: "assign",
	target: { kind: "unpack", items: names.map(([name, type]) => ({ kind: "name", name, type })) },
	value,
	span: at(),
});
export const store = (of: Expr, index: Expr, value: Expr): Stmt => ({
	kind: "assign",
	target: { kind: "item", of, index },
	value,
	span: at(),
});
export const run = (value: Expr): Stmt => ({ kind: "expr", value, span: at() });
export const give = (value: Expr | null): Stmt => ({ kind: "return", value, span: at() });
export const raise = (exception: string, ...args: Expr[]): Stmt => ({ kind: "raise", exception, args, span: at() });
export const reraise = (): Stmt => ({ kind: "reraise", span: at() });
export const if_ = (test: Expr, then: Stmt[], otherwise: Stmt[] = []): Stmt => ({ kind: "if", test, then, otherwise, span: at() });
export const while_ = (test: Expr, body: Stmt[]): Stmt => ({ kind: "while", test, body, span: at() });
export const each = (name: string, type: Type, iterable: Expr, body: Stmt[]): Stmt => ({
	kind: "forEach",
	target: { kind: "name", name, type },
	iterable,
	body,
	span: at(),
});
export const eachPair = (names: [string, Type][], iterable: Expr, body: Stmt[]): Stmt => ({
	kind: "forEach",
	target: { kind: "unpack", items: names.map(([name, type]) => ({ kind: "name", name, type })) },
	iterable,
	body,
	span: at(),
});
export const count = (name: string, from: Expr, to: Expr, body: Stmt[], step = int(1)): Stmt => ({
	kind: "forRange",
	name,
	from,
	to,
	step,
	body,
	span: at(),
});
export const jump = (kind: "break" | "continue"): Stmt => ({ kind, span: at() });
export const on = (exceptions: string[], body: Stmt[], name: string | null = null): Handler => ({ exceptions, name, body, span: at() });
export const try_ = (body: Stmt[], handlers: Handler[], otherwise: Stmt[] = [], last: Stmt[] = []): Stmt => ({
	kind: "try",
	body,
	handlers,
	otherwise,
	finally: last,
	span: at(),
});
export const transaction = (action: "begin" | "commit" | "rollback", mode?: "immediate"): Stmt => ({
	kind: "transaction",
	action,
	...(mode ? { mode } : {}),
	connection: local("con", CONNECTION),
	span: at(),
});

export const fn = (id: string, params: [string, Type][], returns: Type, body: Stmt[], line = 1, comment = ""): IrFunction => ({
	id,
	params: params.map(([name, type]) => ({ name, type })),
	returns,
	body,
	span: at(line),
	comment,
});

export const statement = (id: string, text: string, kind: Statement["kind"], table: string, columns: [string, Type][] = []): Statement => ({
	id,
	sql: text,
	kind,
	tables: [table],
	columns: columns.map(([name, type]) => ({ name, type })),
	span: at(),
});

/** A blueprint of one module whose last function answers `POST /desk` (or the given route). */
export function blueprintOf(parts: Partial<Blueprint> & { functions: IrFunction[] }, method = "POST"): Blueprint {
	const functions = structuredClone(parts.functions);
	for (const one of functions) {
		let number = 0;
		visitExprs(one, (expr) => {
			expr.id = `${one.id}#${++number}`;
		});
	}
	const entry = functions.at(-1)?.id ?? "";
	return {
		version: 1,
		hash: "0".repeat(64),
		source: { language: "python", dialect: "3.11", root: "desk", files: [] },
		unit: entry,
		interface: {
			routes: [{ method, path: "/desk", handler: entry, entry }],
			request: [],
			response: { status: 200, contentType: "text/xml; charset=utf-8", format: "xml" },
			readOnly: false,
			idempotencyHeader: null,
		},
		rules: [],
		tables: [],
		statements: [],
		constants: [],
		exceptions: [],
		nonDeterminism: [],
		outside: [],
		unsupported: [],
		...parts,
		functions,
	};
}
