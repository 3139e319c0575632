import { describe, expect, it } from "vitest";
import { gathered, progressWords, sumOf } from "./progress-words.ts";
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

describe("works of one sort", () => {
	const search = (name: string, done: number, total: number | null) => ({
		...{ id: name, what: `Searching a repair for ${name}`, done, total, unit: "cases of this round", startedAt: 0, cancellable: true },
		...{ sort: "Searching repairs", isBound: true },
	});
	const names = ["transfer", "interest", "fees"];

	it("stand by themselves while there are two, and as one from three on, where the first stood", () => {
		const [one, two, three] = names.map((name) => search(name, 0, null));
		if (one === undefined || two === undefined || three === undefined) throw new Error("three are needed");
		expect(gathered([one, work, two])).toEqual([[one], [two], [work]]);
		expect(gathered([work, one, two, three])).toEqual([[work], [one, two, three]]);
	});

	it("are summed up by what runs; what waits is not counted as if it ran", () => {
		const works = [search("transfer", 412, 690), search("interest", 0, null), search("fees", 0, null)];
		expect(sumOf(works)).toEqual({
			done: 412,
			total: 690,
			words: "1 of 3 at work, 412 of at most 690 cases of this round, 2 waiting",
		});
		expect(sumOf(works.slice(1)).total).toBeNull();
	});

	it("that end as soon as something is found name no time", () => {
		expect(progressWords(search("transfer", 412, 690), 2000)).toBe("412 of at most 690 cases of this round");
		expect(progressWords(search("fees", 0, null), 2000)).toBe("Waits for its turn");
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
