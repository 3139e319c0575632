import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type * as Fake from "./testing/fake-electron.ts";
import { createStateDir, type StateDir } from "./testing/state-dir.ts";
import type { readWindowState, rememberWindowState } from "./window-state.ts";

let state: StateDir;
let fake: typeof Fake;
let read: typeof readWindowState;
let remember: typeof rememberWindowState;
let file: string;
beforeEach(async () => {
	state = createStateDir();
	file = join(state.dir, "window.json");
	vi.resetModules();
	fake = await import("./testing/fake-electron.ts");
	vi.doMock("electron", () => fake);
	({ readWindowState: read, rememberWindowState: remember } = await import("./window-state.ts"));
});
afterEach(() => state.remove());

const place = { x: 100, y: 50, width: 1200, height: 700 };

test("the window is remembered when it closes and when it hides", () => {
	const window = new fake.BrowserWindow({ ...place, webPreferences: {} });
	remember(window as never, file);
	window.maximize();
	window.close();
	expect(read(file)).toEqual({ ...place, isMaximized: true });
	window.maximized = false;
	window.hide();
	expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ ...place, isMaximized: false });
});

test("a place that no display shows any more, a size that is none, and a file that is none are forgotten", () => {
	expect(read(file)).toBeNull();
	for (const wrong of [{ x: 5_000, y: 50 }, { x: -1_100, y: 50 }, { x: 100, y: -20 }, { x: 100, y: 1_060 }, { width: 10 }, { x: "100" }]) {
		writeFileSync(file, JSON.stringify({ ...place, isMaximized: false, ...wrong }));
		expect([wrong, read(file)]).toEqual([wrong, null]);
	}
	fake.electron.displays.push({ workArea: { x: 4_000, y: 0, width: 1920, height: 1080 } });
	writeFileSync(file, JSON.stringify({ ...place, x: 5_000, isMaximized: false }));
	expect(read(file)).not.toBeNull();
});
