import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Screen } from "./window.ts";

const address = `http://127.0.0.1:40000/#token=${"ab".repeat(16)}`;

beforeEach(() => {
	vi.resetModules();
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

async function open(options = { dev: false }) {
	const fake = await import("./testing/fake-electron.ts");
	vi.doMock("electron", () => fake);
	const { electron, preventable } = fake;
	const { openScreen } = await import("./window.ts");
	const screen: Screen = openScreen(options);
	const window = electron.windows[0];
	const guarded = electron.sessions.get("phoenix");
	if (window === undefined || guarded === undefined) throw new Error("no window was opened");
	const navigation = (name: string, url: string) => {
		const event = preventable(url);
		window.webContents.emit(name, event);
		return event.prevented ? "refused" : "allowed";
	};
	return { screen, window, guarded, navigation };
}

test("S1: the page is sandboxed and has nothing of Node", async () => {
	const { window } = await open();
	expect(window.options.webPreferences).toEqual({
		partition: "phoenix",
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

test("S4: of all permissions the screen may copy and fill the display, and nobody else may anything", async () => {
	const { screen, guarded } = await open();
	const ask = (permission: string, url: string) => {
		let given: boolean | undefined;
		guarded.request(null, permission, (yes) => (given = yes), { requestingUrl: url });
		return { asked: given, checked: guarded.check(null, permission, url) };
	};
	const yes = { asked: true, checked: true };
	const no = { asked: false, checked: false };
	expect(ask("fullscreen", address)).toEqual(no);
	screen.show(address);
	expect(ask("fullscreen", address)).toEqual(yes);
	expect(ask("clipboard-sanitized-write", "http://127.0.0.1:40000")).toEqual(yes);
	for (const permission of ["clipboard-read", "media", "geolocation", "notifications", "openExternal", "usb", "display-capture"]) {
		expect(ask(permission, address)).toEqual(no);
	}
	for (const url of ["https://example.com/", "http://127.0.0.1:40001/", "http://localhost:40000/", "", "about:blank"]) {
		expect(ask("fullscreen", url)).toEqual(no);
	}
});

test("S5: no page, frame or redirection leaves the core's own origin, and no other window opens", async () => {
	const { screen, window, navigation } = await open();
	screen.show(address);
	for (const name of ["will-navigate", "will-frame-navigate", "will-redirect"]) {
		expect(navigation(name, "http://127.0.0.1:40000/index.html")).toBe("allowed");
		for (const url of [
			"https://example.com/",
			"http://127.0.0.1:80/",
			"file:///etc/passwd",
			"data:text/html,x",
			"javascript:1",
			"nonsense",
		]) {
			expect(navigation(name, url)).toBe("refused");
		}
	}
	expect(navigation("will-attach-webview", address)).toBe("refused");
	expect(window.webContents.opener()).toEqual({ action: "deny" });
});

test("S5: after a restart of the core only its new address counts", async () => {
	const { screen, navigation } = await open();
	screen.show(address);
	screen.show(address.replace("40000", "40001"));
	expect(navigation("will-navigate", address)).toBe("refused");
	expect(navigation("will-navigate", "http://127.0.0.1:40001/")).toBe("allowed");
});

test("S9: the tools for developers exist only where they were asked for", async () => {
	const { window } = await open({ dev: true });
	expect(window.options.webPreferences.devTools).toBe(true);
});

test("S11: a page that crashes is loaded again after a second, one that ended cleanly is not", async () => {
	const { screen, window } = await open();
	screen.show(address);
	window.webContents.emit("render-process-gone", {}, { reason: "crashed" });
	expect(window.loaded).toEqual([address]);
	await vi.advanceTimersByTimeAsync(1_000);
	expect(window.loaded).toEqual([address, address]);
	window.webContents.emit("render-process-gone", {}, { reason: "clean-exit" });
	await vi.advanceTimersByTimeAsync(5_000);
	expect(window.loaded).toHaveLength(2);
});

test("nothing is loaded into a window that is gone, or before a core serves", async () => {
	const { screen, window } = await open();
	window.webContents.emit("render-process-gone", {}, { reason: "oom" });
	await vi.advanceTimersByTimeAsync(1_000);
	expect(window.loaded).toEqual([]);
	window.destroyed = true;
	screen.show(address);
	expect(window.loaded).toEqual([]);
});

test("the window comes to the front, also from the task bar", async () => {
	const { screen, window } = await open();
	window.minimized = true;
	screen.focus();
	expect([window.minimized, window.focused]).toEqual([false, 1]);
	screen.focus();
	expect(window.focused).toBe(2);
});
