import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { reasonOf } from "../../base/index.ts";
import type { Commit } from "../../contract/effects.ts";
import { changeLine, insertLines } from "../testing/debezium-lines.ts";
import { type DebeziumOptions, type DebeziumSource, openDebezium } from "./open-debezium.ts";

let dir: string;
let file: string;
const opened: DebeziumSource[] = [];

beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), "phoenix-debezium-"));
	file = join(dir, "events.jsonl");
	writeFileSync(file, "");
});
afterEach(async () => {
	for (const source of opened.splice(0)) await source.stop();
	rmSync(dir, { recursive: true, force: true });
});

async function follow(options: DebeziumOptions = {}) {
	const source = await openDebezium(`debezium:${file}`, { pollMs: 5, ...options });
	opened.push(source);
	const commits: Commit[] = [];
	const positions: string[] = [];
	source.subscribe((commit) => {
		commits.push(commit);
		positions.push(source.position);
	});
	return { source, commits, positions, keys: () => commits.map(({ changes }) => changes.map(({ key }) => key).join()) };
}

const write = (lines: readonly string[]) => appendFileSync(file, lines.map((line) => `${line}\n`).join(""));

test("[D7] [D8] the file is followed from its present end, a line when it is whole", async () => {
	write(insertLines(10, 100, 1));
	const { source, keys, commits } = await follow();
	const text = `${insertLines(11, 200, 2, 3).join("\n")}\n`;
	for (let at = 0; at < text.length; at += 97) {
		appendFileSync(file, text.slice(at, at + 97));
		await new Promise((resolve) => setTimeout(resolve, 3));
	}
	await source.drain();
	expect(keys()).toEqual(["2,3"]);
	expect(commits[0]).toMatchObject({ index: 1 });
	expect(commits[0]?.since).toBeLessThanOrEqual(commits[0]?.at ?? 0);
});

test("[D8] reading goes on behind the commit that was kept: nothing lost, nothing doubled, wherever it was killed", async () => {
	const lines = [...insertLines(10, 100, 1), ...insertLines(11, 200, 2, 3), ...insertLines(12, 300, 4), ...insertLines(13, 400, 5)];
	const first = await follow();
	write(lines);
	await first.source.drain();
	expect(first.keys()).toEqual(["1", "2,3", "4", "5"]);
	for (const [place, after] of first.positions.entries()) {
		const again = await follow({ after });
		await again.source.drain();
		expect(again.keys()).toEqual(first.keys().slice(place + 1));
	}
});

test("[D8] without metadata a position lies before the transaction that closed the one it is of", async () => {
	const line = (id: number) => changeLine("c", { id, name: "x" }, { txId: id, lsn: id * 10 });
	const first = await follow();
	write([line(1), line(2), line(3)]);
	await expect.poll(() => first.keys(), { timeout: 10_000 }).toEqual(["1", "2"]);
	expect(first.keys()).toEqual(["1", "2"]);
	const again = await follow({ after: first.positions[0] as string });
	write([line(4)]);
	await expect.poll(again.keys, { timeout: 10_000 }).toEqual(["2", "3"]);
}, 30_000);

test("[D7] without an END drain does not claim that the last transaction has arrived, and the source lives on", async () => {
	const { source, keys } = await follow({ drainMs: 50 });
	write([changeLine("c", { id: 1, name: "x" }, { txId: 10, lsn: 100 })]);
	await expect(source.drain()).rejects.toMatchObject({
		data: {
			reason: expect.stringContaining("nothing says that its last transaction is whole"),
			remedy: expect.stringContaining("provide.transaction.metadata"),
		},
	});
	write([changeLine("c", { id: 2, name: "x" }, { txId: 11, lsn: 200 })]);
	await expect.poll(keys, { timeout: 10_000 }).toEqual(["1"]);
});

