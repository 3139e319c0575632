import { expect, test } from "vitest";
import type { ReplayState } from "../../../core/contract/replay.ts";
import { answeredText, countsText, exportedText, importedText, shortAnsweredText, shortFile } from "./traffic-words.ts";

const latency = { p50: 1.84, p90: 3, p99: 7.43, max: 12 };
const figures = { read: 10, sent: 8, answered: 8, skipped: {}, failed: {}, byStatus: { 200: 8 }, latency, late: latency };
const state: ReplayState = {
	...{ file: "/a/b.rec", target: "c:1", startedAt: 1, endedAt: 2, sent: 8, comparison: null, cut: null, failure: null },
	figures: { ...figures, seconds: 2, perSecond: 4, cancelled: false },
};
const comparison = { compared: 8, same: 8, different: 0, byStatusOnly: 0, notCompared: {}, groups: [] };

test("a file's name, wherever it lies", () => {
	expect(["/srv/a/monday.rec", "C:\\a\\monday.rec", "monday.rec"].map(shortFile)).toEqual(["monday.rec", "monday.rec", "monday.rec"]);
});

test("counts by reason, the largest first, none of nothing", () => {
	expect(countsText({ late: 2, early: 1_200, never: 0 })).toBe("1,200 early, 2 late");
	expect(countsText({})).toBe("");
});

test("what came of a replay", () => {
	const whole = "8 of 8 requests answered, 4 a second, p50 1.8 ms, p99 7.4 ms";
	expect(answeredText(state)).toBe(whole);
	expect(answeredText({ ...state, comparison })).toBe(`${whole}; all 8 compared are the same`);
	const differing = { ...comparison, same: 6, different: 2, notCompared: { "no answer came": 1 } };
	expect(answeredText({ ...state, comparison: differing })).toBe(`${whole}; 2 of 8 compared differ; not compared: 1 no answer came`);
	const cut = { ...figures, seconds: 2, perSecond: 4, cancelled: true, skipped: { POST: 3 }, failed: { "timed out": 1 } };
	expect(answeredText({ ...state, figures: cut })).toBe(`stopped; ${whole}; not sent: 3 POST; failed: 1 timed out`);
	expect(answeredText({ ...state, figures: null, sent: 1 })).toBe("ended after 1 request.");
	expect(shortAnsweredText(state)).toBe("8 of 8 answered");
	expect(shortAnsweredText({ ...state, comparison })).toBe("8 of 8 answered, none different");
	expect(shortAnsweredText({ ...state, comparison: differing })).toBe("8 of 8 answered, 2 different");
	expect(shortAnsweredText({ ...state, figures: null, sent: 1 })).toBe("ended after 1 request");
});

test("what came of a log that became a recording, and of a recording that became a HAR", () => {
	const made = { file: "/a/day.rec", read: 1_204, records: 1_200, skipped: { "no body": 4 }, masked: { iban: 9 }, withheld: {} };
	expect(importedText(made)).toBe("day.rec: 1,200 of 1,204 requests; left out: 4 no body");
	expect(importedText({ ...made, records: 1_204, skipped: {}, withheld: { "too large": 1 } })).toBe(
		"day.rec: 1,204 of 1,204 requests; withheld: 1 too large",
	);
	const written = { file: "/a/day.har", entries: 1, tunnels: 0, cut: null };
	expect(exportedText(written)).toBe("day.har: 1 exchange");
	expect(exportedText({ ...written, tunnels: 2, cut: "It is cut." })).toBe(
		"day.har: 1 exchange; 2 tunnels left out, for which a HAR has no place. It is cut.",
	);
});
