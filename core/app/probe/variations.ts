import type { Table } from "../../contract/blueprint.ts";
import type { RowChange, SqlValue } from "../../contract/effects.ts";
import type { RowLookup, StoredRow } from "../../effects/index.ts";
import type { Literals } from "./literals.ts";
import { neighbours } from "./literals.ts";
import { type FieldPlace, fieldOf, type Probe, withField } from "./probe.ts";
import type { Random } from "./random.ts";

/** What a request is known to have led to: values that its statements were given or found. */
export type Known = { probe: Probe; reads: readonly string[] };

export type Variations = {
	/** The probe changed in one to three places; `target`: the branch that is wanted, as its place in the list. */
	vary(from: Known, target: number): Probe;
};

const MOST_CHANGES = 3;
/** Of a text that is made as long as a condition names. */
const MOST_LENGTH = 4_096;
/** Rows that are taken away together. */
const MOST_ROWS = 50;
const DAY_MS = 86_400_000;

/**
 * Other requests, and other rows, than those that were seen. Values come from the condition of the wanted branch, from the code, from other
 * requests, and from the database: a value that was read is tried as an input and an input's limit as a value, with the neighbours of numbers.
 */
export function createVariations(options: {
	fields: readonly FieldPlace[];
	/** Its value must be new in each request, or an earlier answer is given again. */
	keyHeader: string | null;
	tables: readonly Table[];
	literals: Literals;
	/** Values that requests carried, by field. */
	seen: ReadonlyMap<string, readonly string[]>;
	lookup: RowLookup;
	/** Milliseconds since the epoch. */
	now: number;
	random: Random;
}): Variations {
	const { fields, keyHeader, tables, literals, seen, lookup, random } = options;
	const columnValues = new Map<string, SqlValue[]>();
	let keys = 0;

	function valueFor(field: FieldPlace, { probe, reads }: Known, target: number): string | null {
		const present = fieldOf(probe.request, field);
		switch (random.below(11)) {
			case 10: {
				const length = Number(random.pick(literals.near.get(target) ?? []) ?? 0);
				const stuff = present === null || present === "" ? "1" : present;
				return Number.isInteger(length) && length > 0 && length <= MOST_LENGTH
					? stuff.repeat(Math.ceil(length / stuff.length)).slice(0, length)
					: misspelled(stuff);
			}
			case 0:
				return null;
			case 1:
				return "";
			case 2:
			case 3:
			case 4:
				return random.pick(literals.near.get(target) ?? []) ?? random.pick(literals.all) ?? null;
			case 5:
				return random.pick(literals.all) ?? null;
			case 6:
				return random.pick(seen.get(field.name) ?? []) ?? present;
			case 7: {
				const read = random.pick(reads) ?? "";
				return random.below(2) === 0 ? read : (random.pick(neighbours(Number(read))) ?? read);
			}
			case 8:
				return present === null ? null : (random.pick(neighbours(Number(present))) ?? misspelled(present));
			default:
				return misspelled(present ?? random.pick(literals.all) ?? "");
		}
	}

	/** Texts that look almost like the one that was right. */
	function misspelled(text: string): string {
		const at = random.below(text.length + 1);
		switch (random.below(8)) {
			case 0:
				return text.slice(0, at) + text.slice(at + 1);
			case 1:
				return `${text.slice(0, at)}${random.below(10)}${text.slice(at)}`;
			case 2:
				return `${text.slice(0, at)}${random.pick(["x", "A", ".", ",", "-", " ", "0"])}${text.slice(at + 1)}`;
			case 3:
				return `-${text}`;
			case 4:
				return text.repeat(2);
			case 5:
				return text.replace(/\d/g, "9");
			case 6:
				return text.replace(/\d/g, "0");
			default:
				return ` ${text} `;
		}
	}

	/** A row that the request leads to: one that holds a value which it carries, was asked for with, or found. */
	function linkedRow({ probe, reads }: Known): StoredRow | null {
		const table = random.pick(tables);
		if (table === undefined) return null;
		const carried = fields.map((field) => fieldOf(probe.request, field)).filter((value) => value !== null && value !== "");
		const tokens = [...carried, ...reads] as string[];
		for (let tries = 0; tries < 8; tries++) {
			const column = random.below(2) === 0 ? table.columns.find(({ primaryKey }) => primaryKey) : random.pick(table.columns);
			const token = random.pick(tokens);
			if (column === undefined || token === undefined) continue;
			const [row] = lookup.find(table.name, column.name, storedAs(token, column.declared, null), 1);
			if (row !== undefined) return withChanges(row, probe.rows);
		}
		return null;
	}

	function otherValue(table: Table, column: Table["columns"][number], present: SqlValue, known: Known, target: number): SqlValue {
		const place = `${table.name}.${column.name}`;
		const others = columnValues.get(place) ?? lookup.values(table.name, column.name, 60);
		columnValues.set(place, others);
		switch (random.below(6)) {
			case 0:
				return random.pick(others) ?? present;
			case 1: {
				const near = random.pick(literals.near.get(target) ?? []);
				return near === undefined ? (random.pick(others) ?? present) : storedAs(near, column.declared, present);
			}
			case 2:
				return storedAs(random.pick(literals.all) ?? "0", column.declared, present);
			case 3: {
				const carried = random.pick(fields);
				const value = carried === undefined ? null : fieldOf(known.probe.request, carried);
				return value === null ? present : storedAs(random.pick([value, ...neighbours(Number(value))]) ?? value, column.declared, present);
			}
			case 4: {
				const text = textOf(present);
				const dates = datesLike(text, options.now);
				if (dates.length > 0) return storedAs(random.pick(dates) ?? text, column.declared, present);
				return storedAs(random.pick(neighbours(Number(text))) ?? text, column.declared, present);
			}
			default:
				return storedAs(random.pick(known.reads) ?? "0", column.declared, present);
		}
	}

	function withRow(known: Known, target: number): Probe {
		const { probe } = known;
		const row = linkedRow(known);
		if (row === null) return probe;
		const table = tables.find(({ name }) => name === row.table);
		if (table === undefined) return probe;
		const before = lookup.row(row.table, row.key)?.image ?? null;
		if (before === null) return probe;
		if (random.below(12) === 0) return { ...probe, rows: merged(probe.rows, removed(row, table)) };
		const column = random.pick(table.columns.filter(({ primaryKey }) => !primaryKey));
		if (column === undefined) return probe;
		const after = { ...row.image, [column.name]: otherValue(table, column, row.image[column.name] ?? null, known, target) };
		return { ...probe, rows: merged(probe.rows, [{ table: row.table, key: row.key, kind: "update", before, after }]) };
	}

	/** The row alone, or all that share a value with it: what belongs to one customer, or to one day. */
	function removed(row: StoredRow, { columns }: Table): RowChange[] {
		const column = random.pick(columns)?.name ?? "";
		const alike = random.below(2) === 0 ? [row] : lookup.find(row.table, column, row.image[column] ?? null, MOST_ROWS);
		return (alike.length < MOST_ROWS ? alike : [row]).flatMap(({ table, key }) => {
			const before = lookup.row(table, key)?.image ?? null;
			return before === null ? [] : [{ table, key, kind: "delete", before, after: null } as const];
		});
	}

	function withRequest(known: Known, target: number): Probe {
		const field = random.pick(fields);
		if (field === undefined) return known.probe;
		return { ...known.probe, request: withField(known.probe.request, field, valueFor(field, known, target)) };
	}

	return {
		vary(from, target) {
			let { probe } = from;
			if (keyHeader !== null && fieldOf(probe.request, { name: keyHeader, in: "header" }) !== null && random.below(10) > 0) {
				keys++;
				probe = { ...probe, request: withField(probe.request, { name: keyHeader, in: "header" }, `phoenix-${options.now}-${keys}`) };
			}
			const changes = 1 + random.below(MOST_CHANGES);
			for (let count = 0; count < changes; count++) {
				const known = { ...from, probe };
				probe = tables.length > 0 && random.below(5) < 2 ? withRow(known, target) : withRequest(known, target);
			}
			return probe;
		},
	};
}

