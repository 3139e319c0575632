import { expect, test } from "vitest";
import type { TableShape } from "./catalog.ts";
import { columnValue } from "./column-value.ts";
import type { PgoutputMessage, Relation, TupleValue } from "./pgoutput.ts";
import { compareShapes } from "./schema-watch.ts";
import { createTransactionReader } from "./transaction.ts";

const columns = [
	{ name: "branch", type: 23 },
	{ name: "number", type: 25 },
	{ name: "cents", type: 16_500 },
];
const relation: Relation = {
	oid: 9,
	schema: "bank",
	name: "a",
	identity: "f",
	columns: columns.map((column) => ({ ...column, isIdentity: true })),
};
const shape: TableShape = {
	...{ oid: 9, schema: "bank", name: "a", identity: "f", isLogged: true, key: ["number", "branch"] },
	columns: columns.map((column, place) => ({ ...column, number: place + 1, base: column.type === 16_500 ? 20 : column.type })),
};
const row = (...values: readonly (string | null | undefined)[]): TupleValue[] =>
	values.map((value) => (value === undefined ? "unchanged" : value === null ? null : Buffer.from(value)));

type Change = Exclude<PgoutputMessage, { kind: "relation" }>;

function read(messages: readonly Change[], { identity = "f", maxBytes = 1000 } = {}) {
	const reader = createTransactionReader({ file: "postgres://x/y", mark: "phoenix", maxBytes });
	reader.define({ ...relation, identity }, shape);
	reader.take({ kind: "begin", commitLsn: 1n, committedAt: 0, xid: 1 }, 10);
	for (const message of messages) expect(reader.take(message, 10)).toBeNull();
	return reader.take({ kind: "commit", commitLsn: 1n, endLsn: 2n, committedAt: 5 }, 10);
}

test("[P4] a key of several columns is a JSON list of them; a domain counts as what it is made of", () => {
	expect(read([{ kind: "insert", oid: 9, after: row("1", "007", "12") }])).toEqual({
		...{ endLsn: 2n, committedAt: 5, bytes: 20, marks: [] },
		changes: [
			{
				...{ table: "bank.a", key: '["007","1"]', kind: "insert", before: null },
				after: { branch: { i: "1" }, number: { t: "007" }, cents: { i: "12" } },
			},
		],
	});
});

test("[P5] a value that is stored outside the row and not sent again is the old one", () => {
	const found = read([{ kind: "update", oid: 9, old: "O", before: row("1", "a", "5"), after: row("1", undefined, "6") }]);
	expect(found?.changes[0]?.after).toEqual({ branch: { i: "1" }, number: { t: "a" }, cents: { i: "6" } });
});

test("[P6] the changes of a transaction become one per row, and marks are read only from transactional messages of ours", () => {
	const message = (isTransactional: boolean, prefix: string): Change => ({
		kind: "message",
		isTransactional,
		lsn: 1n,
		prefix,
		content: Buffer.from(prefix),
	});
	const found = read([
		{ kind: "origin", name: "o" },
		{ kind: "insert", oid: 9, after: row("1", "a", "5") },
		{ kind: "update", oid: 9, old: "O", before: row("1", "a", "5"), after: row("1", "b", "5") },
		{ kind: "delete", oid: 9, old: "O", before: row("2", "c", null) },
		{ kind: "insert", oid: 9, after: row("2", "c", null) },
		...[message(true, "phoenix"), message(false, "phoenix"), message(true, "other")],
	]);
	expect(found?.changes.map(({ kind, key }) => [kind, key])).toEqual([["insert", '["b","1"]']]);
	expect(found?.marks).toEqual(["phoenix"]);
});

