import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type SharedReads, shareReads } from "./shared-reads.ts";

let database: DatabaseSync;
let reads: SharedReads;
let asked = 0;
const balance = "SELECT asked(balance) AS balance FROM accounts WHERE number = ?";

beforeEach(() => {
	asked = 0;
	database = new DatabaseSync(":memory:");
	database.function("asked", (value) => {
		asked++;
		return value;
	});
	database.exec(
		"CREATE TABLE accounts (number INTEGER PRIMARY KEY, balance REAL, note); INSERT INTO accounts VALUES (1, 10, 'a'), (2, 20, 1)",
	);
	reads = shareReads(database);
});
afterEach(() => database.close());

it("puts a question of many turns to the database once, in each way that it is asked", () => {
	for (let turn = 0; turn < 3; turn++) {
		reads.nextTurn();
		reads.database.exec("BEGIN IMMEDIATE");
		const statement = reads.database.prepare(balance);
		expect(statement.get(1)).toEqual({ balance: 10 });
		expect(statement.all(1)).toEqual([{ balance: 10 }]);
		expect(statement.get(9)).toBeUndefined();
		reads.database.exec("ROLLBACK");
		expect(reads.database.isTransaction).toBe(false);
	}
	expect(asked).toBe(2);
	reads.forget();
	reads.database.prepare(balance).get(1);
	expect(asked).toBe(3);
});

it("asks the database as soon as a turn may have written, and only in that turn", () => {
	const ask = () => (reads.database.prepare(balance).get(1) as { balance: number }).balance;
	expect(ask()).toBe(10);
	for (const write of [
		() => reads.database.exec("UPDATE accounts SET balance = 11"),
		() => reads.database.prepare("UPDATE accounts SET balance = 11").run(),
		() => reads.database.prepare("UPDATE accounts SET balance = 11 RETURNING number").all(),
		() => reads.database.prepare("WITH one AS (SELECT 1) UPDATE accounts SET balance = 11").run(),
	]) {
		reads.nextTurn();
		expect(ask()).toBe(10);
		write();
		expect(ask()).toBe(11);
		database.exec("UPDATE accounts SET balance = 10");
		expect(ask()).toBe(10);
	}
	reads.nextTurn();
	asked = 0;
	expect(ask()).toBe(10);
	expect(asked).toBe(0);
});

it("gives each reader rows of its own, and tells values of different kinds apart", () => {
	const first = reads.database.prepare(balance).get(1) as { balance: number };
	first.balance = 99;
	reads.nextTurn();
	expect(reads.database.prepare(balance).get(1)).toEqual({ balance: 10 });
	const noted = reads.database.prepare("SELECT number FROM accounts WHERE note = ?");
	expect(noted.all("1")).toEqual([]);
	expect(noted.all(1n)).toEqual([{ number: 2 }]);
	expect(noted.all(1)).toEqual([{ number: 2 }]);
	expect(noted.all(null)).toEqual([]);
});

it("keeps nothing of what answers differently on equal rows, of errors, or of statements that tell rows in another way", () => {
	const dice = reads.database.prepare("SELECT hex(randomblob(16)) AS value");
	expect(dice.get()).not.toEqual(dice.get());
	expect(() => reads.database.prepare("SELECT * FROM ledger")).toThrow(/no such table/);
	const statement = reads.database.prepare("SELECT number FROM accounts WHERE number = ?");
	expect(statement.get(1)).toEqual({ number: 1 });
	statement.setReadBigInts(true);
	expect(statement.get(1)).toEqual({ number: 1n });
	expect(statement.columns().map((column) => column.name)).toEqual(["number"]);
});
