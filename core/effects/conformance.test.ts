import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, test } from "vitest";
import type { EffectSource } from "../contract/effects.ts";
import { type Collector, openCollector, openSnapshot } from "./index.ts";
import { type Column, conformance } from "./testing/conformance.ts";

let collector: Collector;
let dir: string;
const proved = new Set<string>();

const columns: readonly Column[] = [
	{ name: "WAL tail", journal: "wal", open: (path) => collector.tail(path), unwatched: "apart", schema: "followed", zeros: "apart" },
	...(["delete", "truncate", "persist", "memory"] as const).map(
		(journal): Column => ({
			name: `triggers, ${journal}`,
			journal,
			open: (path) => collector.tail(path, { method: "triggers" }),
			unwatched: "named",
			schema: "lost",
			zeros: "apart",
		}),
	),
	{
		name: "snapshot, rollback",
		journal: "delete",
		open: (path) => openSnapshot(path, { pollMs: 20 }),
		unwatched: "merged",
		schema: "lost",
		zeros: "equal",
	},
	{
		name: "snapshot, WAL",
		journal: "wal",
		open: (path) => openSnapshot(path, { pollMs: 20 }),
		unwatched: "merged",
		schema: "lost",
		zeros: "equal",
	},
];

beforeAll(async () => {
	dir = mkdtempSync(join(tmpdir(), "phoenix-conformance-"));
	collector = await openCollector();
});
afterAll(async () => {
	await collector.stop();
	rmSync(dir, { recursive: true, force: true });
	process.stdout.write(`${table()}\n`);
});

describe.each(columns.map((column, place) => ({ ...column, place })))("$name", (column) => {
	test.each(conformance)("[$id] $says", async (rule) => {
		const path = join(dir, `${column.place}-${rule.id}.db`);
		const writer = new DatabaseSync(path, { timeout: 5000 });
		writer.exec(`PRAGMA journal_mode = ${column.journal}; PRAGMA synchronous = OFF;
			CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT COLLATE NOCASE, b); CREATE TABLE u (code TEXT UNIQUE, n)`);
		const opened: EffectSource[] = [];
		const open = async () => {
			const source = await column.open(path);
			opened.push(source);
			return source;
		};
		try {
			await rule.prove({ column, path, writer, open });
			proved.add(`${column.name} ${rule.id}`);
		} finally {
			for (const source of opened) await source.stop();
			writer.close();
		}
	});
});

function table(): string {
	const cell = (column: Column, id: string) => {
		if (!proved.has(`${column.name} ${id}`)) return "NOT SHOWN";
		return id === "E9" ? column.unwatched : id === "E10" ? column.schema : id === "E14" ? column.zeros : "holds";
	};
	const lines = conformance.map(({ id, says }) => [id.padEnd(4), ...columns.map((column) => cell(column, id).padEnd(20)), says].join(" "));
	return [["    ", ...columns.map(({ name }) => name.padEnd(20)), "rule"].join(" "), ...lines].join("\n");
}
