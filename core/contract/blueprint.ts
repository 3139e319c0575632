import type { Expr, ExprId, IrFunction, Span, Type } from "./ir.ts";

/** What one migrated function is: everything a back end needs, and everything an architect must know. */
export type Blueprint = {
	version: 1;
	/** SHA-256 of the canonical JSON of everything else (keys sorted, no blanks). */
	hash: string;
	/** `root`: name of the folder; the same code gives the same hash wherever it lies. */
	source: { language: "python"; dialect: string; root: string; files: { path: string; sha256: string }[] };
	/** The function that was chosen, dotted. */
	unit: string;
	interface: {
		/** The cut: HTTP routes that reach the unit. `entry` takes the request record, gives the answer's text. */
		routes: { method: string; path: string; handler: string; entry: string }[];
		request: { name: string; in: "query-or-form" | "header"; type: Type; default: string | null; span: Span }[];
		/** `status` and `contentType` as legacy sends them, for every answer. */
		response: { status: number; contentType: string; format: "xml" | "json" | "text" };
		/** True when the unit changes no row on any path. */
		readOnly: boolean;
		/** The header that makes a repeated request harmless, when the slice proves that it is looked up before any write. */
		idempotencyHeader: string | null;
	};
	rules: Rule[];
	tables: Table[];
	statements: Statement[];
	constants: { id: string; type: Type; value: Expr; span: Span }[];
	exceptions: { id: string; fields: string[]; base: string; span: Span }[];
	/** Callees before callers where there is no cycle. */
	functions: IrFunction[];
	nonDeterminism: { kind: "clock" | "random"; expr: ExprId; span: Span; fields: string[] }[];
	outside: { kind: string; span: Span; text: string }[];
	/** Not empty: no code may be generated. */
	unsupported: { function: string; construct: string; remedy: string; span: Span }[];
};

export type Rule = {
	id: string;
	kind: "validation" | "threshold" | "rate" | "rounding" | "date" | "lookup" | "calculation";
	text: string;
	span: Span;
};

export type Table = {
	name: string;
	ddl: string;
	columns: { name: string; type: Type; declared: string; primaryKey: boolean }[];
	access: { read: boolean; write: boolean };
};

export type Statement = {
	id: string;
	/** The legacy text, unchanged. */
	sql: string;
	kind: "select" | "insert" | "update" | "delete";
	tables: string[];
	/** Of a select: what a row holds, in order. */
	columns: { name: string; type: Type }[];
	span: Span;
};

/** How each drift site is spelled; a site that is not named is `idiom`. */
export type Choices = Record<ExprId, "idiom" | "exact">;

/** A place where the usual spelling of the target differs from legacy on some inputs. */
export type Site = { expr: ExprId; op: string; function: string; cause: string; legacy: string; idiom: string; span: Span };

/** Relative path -> text. `service.json` holds the blueprint's hash and the choices. */
export type ServiceFiles = Record<string, string>;
