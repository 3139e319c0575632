import { setTimeout as delay } from "node:timers/promises";
import { beforeEach, expect, test, vi } from "vitest";
import type { onSessionEnd } from "./session-end.ts";
import type * as Fake from "./testing/fake-electron.ts";

let fake: typeof Fake;
let window: Fake.BrowserWindow;
let guard: typeof onSessionEnd;
let done: string[];
beforeEach(async () => {
	vi.resetModules();
	fake = await import("./testing/fake-electron.ts");
	vi.doMock("electron", () => fake);
	window = new fake.BrowserWindow({ webPreferences: {} });
	({ onSessionEnd: guard } = await import("./session-end.ts"));
	done = [];
});

function install(options: { isShared?: boolean; isLive?: boolean; retired?: boolean; end?: () => Promise<void> } = {}) {
	const { isShared = false, isLive = true, retired = false, end = async () => {} } = options;
	guard(window as never, {
		host: {
			isShared: () => isShared,
			end: async (panic) => {
				done.push(`end${panic === undefined ? "" : " with panic"}`);
				await end();
			},
		},
		killSwitch: {
			async press() {
				done.push("press");
				throw new Error("the gateway is gone");
			},
		},
		readTraffic: () => ({ live: isLive ? [{ id: "transfer", percent: 10 }] : [], retired }),
		exit: () => done.push("exit"),
	});
}

test.each(["query-session-end", "session-end"])("Windows says %s: all to legacy, then the end, once", async (name) => {
	install();
	window.emit(name, fake.preventable());
	window.emit(name, fake.preventable());
	await vi.waitFor(() => expect(done).toEqual(["press", "end with panic", "exit"]));
});

test("without traffic on new services the kill switch stays as it is, so that nobody has to clear it tomorrow", async () => {
	install({ isLive: false });
	fake.powerMonitor.emit("shutdown", fake.preventable());
	await vi.waitFor(() => expect(done).toEqual(["end", "exit"]));
});

test("with legacy retired there is nothing to go back to", async () => {
	install({ retired: true });
	fake.powerMonitor.emit("shutdown", fake.preventable());
	await vi.waitFor(() => expect(done).toEqual(["end", "exit"]));
});

test("the core of somebody else hears of the end itself", async () => {
	install({ isShared: true });
	fake.powerMonitor.emit("shutdown", fake.preventable());
	await vi.waitFor(() => expect(done).toEqual(["exit"]));
});

test("a core that does not end is not waited for longer than the system waits", async () => {
	install({ end: () => delay(60_000, undefined, { ref: false }) });
	const start = performance.now();
	fake.powerMonitor.emit("shutdown", fake.preventable());
	await vi.waitFor(() => expect(done).toContain("exit"), 4_000);
	expect(performance.now() - start).toBeLessThan(3_000);
});
