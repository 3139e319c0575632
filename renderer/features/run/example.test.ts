import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ExampleSide } from "../../../core/contract/verdict.ts";
import { rowPairs } from "./row-pairs.ts";
import { pairLines, valueLines } from "./value-lines.ts";

const xml =
	'<?xml version="1.0"?><ANSWER OP="TRANSFER"><AMOUNT>5.00</AMOUNT><ROW><DATE>1.3.90</DATE></ROW><ROW><DATE>2.3.90</DATE></ROW></ANSWER>';
const json = '{"AMOUNT":"5.01","ROW":[{"DATE":"1.3.90"},{"DATE":"3.3.90"}]}';

describe("two answers side by side", () => {
	it("are lines with the place of each value, the same in either notation", () => {
		expect(valueLines(xml).map((line) => line.path)).toEqual([
			"answer",
			"answer/AMOUNT",
			"answer/ROW[1]",
			"answer/ROW[1]/DATE",
			"answer/ROW[1]",
			"answer/ROW[2]",
			"answer/ROW[2]/DATE",
			"answer/ROW[2]",
			"answer",
		]);
		expect(valueLines(json).filter((line) => line.kind === "leaf")).toMatchObject([
			{ path: "answer/AMOUNT", text: '"AMOUNT": "5.01",' },
			{ path: "answer/ROW[1]/DATE" },
			{ path: "answer/ROW[2]/DATE" },
		]);
	});

	it("stand beside each other by place, and what the engine calls different is marked and nothing else", () => {
		const pairs = pairLines(valueLines(xml), valueLines(json), ["answer/AMOUNT", "answer/ROW[2]/DATE"]);
		const marked = pairs.filter((pair) => pair.differs);
		expect(marked.map((pair) => [pair.legacy?.text, pair.modern?.text])).toEqual([
			["<AMOUNT>5.00</AMOUNT>", '"AMOUNT": "5.01",'],
			["<DATE>2.3.90</DATE>", '"DATE": "3.3.90"'],
		]);
		const leaves = pairs.filter((pair) => pair.legacy?.kind === "leaf");
		expect(leaves.every((pair) => pair.modern?.path === pair.legacy?.path)).toBe(true);
	});

	it("mark the element of an attribute that differs, and its field in JSON", () => {
		const pairs = pairLines(valueLines('<ANSWER OP="ERROR"><CODE>E1</CODE></ANSWER>'), valueLines('{"OP":"TRANSFER","CODE":"E1"}'), [
			"answer/@OP",
		]);
		expect(pairs.filter((pair) => pair.differs).flatMap(({ legacy, modern }) => legacy?.text ?? modern?.text ?? [])).toEqual([
			'<ANSWER OP="ERROR">',
			'"OP": "TRANSFER",',
		]);
	});

	it("lose no line of either side, whatever was answered", () => {
		fc.assert(
			fc.property(
				fc.oneof(fc.json(), fc.string(), fc.constant(xml)),
				fc.oneof(fc.json(), fc.string(), fc.constant(json)),
				(left, right) => {
					const [legacy, modern] = [valueLines(left), valueLines(right)];
					const pairs = pairLines(legacy, modern, []);
					expect(pairs.flatMap((pair) => pair.legacy ?? [])).toEqual(legacy);
					expect(pairs.flatMap((pair) => pair.modern ?? [])).toEqual(modern);
				},
			),
		);
	});

	it("is shown as text where it is no tree", () => {
		expect(valueLines("<open>")).toMatchObject([{ text: "<open>", kind: "leaf" }]);
		expect(valueLines("{not json")).toMatchObject([{ text: "{not json" }]);
		expect(valueLines("")).toEqual([]);
	});
});

describe("the rows of both sides", () => {
	const side = (changes: ExampleSide["changes"]): ExampleSide => ({ status: 200, body: "", rows: [], ...(changes ? { changes } : {}) });
	const account = (balance: number) => ({ id: { i: "7" }, owner: { t: "R. Bianchi" }, balance: { r: balance } });

	it("are paired by table and key, inserts with other keys in their order", () => {
		const pairs = rowPairs(
			side([
				{ table: "accounts", key: "7", kind: "update", before: account(100), after: account(95) },
				{ table: "movements", key: "18", kind: "insert", before: null, after: { amount: { r: -5 } } },
			]),
			side([
				{ table: "movements", key: "19", kind: "insert", before: null, after: { amount: { r: -5.01 } } },
				{ table: "accounts", key: "7", kind: "update", before: account(100), after: account(94.99) },
			]),
			[
				{ field: "rows/accounts/balance", legacy: "95.0", modern: "94.99", kind: "number", suspicion: "" },
				{ field: "rows/movements/amount", legacy: "-5.0", modern: "-5.01", kind: "number", suspicion: "" },
			],
		);
		expect(pairs?.map(({ table, legacy, modern }) => [table, legacy?.key, modern?.key])).toEqual([
			["accounts", "7", "7"],
			["movements", "18", "19"],
		]);
		expect(pairs?.[0]?.columns).toEqual([
			{ column: "balance", legacy: { before: "100.0", after: "95.0" }, modern: { before: "100.0", after: "94.99" }, differs: true },
		]);
	});

	it("that one side alone changed stand alone, marked", () => {
		const pairs = rowPairs(side([]), side([{ table: "postings", key: "1", kind: "delete", before: { a: { i: "1" } }, after: null }]), []);
		expect(pairs).toMatchObject([{ table: "postings", legacy: null, differs: true }]);
	});

	it("are unknown where the journal holds lines alone", () => {
		expect(rowPairs(side(undefined), side([]), [])).toBeNull();
	});
});
