import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createApp, createStateDir, type StateDir } from "./testing/state-dir.ts";

let state: StateDir;
let screenDir: string;
beforeEach(() => {
	state = createStateDir();
	screenDir = `${createApp(state.dir)}/dist/renderer`;
	vi.resetModules();
	vi.useFakeTimers();
});
afterEach(async () => {
	vi.useRealTimers();
	await state.remove();
});

async function open(
	options: { dev?: boolean; place?: { x: number; y: number; width: number; height: number; isMaximized: boolean } } = {},
) {
	const fake = await import("./testing/fake-electron.ts");
	vi.doMock("electron", () => fake);
	const { app, electron, preventable } = fake;
	const { openScreen } = await import("./window.ts");
	const screen = openScreen({ dev: options.dev ?? false, preload: "/app/preload.cjs", screenDir, state: options.place ?? null });
	const window = electron.windows[0];
	const guarded = electron.sessions.get("persist:phoenix");
	if (window === undefined || guarded === undefined) throw new Error("no window was opened");
	const navigation = (name: string, url: string) => {
		const event = preventable(url);
		window.webContents.emit(name, event);
		return event.prevented ? "refused" : "allowed";
	};
	return { screen, window, guarded, navigation, app };
}

test("[S1] the page is sandboxed and has nothing of Node", async () => {
	const { window } = await open();
	expect(window.options.webPreferences).toEqual({
		partition: "persist:phoenix",
		preload: "/app/preload.cjs",
		sandbox: true,
		contextIsolation: true,
		nodeIntegration: false,
		webSecurity: true,
		webviewTag: false,
		spellcheck: false,
		navigateOnDragDrop: false,
		devTools: false,
	});
});

test("[S4] of all permissions the screen may copy and fill the display, and nobody else may anything", async () => {
	const { guarded } = await open();
	const ask = (permission: string, url: string) => {
		let given: boolean | undefined;
		guarded.request(null, permission, (yes) => (given = yes), { requestingUrl: url });
		return { asked: given, checked: guarded.check(null, permission, url) };
	};
	const yes = { asked: true, checked: true };
	const no = { asked: false, checked: false };
	expect(ask("fullscreen", "app://ui/#/run")).toEqual(yes);
	expect(ask("clipboard-sanitized-write", "app://ui")).toEqual(yes);
	for (const permission of ["clipboard-read", "media", "geolocation", "notifications", "openExternal", "usb", "display-capture"]) {
		expect(ask(permission, "app://ui/")).toEqual(no);
	}
	for (const url of ["https://example.com/", "http://127.0.0.1:40001/", "app://other/", "apps://ui/", "", "about:blank"]) {
		expect(ask("fullscreen", url)).toEqual(no);
	}
});

test("[S5] no page, frame or redirection leaves the screen, and no other window opens", async () => {
	const { window, navigation } = await open();
	for (const name of ["will-navigate", "will-frame-navigate", "will-redirect"]) {
		expect(navigation(name, "app://ui/index.html")).toBe("allowed");
		for (const url of [
			"https://example.com/",
			"http://127.0.0.1:80/",
			"http://app//ui/",
			"app://ui.example/",
			"file:///etc/passwd",
			"data:text/html,x",
			"javascript:1",
			"nonsense",
		]) {
			expect(navigation(name, url)).toBe("refused");
		}
	}
	expect(navigation("will-attach-webview", "app://ui/")).toBe("refused");
	expect(window.webContents.opener()).toEqual({ action: "deny" });
});

test("[S5] contents that anything else would make are guarded alike", async () => {
	const { app, window } = await open();
	const other = new (window.webContents.constructor as new () => typeof window.webContents)();
	app.emit("web-contents-created", {}, other);
	expect(other.opener()).toEqual({ action: "deny" });
	expect(other.listenerCount("will-navigate")).toBe(1);
});

test("[S9] the tools for developers exist only where they were asked for, and nothing remote is ever loaded", async () => {
	const { window } = await open({ dev: true });
	expect(window.options.webPreferences.devTools).toBe(true);
	expect(window.loaded).toEqual(["app://ui/"]);
});

test("[S11] a page that crashes is loaded again after a second, then after longer; one that ended cleanly is not", async () => {
	const { window } = await open();
	const crash = (reason: string) => window.webContents.emit("render-process-gone", {}, { reason });
	crash("crashed");
	crash("oom");
	expect(window.loaded).toHaveLength(1);
	await vi.advanceTimersByTimeAsync(1_000);
	expect(window.loaded).toEqual(["app://ui/", "app://ui/"]);
	crash("crashed");
	await vi.advanceTimersByTimeAsync(1_999);
	expect(window.loaded).toHaveLength(2);
	await vi.advanceTimersByTimeAsync(1);
	expect(window.loaded).toHaveLength(3);
	await vi.advanceTimersByTimeAsync(60_000);
	crash("clean-exit");
	crash("killed");
	await vi.advanceTimersByTimeAsync(1_000);
	expect(window.loaded).toHaveLength(4);
});

test("[S11] a lost helper of Chromium that drew the page makes it load again, any other does not", async () => {
	const { app, window } = await open();
	app.emit("child-process-gone", {}, { type: "Utility", reason: "crashed" });
	await vi.advanceTimersByTimeAsync(5_000);
	expect(window.loaded).toHaveLength(1);
	app.emit("child-process-gone", {}, { type: "GPU", reason: "crashed" });
	await vi.advanceTimersByTimeAsync(1_000);
	expect(window.loaded).toHaveLength(2);
	window.destroyed = true;
	app.emit("child-process-gone", {}, { type: "GPU", reason: "crashed" });
	await vi.advanceTimersByTimeAsync(30_000);
	expect(window.loaded).toHaveLength(2);
});

test("the window opens where it was, and as large", async () => {
	const { window } = await open({ place: { x: 40, y: 30, width: 1200, height: 700, isMaximized: true } });
	expect(window.options).toMatchObject({ x: 40, y: 30, width: 1200, height: 700 });
	expect(window.maximized).toBe(true);
});

test("the window comes to the front, also from the task bar", async () => {
	const { screen, window } = await open();
	window.minimized = true;
	screen.focus();
	expect([window.minimized, window.focused]).toEqual([false, 1]);
	screen.focus();
	expect(window.focused).toBe(2);
});
