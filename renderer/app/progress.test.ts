import { describe, expect, it } from "vitest";
import { progressWords } from "./progress-words.ts";
import { rankWords } from "./rank-words.ts";

const work = { id: "w", what: "Reading banca", done: 1204, total: 5000, unit: "files", startedAt: 0, cancellable: true };

describe("progress in words", () => {
	it("has counts, rate and how long still", () => {
		expect(progressWords(work, 2000)).toBe("1,204 of 5,000 files, 602 a second, about 7 s left");
	});

	it("promises nothing that nobody can know", () => {
		expect(progressWords({ ...work, total: null }, 2000)).toBe("1,204 files, 602 a second");
		expect(progressWords(work, 100)).toBe("1,204 of 5,000 files");
		expect(progressWords({ ...work, done: 5000 }, 2000)).toBe("5,000 of 5,000 files, 2,500 a second");
	});
});

describe("commands by words", () => {
	const titles = ["Pause the run", "Resume the run", "Switch between light and dark", "Patch: accept", "Show or hide all lines"];
	const rank = (query: string) => rankWords(titles, query, (title) => title);

	it("come with the word at the beginning first", () => {
		expect(rank("pa")[0]).toBe("Pause the run");
		expect(rank("run")).toEqual(["Pause the run", "Resume the run"]);
	});

	it("want every word, in any order, and forgive letters left out", () => {
		expect(rank("dark switch")).toEqual(["Switch between light and dark"]);
		expect(rank("shw lns")).toEqual(["Show or hide all lines"]);
		expect(rank("zebra")).toEqual([]);
	});
});
