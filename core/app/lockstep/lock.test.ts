import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { createLock } from "./lock.ts";

test("work runs one after the other, also after a failure", async () => {
	const lock = createLock();
	const order: string[] = [];
	const slow = lock(async () => {
		await sleep(10);
		order.push("slow");
	});
	const failing = lock(() => {
		order.push("failing");
		throw new Error("no");
	});
	const last = lock(() => order.push("last"));
	await slow;
	await expect(failing).rejects.toThrow("no");
	await last;
	expect(order).toEqual(["slow", "failing", "last"]);
});
