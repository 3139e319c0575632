import type { Span } from "../contract/ir.ts";

/**
 * A whole project as a small typed tree: what a language's parser hands to the mapper and the blueprint.
 * It is syntax only (nothing is resolved), tolerant (what is not modelled is `opaque`, never dropped) and plain data.
 */
export type Program = {
	root: string;
	language: "python";
	modules: Module[];
	/** Texts with SQL in them that are not modules, such as `.sql` files. */
	scripts: { file: string; text: string }[];
	files: { path: string; sha256: string; lines: number }[];
	parseErrors: { file: string; line: number; column: number; message: string; frame: string }[];
};

export type Module = {
	/** Dotted, relative to the root: `interests`, `core.rates`. */
	name: string;
	file: string;
	body: SourceStmt[];
	functions: FunctionDecl[];
	classes: ClassDecl[];
	imports: Import[];
	/** Text of every line, for frames and comments. */
	lines: string[];
};

/** `import a.b as c` has names null; `from a import b as c` has one entry; `*` is kept as a name. */
export type Import = { module: string; level: number; names: { name: string; as: string } | null; as: string; span: Span };

export type FunctionDecl = {
	/** Dotted with the module: `accounts.balance`, `server.Handler.do_GET`, `a.outer.inner`. */
	id: string;
	name: string;
	module: string;
	/** Id of the class it is a method of. */
	owner: string | null;
	/** Id of the function it is defined in. */
	within: string | null;
	params: Parameter[];
	decorators: SourceExpr[];
	/** Of the result, as written. */
	returns: SourceExpr | null;
	async: boolean;
	body: SourceStmt[];
	span: Span;
	/** Comment lines directly above, and the docstring. */
	comment: string;
};
/** `positional` may not be given by name, `keyword` must be; `rest` is `*args`, `keywords` is `**options`. */
export type Parameter = {
	name: string;
	default: SourceExpr | null;
	form: "positional" | "plain" | "keyword" | "rest" | "keywords";
	annotation: SourceExpr | null;
	span: Span;
};

export type ClassDecl = {
	id: string;
	name: string;
	module: string;
	bases: SourceExpr[];
	/** `metaclass=M` and the like. */
	keywords: { name: string; value: SourceExpr }[];
	decorators: SourceExpr[];
	methods: FunctionDecl[];
	/** Class attributes in order. */
	attributes: { name: string; value: SourceExpr }[];
	/** All that stands in the class, the methods as `function` statements. */
	body: SourceStmt[];
	span: Span;
};

type At<K extends string, Body> = { kind: K; span: Span } & Body;

export type SourceExpr =
	| At<"name", { name: string }>
	| At<"number", { text: string }>
	| At<"string", { value: string }>
	| At<"bytes", { value: string }>
	| At<"formatted", { parts: (string | { value: SourceExpr; conversion: string; spec: string; specHoles: SourceExpr[] })[] }>
	| At<"literal", { value: boolean | null }>
	| At<"list", { items: SourceExpr[] }>
	| At<"tuple", { items: SourceExpr[] }>
	| At<"set", { items: SourceExpr[] }>
	/** `key` is null for `**value`. */
	| At<"dict", { entries: { key: SourceExpr | null; value: SourceExpr }[] }>
	| At<"unary", { op: "-" | "+" | "~" | "not"; of: SourceExpr }>
	| At<"binary", { op: string; left: SourceExpr; right: SourceExpr }>
	| At<"logic", { op: "and" | "or"; left: SourceExpr; right: SourceExpr }>
	| At<"compare", { first: SourceExpr; rest: { op: string; right: SourceExpr }[] }>
	| At<"choose", { test: SourceExpr; then: SourceExpr; otherwise: SourceExpr }>
	| At<"attribute", { of: SourceExpr; name: string }>
	| At<"subscript", { of: SourceExpr; index: SourceExpr }>
	| At<"slice", { from: SourceExpr | null; to: SourceExpr | null; step: SourceExpr | null }>
	| At<"call", { callee: SourceExpr; args: SourceExpr[]; keywords: { name: string; value: SourceExpr }[] }>
	| At<"lambda", { params: Parameter[]; body: SourceExpr }>
	| At<
			"comprehension",
			{
				form: "list" | "set" | "dict" | "generator";
				key: SourceExpr | null;
				element: SourceExpr;
				clauses: { target: SourceExpr; iterable: SourceExpr; tests: SourceExpr[] }[];
			}
	  >
	/** `*of` in a call, a display or a target; `**of` in a call, where it stands among `args`. */
	| At<"star", { form: "*" | "**"; of: SourceExpr }>
	| At<"yield", { from: boolean; value: SourceExpr | null }>
	| At<"await", { of: SourceExpr }>
	/** `(name := value)`. */
	| At<"walrus", { name: string; value: SourceExpr }>
	| At<"ellipsis", object>
	/** Anything else: its parts are kept so that calls inside are still seen. */
	| At<"opaque", { what: string; parts: SourceExpr[] }>;

export type SourceStmt =
	| At<"assign", { targets: SourceExpr[]; value: SourceExpr }>
	| At<"augment", { target: SourceExpr; op: string; value: SourceExpr }>
	| At<"expr", { value: SourceExpr }>
	| At<"if", { test: SourceExpr; then: SourceStmt[]; otherwise: SourceStmt[]; elif: boolean }>
	| At<"while", { test: SourceExpr; body: SourceStmt[]; otherwise: SourceStmt[] }>
	| At<"for", { target: SourceExpr; iterable: SourceExpr; body: SourceStmt[]; otherwise: SourceStmt[] }>
	| At<"try", { body: SourceStmt[]; handlers: SourceHandler[]; otherwise: SourceStmt[]; finally: SourceStmt[] }>
	| At<"with", { items: { value: SourceExpr; as: SourceExpr | null }[]; body: SourceStmt[] }>
	| At<"return", { value: SourceExpr | null }>
	| At<"raise", { value: SourceExpr | null; cause: SourceExpr | null }>
	| At<"assert", { test: SourceExpr; message: SourceExpr | null }>
	| At<"delete", { targets: SourceExpr[] }>
	| At<"global" | "nonlocal", { names: string[] }>
	| At<"function", { decl: FunctionDecl }>
	| At<"class", { decl: ClassDecl }>
	| At<"import", { items: Import[] }>
	| At<"pass", object>
	| At<"break", object>
	| At<"continue", object>
	| At<"opaque", { what: string; parts: SourceExpr[]; body: SourceStmt[] }>;

export type SourceHandler = { types: SourceExpr[]; name: string | null; body: SourceStmt[]; span: Span };
