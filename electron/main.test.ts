import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { isRunning } from "./processes.ts";
import type * as Fake from "./testing/fake-electron.ts";
import { createStateDir, engineRoot, type StateDir, startForeignCore, until } from "./testing/state-dir.ts";

type FakeElectron = typeof Fake;
let fake: FakeElectron;
let state: StateDir;
beforeEach(async () => {
	fake = await freshElectron();
	state = createStateDir();
	process.env.PHOENIX_STATE = state.dir;
	process.env.PHOENIX_NODE = process.execPath;
	fake.electron.appPath = engineRoot;
	fake.electron.userData = state.dir;
});
afterEach(async () => {
	delete process.env.PHOENIX_STATE;
	delete process.env.PHOENIX_NODE;
	await state.remove();
});

/** As in a new process: whatever is imported from now on is loaded anew, and sees this Electron. */
async function freshElectron(): Promise<FakeElectron> {
	vi.resetModules();
	const fresh: FakeElectron = await import("./testing/fake-electron.ts");
	vi.doMock("electron", () => fresh);
	return fresh;
}

/** The application as it starts, up to the first core that serves. */
async function start() {
	await import("./main.ts");
	await until(() => fake.electron.windows[0]?.loaded.length === 1);
	const [window] = fake.electron.windows;
	if (window === undefined) throw new Error("no window was opened");
	return { window, pid: state.corePid() };
}

const menuItem = (id: string, items: Fake.MenuItem[] = fake.electron.menu): Fake.MenuItem | undefined =>
	items.flatMap((item) => (item.id === id ? [item] : [menuItem(id, item.submenu ?? [])])).find((item) => item !== undefined);

const roles = (items: Fake.MenuItem[] = fake.electron.menu): string[] =>
	items.flatMap((item) => [...(item.role === undefined ? [] : [item.role]), ...roles(item.submenu ?? [])]);

test("one sandboxed window shows the core, which ends with it when no client is served by new code", async () => {
	const { window, pid } = await start();
	expect(fake.electron.sandboxed).toBe(true);
	expect(window.loaded[0]).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=/);
	expect(window.close()).toBe(false);
	await until(() => fake.electron.hasQuit);
	expect(isRunning(pid)).toBe(false);
	expect(fake.electron.boxes).toEqual([]);
	expect(fake.electron.shortcuts.size).toBe(0);
	expect(window.destroyed).toBe(true);
});

test("S10: a second start shows the window of the first, and ends", async () => {
	const { window } = await start();
	window.minimized = true;
	fake.app.emit("second-instance");
	expect([window.minimized, window.focused]).toEqual([false, 1]);
	const second = await freshElectron();
	second.electron.isFirst = false;
	await import("./main.ts");
	await delay(20);
	expect(second.electron.hasQuit).toBe(true);
	expect(second.electron.windows).toEqual([]);
	expect(state.calls("serve")).toHaveLength(1);
	await quit();
});

test("S9: a packaged application that is to be steered from outside ends at once", async () => {
	fake.electron.isPackaged = true;
	fake.electron.switches.add("remote-debugging-port");
	await import("./main.ts");
	await delay(20);
	expect(fake.electron.exitCode).toBe(2);
	expect(fake.electron.windows).toEqual([]);
});

test("S9: the menu has no tools for developers unless asked for", async () => {
	await start();
	expect(roles()).not.toContain("toggleDevTools");
	await quit();
	const { menuTemplate } = await import("./menu.ts");
	const template = menuTemplate({ dev: true, isGlobal: true, onKillSwitch() {} }) as Fake.MenuItem[];
	expect(roles(template)).toContain("toggleDevTools");
});

test("a Mac has its application menu", async () => {
	const { menuTemplate } = await import("./menu.ts");
	const platform = Object.getOwnPropertyDescriptor(process, "platform") as PropertyDescriptor;
	Object.defineProperty(process, "platform", { value: "darwin" });
	const template = menuTemplate({ dev: false, isGlobal: true, onKillSwitch() {} }) as Fake.MenuItem[];
	Object.defineProperty(process, "platform", platform);
	expect(template[0]).toEqual({ role: "appMenu" });
});

test("a core that dies is started again, and the window shows the new one", async () => {
	const { window, pid } = await start();
	process.kill(pid, "SIGKILL");
	await until(() => window.loaded.length === 2);
	expect(window.loaded[1]).not.toBe(window.loaded[0]);
	await quit();
});

test("an engine that cannot start says why, and is tried again on request", async () => {
	state.tell("refuse");
	fake.electron.presses.push("Start it again", "Quit");
	await import("./main.ts");
	await until(() => fake.electron.hasQuit);
	expect(fake.electron.boxes).toMatchObject(Array(2).fill({ detail: "JOURNAL_BROKEN happened.\nNothing was changed.\nTry again." }));
	expect(state.calls("serve")).toHaveLength(2);
});

test("the kill switch works by the keys of the whole machine, without a question", async () => {
	await start();
	expect(menuItem("kill-switch")).toMatchObject({ accelerator: "Ctrl+Alt+L", registerAccelerator: false });
	fake.electron.shortcuts.get("Ctrl+Alt+L")?.();
	expect(existsSync(join(state.dir, "gateway/PANIC"))).toBe(true);
	await until(() => fake.electron.notes.length === 1);
	expect(fake.electron.notes).toEqual(["All traffic goes to legacy (1.5 ms)."]);
	expect(fake.electron.boxes).toEqual([]);
	await quit();
});

