import fc from "fast-check";
import { expect, test } from "vitest";
import { beginLine, changeLine, endLine, insertLines } from "../testing/debezium-lines.ts";
import { isObject, parseExactJson } from "./exact-json.ts";
import { createTransactionReader, type Transaction } from "./transactions.ts";

function read(lines: readonly string[], { maxBytes = 1_000_000, behind = 0, isCut = true } = {}) {
	const whole: Transaction[] = [];
	const reader = createTransactionReader({ file: "events", maxBytes, deliver: (transaction) => whole.push(transaction) });
	const records = lines.map((line, place) => {
		const event = parseExactJson(line);
		if (!isObject(event)) throw new Error("no event");
		return { position: BigInt(place), next: BigInt(place + 1), bytes: line.length, key: event.key ?? null, value: event.value ?? null };
	});
	reader.lookBack(records.slice(0, behind), isCut);
	let refused = "";
	try {
		for (const record of records.slice(behind)) reader.take(record);
	} catch (error) {
		refused = String((error as { data: { reason: string } }).data.reason);
	}
	return {
		reader,
		refused,
		commits: whole.map(({ id, changes }) => `${id}: ${changes.map(({ kind, key }) => `${kind} ${key}`).join(", ")}`),
	};
}

const two = [...insertLines(10, 100, 1, 2), ...insertLines(11, 200, 3)];
const insert = (id: number, txId: number, lsn: number, lastCommit?: number) =>
	changeLine("c", { id, name: "x" }, { txId, lsn, ...(lastCommit === undefined ? {} : { lastCommit }) });

test("[D2] a transaction with fewer events than its END counts is never given", () => {
	const { commits, refused } = read(two.filter((_, place) => place !== 2));
	expect(commits).toEqual([]);
	expect(refused).toBe("transaction 10 holds 2 events, and 1 have arrived");
});

test("[D2] a transaction without its END, or without all of its events, ends the promise", () => {
	expect(read(two.filter((_, place) => place !== 3)).refused).toBe("transaction 10 has no END, and transaction 11 follows");
	expect(read([endLine(10, 100, 2)]).refused).toBe("2 events of transaction 10 are missing");
	expect(read([beginLine(10, 100), endLine(10, 101, 0)])).toMatchObject({ refused: "", commits: [] });
});

test("[D3] what a restarted connector sends again is dropped and counted, however far it goes back", () => {
	const lines = [...insertLines(10, 100, 1, 2), ...insertLines(11, 200, 3), ...insertLines(12, 300, 4, 5)];
	fc.assert(
		fc.property(fc.nat({ max: lines.length }), fc.nat({ max: lines.length }), (sent, back) => {
			const from = Math.max(0, sent - back);
			const { commits, refused, reader } = read([...lines.slice(0, sent), ...lines.slice(from)]);
			// It goes back to the beginning of a transaction, or to an event within one; an END alone says nothing.
			expect(refused).toBe("");
			expect(commits).toEqual(["10: insert 1, insert 2", "11: insert 3", "12: insert 4, insert 5"]);
			expect(reader.passed.repeated).toBe(lines.slice(from, sent).filter((line) => line.includes('"op"')).length);
		}),
		{ seed: 7 },
	);
});

test("[D3] the same without metadata; the last one waits for the next", () => {
	const lines = [insert(1, 10, 100), insert(2, 10, 101), insert(3, 11, 200, 150), insert(4, 12, 300, 250)];
	for (let sent = 0; sent <= lines.length; sent++)
		for (let from = 0; from <= sent; from++) {
			const { commits, refused } = read([...lines.slice(0, sent), ...lines.slice(from), insert(9, 13, 400, 350)]);
			expect({ sent, from, refused, commits }).toEqual({
				...{ sent, from, refused: "" },
				commits: ["10: insert 1, insert 2", "11: insert 3", "12: insert 4"],
			});
		}
});

test("[D3] another history under known numbers is told from a repeat", () => {
	const other = changeLine("c", { id: 1, name: "of another history" }, { txId: 10, lsn: 100, metadata: { order: 1 } });
	expect(read([...two, beginLine(10, 100), other]).refused).toContain("goes on after it was whole");
	const lines = [insert(1, 10, 100, 90), insert(2, 11, 200, 150), insert(3, 7, 50, 40)];
	expect(read(lines).refused).toBe("the connector went back to transaction 7, further than is remembered");
});

test("[D7] a transaction that is cut by the beginning is passed over whole, one that lies behind is known", () => {
	for (const behind of [1, 2, 3]) expect(read(two, { behind }).commits).toEqual(["11: insert 3"]);
	expect(read(two, { behind: 4 }).commits).toEqual(["11: insert 3"]);
	const { commits, reader } = read([...two, ...two, ...insertLines(12, 300, 6)], { behind: two.length });
	expect(commits).toEqual(["12: insert 6"]);
	expect(reader.passed.repeated).toBe(3);
});

test("[D6] a deletion of which only the key is there is refused, until the table was seen with full rows", () => {
	const gone = (txId: number) => changeLine("d", { id: 1, name: null as unknown as string }, { txId, lsn: txId * 10 });
	expect(read([gone(10)]).refused).toContain("as they were before a change");
	const full = changeLine("u", { id: 1, name: null as unknown as string }, { txId: 9, lsn: 9 }, { id: 1, name: "a" });
	expect(read([full, gone(10), insert(2, 11, 200)]).commits).toEqual(["9: update 1", "10: delete 1"]);
});

test("[D2] events that name no transaction are refused with the remedy", () => {
	const { value, ...rest } = JSON.parse(insert(1, 10, 100));
	const source = { ...value.source, connector: "mysql", txId: null };
	const lines = [JSON.stringify({ ...rest, value: { ...value, source } })];
	expect(read(lines).refused).toBe("the events do not say to which transaction they belong");
	const transaction = (id: string, order: number) => ({
		...value,
		source,
		transaction: { id, total_order: order, data_collection_order: order },
	});
	const named = ["a:1", "a:1", "a:2"].map((id, place) =>
		JSON.stringify({ key: { id: place }, value: { ...transaction(id, place), after: { id: place } } }),
	);
	expect(read(named).commits).toEqual(["a:1: insert 0, insert 1"]);
});

test("[D10] TRUNCATE, a transaction that is too large and what is no event end the promise by name", () => {
	const source = { connector: "postgresql", schema: "audit", table: "log", txId: 5 };
	expect(read([JSON.stringify({ key: null, value: { op: "t", source, before: null, after: null } })]).refused).toContain(
		"TRUNCATE has emptied audit.log",
	);
	expect(read(insertLines(10, 100, 1, 2, 3), { maxBytes: 600 }).refused).toContain("more than 0 MB");
	expect(read([JSON.stringify({ key: { id: 1 }, value: { id: 1, name: "flat" } })]).refused).toContain("no envelope with op");
});
