import { expect, test } from "vitest";
import { createQueue } from "./queue.ts";

test("what came before the reader is read, and an abort ends the reading", async () => {
	const queue = createQueue<number>(10);
	queue.push(1);
	queue.push(2);
	const abort = new AbortController();
	const seen: number[] = [];
	for await (const value of queue.values(abort.signal)) {
		seen.push(value);
		if (value === 2) setTimeout(() => queue.push(3), 5);
		if (value === 3) abort.abort();
	}
	expect(seen).toEqual([1, 2, 3]);
});

test("a slow reader gets the newest values only", async () => {
	const queue = createQueue<number>(2);
	for (const value of [1, 2, 3]) queue.push(value);
	const { value } = await queue.batches().next();
	expect(value).toEqual([2, 3]);
});
