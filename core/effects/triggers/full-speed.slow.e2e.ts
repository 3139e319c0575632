import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Collector, openCollector } from "../index.ts";
import { differing, readTables, record, replay, startWriter, ticksOf } from "../testing/follow.ts";

let collector: Collector;
let dir: string;

beforeAll(async () => {
	collector = await openCollector();
});
afterAll(() => collector.stop());
beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), "phoenix-triggers-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test.each(["delete", "delete spill", "persist spill", "truncate fullsync"])(
	"[T8] [T9] a foreign writer at full speed (%s): no half state is believed; alone or merged by name, its commits rebuild the database",
	async (words) => {
		const features = words.split(" ");
		const file = join(dir, "busy.db");
		const first = await (await startWriter(file, 41, 60, 0, features)).done;
		const source = await collector.tail(file, { method: "triggers" });
		const tables = readTables(file);
		const delivered = record(source);
		const { last } = await (await startWriter(file, 42, 600, 0, features)).done;
		await source.drain();
		expect(ticksOf(delivered)).toEqual(Array.from({ length: last - first.last }, (_, index) => first.last + 1 + index));
		// A transaction may hold no row but its number, none holds no row.
		const told = delivered.commits.reduce((sum, { merged = 1 }) => sum + merged, 0);
		expect(told).toBe(last - first.last);
		expect(replay(tables, delivered)).toEqual([]);
		expect(differing(tables, readTables(file))).toEqual([]);
		await source.stop();
	},
);
