import { describe, expect, it } from "vitest";
import { createOutput } from "./output.ts";

function filled(capacity: number, amount: number) {
	const output = createOutput({ capacity });
	for (let number = 1; number <= amount; number++) output.add(number % 2 === 0 ? "even" : "odd", "out", `line ${number}`);
	return output;
}
const texts = (lines: { text: string }[]) => lines.map(({ text }) => text);

describe("the memory of output", () => {
	it("keeps the newest lines, forgets the oldest and counts them, per source too", () => {
		const output = filled(10, 25);
		expect([output.held, output.forgotten, output.last, output.count("even"), output.count("odd")]).toEqual([10, 15, 25, 5, 5]);
		expect(texts(output.after(0, 100).batch.lines)).toEqual(Array.from({ length: 10 }, (_, index) => `line ${index + 16}`));
	});

	it("tells a reader who fell behind how many lines it missed, and where to go on", () => {
		const output = filled(10, 25);
		const { batch, next } = output.after(4, 3);
		expect([batch.missed, texts(batch.lines), next]).toEqual([11, ["line 16", "line 17", "line 18"], 18]);
		expect(output.after(next, 100).batch.missed).toBe(0);
	});

	it("goes on after the last line that was looked at, also when the source wrote none of them", () => {
		const output = createOutput({ capacity: 10 });
		output.add("a", "out", "one");
		output.add("b", "out", "two");
		const { batch, next } = output.after(0, 10, "c");
		expect([batch.lines, next]).toEqual([[], 2]);
	});

	it("gives the newest lines before a place, in their order", () => {
		const found = filled(100, 30).before(21, 3, "even");
		expect([texts(found.lines), found.more]).toEqual([["line 16", "line 18", "line 20"], true]);
		expect(filled(100, 30).before(3, 10).more).toBe(false);
	});

	it("finds a text in any case and a pattern, the newest first, and says whether there is more", async () => {
		const output = filled(100, 30);
		const found = await output.search({ text: "LINE 2", limit: 3 });
		expect([texts(found.lines), found.more]).toEqual([["line 27", "line 28", "line 29"], true]);
		const whole = await output.search({ text: "^line [12]$", regex: true, limit: 10 });
		expect([texts(whole.lines), whole.more, whole.scanned]).toEqual([["line 1", "line 2"], false, 30]);
	});

	it("refuses a pattern that is none, and one that would never end", async () => {
		const output = createOutput();
		output.add("a", "out", `${"a".repeat(40)}!`);
		await expect(output.search({ text: "(", regex: true, limit: 1 })).rejects.toMatchObject({ code: "INPUT_INVALID" });
		const started = performance.now();
		await expect(output.search({ text: "^(a+)+$", regex: true, limit: 1 })).rejects.toMatchObject({ code: "INPUT_INVALID" });
		expect(performance.now() - started).toBeLessThan(2_000);
	});

	it("knows the level of a line by the level it names, else by its words", () => {
		const output = createOutput();
		for (const text of [
			'{"level":"error","msg":"x"}',
			'{"level":30,"msg":"no error here"}',
			"warning: old",
			"Error: x is not a function",
			"*** OperationalError",
			"an error",
		])
			output.add("a", "err", text);
		expect(output.after(0, 10).batch.lines.map(({ level }) => level)).toEqual(["bad", "plain", "warn", "bad", "bad", "bad"]);
	});

	it("holds 200,000 lines and searches them within a second while others go on", async () => {
		const output = filled(200_000, 250_000);
		let turns = 0;
		const timer = setInterval(() => turns++, 1);
		const started = performance.now();
		const found = await output.search({ text: "line 50001", limit: 10 });
		clearInterval(timer);
		expect(texts(found.lines)).toEqual(["line 50001"]);
		expect(found.scanned).toBe(200_000);
		expect(turns).toBeGreaterThan(5);
		expect(performance.now() - started).toBeLessThan(3_000);
	});
});