test("[P5] rows that the log does not hold whole end the promise by name", () => {
	const refused = (messages: readonly Change[], options = {}) => {
		try {
			read(messages, options);
		} catch (error) {
			return (error as { data: { reason: string } }).data.reason;
		}
		return "nothing";
	};
	const after = row("1", "a", "5");
	expect(refused([{ kind: "update", oid: 9, old: null, before: null, after }])).toContain("table bank.a as they were");
	expect(refused([{ kind: "update", oid: 9, old: "K", before: after, after }])).toContain("table bank.a as they were");
	expect(refused([{ kind: "delete", oid: 9, old: "K", before: after }])).toContain("table bank.a as they were");
	expect(refused([{ kind: "insert", oid: 9, after: row("1", undefined, "5") }])).toContain("table bank.a as they were");
	expect(refused([], { identity: "d" })).toContain("table bank.a as they were");
	expect(refused([{ kind: "truncate", oids: [9] }])).toContain("TRUNCATE has emptied bank.a");
	expect(refused([{ kind: "insert", oid: 8, after }])).toContain("oid 8");
	expect(refused([{ kind: "insert", oid: 9, after: row("1") }])).toContain("other columns");
	expect(refused([{ kind: "insert", oid: 9, after: [Buffer.from("1"), Buffer.from([0xff]), null] }])).toContain("column number of bank.a");
	expect(refused([{ kind: "insert", oid: 9, after }], { maxBytes: 15 })).toContain("more than 0 MB");
});

test("[P3] each type's text becomes the value of its class", () => {
	const value = (text: string, type: number) => columnValue(Buffer.from(text), type);
	for (const integer of [20, 21, 23, 26]) expect(value("-9223372036854775808", integer)).toEqual({ i: "-9223372036854775808" });
	expect([value("t", 16), value("f", 16)]).toEqual([{ i: "1" }, { i: "0" }]);
	expect([value("-0", 701), value("0.1", 700), value("NaN", 701), value("-Infinity", 701)]).toEqual([
		{ r: -0 },
		{ r: 0.1 },
		{ t: "NaN" },
		{ t: "-Infinity" },
	]);
	expect(value("0.10000000000000000000000001", 1700)).toEqual({ t: "0.10000000000000000000000001" });
	expect([value("\\x00ff", 17), value("\\x", 17)]).toEqual([{ b: "AP8=" }, { b: "" }]);
	expect(value("2026-11-23 15:00:00+00", 1184)).toEqual({ t: "2026-11-23 15:00:00+00" });
	// A replacement character that was written is text; bytes that are none are not.
	expect([value("\ufffd", 25), columnValue(Buffer.from([0xe9]), 25)]).toEqual([{ t: "\ufffd" }, undefined]);
});

test("[P7] the catalog is compared: what came, went, got another name, other columns, another identity or key", () => {
	const compare = (change: Partial<TableShape>) => compareShapes(new Map([[9, shape]]), [{ ...shape, ...change }]);
	expect(compare({})).toEqual({ tables: [], renamed: [], broken: null });
	expect(compare({ name: "b" })).toEqual({ tables: [], renamed: [{ from: "bank.a", to: "bank.b" }], broken: null });
	expect(compare({ columns: shape.columns.slice(0, 2) })).toEqual({ tables: ["bank.a"], renamed: [], broken: null });
	expect(compare({ identity: "d" }).broken).toContain("bank.a is no longer FULL");
	expect(compare({ isLogged: false }).broken).toContain("UNLOGGED");
	expect(compare({ key: [] }).broken).toContain("lost the key");
	expect(compare({ key: ["cents", "branch"] }).broken).toContain("the key of table bank.a has changed");
	const renamed = {
		key: ["no", "branch"],
		columns: shape.columns.map((column) => (column.number === 2 ? { ...column, name: "no" } : column)),
	};
	expect(compare(renamed)).toEqual({ tables: ["bank.a"], renamed: [], broken: null });
	expect(compareShapes(new Map([[9, shape]]), [])).toEqual({ tables: ["bank.a"], renamed: [], broken: null });
	expect(compareShapes(new Map(), [shape]).broken).toContain("table bank.a has come");
});
