import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { quitQuestion } from "./quit.ts";
import { createStateDir, type StateDir } from "./testing/state-dir.ts";
import { readTraffic } from "./traffic.ts";

let state: StateDir;
beforeEach(() => {
	state = createStateDir();
});
afterEach(() => state.remove());

test("the traffic is what the plan in force says: canary above zero and promoted routes are live", () => {
	state.gateway([
		{ id: "balance", kind: "legacy" },
		{ id: "loan", kind: "canary", weight: 0 },
		{ id: "interest", kind: "canary", weight: 5 },
		{ id: "transfer", kind: "modern" },
	]);
	expect(readTraffic(state.dir)).toEqual({
		live: [
			{ id: "interest", percent: 5 },
			{ id: "transfer", percent: 100 },
		],
		retired: false,
	});
});

test("without a gateway that lives nothing is live, whatever the last plan says", () => {
	expect(readTraffic(state.dir)).toEqual({ live: [], retired: false });
	state.gateway([{ id: "transfer", kind: "modern" }], { pid: 2 ** 22 + 1 });
	expect(readTraffic(state.dir).live).toEqual([]);
});

test("a plan that is not valid says nothing", () => {
	mkdirSync(join(state.dir, "gateway"));
	writeFileSync(join(state.dir, "gateway/gateway.json"), JSON.stringify({ pid: process.pid }));
	writeFileSync(join(state.dir, "gateway/plan.json"), '{"plan":');
	expect(readTraffic(state.dir).live).toEqual([]);
});

test("nothing is asked when no client is served by new code", () => {
	expect(quitQuestion({ live: [], retired: false }, "none")).toBeNull();
	expect(quitQuestion({ live: [], retired: false }, "paused")).toBeNull();
});

test("under traffic the gateway keeps running unless the traffic goes to legacy first; nothing drops it", () => {
	const live = [
		{ id: "interest", percent: 5 },
		{ id: "transfer", percent: 100 },
	];
	expect(quitQuestion({ live, retired: false }, "running")).toMatchObject({
		message: "New services answer 2 routes now.",
		detail: "interest: 5 %\ntransfer: 100 %\nEverything else is answered by legacy.",
		buttons: ["Keep the gateway running", "Send all to legacy, then quit", "Cancel"],
		defaultId: 0,
		cancelId: 2,
		answers: ["keep", "legacy", "stay"],
	});
});

test("a run without traffic may go on in the background or stand still", () => {
	expect(quitQuestion({ live: [], retired: false }, "running")).toMatchObject({
		message: "A run is under way.",
		buttons: ["Keep running in the background", "Pause and quit", "Cancel"],
		defaultId: 0,
		cancelId: 2,
		answers: ["keep", "pause", "stay"],
	});
});

test("with legacy retired there is nothing to send the traffic to, and a stop says what it does", () => {
	expect(quitQuestion({ live: [{ id: "transfer", percent: 100 }], retired: true }, "none")).toMatchObject({
		message: "New services answer one route now.",
		detail: "transfer: 100 %\nLegacy is retired: after a stop, clients get no answer.",
		buttons: ["Keep the gateway running", "Stop everything, then quit", "Cancel"],
		answers: ["keep", "stop", "stay"],
	});
});
