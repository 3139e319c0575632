import { expect, test } from "vitest";
import type { Frame } from "../core/contract/frames.ts";
import type { Line } from "../core/contract/line.ts";
import { forward } from "./page-line.ts";
import { createRate } from "./rate.ts";
import { FakePort } from "./testing/fake-page.ts";

/** A line whose other end is the test. */
function lineOf() {
	const port = new FakePort();
	const line: Line = {
		postMessage: (frame) => port.postMessage(frame),
		on: (event, listener) => void port.on(event, (data?: { data: Frame }) => listener(data)),
		close: () => port.close(),
	};
	return { core: port, line };
}

async function opened() {
	const page = new FakePort();
	const { core, line } = lineOf();
	await forward(page as never, async () => line);
	return { page, core };
}

test("messages pass both ways unread, and the page is told when it may begin", async () => {
	const { page, core } = await opened();
	expect([page.started, page.posted]).toEqual([true, ["phoenix-ready"]]);
	page.say("to the core");
	core.say("to the page");
	expect([core.posted, page.posted.at(-1)]).toEqual([["to the core"], "to the page"]);
});

test("when one side goes the other does too", async () => {
	const first = await opened();
	first.page.close();
	expect(first.core.closed).toBe(true);
	const second = await opened();
	second.core.close();
	expect([second.page.closed, second.page.posted.at(-1)]).toEqual([true, "phoenix-gone"]);
});

test("without a core the port is closed, and a page that left while one was looked for leaves no line behind", async () => {
	const page = new FakePort();
	await forward(page as never, () => Promise.reject(new Error("none")));
	expect(page.closed).toBe(true);
	const hasty = new FakePort();
	const { core, line } = lineOf();
	const forwarding = forward(hasty as never, async () => line);
	hasty.close();
	await forwarding;
	expect(core.closed).toBe(true);
});

test("[S7] what is no frame, and more of them than a screen sends, ends the line", async () => {
	for (const wrong of [{ call: "run" }, 7, null, undefined]) {
		const { page, core } = await opened();
		page.say(wrong);
		expect([core.posted, core.closed]).toEqual([[], true]);
	}
	const { page, core } = await opened();
	for (let turn = 0; turn < 3_000; turn++) page.say("again");
	expect(core.closed).toBe(true);
	expect(core.posted.length).toBeGreaterThanOrEqual(2_000);
	expect(core.posted.length).toBeLessThan(2_500);
});

test("a rate fills up again, and keeps no more than one second", () => {
	let now = 0;
	const isAllowed = createRate(2, () => now);
	const burst = () => [isAllowed(), isAllowed(), isAllowed()];
	expect(burst()).toEqual([true, true, false]);
	now += 500;
	expect(burst()).toEqual([true, false, false]);
	now += 60_000;
	expect(burst()).toEqual([true, true, false]);
});
