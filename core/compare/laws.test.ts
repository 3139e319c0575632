import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RowChange, SqlValue } from "../contract/effects.ts";
import type { Behaviour, ComparePolicy } from "../contract/verdict.ts";
import { compare } from "./index.ts";
import { parseJson } from "./notations/json.ts";
import { parseXml } from "./notations/xml.ts";

const policy: ComparePolicy = { random: [], clock: [], clockSlackMs: 0, window: { from: 0, to: 0 } };

type Tree = { name: string; text: string; children: Tree[] };
const escaped = (text: string): string =>
	text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\r", "&#13;");
const print = ({ name, text, children }: Tree): string =>
	`<${name}>${children.length > 0 ? children.map(print).join("") : escaped(text)}</${name}>`;

const text = fc.oneof(
	fc.string({ unit: "binary", maxLength: 12 }).map((s) => s.replace(/[^\t\n\r -\ud7ff\ue000-\ufffd]/gu, "")),
	fc.float({ noNaN: true }).map(String),
	fc.constant(""),
);
const tree = fc.letrec<{ tree: Tree; children: Tree[] }>((tie) => ({
	tree: fc.record({ name: fc.constantFrom("A", "B", "ROW", "x-1", "_n"), text, children: tie("children") }, { noNullPrototype: true }),
	children: fc.oneof({ depthSize: "small" }, fc.constant<Tree[]>([]), fc.array(tie("tree"), { maxLength: 4 })),
})).tree;
const cell: fc.Arbitrary<SqlValue> = fc.oneof(
	fc.constant(null),
	fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((i) => ({ i: String(i) })),
	fc.double({ noNaN: true, noDefaultInfinity: true }).map((r) => ({ r: r + 0 })),
	text.map((t) => ({ t })),
	fc.base64String({ maxLength: 8 }).map((b) => ({ b })),
);
const image = fc.record({ a: cell, b: cell, c: cell }, { noNullPrototype: true });
const change: fc.Arbitrary<RowChange> = fc.oneof(
	fc.record(
		{
			table: fc.constantFrom("m", "n"),
			key: fc.nat(5).map(String),
			kind: fc.constant("insert" as const),
			before: fc.constant(null),
			after: image,
		},
		{ noNullPrototype: true },
	),
	fc.record(
		{ table: fc.constantFrom("m", "n"), key: fc.nat(5).map(String), kind: fc.constant("update" as const), before: image, after: image },
		{ noNullPrototype: true },
	),
	fc.record(
		{
			table: fc.constantFrom("m", "n"),
			key: fc.nat(5).map(String),
			kind: fc.constant("delete" as const),
			before: image,
			after: fc.constant(null),
		},
		{ noNullPrototype: true },
	),
);
const behaviour: fc.Arbitrary<Behaviour> = fc.record(
	{
		status: fc.constantFrom(200, 404),
		contentType: fc.constant("text/xml"),
		body: tree.map(print),
		changes: fc.array(change, { maxLength: 6 }),
	},
	{ noNullPrototype: true },
);

