// What the screen promises, with its limits on two shared cores without a graphics card; a laptop is two to four times faster.

/** Milliseconds, bytes or counts, as the goal says; null where nothing could be measured, which is never a goal met. @typedef {number | Record<string, number> | null} Measured */
/** @typedef {{ id: number; name: string; limit: string; isMet(measured: Measured): boolean }} Goal */

const atMost = (/** @type {number} */ limit) => (/** @type {Measured} */ measured) => typeof measured === "number" && measured <= limit;
const zero = atMost(0);
/** Every named part within its own limit; a part that is missing is a part not met. */
const parts = (/** @type {Record<string, number>} */ limits) => (/** @type {Measured} */ measured) =>
	measured !== null &&
	typeof measured === "object" &&
	Object.entries(limits).every(([part, limit]) => (measured[part] ?? Number.POSITIVE_INFINITY) <= limit);
const all = (/** @type {number} */ count) => (/** @type {Measured} */ measured) =>
	measured !== null && typeof measured === "object" && measured.passed === measured.of && (measured.of ?? 0) >= count;

/** @type {readonly Goal[]} */
export const goals = [
	{ id: 1, name: "click on the sample to interactive map", limit: "5,000 ms", isMet: atMost(5_000) },
	{ id: 2, name: "warm start to interactive map", limit: "3,000 ms", isMet: atMost(3_000) },
	{ id: 3, name: "5,000 functions: page to packages view", limit: "4,000 ms", isMet: atMost(4_000) },
	{ id: 4, name: "pan and zoom at 5,000: frame", limit: "p50 17 ms, p95 34 ms", isMet: parts({ p50: 17, p95: 34 }) },
	{ id: 5, name: "pan and zoom at 20,000: frame", limit: "p50 17 ms, p95 70 ms", isMet: parts({ p50: 17, p95: 70 }) },
	{ id: 6, name: "click to inspector and neighbourhood", limit: "150 ms", isMet: atMost(150) },
	{ id: 7, name: "find over 20,000 names: key to results", limit: "50 ms", isMet: atMost(50) },
	{ id: 8, name: "longest frame while the layout is made", limit: "50 ms", isMet: atMost(50) },
	{
		id: 9,
		name: "kill switch: last request at a new service after the press",
		limit: "500 ms, also with a frozen page",
		isMet: parts({ pressed: 500, frozen: 500 }),
	},
	{ id: 10, name: "sample to promoted: presses", limit: "9 presses, 0 of the mouse", isMet: parts({ presses: 9, mouse: 0 }) },
	{ id: 11, name: "interactions by keyboard alone", limit: "12 of 12", isMet: all(12) },
	{ id: 12, name: "axe-core violations: places, dialogs, themes, stage", limit: "0", isMet: parts({ violations: 0 }) },
	{ id: 13, name: "contrast pairs below 4.5 (text) or 3 (marks)", limit: "0", isMet: parts({ below: 0 }) },
	{ id: 14, name: "scroll of 200,000 log lines: frame p95", limit: "34 ms", isMet: atMost(34) },
	{ id: 15, name: "Monaco diff", limit: "first 1,500 ms, later 150 ms", isMet: parts({ first: 1_500, later: 150 }) },
	{ id: 16, name: "page killed under load: failed requests", limit: "0", isMet: zero },
	{ id: 17, name: "engine replaced under load: failed requests", limit: "0", isMet: zero },
	{
		id: 18,
		name: "heap with live charts and logs at 100 requests/s",
		limit: "250 MB, growth 5 MB/h",
		isMet: parts({ megabytes: 250, growthPerHour: 5 }),
	},
	{ id: 19, name: "first page's compressed script, without Monaco", limit: "350 kB", isMet: atMost(350) },
	{ id: 20, name: "same code, same map; moves after a rescan", limit: "0 px, 5 px", isMet: parts({ again: 0, rescan: 5 }) },
	{ id: 21, name: "dialogs usable at 1024x640 and at 200 %", limit: "all", isMet: all(1) },
	{ id: 22, name: "stage: smallest text, smallest number", limit: "18 px, 48 px", isMet: (measured) => isLegible(measured) },
];

/** @param {Measured} measured */
function isLegible(measured) {
	if (measured === null || typeof measured !== "object") return false;
	return (measured.text ?? 0) >= 18 && (measured.canvas ?? 0) >= 18 && (measured.number ?? 0) >= 48;
}
