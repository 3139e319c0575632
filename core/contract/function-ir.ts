import type { Constant, Span } from "./ir.ts";

/**
 * A source function together with all it needs of its module, operation by operation in the data model of the SOURCE language (CPython).
 * The typed IR of `ir.ts` says what a service does once every type is known; this one stands where a caller may hand in anything:
 * a library function, a helper without annotations. No operation is a guess: what has no node here is refused by the front end.
 *
 * Every value has ONE representation in a target whatever is known of its type, so `type` never changes a meaning: it says what is
 * proven, and lets a back end write `a + b` instead of `add(a, b)`.
 *
 *   Python      TypeScript                     Java
 *   int         bigint                         java.math.BigInteger, or Long while it fits (always normalised)
 *   float       number                         Double
 *   bool, None  boolean, null                  Boolean, null
 *   str         string (counted by code point) String (counted by code point)
 *   list        Array                          ArrayList<Object>
 *   others      classes of the small runtime   classes of the small runtime
 */
export type FunctionUnit = {
	version: 1;
	source: { language: "python"; dialect: string; file: string; sha256: string };
	/** Name of the module-level function that is exported. */
	entry: string;
	/** The module-level statements that the entry needs, in source order: run once, when the unit is loaded. */
	body: FStmt[];
	/** What has no exact meaning here. Not empty: no code is made. */
	unsupported: Unexpressed[];
};

export type Unexpressed = { construct: string; why: string; instead: string; span: Span };

/** What is proven of a value; `any` is everything else. `iterator` is anything that is consumed by iterating once. */
export type ValueType =
	| "int"
	| "float"
	| "bool"
	| "str"
	| "bytes"
	| "none"
	| "list"
	| "tuple"
	| "dict"
	| "set"
	| "range"
	| "iterator"
	| "function"
	| "any";

type Node<K extends string, Body> = { kind: K; type: ValueType; span: Span } & Body;

export type BinaryOp = "+" | "-" | "*" | "/" | "//" | "%" | "**" | "<<" | ">>" | "&" | "|" | "^";
export type CompareOp = "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not in" | "is" | "is not";

/** `name` only for a keyword; `*` and `**` spread what `value` gives. */
export type FArg = { form: "plain" | "keyword" | "*" | "**"; name: string; value: FExpr };
/** An item of a display; `spread` is `*item`. */
export type FItem = { spread: boolean; value: FExpr };

export type FExpr =
	| Node<"const", { value: Constant }>
	| Node<"bytes", { value: string }>
	/**
	 * A variable. Names are unique within a function (comprehension variables that shadow are renamed by the front end), so a back end
	 * needs no scopes. `unbound`: a path exists on which it has no value yet; reading it then is UnboundLocalError (NameError in a module).
	 */
	| Node<"name", { name: string; scope: "local" | "captured" | "module"; unbound: boolean }>
	/** A function or exception class of the language as a value: `key=len`, `except ValueError`. */
	| Node<"builtinValue", { name: string }>
	/** The same for a library function or constant: `math.pi`, `key=math.sqrt`. */
	| Node<"libraryValue", { name: string }>
	| Node<"binary", { op: BinaryOp; left: FExpr; right: FExpr }>
	| Node<"unary", { op: "-" | "+" | "~"; of: FExpr }>
	| Node<"not", { of: FExpr }>
	/** A chain: every operand is evaluated at most once, from left to right, and none after the first false. */
	| Node<"compare", { first: FExpr; rest: { op: CompareOp; right: FExpr }[] }>
	/** Gives back an operand. */
	| Node<"logic", { op: "and" | "or"; left: FExpr; right: FExpr }>
	| Node<"choose", { test: FExpr; then: FExpr; otherwise: FExpr }>
	| Node<"list" | "tuple" | "set", { items: FItem[] }>
	/** `key` null: `**value`. */
	| Node<"dict", { entries: { key: FExpr | null; value: FExpr }[] }>
	/** An f-string. `conversion`: "", "s", "r" or "a"; `spec` null: the empty format. */
	| Node<"template", { parts: (string | { value: FExpr; conversion: string; spec: FExpr | null })[] }>
	| Node<"index", { of: FExpr; index: FExpr }>
	| Node<"slice", { of: FExpr; from: FExpr | null; to: FExpr | null; step: FExpr | null }>
	| Node<"call", { callee: FExpr; args: FArg[] }>
	/** A call of a builtin of `python-library.ts` that the source does not hide by a name of its own. */
	| Node<"builtin", { name: string; args: FArg[] }>
	/** A method of a value of a builtin type, found by the value's type when it runs. */
	| Node<"method", { of: FExpr; name: string; args: FArg[] }>
	/** A call of a library function: `math.sqrt`. */
	| Node<"library", { name: string; args: FArg[] }>
	/** Of an instance, of an exception (`args`), of a number (`real`). */
	| Node<"attribute", { of: FExpr; name: string }>
	| Node<"lambda", { fn: FFunction }>
	/** A generator is lazy and evaluates its first iterable at once. */
	| Node<"comprehension", { form: "list" | "set" | "dict" | "generator"; key: FExpr | null; element: FExpr; clauses: FClause[] }>
	| Node<"assigned", { name: string; scope: "local" | "captured" | "module"; value: FExpr }>
	| Node<"yield", { value: FExpr | null }>
	| Node<"yieldFrom", { value: FExpr }>;

