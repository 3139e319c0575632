import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { JournalEntry } from "../contract/journal.ts";
import { createProjector, openJournal, openProjection, shippedQuestions } from "./index.ts";
import { journalTraffic } from "./testing/journal-traffic.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const total = 4_000;

function entriesOf(seed: number): JournalEntry[] {
	const traffic = journalTraffic(seed);
	return Array.from({ length: total }, (_, index) => {
		const record = index === 10 ? { kind: "panic" as const, data: { reason: "drill", by: "architect", ms: 12 } } : traffic();
		return { seq: index + 1, at: 1_000 + index, prev: "", hash: "", ...record } as JournalEntry;
	});
}

test("[J13] a projection that holds only the newest entries gives the same totals as one that holds them all", async () => {
	const [whole, bounded] = [await openProjection(entriesOf(3)), await openProjection(entriesOf(3), 500)];
	const titles = ["Verdicts per function and version", "Mirrored requests not compared", "What the journal holds", "Who decided what"];
	for (const { sql } of shippedQuestions.filter(({ title }) => titles.includes(title)))
		expect(bounded.query(sql).rows).toEqual(whole.query(sql).rows);
	expect(titles.every((title) => shippedQuestions.some((question) => question.title === title))).toBe(true);
	const held = Number(bounded.query("SELECT count(*) FROM entries").rows[0]?.[0]);
	const folded = Number(bounded.query("SELECT sum(entries) FROM folded").rows[0]?.[0]);
	expect(held).toBeLessThanOrEqual(500 * 1.25 + 1);
	expect(held + folded).toBe(total);
	expect(bounded.query("SELECT count(*) FROM entries WHERE kind = 'panic'").rows).toEqual([[1]]);
	expect(whole.query("SELECT count(*) FROM folded").rows).toEqual([[0]]);
});

test("[J13] the time of a query does not count the entries that are read first", async () => {
	const file = join(temporaryFolder(), "journal.jsonl");
	const journal = await openJournal({ file });
	const traffic = journalTraffic(5);
	for (let count = 0; count < 30_000; count++) {
		const { kind, data } = traffic();
		journal.append(kind, data);
	}
	await journal.durable();
	const projector = createProjector({ file, timeoutMs: 100 });
	onTestFinished(async () => {
		await projector.close();
		await journal.close();
	});
	// Reading 30,000 entries takes several times the limit.
	expect((await projector.query("SELECT max(seq) FROM entries")).rows).toEqual([[30_000]]);
});
