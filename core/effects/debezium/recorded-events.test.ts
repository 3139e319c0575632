import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { RowChange, RowImage } from "../../contract/effects.ts";
import { readEnvelope } from "./envelope.ts";
import { isObject, type Json, parseExactJson } from "./exact-json.ts";
import { createTransactionReader, type Transaction } from "./transactions.ts";

// What Debezium 3.6.1 wrote of a PostgreSQL 15; the second file without schemas, without transaction metadata, with heartbeats.
const withSchema = recorded("with-schema");
const withoutSchema = recorded("without-schema");

function recorded(name: string): { key: Json; value: Json }[] {
	const text = readFileSync(new URL(`../fixtures/debezium/${name}.jsonl`, import.meta.url), "utf8");
	return text
		.split("\n")
		.slice(0, -1)
		.map((line) => {
			const event = parseExactJson(line);
			if (!isObject(event)) throw new Error(`no event: ${line}`);
			return { key: event.key ?? null, value: event.value ?? null };
		});
}

/** Reads up to the first event that is refused. */
function read(events: readonly { key: Json; value: Json }[]) {
	const whole: Transaction[] = [];
	const reader = createTransactionReader({ file: "events", maxBytes: 1_000_000, deliver: (transaction) => whole.push(transaction) });
	let refused = "";
	for (const [place, event] of events.entries()) {
		try {
			reader.take({ position: BigInt(place), next: BigInt(place + 1), bytes: 1000, ...event });
		} catch (error) {
			refused = String((error as { data: { reason: string } }).data.reason);
			break;
		}
	}
	return { reader, whole, refused };
}

const summary = (changes: readonly RowChange[]) => changes.map(({ kind, table, key }) => `${kind} ${table} ${key}`);

test("[D1] the envelope is the same with and without its schema", () => {
	const kinds = (events: readonly { key: Json; value: Json }[]) =>
		events.map(readEnvelope).flatMap((event) => (event.kind === "change" ? [`${event.op} ${event.key}`] : []));
	const changes = kinds(withSchema);
	expect(changes.slice(0, 5)).toEqual(["c id", "u id", "d id", "c id", "d id"]);
	// Without the two changes of large values, which the first file lacks.
	expect(kinds(withoutSchema).filter((_, place) => place !== 5 && place !== 6)).toEqual(changes);
});

test("[D2] with metadata a transaction is given with its END, in the order of the log, snapshot rows never", () => {
	const { reader, whole, refused } = read(withSchema);
	expect(whole.map(({ id, changes }) => [id, ...summary(changes)])).toEqual([
		["733", "update kinds 1", "insert kinds 9007199254740993"],
		["734", "delete kinds 1", "insert kinds 2"],
		["735", "delete kinds 2"],
		["739", "insert short 1"],
	]);
	expect(reader.passed).toMatchObject({ snapshot: 1, tombstone: 2, heartbeat: 0 });
	expect(refused).toContain("rows of table short as they were");
});

test("[D2] without metadata it is given when the next one begins", () => {
	const { reader, whole } = read(withoutSchema.slice(0, 13));
	expect(whole.map(({ id, changes }) => [id, ...summary(changes)])).toEqual([["754", "update kinds 1", "insert kinds 9007199254740993"]]);
	expect(reader.openSince).toBe(10n);
	expect(reader.passed).toMatchObject({ snapshot: 1, tombstone: 1, heartbeat: 7 });
});

test("[D4] with a schema every column is what the database holds, as its own log would tell", () => {
	const row = read(withSchema).whole[0]?.changes[1]?.after as RowImage;
	expect(row).toEqual({
		id: { i: "9007199254740993" },
		small: { i: "-5" },
		flag: { i: "1" },
		price: { t: "12.50" },
		free: { t: "123456789.123456789" },
		ratio: { r: 0.1 },
		single: { r: 1.5 },
		name: { t: "O'Brien é € 🙂" },
		code: { t: "ab  " },
		data: { b: "AP8x" },
		day: { t: "2026-02-28" },
		at: { t: "2026-02-28 23:59:59.123456" },
		zoned: { t: "2026-02-28 21:59:59.5+00" },
		clock: { t: "12:34:56.000007" },
		clockz: { t: "10:34:56+00" },
		span: { i: "2813645000000" },
		doc: { t: '{"a": 1.0}' },
		uid: { t: "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11" },
		tags: { t: '["x","y z",null]' },
		bits: { b: expect.any(String) },
		place: { t: expect.stringContaining('"x":1') },
		tall: { t: "1969-12-31 23:59:59.25" },
	});
	const changed = read(withSchema).whole[0]?.changes[0];
	expect(changed?.before?.name).toEqual({ t: "base" });
	expect(changed?.after).toMatchObject({ price: { t: "-0.05" }, ratio: { t: "NaN" }, free: { t: `1${"0".repeat(30)}` } });
	// Outside of the years 1 to 9999 the number stays.
	expect(changed?.after?.day).toEqual({ i: expect.stringMatching(/^-\d+$/) });
});

test("[D4] without a schema the JSON alone decides, and integers keep all their digits", () => {
	const row = read(withoutSchema).whole[0]?.changes[1]?.after as RowImage;
	expect(row).toMatchObject({
		id: { i: "9007199254740993" },
		flag: { i: "1" },
		price: { t: "BOI=" },
		ratio: { r: 0.1 },
		name: { t: "O'Brien é € 🙂" },
	});
});

test("[D5] a large value that the log does not repeat is taken from the row as it was", () => {
	const { whole } = read(withoutSchema.slice(0, 18));
	const change = whole.find(({ id }) => id === "759")?.changes[0];
	expect(change?.kind).toBe("update");
	expect(change?.after?.name).toEqual({ t: "x".repeat(3000) });
	expect(change?.after?.data).toEqual({ t: Buffer.alloc(3000, 0xab).toString("base64") });
	expect(change?.after?.price).not.toEqual(change?.before?.price);
});

test("[D6] an update without the row as it was is refused with the remedy REPLICA IDENTITY FULL", () => {
	const { refused, whole } = read(withoutSchema);
	expect(refused).toBe("the events do not hold the rows of table short as they were before a change");
	expect(whole.at(-1)?.id).toBe("760");
});

test("[D6] events without a key are refused by the name of their table", () => {
	const keyless = withoutSchema.filter(({ value }) =>
		JSON.stringify(value, (_, part) => (typeof part === "bigint" ? `${part}` : part)).includes("nokey"),
	);
	expect(keyless).toHaveLength(1);
	expect(read(keyless).refused).toBe("the events of table nokey have no key");
});