/**
 * `names`: what `target` binds. Each is ONE variable for the whole run of the comprehension: with `cell`, an inner function that outlives
 * an iteration sees the last value.
 */
export type FClause = { target: FTarget; iterable: FExpr; tests: FExpr[]; names: FLocal[] };

export type FTarget =
	| { kind: "name"; name: string; scope: "local" | "captured" | "module" }
	| { kind: "index"; of: FExpr; index: FExpr }
	| { kind: "slice"; of: FExpr; from: FExpr | null; to: FExpr | null; step: FExpr | null }
	| { kind: "attribute"; of: FExpr; name: string }
	/** `star`: the position of the item that takes the rest, or null. */
	| { kind: "unpack"; items: FTarget[]; star: number | null };

export type FParam = { name: string; form: "positional" | "plain" | "keyword" | "rest" | "keywords"; default: FExpr | null };

/** `cell`: an inner function reads or writes it, so that it must outlive the frame and be shared. */
export type FLocal = { name: string; type: ValueType; cell: boolean };

export type FFunction = {
	name: string;
	params: FParam[];
	/** Parameters and variables that are bound here, comprehension variables excepted. */
	locals: FLocal[];
	isGenerator: boolean;
	body: FStmt[];
	comment: string;
	span: Span;
};

export type FStmt =
	| { kind: "assign"; targets: FTarget[]; value: FExpr; span: Span }
	/** In place where the value can (`list +=` extends the very list). */
	| { kind: "augment"; target: FTarget; op: BinaryOp; value: FExpr; span: Span }
	| { kind: "delete"; target: FTarget; span: Span }
	| { kind: "expr"; value: FExpr; span: Span }
	/** Tests are any expression; their truth is the source's. */
	| { kind: "if"; test: FExpr; then: FStmt[]; otherwise: FStmt[]; span: Span }
	/** `otherwise` runs when the loop ends without `break`. */
	| { kind: "while"; test: FExpr; body: FStmt[]; otherwise: FStmt[]; span: Span }
	| { kind: "forEach"; target: FTarget; iterable: FExpr; body: FStmt[]; otherwise: FStmt[]; span: Span }
	| { kind: "return"; value: FExpr | null; span: Span }
	/** `value` null: raise again what is being handled. */
	| { kind: "raise"; value: FExpr | null; cause: FExpr | null; span: Span }
	| { kind: "assert"; test: FExpr; message: FExpr | null; span: Span }
	| { kind: "try"; body: FStmt[]; handlers: FHandler[]; otherwise: FStmt[]; finally: FStmt[]; span: Span }
	| { kind: "function"; fn: FFunction; span: Span }
	| { kind: "class"; name: string; bases: FExpr[]; attributes: { name: string; value: FExpr }[]; methods: FFunction[]; span: Span }
	| { kind: "break" | "continue"; span: Span };

/** `types` empty catches all. */
export type FHandler = { types: FExpr[]; name: string | null; body: FStmt[]; span: Span };

/**
 * A value as text that keeps its type, for recorded calls:
 * null, true, false and "text" are themselves; {"int":"12"}, {"float":"0.1"} (Python's repr; "nan", "inf", "-inf"), {"list":[...]},
 * {"tuple":[...]}, {"dict":[[key,value],...]} in order, {"set":[...]} and {"frozenset":[...]} ordered by their own text, {"bytes":"00ff"},
 * {"complex":["1.0","-0.0"]}, {"iterator":[...]} for what was drained, {"other":"<type name>"} for what cannot be told.
 */
export type TypedValue =
	| null
	| boolean
	| string
	| { int: string }
	| { float: string }
	| { list: TypedValue[] }
	| { tuple: TypedValue[] }
	| { dict: [TypedValue, TypedValue][] }
	| { set: TypedValue[] }
	| { frozenset: TypedValue[] }
	| { bytes: string }
	| { complex: [string, string] }
	| { iterator: TypedValue[] }
	| { other: string };

/** One line of a vectors file: a call and what the source gave. `after`: the arguments after the call. */
export type Vector = {
	args: TypedValue[];
	keywords?: Record<string, TypedValue>;
	result?: TypedValue;
	raises?: { type: string; message: string };
	after?: TypedValue[];
	/** What was printed. */
	output?: string;
};
