import type { RowChange, RowImage, SqlValue } from "../../contract/effects.ts";
import { quoteName } from "../sql-value.ts";
import { unsuitable } from "../unsuitable.ts";
import { columnValue } from "./column-value.ts";
import type { DebeziumEvent, Image } from "./envelope.ts";
import type { JsonObject } from "./exact-json.ts";

export type ChangeEvent = Extract<DebeziumEvent, { kind: "change" }>;

/** Stands for a large value that the log did not repeat: `unavailable.value.placeholder`, as text and as bytes. */
const placeholder = "__debezium_unavailable_value";
const placeholders = new Set([placeholder, Buffer.from(placeholder).toString("base64")]);

export type ChangeReader = { read(event: ChangeEvent): RowChange };

/** Turns change events into row changes with full images (SPEC.md, D4 to D6), and refuses by name what holds less. */
export function createChangeReader(file: string): ChangeReader {
	/** Tables that were seen to come with rows as they were. */
	const full = new Set<string>();

	function image(table: string, { row, fields }: Image, before: RowImage | null): RowImage {
		return Object.fromEntries(
			Object.entries(row).map(([name, value]): [string, SqlValue] => {
				if (typeof value === "string" && placeholders.has(value)) {
					const kept = before?.[name];
					if (kept === undefined) throw shortened(file, table);
					return [name, kept];
				}
				const decoded = columnValue(value, fields === null ? undefined : (fields.get(name) ?? {}));
				if (decoded === undefined) throw unsuitable(file, `column ${name} of ${table} holds a value that is not of its schema`);
				return [name, decoded];
			}),
		);
	}

	return {
		read(event) {
			const table = tableOf(event.source);
			const { op } = event;
			if (event.key === null) {
				const remedy = `Give ${table} a primary key, or name its key in message.key.columns of the connector; a file must hold the keys too.`;
				throw unsuitable(file, `the events of table ${table} have no key`, remedy);
			}
			if (op !== "c" && event.before === null) throw shortened(file, table);
			if (op !== "d" && event.after === null) throw unsuitable(file, `an event of table ${table} lacks the row as it became`);
			const before = op === "c" || event.before === null ? null : image(table, event.before, null);
			const after = op === "d" || event.after === null ? null : image(table, event.after, before);
			if (op === "u") full.add(table);
			if (op === "d" && before !== null && !full.has(table)) {
				// Without full images a deletion comes with NULL in all columns but the key.
				const others = Object.keys(before).filter((name) => !event.key?.includes(name));
				if (others.some((name) => before[name] !== null)) full.add(table);
				else if (others.length > 0) throw shortened(file, table);
			}
			const kind = op === "c" ? "insert" : op === "u" ? "update" : "delete";
			return { table, key: keyOf(file, table, event.key, (after ?? before) as RowImage), kind, before, after };
		},
	};
}

/** `accounts`, or `audit.accounts` outside of the schema `public`, as the source of PostgreSQL names it. */
export function tableOf({ schema, table }: JsonObject): string {
	const part = (text: string) => (text.includes(".") || text.includes('"') ? quoteName(text) : text);
	const name = part(String(table ?? ""));
	return typeof schema !== "string" || schema === "public" || schema === "" ? name : `${part(schema)}.${name}`;
}

/** The value of a key of one column as text, of several as a JSON list of them. */
function keyOf(file: string, table: string, names: readonly string[], row: RowImage): string {
	const parts = names.map((name) => {
		if (!(name in row)) throw unsuitable(file, `the key of table ${table} names a column ${name} that its rows do not have`);
		return textOf(row[name] ?? null);
	});
	return parts.length === 1 ? (parts[0] as string) : JSON.stringify(parts);
}

function textOf(value: SqlValue): string {
	if (value === null) return "";
	if ("i" in value) return value.i;
	if ("r" in value) return Object.is(value.r, -0) ? "0" : String(value.r);
	return "t" in value ? value.t : value.b;
}

function shortened(file: string, table: string) {
	const remedy = `Run: ALTER TABLE ${table} REPLICA IDENTITY FULL; then begin anew from its present state.`;
	return unsuitable(file, `the events do not hold the rows of table ${table} as they were before a change`, remedy);
}
