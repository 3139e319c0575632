import type { RowImage, SqlValue } from "./effects.ts";
import type { Outcome } from "./outcome.ts";

export type VerdictKind =
	/** Equal in every byte that counts. */
	| "identical"
	/** Equal in meaning: other notation, or a value that is not deterministic and keeps its type and format. */
	| "equivalent"
	/** A difference that no rule allows. */
	| "mismatch"
	/** The new service gave no usable answer. */
	| "failed"
	/** It did not see the rows that legacy saw: nothing can be said of it. */
	| "skewed"
	/** It differs by the rounding at places that somebody signed for, and by nothing else. */
	| "accepted";

export function outcomeOf(kind: VerdictKind): Outcome {
	if (kind === "identical" || kind === "equivalent") return "clean";
	return kind === "mismatch" ? "mismatched" : kind;
}

/** A place where the two sides differ. */
export type Difference = {
	/** `answer/AMOUNT`, `rows/movements/commission`, `status`, `rows/movements` (missing or extra row). */
	field: string;
	legacy: string;
	modern: string;
	kind: "number" | "text" | "date" | "missing" | "extra" | "status";
	/** First reading of the difference from its values alone; the repair confirms or corrects it. */
	suspicion: string;
};

export type Verdict = {
	kind: VerdictKind;
	/** Order of the answer's fields, then rows; of `skewed` the rows that were not the same before. Empty where both sides agree. */
	differences: Difference[];
	/** Fields that were accepted as not deterministic, with the check that they passed. */
	tolerated: { field: string; check: string }[];
	reason: string;
};

/** One side's observable behaviour for one request. */
export type Behaviour = {
	status: number;
	contentType: string;
	body: string;
	changes: { table: string; key: string; kind: "insert" | "update" | "delete"; before: RowImage | null; after: RowImage | null }[];
};

/** Of a record at fixed places: `from` counts characters from 1; `decimals`: implied, of a number. */
export type FixedWidthField = { name: string; from: number; length: number; type: "text" | "number"; decimals?: number };

/** How two lists find their pairs: by place (the default), as a set in any order, or by these fields of their items. */
export type ListRule = "order" | "set" | { key: string[] };

/**
 * What a value is, where its text alone does not say so. `amount`: 1.50 = 1.5, of one currency. `date`: a day, as 2026-03-29 or 29.03.2026.
 * `instant`: a moment with its zone, whatever the zone; without one it is compared as text.
 */
export type ValueType = "amount" | "date" | "instant";

/** What may differ without being a bug, from the blueprint and from the rules of whoever runs the comparison. */
export type ComparePolicy = {
	/** Answer fields and `table.column` names fed by a random source: type, length and alphabet are checked. */
	random: string[];
	/** Fields fed by a clock: must parse alike and lie within the request's window, widened by `clockSlackMs`. */
	clock: string[];
	clockSlackMs: number;
	window: { from: number; to: number };
	/**
	 * Numbers that the database gives to new rows, by table: the fields that hold one of them (`table.column`, `answer/X`), the table's
	 * own column among them. They may differ for new rows, and then must name the same row wherever they stand.
	 */
	ids?: Record<string, string[]>;
	/** By the list's field, without numbers: `answer/ROWS`. */
	lists?: Record<string, ListRule>;
	/** By field: `answer/TOTAL`, `table.column`. */
	types?: Record<string, ValueType>;
	/** Of answers that are lines of fields at fixed places, and whose content type names no other notation. */
	fixedWidth?: FixedWidthField[];
	/** Never a difference: a field, or a record with all that is within it (`answer/meta`, `field 37`, `status`). */
	ignored?: string[];
};

/** Mismatches with one cause, as people see them. */
export type MismatchGroup = {
	id: string;
	function: string;
	cause: string;
	field: string;
	/** `file:line` of the legacy expression, once known. */
	where: string | null;
	count: number;
	firstAt: number;
	example: MismatchExample;
	/** In rows only: the answers do not show it. */
	rowsOnly: boolean;
	state: "open" | "healed" | "refused";
};

export type MismatchExample = {
	seq: number;
	request: { method: string; target: string; headers: [string, string][]; body: string };
	legacy: ExampleSide;
	modern: ExampleSide;
	differences: Difference[];
	/** Of a generated request (its `seq` is below zero): one line for each row that was set for it alone. Absent: none. */
	set?: string[];
};

export type ExampleSide = {
	status: number;
	body: string;
	/** One line for each changed row, for people. */
	rows: string[];
	/** The same by table, key and column; absent in journals of the first version. */
	changes?: Behaviour["changes"];
};

export function showValue(value: SqlValue | undefined): string {
	if (value === null || value === undefined) return "NULL";
	if ("i" in value) return value.i;
	if ("r" in value) return Number.isInteger(value.r) ? value.r.toFixed(1) : String(value.r);
	if ("t" in value) return value.t;
	return `x'${value.b}'`;
}
