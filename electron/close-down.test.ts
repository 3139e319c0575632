import { expect, test } from "vitest";
import type { HostState } from "../core/contract/host.ts";
import { closeDown } from "./close-down.ts";
import type { QuitAnswer } from "./quit.ts";

/** A core that tells `states` one look after the other (the last one stays); null: there is none. */
function quitUnderTraffic(states: Partial<HostState>[] | null, answer: QuitAnswer = "legacy") {
	const done: string[] = [];
	const told: string[] = [];
	const idle: HostState = { words: "", run: "none", openRequests: 0, draining: false };
	const watch = async () =>
		(async function* () {
			const [now = {}] = states ?? [];
			if ((states?.length ?? 0) > 1) states?.shift();
			yield { ...idle, ...now };
		})();
	const result = closeDown({
		host: {
			client: () => (states === null ? null : ({ watch } as never)),
			isShared: () => false,
			end: async () => void done.push("end"),
			leave: () => void done.push("leave"),
		},
		killSwitch: {
			async press() {
				done.push("press");
				return { ms: 1, way: "control" };
			},
		},
		readTraffic: () => ({ live: [{ id: "transfer", percent: 10 }], retired: false }),
		ask: async () => answer,
		tell: (words) => told.push(words),
		drainLimitMs: 800,
	});
	return { result, done, told };
}

const open = (openRequests: number) => ({ openRequests, draining: true });

test("after the press the end waits for the requests that new services still answer, and says how many", async () => {
	const { result, done, told } = quitUnderTraffic([{}, open(3), open(1), { openRequests: 7 }]);
	expect(await result).toBe("ended");
	expect(done).toEqual(["press", "end"]);
	expect(told).toEqual(["3 requests are still open", "one request is still open"]);
});

test("requests that do not end keep everything running, and the reason is told", async () => {
	const { result, done } = quitUnderTraffic([{}, open(2)]);
	await expect(result).rejects.toThrow("After 0.8 s 2 requests are still open. New ones go to legacy; nothing was ended.");
	expect(done).toEqual(["press"]);
});

test("without a core there is nothing to wait for: the gateway goes on by itself", async () => {
	const { result, done } = quitUnderTraffic(null);
	expect([await result, done]).toEqual(["ended", ["press", "end"]]);
});

test("a core that goes while it is asked has no state, and holds nothing up", async () => {
	const gone = { watch: () => Promise.reject(new Error("the line is closed")) };
	const done: string[] = [];
	const result = await closeDown({
		host: { client: () => gone as never, isShared: () => false, end: async () => void done.push("end"), leave() {} },
		killSwitch: { press: async () => ({ ms: 1, way: "control" }) },
		readTraffic: () => ({ live: [], retired: false }),
		ask: async () => "stay",
		tell() {},
	});
	expect([result, done]).toEqual(["ended", ["end"]]);
});

test("nothing happens to what is kept, or to anything when one stays", async () => {
	for (const [answer, outcome] of [
		["keep", "kept"],
		["stay", "stayed"],
	] as const) {
		const { result, done } = quitUnderTraffic([{}], answer);
		expect([await result, done]).toEqual([outcome, []]);
	}
});
