import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createProjector, openJournal } from "./index.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

async function aProjector(timeoutMs?: number) {
	const file = join(temporaryFolder(), "journal.jsonl");
	const journal = await openJournal({ file });
	const projector = createProjector(timeoutMs === undefined ? { file } : { file, timeoutMs });
	onTestFinished(async () => {
		await projector.close();
		await journal.close();
	});
	const note = async (text: string) => {
		journal.append("note", { function: null, text });
		await journal.durable();
	};
	return { file, projector, note };
}

const texts = "SELECT seq, data ->> '$.text' FROM entries ORDER BY seq";
const endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n";

test("a projector sees what is on disk at each query, and not a line that is being written", async () => {
	const { file, projector, note } = await aProjector();
	expect((await projector.query(texts)).rows).toEqual([]);
	await note("one");
	expect((await projector.query(texts)).rows).toEqual([[1, "one"]]);
	await note("two");
	appendFileSync(file, '{"seq":3,');
	expect((await projector.query(texts)).rows).toEqual([
		[1, "one"],
		[2, "two"],
	]);
});

test("[J11] a query without end is ended by its name and time, and the next one is answered", async () => {
	const { projector, note } = await aProjector(1_500);
	await note("one");
	await expect(projector.query(endless)).rejects.toMatchObject({
		code: "INPUT_INVALID",
		data: { reason: "it took longer than 1.5 s and was ended" },
	});
	expect((await projector.query(texts)).rows).toEqual([[1, "one"]]);
});

test("[J11] a query can be cancelled", async () => {
	const { projector, note } = await aProjector();
	await note("one");
	const cancel = new AbortController();
	const answer = projector.query(endless, [], cancel.signal);
	setTimeout(() => cancel.abort(), 200);
	await expect(answer).rejects.toMatchObject({ code: "CANCELLED" });
	await expect(projector.query(texts, [], cancel.signal)).rejects.toMatchObject({ code: "CANCELLED" });
	expect((await projector.query(texts)).rows).toHaveLength(1);
});

test("a refused query keeps its code across the thread", async () => {
	const { projector } = await aProjector();
	await expect(projector.query("DELETE FROM entries")).rejects.toMatchObject({ name: "Fault", code: "INPUT_INVALID" });
});

test("[J8] a changed line is named by a query too", async () => {
	const { file, projector, note } = await aProjector();
	await note("one");
	await note("two");
	writeFileSync(file, readFileSync(file, "utf8").replace('"two"', '"2"'));
	await expect(projector.query(texts)).rejects.toMatchObject({ code: "JOURNAL_BROKEN", data: { seq: "2" } });
});