describe("laws", () => {
	it("[C1] anything compared with itself is identical", () => {
		fc.assert(fc.property(behaviour, (side) => compare(side, structuredClone(side), policy).kind === "identical"));
	});
	it("both directions give the same kind", () => {
		fc.assert(fc.property(behaviour, behaviour, (a, b) => compare(a, b, policy).kind === compare(b, a, policy).kind));
	});
	it("[C3] a single changed leaf is found, and its path named", () => {
		fc.assert(
			fc.property(tree, fc.nat(), text, (root, pick, other) => {
				const leaves: { leaf: Tree; path: string }[] = [];
				const visit = (node: Tree, path: string): void => {
					if (node.children.length === 0) leaves.push({ leaf: node, path });
					for (const [index, child] of node.children.entries()) {
						const same = node.children.filter((sibling) => sibling.name === child.name);
						const position = node.children.slice(0, index).filter((sibling) => sibling.name === child.name).length + 1;
						visit(child, `${path}/${child.name}${same.length > 1 ? `[${position}]` : ""}`);
					}
				};
				visit(root, "answer");
				const { leaf, path } = leaves[pick % leaves.length] as (typeof leaves)[number];
				const legacy: Behaviour = { status: 200, contentType: "text/xml", body: print(root), changes: [] };
				fc.pre(leaf.text.replace(/\r\n?/g, "\n") !== other.replace(/\r\n?/g, "\n"));
				leaf.text = other;
				const verdict = compare(legacy, { ...legacy, body: print(root) }, policy);
				expect(verdict.kind).toBe("mismatch");
				// Two rows that trade places are one difference of the list (C14); a changed leaf can look like that.
				const first = verdict.differences[0];
				if (first?.suspicion === "dictionary order") expect(path.startsWith(first.field)).toBe(true);
				else expect(verdict.differences.map((difference) => difference.field)).toEqual([path]);
			}),
		);
	});
	it("[C22] a single changed cell is found, and its column named", () => {
		fc.assert(
			fc.property(image, fc.constantFrom("a", "b", "c"), cell, (after, column, other) => {
				fc.pre(JSON.stringify(after[column as "a"]) !== JSON.stringify(other));
				const side = (row: typeof after): Behaviour => ({
					status: 200,
					contentType: "text/xml",
					body: "<A/>",
					changes: [{ table: "m", key: "1", kind: "insert", before: null, after: row }],
				});
				const verdict = compare(side(after), side({ ...after, [column]: other }), policy);
				expect(verdict.differences.map((difference) => difference.field)).toEqual([`rows/m/${column}`]);
			}),
		);
	});
	it("[C13] XML and JSON made from one record are equivalent, and one changed value is found", () => {
		const row = fc.dictionary(
			fc.constantFrom("ID", "DATE", "AMOUNT"),
			text.map((t) => t.replaceAll("\r", "")),
			{ minKeys: 1, noNullPrototype: true },
		);
		const record = fc.record({
			fields: fc.dictionary(
				fc.constantFrom("A", "B", "C"),
				text.map((t) => t.replaceAll("\r", "")),
				{ noNullPrototype: true },
			),
			rows: fc.array(row, { maxLength: 3 }),
		});
		fc.assert(
			fc.property(record, fc.string({ unit: "grapheme-ascii", maxLength: 5 }), ({ fields, rows }, other) => {
				const element = (name: string, value: string): string => print({ name, text: value, children: [] });
				const inner = Object.entries(fields)
					.map(([name, value]) => element(name, value))
					.join("");
				const list = rows
					.map(
						(item) =>
							`<ROW>${Object.entries(item)
								.map(([name, value]) => element(name, value))
								.join("")}</ROW>`,
					)
					.join("");
				const legacy: Behaviour = { status: 200, contentType: "text/xml", body: `<ANSWER OP="X">${inner}${list}</ANSWER>`, changes: [] };
				const modern = (body: unknown): Behaviour => ({
					status: 200,
					contentType: "application/json",
					body: JSON.stringify(body),
					changes: [],
				});
				expect(compare(legacy, modern({ ...fields, ROW: rows }), policy)).toMatchObject({ kind: "equivalent", differences: [] });
				const name = Object.keys(fields)[0];
				fc.pre(name !== undefined && fields[name] !== other);
				const verdict = compare(legacy, modern({ ...fields, [name as string]: other, ROW: rows }), policy);
				expect(verdict.differences.map((difference) => difference.field)).toEqual([`answer/${name}`]);
			}),
		);
	});
});

describe("parsers", () => {
	it.each([
		["", "no root element"],
		["<A>", "not closed"],
		["<A/><B/>", "content after the root element"],
		["<A x=1/>", "not quoted"],
		['<A x="1" x="2"/>', "attribute x twice"],
		['<A x="1"y="2"/>', "a blank is missing"],
		["<A>&nbsp;</A>", "&nbsp; is not a known entity"],
		["<A>& b</A>", "not a known entity"],
		["<A>&#0;</A>", "not allowed"],
		["<A>&constructor;</A>", "not a known entity"],
		["<A>]]></A>", "outside a CDATA"],
		["<!DOCTYPE A [<!ENTITY x 'y'>]><A>&x;</A>", "document type"],
		["<A><!-- a -- b --></A>", "-- inside a comment"],
		["<A>\u0007</A>", "control character"],
		["<A></B>", "</B> closes <A>"],
		[`${"<A>".repeat(300)}${"</A>".repeat(300)}`, "nested deeper"],
	])("refuse the XML %j", (source, reason) => {
		expect(parseXml(source)).toMatchObject({ malformed: expect.stringContaining(reason) });
	});
	it("read entities, CDATA, attributes, a byte order mark and mixed content", () => {
		expect(parseXml('\ufeff<?xml version="1.0"?><?pi x?><A k="a&quot;b\n"> &#x41;&#66;<![CDATA[<&]]> </A><!-- end -->')).toEqual({
			root: "A",
			value: {
				kind: "record",
				fields: new Map([
					["@k", { kind: "leaf", of: "text", text: 'a"b ' }],
					["#text", { kind: "leaf", of: "text", text: " AB<& " }],
				]),
				sequence: [],
			},
		});
	});
	it("read the same JSON as the platform, and refuse the same", () => {
		fc.assert(
			fc.property(
				fc.oneof(
					fc.json(),
					fc.string(),
					fc.json().map((s) => s.slice(1)),
					fc.constantFrom("01", "1.", "[1,]", '{"a":1,}', '"\\x"', "nul", "-", "1e5", '"\\u00e9"'),
				),
				(source) => {
					const parsed = parseJson(source);
					let accepted = true;
					try {
						JSON.parse(source);
					} catch {
						accepted = false;
					}
					if ("malformed" in parsed) expect(accepted && !parsed.malformed.includes("twice")).toBe(false);
					else expect(accepted).toBe(true);
				},
			),
			{ numRuns: 500 },
		);
	});
});
