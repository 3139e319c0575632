import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { type Collector, openCollector, openSnapshot } from "./index.ts";
import type { Column } from "./testing/conformance.ts";
import { proveColumns } from "./testing/prove-columns.ts";
import { sqliteLegacy } from "./testing/sqlite-legacy.ts";

let collector: Collector;
let dir: string;

const snapshot: Omit<Column, "name" | "engine"> = {
	open: (path) => openSnapshot(path, { pollMs: 20 }),
	unwatched: "merged",
	schema: "lost",
	zeros: "equal",
	zeroInText: "kept",
	replaced: "replaced",
};

beforeAll(async () => {
	dir = mkdtempSync(join(tmpdir(), "phoenix-conformance-"));
	collector = await openCollector();
});
afterAll(async () => {
	await collector.stop();
	rmSync(dir, { recursive: true, force: true });
});

proveColumns([
	{
		name: "WAL tail",
		engine: sqliteLegacy(() => dir, "wal"),
		open: (path) => collector.tail(path),
		unwatched: "apart",
		schema: "followed",
		zeros: "apart",
		zeroInText: "kept",
		replaced: "replaced",
	},
	...(["delete", "truncate", "persist", "memory"] as const).map(
		(journal): Column => ({
			name: `triggers, ${journal}`,
			engine: sqliteLegacy(() => dir, journal),
			open: (path) => collector.tail(path, { method: "triggers" }),
			unwatched: "named",
			schema: "lost",
			zeros: "apart",
			zeroInText: "kept",
			replaced: "replaced",
		}),
	),
	{ ...snapshot, name: "snapshot, rollback", engine: sqliteLegacy(() => dir, "delete") },
	{ ...snapshot, name: "snapshot, WAL", engine: sqliteLegacy(() => dir, "wal") },
]);
