import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { RowChange } from "../../contract/effects.ts";
import { createRetrace } from "./retrace.ts";

let dir: string;
let options: { baseline: string; commitsFile: string; dir: string };
const image = (key: number, balance: number) => ({ number: { i: String(key) }, balance: { r: balance } });
/** Each commit opens an account, and pays one into the first. */
const commits = Array.from({ length: 12 }, (_, index): RowChange[] => [
	{ table: "accounts", key: "1", kind: "update", before: image(1, index), after: image(1, index + 1) },
	{ table: "accounts", key: String(index + 2), kind: "insert", before: null, after: image(index + 2, 100) },
]);

beforeAll(() => {
	dir = mkdtempSync(join(tmpdir(), "phoenix-retrace-"));
	options = { baseline: join(dir, "baseline.db"), commitsFile: join(dir, "commits.jsonl"), dir };
	const database = new DatabaseSync(options.baseline);
	database.exec(
		"PRAGMA journal_mode = WAL; CREATE TABLE accounts (number INTEGER PRIMARY KEY, balance REAL); INSERT INTO accounts VALUES (1, 0)",
	);
	database.close();
	writeFileSync(options.commitsFile, commits.map((commit) => `${JSON.stringify(commit)}\n`).join(""));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Balance of the first account and number of accounts at each of the positions. */
async function walk(retrace: ReturnType<typeof createRetrace>, positions: number[]): Promise<[number, number][]> {
	const { database, state, capture, advance, close } = await retrace.open();
	const seen: [number, number][] = [];
	for (const position of positions) {
		const between = await advance(position);
		capture.unnoticed(() => state.apply(between));
		const { balance, count } = database
			.prepare("SELECT max(balance) FILTER (WHERE number = 1) AS balance, count(*) AS count FROM accounts")
			.get() as { balance: number; count: number };
		seen.push([balance, count]);
	}
	await close();
	return seen;
}

for (const rowsKept of [undefined, 4, 0]) {
	it(`stands where legacy stood, all positions or some, again and again, with ${rowsKept ?? "all"} rows kept`, async () => {
		const retrace = createRetrace({ ...options, positions: [3, 4, 7, 12], ...(rowsKept === undefined ? {} : { rowsKept }) });
		const at = (position: number) => [position, position + 1];
		expect(await walk(retrace, [3, 3, 4, 7, 12])).toEqual([3, 3, 4, 7, 12].map(at));
		expect(await walk(retrace, [4, 12])).toEqual([4, 12].map(at));
		expect(await walk(retrace, [7])).toEqual([7].map(at));
		expect(await walk(retrace, [3, 4, 7, 12])).toEqual([3, 4, 7, 12].map(at));
	});
}

it("says so when the history is shorter than a case needs", async () => {
	await expect(createRetrace({ ...options, positions: [3, 13] }).open()).rejects.toThrow("the history ends at 12, before position 13");
});
