import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { JournalEntry } from "../../contract/journal.ts";
import { openProjection, shippedQuestions } from "../../journal/index.ts";
import { createQuestions } from "./questions.ts";

let dir = "";
beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), "phoenix-questions-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test("every shipped question is understood, and answered from a recorded journal", async () => {
	const text = readFileSync(new URL("./fixtures/sample-run/journal.jsonl", import.meta.url), "utf8");
	const projection = await openProjection(
		text
			.split("\n")
			.filter(Boolean)
			.map((line) => JSON.parse(line) as JournalEntry),
	);
	const amounts = shippedQuestions.map((question) => [question.title, projection.query(question.sql).rows.length] as const);
	projection.close();
	expect(amounts.filter(([, rows]) => rows === 0).map(([title]) => title)).toEqual(["Mirrored requests not compared"]);
});

test("one's own questions stay in the state directory, by title", () => {
	createQuestions(dir).save({ title: "B", about: "", sql: "SELECT 2" });
	createQuestions(dir).save({ title: "A", about: "first", sql: "SELECT 1" });
	createQuestions(dir).save({ title: "B", about: "", sql: "SELECT 3" });
	const own = () =>
		createQuestions(dir)
			.list()
			.filter((question) => question.own);
	expect(own()).toEqual([
		{ title: "A", about: "first", sql: "SELECT 1", own: true },
		{ title: "B", about: "", sql: "SELECT 3", own: true },
	]);
	createQuestions(dir).remove("A");
	expect(own().map((question) => question.title)).toEqual(["B"]);
});

test("a title of Phoenix itself is refused, and so is a file that holds no questions", () => {
	const questions = createQuestions(dir);
	expect(() => questions.save({ title: "Who decided what", about: "", sql: "SELECT 1" })).toThrow(
		expect.objectContaining({ code: "INPUT_INVALID" }),
	);
	writeFileSync(join(dir, "questions.json"), '{"not": "a list"}');
	expect(() => questions.list()).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
});
