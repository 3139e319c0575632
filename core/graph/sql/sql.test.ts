import { expect, test } from "vitest";
import { addDefinitions, type SqlSchema } from "./schema.ts";
import { parseStatement } from "./statement.ts";
import { sqlTokens } from "./tokens.ts";

const schema: SqlSchema = new Map();
addDefinitions(
	schema,
	`CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT NOT NULL, balance REAL NOT NULL, note TEXT, rate DECIMAL(5,2), CHECK (balance > 0));
	 create table if not exists [moves] (account INT NOT NULL, amount DOUBLE, day CHAR(10) NOT NULL, CONSTRAINT k PRIMARY KEY (account, day));
	 ALTER TABLE accounts ADD COLUMN opened VARCHAR(10) NOT NULL DEFAULT '';`,
);
const read = (sql: string) => parseStatement(sql, schema);
const columns = (sql: string) =>
	read(sql).columns.map((column) => `${column.name} ${column.type?.affinity}${column.type?.nullable ? "?" : ""}`);

test("tokens keep quoted text whole and leave comments out", () => {
	expect(sqlTokens(`SELECT 'it''s', "a b" -- no\n/* no */ FROM x WHERE y >= ?`).map((token) => token.text)).toEqual([
		"SELECT",
		"it's",
		",",
		"a b",
		"FROM",
		"x",
		"WHERE",
		"y",
		">=",
		"?",
	]);
});

test("column types follow the affinity that SQLite gives them", () => {
	expect(schema.get("accounts")?.columns.map((column) => [column.name, column.affinity, column.nullable, column.primaryKey])).toEqual([
		["id", "integer", false, true],
		["name", "text", false, false],
		["balance", "real", false, false],
		["note", "text", true, false],
		["rate", "numeric", true, false],
		["opened", "text", false, false],
	]);
	expect(schema.get("moves")?.columns.map((column) => [column.name, column.affinity, column.primaryKey])).toEqual([
		["account", "integer", true],
		["amount", "real", false],
		["day", "text", true],
	]);
});

test("a select's columns are typed through aliases, joins, stars, functions and arithmetic", () => {
	expect(columns("SELECT a.id, name AS n, balance*2, note || 'x' FROM accounts a")).toEqual([
		"id integer",
		"n text",
		"balance*2 real",
		"note || 'x' text?",
	]);
	expect(columns("SELECT * FROM accounts a JOIN moves m ON m.account = a.id")).toHaveLength(9);
	expect(columns("SELECT m.* FROM accounts a LEFT JOIN moves m ON m.account = a.id")).toEqual([
		"account integer?",
		"amount real?",
		"day text?",
	]);
	expect(columns("SELECT COUNT(*) n, SUM(amount), COALESCE(SUM(account), 0) AS s, MAX(day) FROM moves")).toEqual([
		"n integer",
		"SUM(amount) real?",
		"s integer",
		"MAX(day) text?",
	]);
	expect(columns("SELECT account, SUM(amount) AS s FROM moves GROUP BY account")).toEqual(["account integer", "s real?"]);
	expect(columns("SELECT CASE WHEN balance < 0 THEN 0 ELSE balance END v, rate FROM accounts")).toEqual(["v numeric", "rate numeric?"]);
	expect(columns("SELECT DISTINCT day FROM moves WHERE account IN (SELECT id FROM accounts) ORDER BY day LIMIT 3")).toEqual(["day text"]);
});

test("a column that the schema does not know has no type", () => {
	expect(read("SELECT nowhere, f(name) FROM accounts").columns.map((column) => column.type)).toEqual([null, null]);
});

test("tables are told apart into read and written, subqueries and joins included", () => {
	expect(read("UPDATE accounts SET balance = 0 WHERE id IN (SELECT account FROM moves)")).toMatchObject({
		kind: "update",
		reads: ["moves"],
		writes: ["accounts"],
	});
	expect(read("INSERT INTO moves SELECT id, balance, '' FROM accounts")).toMatchObject({
		kind: "insert",
		reads: ["accounts"],
		writes: ["moves"],
	});
	expect(read("DELETE FROM moves WHERE account = ?")).toMatchObject({ kind: "delete", reads: [], writes: ["moves"] });
	expect(read("WITH t AS (SELECT id FROM accounts) SELECT id FROM t, moves")).toMatchObject({
		kind: "select",
		reads: ["accounts", "moves"],
	});
	expect(read("insert or replace into ACCOUNTS (id) values (1)")).toMatchObject({ writes: ["accounts"] });
	expect(read("BEGIN IMMEDIATE")).toMatchObject({ kind: "begin", mode: "immediate" });
});

test("each parameter knows the column that it is written to or compared with", () => {
	const place = (sql: string) =>
		read(sql).params.map((param) => (param.table === null ? null : `${param.written ? "=" : "?"}${param.table}.${param.column}`));
	expect(place("INSERT INTO accounts (id, name, balance) VALUES (?, upper(?), 1), (?, 'x', ?)")).toEqual([
		"=accounts.id",
		"=accounts.name",
		"=accounts.id",
		"=accounts.balance",
	]);
	expect(place("INSERT INTO moves VALUES (?, ?, ?)")).toEqual(["=moves.account", "=moves.amount", "=moves.day"]);
	expect(place("UPDATE accounts SET balance = balance + ?, note = ? WHERE id = ? AND name LIKE ?")).toEqual([
		"=accounts.balance",
		"=accounts.note",
		"?accounts.id",
		"?accounts.name",
	]);
	expect(place("SELECT id FROM accounts WHERE balance > ? LIMIT ?")).toEqual(["?accounts.balance", null]);
});
