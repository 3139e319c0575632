import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { killColumns, playKills } from "./testing/kill-rounds.ts";

test.each(killColumns)("[K1] $name: 3 seeds of 25 random deaths of source and writer; nothing lost, nothing doubled", async (column) => {
	const dir = mkdtempSync(join(tmpdir(), "phoenix-kill-"));
	try {
		for (const seed of [1, 2, 3]) {
			const figures = await playKills(column, join(dir, `legacy-${seed}.db`), seed, 25);
			process.stdout.write(`${column.name}, seed ${seed}: ${JSON.stringify(figures)}\n`);
			expect(figures.writerKills).toBeGreaterThan(5);
			expect(figures.sourceKills).toBeGreaterThan(3);
		}
	} finally {
		rmSync(dir, { recursive: true, force: true });
	}
});
