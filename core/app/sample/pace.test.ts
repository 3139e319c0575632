import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { createManualClock } from "../../base/index.ts";
import { nextSampleHome, sampleHome } from "./home.ts";
import { createPace } from "./pace.ts";

function paced() {
	const clock = createManualClock(1_000);
	const abort = new AbortController();
	const pace = createPace({ now: clock.now, signal: abort.signal, onChange: () => {} });
	return { clock, abort, pace };
}

test("a gate waits for the presenter, and only the presenter's word opens it", async () => {
	const { pace } = paced();
	let passed = false;
	const waiting = pace.waitAt("the next chapter").then(() => {
		passed = true;
	});
	await sleep(5);
	expect([pace.gate, passed]).toEqual(["the next chapter", false]);
	pace.resume();
	pace.pause();
	await sleep(5);
	expect([pace.isPaused, passed]).toEqual([false, false]);
	pace.next();
	await waiting;
	expect([pace.gate, passed]).toEqual([null, true]);
});

test("time that is spent standing is told, so that no limit runs out meanwhile", async () => {
	const { pace, clock } = paced();
	pace.pause();
	clock.advance(5_000);
	expect(pace.stoodMs).toBe(5_000);
	pace.resume();
	clock.advance(1_000);
	const waiting = pace.waitAt("more");
	await sleep(5);
	clock.advance(2_000);
	pace.next();
	await waiting;
	expect(pace.stoodMs).toBe(7_000);
});

test("a demo that is under way cannot be told to go on, and one that ends waits nowhere", async () => {
	const { pace, abort } = paced();
	expect(() => pace.next()).toThrow(expect.objectContaining({ code: "RUN_STATE" }));
	const waiting = pace.waitAt("never");
	await sleep(5);
	abort.abort();
	await expect(waiting).rejects.toThrow();
});

test("each round has a home of its own; the one before stays, older ones go, and nothing else is touched", () => {
	const dir = mkdtempSync(join(tmpdir(), "phoenix-home-"));
	try {
		mkdirSync(join(dir, "sample"));
		mkdirSync(join(dir, "sample-of-mine"));
		writeFileSync(join(dir, "journal.jsonl"), "");
		expect(sampleHome(dir)).toEqual({ dir: join(dir, "sample"), round: 1 });
		expect(nextSampleHome(dir).round).toBe(2);
		expect(nextSampleHome(dir).round).toBe(3);
		expect(sampleHome(dir)).toEqual({ dir: join(dir, "sample-3"), round: 3 });
		expect(readdirSync(dir).sort()).toEqual(["journal.jsonl", "sample-2", "sample-3", "sample-of-mine"]);
	} finally {
		rmSync(dir, { recursive: true, force: true });
	}
});
