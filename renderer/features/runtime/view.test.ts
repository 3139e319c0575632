import { describe, expect, it } from "vitest";
import type { OutputLine } from "../../../core/contract/runtime.ts";
import { createLines } from "./lines.ts";
import { createView, matchesIn, patternOf, placeOf } from "./view.ts";

const line = (seq: number, part: Partial<OutputLine> = {}): OutputLine => ({
	seq,
	at: seq,
	source: seq % 2 === 0 ? "even" : "odd",
	stream: "out",
	level: "plain",
	text: `line ${seq}`,
	...part,
});
const from = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => line(first + index));
const seqs = (lines: readonly OutputLine[]) => lines.map(({ seq }) => seq);

describe("the lines of the page", () => {
	it("are the newest of one life, each once", () => {
		const store = createLines(5);
		store.getState().take({ life: "a", lines: from(1, 3), missed: 0 });
		store.getState().take({ life: "a", lines: from(2, 4), missed: 0 });
		expect([seqs(store.getState().lines), store.getState().older]).toEqual([[1, 2, 3, 4], 0]);
		store.getState().take({ life: "b", lines: from(1, 2), missed: 0 });
		expect(seqs(store.getState().lines)).toEqual([1, 2]);
	});

	it("begin anew after a gap, and say how many older ones there are", () => {
		const store = createLines(100);
		store.getState().take({ life: "a", lines: from(1, 3), missed: 0 });
		store.getState().take({ life: "a", lines: from(50, 52), missed: 46 });
		expect([seqs(store.getState().lines), store.getState().older]).toEqual([[50, 51, 52], 49]);
	});

	it("take older ones in front of them, as far as there is room", () => {
		const store = createLines(6);
		store.getState().take({ life: "a", lines: from(11, 14), missed: 0 });
		store.getState().prepend({ life: "a", lines: from(5, 10), more: true, scanned: 6 });
		expect([seqs(store.getState().lines), store.getState().older]).toEqual([[9, 10, 11, 12, 13, 14], 8]);
		store.getState().prepend({ life: "another", lines: from(1, 3), more: false, scanned: 3 });
		expect(store.getState().lines).toHaveLength(6);
	});
});

describe("a view of the lines", () => {
	it("follows what comes and goes, and is what a fresh view would be", () => {
		const all = from(1, 10);
		const view = createView({ source: "even", level: "all" });
		view.follow(all);
		expect(seqs(view.lines)).toEqual([2, 4, 6, 8, 10]);
		all.push(...from(11, 14));
		all.splice(0, 5);
		expect(view.follow(all)).toEqual({ gone: 2, came: 0 });
		expect(seqs(view.lines)).toEqual([6, 8, 10, 12, 14]);
		expect(view.follow([...from(1, 5), ...all])).toEqual({ gone: 0, came: 2 });
		expect(seqs(view.lines)).toEqual([2, 4, 6, 8, 10, 12, 14]);
		expect(view.follow(from(1, 3))).toEqual({ gone: 0, came: 0 });
		expect(seqs(view.lines)).toEqual([2]);
	});

	it("shows errors with warnings, or errors alone", () => {
		const all = [line(1), line(2, { level: "warn" }), line(3, { level: "bad" })];
		const shown = (level: "warn" | "bad") => {
			const view = createView({ source: null, level });
			view.follow(all);
			return seqs(view.lines);
		};
		expect([shown("warn"), shown("bad")]).toEqual([[2, 3], [3]]);
	});

	it("finds a text as it stands, whatever signs are in it", () => {
		const all = [line(1, { text: "a (b) [c]" }), line(2, { text: "A (B)" }), line(3)];
		expect(matchesIn(all, patternOf("(b)"))).toEqual([1, 2]);
		expect([matchesIn(all, patternOf("")), patternOf("")]).toEqual([[], null]);
		expect([placeOf(all, 2), placeOf(all, 9)]).toEqual([1, -1]);
	});
});
