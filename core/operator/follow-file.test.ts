import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Follower, followFile } from "./follow-file.ts";

describe("following a file", () => {
	let dir: string;
	let file: string;
	let lines: string[];
	let follower: Follower | null;
	beforeEach(() => {
		dir = mkdtempSync(join(tmpdir(), "phoenix-follow-"));
		file = join(dir, "service.log");
		lines = [];
		follower = null;
	});
	afterEach(() => {
		follower?.stop();
		rmSync(dir, { recursive: true, force: true });
	});
	const follow = (from: "start" | "end", onSkip?: (bytes: number) => void) => {
		follower = followFile({
			file,
			from,
			onLine: (text, earlier) => lines.push(earlier ? `(${text})` : text),
			...(onSkip === undefined ? {} : { onSkip }),
		});
		return follower;
	};
	/** The name is looked up at every fifth look. */
	const look = (times = 6) => {
		for (let count = 0; count < times; count++) follower?.read();
	};

	it("gives each line once it is whole, in the order of the file", () => {
		writeFileSync(file, "one\ntwo\nthr");
		follow("start");
		look();
		expect(lines).toEqual(["one", "two"]);
		appendFileSync(file, "ee\r\nfour\n");
		look();
		expect(lines).toEqual(["one", "two", "three", "four"]);
	});

	it("keeps a character whole that was written in two pieces", () => {
		const bytes = Buffer.from("caffè\n");
		writeFileSync(file, bytes.subarray(0, 5));
		follow("start");
		look();
		appendFileSync(file, bytes.subarray(5));
		look();
		expect(lines).toEqual(["caffè"]);
	});

	it("reads a rotated log to its end and goes on with the file that has the name now", () => {
		writeFileSync(file, "before\n");
		follow("start");
		look();
		appendFileSync(file, "last of the old\n");
		renameSync(file, `${file}.1`);
		writeFileSync(file, "first of the new\n");
		look();
		appendFileSync(file, "second of the new\n");
		look();
		expect(lines).toEqual(["before", "last of the old", "first of the new", "second of the new"]);
	});

	it("begins again in a file that was cut off", () => {
		writeFileSync(file, "a long line before\n");
		follow("start");
		look();
		truncateSync(file);
		look();
		appendFileSync(file, "after\n");
		look();
		expect(lines).toEqual(["a long line before", "after"]);
	});

	it("waits for a file that does not exist yet", () => {
		follow("start");
		look();
		writeFileSync(file, "here\n");
		look();
		expect(lines).toEqual(["here"]);
	});

	it("calls what was there before earlier, and only that", () => {
		writeFileSync(file, "old\nolder hal");
		follow("end");
		look();
		appendFileSync(file, "f\nnew\n");
		look();
		expect(lines).toEqual(["(old)", "(older half)", "new"]);
	});

	it("passes over what was written much faster than it can be read, and says how much", () => {
		writeFileSync(file, "");
		let skipped = 0;
		follow("start", (bytes) => {
			skipped += bytes;
		});
		look();
		const line = `${"x".repeat(99)}\n`;
		writeFileSync(file, line.repeat(100_000));
		look();
		expect(skipped).toBeGreaterThan(9_000_000);
		expect(lines.length).toBeGreaterThan(2_000);
		expect(skipped + lines.length * 100).toBeGreaterThan(10_000_000 - 200);
		expect(lines.every((text) => text.length === 99)).toBe(true);
	});

	it("gives the last line at the end even without its newline, and takes colours of a terminal away", () => {
		writeFileSync(file, "\u001b[31mred\u001b[0m\nrest");
		follow("start").stop();
		expect(lines).toEqual(["red", "rest"]);
	});
});
