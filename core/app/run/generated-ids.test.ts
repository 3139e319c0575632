import { describe, expect, it } from "vitest";
import type { Blueprint } from "../../contract/blueprint.ts";
import { generatedIds } from "./generated-ids.ts";

const table = (name: string, ddl: string, key: string, declared = "INTEGER"): Blueprint["tables"][number] => ({
	...{ name, ddl, access: { read: true, write: true } },
	columns: [{ name: key, type: { kind: "int" } as never, declared, primaryKey: true }],
});
const insert = (sql: string): Blueprint["statements"][number] => ({
	...{ id: sql, sql, kind: "insert", tables: [], columns: [] },
	span: { file: "a.py", line: 1, endLine: 1 } as never,
});
const orders = table("orders", "CREATE TABLE orders (id INTEGER PRIMARY KEY, total REAL)", "id");
const lines = table(
	"lines",
	'CREATE TABLE lines (no INTEGER PRIMARY KEY, item INTEGER NOT NULL, parent INTEGER REFERENCES "orders" (id), FOREIGN KEY (item) REFERENCES items (id))',
	"no",
);

describe("numbers that the database gives", () => {
	it("are the key that no insert sets, and what is declared to refer to it", () => {
		expect(generatedIds({ tables: [orders, lines], statements: [insert("INSERT INTO Orders (total) VALUES (?)")] })).toEqual({
			orders: ["orders.id", "lines.parent"],
		});
	});
	it.each([
		["the code sets it", "INSERT INTO orders (ID, total) VALUES (?, ?)"],
		["all columns are set", "INSERT INTO orders VALUES (NULL, ?)"],
		["the statement cannot be read", "WITH a AS (SELECT 1) INSERT INTO orders (total) SELECT * FROM a"],
	])("are none where %s", (_, sql) => {
		expect(generatedIds({ tables: [orders], statements: [insert(sql), insert("INSERT INTO orders (total) VALUES (1)")] })).toEqual({});
	});
	it("are none where the key is no row number, or nothing is inserted", () => {
		const coded = table("orders", "CREATE TABLE orders (id INT PRIMARY KEY)", "id", "INT");
		expect(generatedIds({ tables: [coded], statements: [insert("INSERT INTO orders (total) VALUES (1)")] })).toEqual({});
		expect(generatedIds({ tables: [orders], statements: [] })).toEqual({});
	});
});
