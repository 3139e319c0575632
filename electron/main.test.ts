import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { isRunning } from "./processes.ts";
import type * as Fake from "./testing/fake-electron.ts";
import { createApp, createStateDir, type StateDir, startForeignCore, until } from "./testing/state-dir.ts";

type FakeElectron = typeof Fake;
let fake: FakeElectron;
let state: StateDir;
beforeEach(async () => {
	fake = await freshElectron();
	state = createStateDir();
	process.env.PHOENIX_STATE = state.dir;
	process.env.PHOENIX_NODE = process.execPath;
	fake.electron.appPath = createApp(state.dir);
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

const serves = () => /all to legacy|under way/.test(fake.electron.tray.tip);

/** The application as it starts, up to the first core that serves. */
async function start() {
	await import("./main.ts");
	await until(serves);
	const [window] = fake.electron.windows;
	if (window === undefined) throw new Error("no window was opened");
	return { window, pid: state.corePid() };
}

async function quit(): Promise<void> {
	fake.app.quit();
	await until(() => fake.electron.hasQuit);
}

const item = (id: string, items: Fake.MenuItem[] = fake.electron.menu): Fake.MenuItem | undefined =>
	items.flatMap((one) => (one.id === id ? [one] : [item(id, one.submenu ?? [])])).find((one) => one !== undefined);
const killSwitch = () => item("system.panic");
const inTray = (id: string) => item(id, fake.electron.tray.menu);
const open = (window: Fake.BrowserWindow) => {
	const port = new fake.FakePort();
	fake.emitIpc("connect", window.webContents.ownEvent([port]));
	return port;
};

test("one sandboxed window shows the screen of the build at once; the core ends with it when nothing depends on it", async () => {
	const { window, pid } = await start();
	expect(fake.electron.sandboxed).toBe(true);
	expect(window.loaded).toEqual(["app://ui/"]);
	expect(window.close()).toBe(false);
	await until(() => fake.electron.hasQuit);
	expect(isRunning(pid)).toBe(false);
	expect(fake.electron.boxes).toEqual([]);
	expect(fake.electron.shortcuts.size).toBe(0);
	expect(window.destroyed).toBe(true);
});

test("[S2] the scheme of the screen is made known before Electron is ready, and bypasses no policy", async () => {
	fake.electron.ready = () => new Promise(() => {});
	await import("./main.ts");
	const privileges = { standard: true, secure: true, supportFetchAPI: true, codeCache: true };
	expect(fake.electron.schemes).toEqual([{ scheme: "app", privileges }]);
});

test("[S8] [S13] a page that connects gets a line to the core, message for message, and another one when the core was renewed", async () => {
	const { window, pid } = await start();
	const port = open(window);
	await until(() => port.posted.length === 1);
	expect(port.posted).toEqual(["phoenix-ready"]);
	port.say("ünread");
	port.say(Uint8Array.of(1, 2));
	await until(() => port.posted.length === 3);
	expect(port.posted.slice(1)).toEqual(["ünread", Uint8Array.of(1, 2)]);
	process.kill(pid, "SIGKILL");
	await until(() => port.closed);
	expect(open(window).closed).toBe(false);
	await until(() => state.corePid() !== pid && serves());
	const next = open(window);
	await until(() => next.posted.length === 1);
	expect(window.loaded).toHaveLength(1);
	await quit();
});

test("[S10] a second start shows the window of the first, and ends", async () => {
	const { window } = await start();
	window.minimized = true;
	fake.app.emit("second-instance", {}, ["electron", "."]);
	expect([window.minimized, window.focused]).toEqual([false, 1]);
	const second = await freshElectron();
	second.electron.isFirst = false;
	await import("./main.ts");
	await delay(20);
	expect(second.electron.hasQuit).toBe(true);
	expect(second.electron.windows).toEqual([]);
	expect(state.calls("serve")).toHaveLength(1);
});

test("[S10] links of a second start and of a Mac go to the page, the first one once it is there", async () => {
	const { window } = await start();
	fake.app.emit("second-instance", {}, ["electron", ".", "phoenix://map/scoring.credit_score"]);
	expect(window.webContents.sent).toEqual([]);
	open(window);
	fake.app.emit("open-url", {}, "phoenix://run");
	fake.app.emit("open-url", {}, "phoenix://system.panic");
	expect(window.webContents.sent).toEqual([
		["menu", { command: "map.show", argument: "function:scoring.credit_score" }],
		["menu", { command: "go.run" }],
	]);
	expect(fake.electron.protocols).toEqual([]);
	await quit();
});

test.each(["remote-debugging-port", "remote-debugging-pipe", "remote-debugging-address", "disable-web-security"])(
	"[S9] a packaged application that is started with --%s ends at once",
	async (name) => {
		fake.electron.isPackaged = true;
		fake.electron.switches.add(name);
		await import("./main.ts");
		await delay(20);
		expect(fake.electron.exitCode).toBe(2);
		expect(fake.electron.windows).toEqual([]);
	},
);

test("a packaged application runs the engine beside it, and is the one that opens links", async () => {
	fake.electron.isPackaged = true;
	Object.defineProperty(process, "resourcesPath", { value: join(state.dir, "resources"), configurable: true });
	await import("./main.ts");
	await until(() => fake.electron.boxes.length === 1);
	// There is no engine where it was looked for.
	expect(fake.electron.boxes[0]?.detail).toContain("The engine");
	expect(state.calls("serve")).toEqual([]);
	expect(fake.electron.protocols).toEqual(["phoenix"]);
});

test("an engine that cannot start says why, and is tried again on request", async () => {
	state.tell("refuse");
	fake.electron.presses.push("Start it again", "Quit");
	await import("./main.ts");
	await until(() => fake.electron.hasQuit);
	expect(fake.electron.boxes).toMatchObject(Array(2).fill({ detail: "JOURNAL_BROKEN happened.\nNothing was changed.\nTry again." }));
	expect(state.calls("serve")).toHaveLength(2);
});

test("an engine of another version is never talked to by the page, and renewed only on request", async () => {
	state.tell("other-version");
	await import("./main.ts");
	await until(() => fake.electron.boxes.length === 1);
	const [window] = fake.electron.windows;
	const other = state.corePid();
	const port = open(window as Fake.BrowserWindow);
	await until(() => port.closed);
	expect(fake.electron.boxes[0]).toMatchObject({ buttons: ["Restart the engine", "Quit and let it run"] });
	expect(fake.electron.boxes[0]?.detail).toContain("The engine that runs is version 0.0.1, this window is 0.1.0.");
	expect(isRunning(other)).toBe(true);
});

test("an engine of another version is ended and started again when asked to", async () => {
	state.tell("other-version");
	fake.electron.presses.push("Restart the engine");
	await import("./main.ts");
	await until(serves);
	expect(state.calls("end")).toHaveLength(1);
	expect(state.calls("serve")).toHaveLength(2);
	await quit();
});

test("an engine of another version that somebody else started is theirs to start again", async () => {
	state.tell("other-version");
	await startForeignCore(state);
	fake.electron.presses.push("Quit");
	await import("./main.ts");
	await until(() => fake.electron.exitCode !== null);
	expect(fake.electron.boxes[0]?.detail).toContain("It was started by somebody else, who must start it again.");
	expect(isRunning(state.corePid())).toBe(true);
});

test("an engine of another version runs on when the window goes", async () => {
	state.tell("other-version");
	fake.electron.presses.push("Quit and let it run");
	await import("./main.ts");
	await until(() => fake.electron.exitCode !== null);
	expect(fake.electron.exitCode).toBe(0);
	expect(isRunning(state.corePid())).toBe(true);
});

test("the kill switch works by the keys of the whole machine, without a question", async () => {
	await start();
	expect(killSwitch()).toMatchObject({ accelerator: "Ctrl+Alt+L", registerAccelerator: false });
	fake.electron.shortcuts.get("Ctrl+Alt+L")?.();
	expect(existsSync(join(state.dir, "gateway/PANIC"))).toBe(true);
	await until(() => fake.electron.notes.length === 1);
	expect(fake.electron.notes).toEqual(["All traffic goes to legacy (1.5 ms)."]);
	expect(fake.electron.boxes).toEqual([]);
	await quit();
});

test("when another program has the keys, the menu keeps them; menu and tray press without a core", async () => {
	fake.electron.shortcutFree = false;
	state.tell("crash");
	state.tell("no-gateway");
	await import("./main.ts");
	await until(() => killSwitch() !== undefined);
	expect(killSwitch()).toMatchObject({ accelerator: "Ctrl+Alt+L", registerAccelerator: true });
	killSwitch()?.click?.();
	await until(() => fake.electron.notes.length === 1);
	inTray("tray-kill-switch")?.click?.();
	await until(() => fake.electron.notes.length === 2);
	expect(fake.electron.notes).toEqual(Array(2).fill("No gateway runs here; the next one starts with everything on legacy."));
	await quit();
});

test("a press that is not confirmed is shown, also where there are no notifications", async () => {
	await start();
	fake.electron.notifies = false;
	killSwitch()?.click?.();
	await until(() => state.calls("panic").length === 1);
	state.tell("refuse-panic");
	await until(() => {
		// Presses at the same time are one: until the first is over, this one joins it.
		killSwitch()?.click?.();
		return fake.electron.errors.length > 0;
	});
	expect(fake.electron.errors[0]).toMatchObject({ title: "The kill switch was pressed, but not confirmed" });
	expect(fake.electron.notes).toEqual([]);
	await quit();
});

test("the menu bar tells the page what was chosen, and does nothing of it itself", async () => {
	const { window } = await start();
	item("go.run")?.click?.();
	expect(window.webContents.sent).toEqual([["menu", { command: "go.run" }]]);
	window.destroyed = true;
	item("go.run")?.click?.();
	expect(window.webContents.sent).toHaveLength(1);
	await quit();
});

test("the tray tells the state in words, brings the window back and quits", async () => {
	const { window } = await start();
	expect(fake.electron.tray.tip).toBe("Phoenix Engine: all to legacy");
	expect(fake.electron.tray.menu[0]).toEqual({ label: "all to legacy", enabled: false });
	fake.electron.tray.clicks.emit("click");
	inTray("tray-show")?.click?.();
	expect(window.focused).toBe(2);
	process.kill(state.corePid(), "SIGKILL");
	await until(() => fake.electron.tray.tip.includes("does not answer"));
	await until(serves);
	inTray("tray-quit")?.click?.();
	await until(() => fake.electron.hasQuit);
});

test("under traffic one is asked first; a quit that keeps the gateway leaves the core as it is", async () => {
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

test("a closed window that keeps the gateway leaves state and kill switch in the tray, and comes back from there", async () => {
	const { window, pid } = await start();
	state.gateway([{ id: "transfer", kind: "canary", weight: 10 }]);
	fake.electron.presses.push("Keep the gateway running");
	window.close();
	await until(() => window.hidden);
	expect([fake.electron.hasQuit, window.destroyed, isRunning(pid)]).toEqual([false, false, true]);
	expect(fake.electron.shortcuts.size).toBe(1);
	inTray("tray-show")?.click?.();
	expect(window.hidden).toBe(false);
	state.gateway([]);
	await quit();
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

test("a run without traffic can be paused before the end", async () => {
	state.tell("run");
	const { pid } = await start();
	fake.electron.presses.push("Pause and quit");
	await quit();
	expect(fake.electron.boxes[0]).toMatchObject({ message: "A run is under way." });
	expect(state.calls("pause")).toHaveLength(1);
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
	await quit();
	expect(isRunning(pid)).toBe(false);
	expect(state.calls("panic")).toEqual([]);
});

test("the core of somebody else and its traffic go on without a question", async () => {
	await startForeignCore(state);
	const { pid } = await start();
	state.gateway([{ id: "transfer", kind: "modern" }]);
	await quit();
	expect(fake.electron.boxes).toEqual([]);
	expect(isRunning(pid)).toBe(true);
});

test("the computer shuts down: all to legacy, the core is ended in order, nothing is asked, in less than three seconds", async () => {
	const { window, pid } = await start();
	state.gateway([{ id: "transfer", kind: "canary", weight: 50 }]);
	const shutdown = fake.preventable();
	const startedAt = performance.now();
	fake.powerMonitor.emit("shutdown", shutdown);
	expect(shutdown.prevented).toBe(true);
	expect(readFileSync(join(state.dir, "gateway/PANIC"), "utf8")).toBe("the session of the computer ends\n");
	window.emit("session-end");
	await until(() => fake.electron.exitCode === 0);
	expect(performance.now() - startedAt).toBeLessThan(3_000);
	expect(state.calls("end")).toMatchObject([{ panic: "the session of the computer ends" }]);
	expect(fake.electron.boxes).toEqual([]);
	expect(isRunning(pid)).toBe(false);
});

test("[S14] a key that was entered is encrypted for the next start, handed to that core, and forgotten with the core's", async () => {
	const key = "sk-ant-canary-0123456789";
	const kept = join(state.dir, "model-key.json");
	await start();
	writeFileSync(join(state.dir, "entered"), key);
	await until(() => existsSync(kept));
	expect(readFileSync(kept, "utf8")).not.toContain(key);
	process.kill(state.corePid(), "SIGKILL");
	await until(() => state.calls("putKey").length === 1);
	expect(state.calls("putKey")).toEqual([{ command: "putKey", key }]);
	writeFileSync(join(state.dir, "entered"), "");
	await until(() => !existsSync(kept));
	await until(serves);
	await quit();
});

test("[S14] without a secret store the warning is plain, and the default is to store nothing", async () => {
	fake.electron.secrets.backend = "basic_text";
	const kept = join(state.dir, "model-key.json");
	fake.electron.presses.push("Keep it for this session only", "Store it unprotected");
	await start();
	writeFileSync(join(state.dir, "entered"), "sk-ant-canary-0123456789");
	await until(() => fake.electron.boxes.length === 1);
	expect(fake.electron.boxes[0]).toMatchObject({ defaultId: 0, cancelId: 0 });
	await delay(50);
	expect(existsSync(kept)).toBe(false);
	writeFileSync(join(state.dir, "entered"), "sk-ant-canary-9876543210");
	await until(() => existsSync(kept));
	await quit();
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
