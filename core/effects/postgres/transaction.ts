import type { Fault } from "../../base/index.ts";
import type { RowChange, RowImage, SqlValue } from "../../contract/effects.ts";
import { netChanges } from "../net-changes.ts";
import { unsuitable } from "../unsuitable.ts";
import { type TableShape, tableName } from "./catalog.ts";
import { columnValue } from "./column-value.ts";
import type { Lsn } from "./lsn.ts";
import type { PgoutputMessage, Relation, TupleValue } from "./pgoutput.ts";

/** One transaction of the log: its net changes, its size there, and what was marked in it by `pg_logical_emit_message`. */
export type Transaction = { endLsn: Lsn; committedAt: number; changes: RowChange[]; bytes: number; marks: string[] };

export type TransactionReader = {
	/** Gives the transaction with its commit, else null. Throws DATABASE_UNSUITABLE for rows that cannot be told exactly. */
	take(message: Exclude<PgoutputMessage, { kind: "relation" }>, bytes: number): Transaction | null;
	/** What the rows of the relation's oid that follow look like; `shape` holds its key and the base types of its columns. */
	define(relation: Relation, shape: TableShape): void;
	readonly isOpen: boolean;
};

type Layout = { table: string; columns: { name: string; base: number }[]; key: number[] };

/** `mark`: prefix of the messages that are ours. `maxBytes`: the most that one transaction may hold in the log. */
export function createTransactionReader({ file, mark, maxBytes }: { file: string; mark: string; maxBytes: number }): TransactionReader {
	const layouts = new Map<number, Layout>();
	let changes: RowChange[] = [];
	let marks: string[] = [];
	let size = 0;
	let isOpen = false;

	function layoutOf(oid: number): Layout {
		const layout = layouts.get(oid);
		if (layout === undefined) throw unsuitable(file, `the log holds rows of a table that it has not described (oid ${oid})`);
		return layout;
	}

	function image({ table, columns }: Layout, values: readonly TupleValue[], before: RowImage | null): RowImage {
		if (values.length !== columns.length) throw unsuitable(file, `the log holds rows of ${table} with other columns than it described`);
		return Object.fromEntries(
			columns.map(({ name, base }, place): [string, SqlValue] => {
				const value = values[place] as TupleValue;
				if (value === null) return [name, null];
				const decoded = value === "unchanged" ? before?.[name] : columnValue(value, base);
				if (decoded !== undefined) return [name, decoded];
				if (value === "unchanged") throw shortened(file, table);
				throw unsuitable(file, `column ${name} of ${table} holds text that is not valid in UTF-8`, encodingRemedy);
			}),
		);
	}

	function change(layout: Layout, before: RowImage | null, after: RowImage | null): void {
		const { table } = layout;
		const [from, to] = [before && keyOf(layout, before), after && keyOf(layout, after)];
		if (from !== null && to !== null && from !== to) {
			changes.push({ table, key: from, kind: "delete", before, after: null }, { table, key: to, kind: "insert", before: null, after });
			return;
		}
		const kind = before === null ? "insert" : after === null ? "delete" : "update";
		changes.push({ table, key: (from ?? to) as string, kind, before, after });
	}

	function begin(open: boolean): void {
		[changes, marks, size, isOpen] = [[], [], 0, open];
	}

	return {
		take(message, bytes) {
			size += bytes;
			if (size > maxBytes) throw tooLarge(file, maxBytes);
			switch (message.kind) {
				case "begin":
					begin(true);
					return null;
				case "insert": {
					const layout = layoutOf(message.oid);
					change(layout, null, image(layout, message.after, null));
					return null;
				}
				case "update": {
					const layout = layoutOf(message.oid);
					if (message.old !== "O" || message.before === null) throw shortened(file, layout.table);
					const before = image(layout, message.before, null);
					change(layout, before, image(layout, message.after, before));
					return null;
				}
				case "delete": {
					const layout = layoutOf(message.oid);
					if (message.old !== "O") throw shortened(file, layout.table);
					change(layout, image(layout, message.before, null), null);
					return null;
				}
				case "truncate": {
					const tables = message.oids.map((oid) => layouts.get(oid)?.table ?? `oid ${oid}`).join(", ");
					throw unsuitable(file, `TRUNCATE has emptied ${tables}, and the log does not hold the rows that were in it`);
				}
				case "message":
					if (message.prefix === mark && message.isTransactional) marks.push(message.content.toString("utf8"));
					return null;
				case "commit": {
					const { endLsn, committedAt } = message;
					const transaction = { endLsn, committedAt, changes: netChanges(changes), bytes: size, marks };
					begin(false);
					return transaction;
				}
				case "origin":
				case "type":
					return null;
				default:
					return message satisfies never;
			}
		},
		define(relation, shape) {
			const table = tableName(relation);
			if (relation.identity !== "f") throw shortened(file, table);
			const key = shape.key.map((name) => relation.columns.findIndex((column) => column.name === name));
			if (key.length === 0 || key.includes(-1)) throw unsuitable(file, `the key of ${table} has changed`);
			const bases = new Map(shape.columns.map(({ type, base }) => [type, base]));
			const columns = relation.columns.map(({ name, type }) => ({ name, base: bases.get(type) ?? type }));
			layouts.set(relation.oid, { table, columns, key });
		},
		get isOpen() {
			return isOpen;
		},
	};
}

/** The value of a key of one column as text, of several as a JSON list of them. */
function keyOf({ columns, key }: Layout, image: RowImage): string {
	const parts = key.map((place) => textOf(image[(columns[place] as { name: string }).name] ?? null));
	return parts.length === 1 ? (parts[0] as string) : JSON.stringify(parts);
}

function textOf(value: SqlValue): string {
	if (value === null) return "";
	if ("i" in value) return value.i;
	if ("r" in value) return Object.is(value.r, -0) ? "0" : String(value.r);
	return "t" in value ? value.t : value.b;
}

const encodingRemedy = "Leave the functions that write it with legacy, or move the database to the encoding UTF8.";

function shortened(file: string, table: string): Fault {
	const remedy = `Run: ALTER TABLE ${table} REPLICA IDENTITY FULL; then begin anew from its present state.`;
	return unsuitable(file, `the log does not hold the rows of table ${table} as they were before a change`, remedy);
}

function tooLarge(file: string, maxBytes: number): Fault {
	return unsuitable(file, `one transaction holds more than ${Math.round(maxBytes / 1_048_576)} MB of rows`);
}