test.each([
	["cut off", () => truncateSync(file, 10), "the file was cut off"],
	[
		"replaced",
		() => {
			writeFileSync(`${file}.new`, "");
			renameSync(`${file}.new`, file);
		},
		"replaced or removed",
	],
	["removed", () => rmSync(file), "replaced or removed"],
	["broken", () => appendFileSync(file, "{\n"), "is no JSON"],
])("[D10] a file that is %s is told once, and drain fails from then on", async (_, harm, reason) => {
	write(insertLines(10, 100, 1));
	const { source } = await follow();
	const reasons: string[] = [];
	source.onLost((fault) => reasons.push(reasonOf(fault)));
	harm();
	await expect.poll(() => reasons, { timeout: 10_000 }).toEqual([expect.stringContaining(reason)]);
	await expect(source.drain()).rejects.toMatchObject({ code: "DATABASE_UNSUITABLE", data: { reason: expect.stringContaining(reason) } });
});

test("[D8] a position of another file, or of none, is refused", async () => {
	const first = await follow();
	write(insertLines(10, 100, 1));
	await first.source.drain();
	const after = first.source.position;
	rmSync(file);
	write(insertLines(20, 100, 1, 2));
	await expect(openDebezium(`debezium:${file}`, { after })).rejects.toMatchObject({
		data: { reason: expect.stringContaining("another log") },
	});
	await expect(openDebezium(`debezium:${file}`, { after: "soon" })).rejects.toMatchObject({ code: "INPUT_INVALID" });
	await expect(openDebezium("debezium:/nowhere/events.jsonl")).rejects.toMatchObject({ code: "SOURCE_UNREADABLE" });
	await expect(openDebezium("kafka://127.0.0.1/no-port")).rejects.toMatchObject({ code: "INPUT_INVALID" });
	await expect(openDebezium("kafka://127.0.0.1:9/topic")).rejects.toMatchObject({ code: "SOURCE_UNREADABLE" });
});

test("[D7] a source that can write a mark begins and drains at the database's state, not at that of the log", async () => {
	const marked = (txId: number) => (text: string) => {
		const source = { connector: "postgresql", txId, lsn: txId * 10, sequence: `[null,"${txId * 10}"]`, schema: "", table: "" };
		const message = { prefix: "phoenix", content: Buffer.from(text).toString("base64") };
		return JSON.stringify({ key: { prefix: "phoenix" }, value: { op: "m", ts_ms: 1, source, transaction: null, message } });
	};
	let txId = 20;
	// The connector is behind: what was committed before the mark comes to the log with it.
	const late: string[][] = [insertLines(10, 100, 1), insertLines(11, 110, 2)];
	const mark = async (text: string) => write([...(late.shift() ?? []), marked(txId++)(text)]);
	const { source, keys } = await follow({ mark });
	expect(source.index).toBe(0);
	await source.drain();
	expect(keys()).toEqual(["2"]);
	const deaf = await openDebezium(`debezium:${file}`, { mark: async () => {}, drainMs: 50 }).catch((error: unknown) => error);
	expect(deaf).toMatchObject({ data: { reason: expect.stringContaining("the connector has not written what was committed") } });
});

test("[D12] the time of a commit is between its database's clock and the moment when it was read", async () => {
	const { source, commits } = await follow();
	write([...insertLines(12, 100, 1), ...insertLines(11, 200, 2)]);
	await source.drain();
	// The second one was made first, by that clock.
	expect(commits.map(({ since }) => since)).toEqual([1_700_000_000_007, 1_700_000_000_007]);
	for (const { since, at } of commits) expect(at).toBeGreaterThan(since);
});

test("[D8] keys and values may be texts, as kcat -J prints them", async () => {
	const { source, keys } = await follow();
	const kcat = insertLines(10, 100, 1, 2).map((line) => {
		const { key, value } = JSON.parse(line);
		return JSON.stringify({ topic: "bank", partition: 0, offset: 1, key: JSON.stringify(key), payload: JSON.stringify(value) });
	});
	write([...kcat, JSON.stringify({ topic: "bank", key: '{"id":1}', payload: null })]);
	await source.drain();
	expect(keys()).toEqual(["1,2"]);
	expect(source.passed.tombstone).toBe(1);
});
