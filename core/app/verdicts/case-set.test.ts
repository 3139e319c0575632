import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readCases } from "./case-set.ts";
import { type JudgedCase, judgeCase } from "./judge-cases.ts";
import { missLines, scoreLine } from "./score-table.ts";

const dir = mkdtempSync(join(tmpdir(), "phoenix-cases-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const answered = (fee: number) => ({ status: 200, contentType: "application/json", body: JSON.stringify({ fee }), changes: [] });
const transaction = (legacy: number, modern: number) => ({
	...{ request: { method: "GET", target: "/fee", headers: [], body: "" }, window: { from: 0, to: 1 } },
	...{ legacy: answered(legacy), modern: answered(modern) },
});
const line = (id: string, more: object) =>
	JSON.stringify({
		...{ id, application: "own", family: "fee", split: "tuned", label: "bug", cause: "offset" },
		...{ policy: { random: [], clock: [], clockSlackMs: 0 }, transactions: [1, 2, 3].map((fee) => transaction(fee * 10, fee * 10 + 2)) },
		...more,
	});

function fileOf(...lines: string[]): string {
	const file = join(dir, `${Math.random()}.jsonl`);
	writeFileSync(file, lines.join("\n"));
	return file;
}

async function judged(file: string): Promise<JudgedCase[]> {
	const found: JudgedCase[] = [];
	for await (const one of readCases(file)) found.push(judgeCase(one));
	return found;
}

test("a set of one's own is judged, with its misses, those of the held-out half unseen", async () => {
	const same = [transaction(5, 5)];
	const file = fileOf(
		line("caught", {}),
		"",
		line("named otherwise", { cause: "rate" }),
		line("named rightly too", { cause: "rate", also: ["offset"] }),
		line("waved through", { transactions: same }),
		line("quiet", { label: "benign", cause: null, transactions: same }),
		line("false alarm", { label: "benign", cause: null }),
		line("unseen", { split: "heldOut", transactions: same }),
	);
	const all = await judged(file);
	expect(scoreLine(all)).toEqual({
		...{ bugs: 4, caught: 0.75, benign: 2, benignFlagged: 0.5, causeRight: 0.6667, cases: 7 },
		heldOut: { bugs: 1, caught: 0, benign: 0, benignFlagged: 0, causeRight: 0 },
	});
	expect(missLines(all)).toEqual([
		"other cause: named otherwise, answer/fee: offset (the same amount is added: 2, in all 3 cases)",
		"not caught: waved through",
		"false alarm: false alarm, answer/fee: offset (the same amount is added: 2, in all 3 cases)",
	]);
});

test.each([
	["{", "line 2", /JSON/],
	[line("x", { label: "maybe" }), "line 2", /label/],
	[line("x", { transactions: [] }), "line 2", /transactions/],
])("a line that is no case is named: %#", async (bad, place, reason) => {
	const read = judged(fileOf(line("good", {}), bad));
	await expect(read).rejects.toMatchObject({
		code: "INPUT_INVALID",
		data: { subject: expect.stringContaining(place), reason: expect.stringMatching(reason) },
	});
});

test("a file that is not there is named", async () => {
	await expect(judged(join(dir, "none.jsonl"))).rejects.toMatchObject({ code: "SOURCE_UNREADABLE" });
});
