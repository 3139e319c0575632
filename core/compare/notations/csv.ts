import { textLeaf, type Value } from "../value-tree.ts";
import type { Malformed } from "./malformed.ts";

/** What stands between the cells, by the content type and the first line; null: no table is named. */
export function delimiterOf(contentType: string, text: string): string | null {
	if (/\btab-separated-values\b/i.test(contentType)) return "\t";
	if (!/\b(?:text|application)\/csv\b/i.test(contentType)) return null;
	const first = text.slice(0, text.search(/[\r\n]|$/));
	return first.includes(";") && !first.includes(",") ? ";" : ",";
}

/**
 * A table as a list of records (RFC 4180): the first line names the columns, unless the content type says `header=absent`; then they are
 * numbered from 1. Columns are found by name, rows by their order. Quotes and the kind of line end do not count.
 */
export function readCsv(text: string, delimiter: string, hasHeader: boolean): Value | Malformed {
	const rows = readRows(text.replace(/^\ufeff/, ""), delimiter);
	if ("malformed" in rows) return rows;
	const first = rows[0] ?? { cells: [], at: 0 };
	const names = hasHeader ? first.cells : first.cells.map((_, index) => String(index + 1));
	if (new Set(names).size < names.length) return { malformed: "two columns of one name", at: 0 };
	const items: Value[] = [];
	for (const { cells, at } of hasHeader ? rows.slice(1) : rows) {
		if (cells.length !== names.length) return { malformed: `${cells.length} cells under ${names.length} columns`, at };
		items.push({ kind: "record", fields: new Map(names.map((name, index) => [name, textLeaf(cells[index] as string)])), sequence: null });
	}
	return { kind: "list", items };
}

function readRows(text: string, delimiter: string): { cells: string[]; at: number }[] | Malformed {
	const rows: { cells: string[]; at: number }[] = [];
	let at = 0;
	while (at < text.length) {
		const row = { cells: [] as string[], at };
		for (;;) {
			const end = text[at] === '"' ? endOfQuoted(text, at) : endOfPlain(text, at, delimiter);
			if (end < 0) return { malformed: "a quoted cell does not end", at };
			row.cells.push(text[at] === '"' ? text.slice(at + 1, end - 1).replaceAll('""', '"') : text.slice(at, end));
			at = end;
			if (text[at] !== delimiter) break;
			at++;
		}
		if (at < text.length && text[at] !== "\r" && text[at] !== "\n") return { malformed: "text after a quoted cell", at };
		at += text.startsWith("\r\n", at) ? 2 : 1;
		rows.push(row);
	}
	return rows;
}

function endOfPlain(text: string, from: number, delimiter: string): number {
	let at = from;
	while (at < text.length && text[at] !== delimiter && text[at] !== "\r" && text[at] !== "\n") at++;
	return at;
}

/** Behind the closing quote; -1: there is none. */
function endOfQuoted(text: string, from: number): number {
	for (let at = from + 1; at < text.length; at++) {
		if (text[at] !== '"') continue;
		if (text[at + 1] !== '"') return at + 1;
		at++;
	}
	return -1;
}