/** The later one counts where both speak of a row. */
function merged(earlier: readonly RowChange[], later: readonly RowChange[]): RowChange[] {
	const isNamed = ({ table, key }: RowChange) => later.some((change) => change.table === table && change.key === key);
	return [...earlier.filter((change) => !isNamed(change)), ...later];
}

/** The row as the probe has set it already. */
function withChanges(row: StoredRow, changes: readonly RowChange[]): StoredRow {
	const change = changes.find(({ table, key }) => table === row.table && key === row.key);
	return change?.after ? { ...row, image: change.after } : row;
}

/**
 * In the storage class of the value that stands there, or else in the one that the column declares. What cannot be kept so leaves the value as
 * it is: a text in a column of numbers is no row that legacy ever had.
 */
function storedAs(text: string, declared: string, present: SqlValue): SqlValue {
	const number = Number(text);
	const isNumber = text.trim() !== "" && Number.isFinite(number);
	const kind = present === null ? storageOf(declared) : Object.keys(present)[0];
	if (kind === "i") return isNumber && Number.isSafeInteger(number) ? { i: String(number) } : present;
	if (kind === "r") return isNumber ? { r: number } : present;
	return kind === "t" ? { t: text } : present;
}

/** The affinity of a declared type, SQLite's documentation "Datatypes", 3.1. */
function storageOf(declared: string): "i" | "r" | "t" {
	if (/int/i.test(declared)) return "i";
	if (/char|clob|text/i.test(declared)) return "t";
	return /real|floa|doub|num|dec/i.test(declared) ? "r" : "t";
}

function textOf(value: SqlValue): string {
	if (value === null) return "";
	return "i" in value ? value.i : "r" in value ? String(value.r) : "t" in value ? value.t : "";
}

/** Days around now in the form of a text that looks like a day: `2026-11-24`, `20261124` or `24/11/2026`. */
function datesLike(text: string, now: number): string[] {
	const write = /^\d{4}-\d\d-\d\d/.test(text)
		? (iso: string) => iso + text.slice(10)
		: /^(19|20)\d{6}/.test(text)
			? (iso: string) => iso.replaceAll("-", "") + text.slice(8)
			: /^\d\d[/.]\d\d[/.]\d{4}$/.test(text)
				? (iso: string) => iso.split("-").reverse().join(text[2])
				: null;
	if (write === null) return [];
	const days = [0, -1, 1, -30, -31, -365, -366, 365, -3_650];
	return days.map((day) => write(new Date(now + day * DAY_MS).toISOString().slice(0, 10)));
}
