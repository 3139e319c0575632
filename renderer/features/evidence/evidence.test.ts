import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvOf, jsonOf } from "../../../core/contract/table-text.ts";
import { entrySql, questionOf } from "./asking.ts";
import { sorted } from "./sorting.ts";

describe("an answer as a file", () => {
	it("is CSV that says the same again when it is read", () => {
		fc.assert(
			fc.property(fc.array(fc.array(fc.oneof(fc.integer(), fc.string(), fc.constant(null)), { minLength: 2, maxLength: 2 })), (rows) => {
				const read = parseCsv(csvOf({ columns: ["a", "b"], rows }));
				expect(read.slice(1)).toEqual(
					rows.map((row) =>
						row.map((value) => (typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value ?? ""))),
					),
				);
			}),
		);
	});

	it("never becomes a formula of a spreadsheet", () => {
		expect(csvOf({ columns: ["x"], rows: [["=HYPERLINK(1)"], [-5], ["+1"]] })).toBe("x\r\n'=HYPERLINK(1)\r\n-5\r\n'+1\r\n");
	});

	it("is JSON with a name for each value", () => {
		expect(JSON.parse(jsonOf({ columns: ["a", "b"], rows: [[1, null]] }))).toEqual([{ a: 1, b: null }]);
	});
});

describe("sorting", () => {
	it("puts numbers by size before texts, NULL last, and back in the first order when it ends", () => {
		const rows = [[10], [null], ["b"], [9], ["a"]];
		expect(sorted(rows, { column: 0, down: false })).toEqual([[9], [10], ["a"], ["b"], [null]]);
		expect(sorted(rows, { column: 0, down: true }).at(-1)).toEqual([null]);
		expect(sorted(rows, null)).toBe(rows);
	});
});

describe("questions", () => {
	it("are known again whatever their blanks", () => {
		const question = { title: "A", about: "", sql: "SELECT 1\nFROM x", own: false };
		expect(questionOf("SELECT   1 FROM x ", [question])).toBe(question);
		expect(questionOf("SELECT 2", [question])).toBeNull();
	});

	it("take nothing but a number from the address", () => {
		expect(entrySql("261; DROP TABLE entries")).toMatch(/seq = 261$/);
		expect(entrySql("x")).toMatch(/seq = 0$/);
	});
});

function parseCsv(text: string): string[][] {
	const rows: string[][] = [[]];
	for (const [, quoted, bare = "", end = ""] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
		rows.at(-1)?.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
		if (end === "\r\n") rows.push([]);
	}
	return rows.slice(0, -1);
}
