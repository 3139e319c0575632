import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { progressText, withProgress } from "./progress-line.ts";

const work = { id: "work-1", what: "Reading banca", done: 1204, total: 5000, unit: "files", startedAt: 0, cancellable: true };

describe("a line of progress", () => {
	it("has counts, rate and what is left", () => {
		expect(progressText(work, 2000)).toBe("Reading banca: 1,204 of 5,000 files, 602 a second, 7 s left");
	});

	it("promises nothing that nobody can know", () => {
		expect(progressText({ ...work, total: null }, 2000)).toBe("Reading banca: 1,204 files, 602 a second");
		expect(progressText(work, 10)).toBe("Reading banca: 1,204 of 5,000 files");
	});

	it("names no time for what may end at any moment", () => {
		expect(progressText({ ...work, isBound: true }, 2000)).toBe("Reading banca: 1,204 of at most 5,000 files");
	});

	it("is written only of what takes longer than a glance", async () => {
		const lines: string[] = [];
		const out = { isTTY: true, write: (text: string) => lines.push(text) };
		await withProgress({ what: "Quick", unit: "files" }, async (step) => step(1, 1), out);
		expect(lines).toEqual([]);
		await withProgress(
			{ what: "Slow", unit: "files" },
			async (step) => {
				step(3, 6);
				await sleep(620);
			},
			out,
		);
		expect(lines[0]).toMatch(/^\rSlow: 3 of 6 files/);
	});
});