test("when another program has the keys, the menu keeps them; the switch works without a core", async () => {
	fake.electron.shortcutFree = false;
	state.tell("crash");
	state.tell("no-gateway");
	await import("./main.ts");
	await until(() => menuItem("kill-switch") !== undefined);
	expect(menuItem("kill-switch")).toMatchObject({ accelerator: "Ctrl+Alt+L", registerAccelerator: true });
	menuItem("kill-switch")?.click?.();
	await until(() => fake.electron.notes.length === 1);
	expect(fake.electron.notes).toEqual(["No gateway runs here; the next one starts with everything on legacy."]);
	await quit();
});

test("a press that is not confirmed is shown, also where there are no notifications", async () => {
	await start();
	fake.electron.notifies = false;
	menuItem("kill-switch")?.click?.();
	await until(() => state.calls("panic").length === 1);
	await delay(50);
	state.tell("refuse-panic");
	menuItem("kill-switch")?.click?.();
	await until(() => fake.electron.errors.length === 1);
	expect(fake.electron.errors[0]).toMatchObject({ title: "The kill switch was pressed, but not confirmed" });
	expect(fake.electron.notes).toEqual([]);
	await quit();
});

test("under traffic one is asked first; keeping the gateway leaves the core as it is", async () => {
	const { pid } = await start();
	state.gateway([{ id: "transfer", kind: "canary", weight: 10 }]);
	fake.electron.presses.push("Keep the gateway running");
	fake.app.quit();
	fake.app.quit();
	await until(() => fake.electron.hasQuit);
	expect(fake.electron.boxes).toHaveLength(1);
	expect(fake.electron.boxes[0]).not.toHaveProperty("answers");
	expect(isRunning(pid)).toBe(true);
	expect(state.calls("panic")).toEqual([]);
});

test("under traffic one may cancel, and then send all to legacy and quit", async () => {
	const { window, pid } = await start();
	state.gateway([{ id: "transfer", kind: "modern" }]);
	fake.electron.presses.push("Cancel");
	window.close();
	await until(() => fake.electron.boxes.length === 1);
	await delay(20);
	expect([fake.electron.hasQuit, window.destroyed, isRunning(pid)]).toEqual([false, false, true]);
	fake.electron.presses.push("Send all to legacy, then quit");
	window.close();
	await until(() => fake.electron.hasQuit);
	expect(state.calls("panic")).toMatchObject([{ reason: "quit of the desktop" }]);
	expect(isRunning(pid)).toBe(false);
});

test("when legacy could not be given the traffic, nothing is ended", async () => {
	const { pid } = await start();
	state.gateway([{ id: "transfer", kind: "modern" }]);
	state.tell("refuse-panic");
	fake.electron.presses.push("Send all to legacy, then quit");
	fake.app.quit();
	await until(() => fake.electron.errors.length === 1);
	expect(fake.electron.errors[0]).toMatchObject({ title: "Phoenix Engine goes on" });
	expect([fake.electron.hasQuit, isRunning(pid)]).toEqual([false, true]);
	state.gateway([]);
	await quit();
});

test("a dialog that is closed without a press is no consent", async () => {
	const { pid } = await start();
	state.gateway([{ id: "transfer", kind: "modern" }]);
	fake.electron.presses.push("the corner of the dialog");
	fake.app.quit();
	await until(() => fake.electron.boxes.length === 1);
	await delay(20);
	expect([fake.electron.hasQuit, isRunning(pid)]).toEqual([false, true]);
	state.gateway([]);
	await quit();
});

test("with legacy retired everything can be stopped on request", async () => {
	const { pid } = await start();
	state.gateway([{ id: "transfer", kind: "modern" }], { retired: true });
	fake.electron.presses.push("Stop everything, then quit");
	fake.app.quit();
	await until(() => fake.electron.hasQuit);
	expect(isRunning(pid)).toBe(false);
	expect(state.calls("panic")).toEqual([]);
});

test("the core of somebody else and its traffic go on without a question", async () => {
	await startForeignCore(state);
	const { pid } = await start();
	state.gateway([{ id: "transfer", kind: "modern" }]);
	fake.app.quit();
	await until(() => fake.electron.hasQuit);
	expect(fake.electron.boxes).toEqual([]);
	expect(isRunning(pid)).toBe(true);
});

test("when every window is gone the application quits", async () => {
	const { window } = await start();
	window.destroyed = true;
	fake.app.emit("window-all-closed");
	await until(() => fake.electron.hasQuit);
});

test("an Electron that does not get ready ends with its reason", async () => {
	fake.electron.ready = () => Promise.reject(new Error("no display"));
	await import("./main.ts");
	await until(() => fake.electron.exitCode !== null);
	expect(fake.electron.exitCode).toBe(1);
	expect(fake.electron.errors).toEqual([{ title: "Phoenix Engine cannot go on", content: "no display" }]);
});

async function quit(): Promise<void> {
	fake.app.quit();
	await until(() => fake.electron.hasQuit);
}
