import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { killColumns, playKills } from "./testing/kill-rounds.ts";

// The long form, with every journal mode, is kill.slow.e2e.ts.
test.each(killColumns.filter(({ name }) => ["WAL tail", "triggers, delete", "snapshot, delete"].includes(name)))(
	"[K1] $name: source and writer killed at random moments; after a restart nothing is lost and nothing doubled",
	async (column) => {
		const dir = mkdtempSync(join(tmpdir(), "phoenix-kill-"));
		try {
			const figures = await playKills(column, join(dir, "legacy.db"), 7, 4);
			expect(figures.writerKills).toBeGreaterThan(0);
			expect(figures.sourceKills).toBeGreaterThan(0);
			expect(figures.commits).toBeGreaterThan(0);
		} finally {
			rmSync(dir, { recursive: true, force: true });
		}
	},
	60_000,
);
