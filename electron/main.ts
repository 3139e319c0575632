// The desktop: one sandboxed window over one core. The core runs on a Node of its own and outlives the window; the gateway and
// the services outlive both. This page introduces the parts to each other and to Electron; nothing of the product is decided here.
import { app, dialog, globalShortcut, Menu, Notification } from "electron";
import { createCoreHost } from "./core-host.ts";
import { createKillSwitch } from "./kill-switch.ts";
import { killSwitchKeys, menuTemplate } from "./menu.ts";
import { closeDown, type QuitAnswer, type QuitQuestion } from "./quit.ts";
import { readSettings } from "./settings.ts";
import { readTraffic } from "./traffic.ts";
import { openScreen } from "./window.ts";

/** Whoever may steer a packaged page from outside could press its buttons. */
const refusedSwitches = ["remote-debugging-port", "remote-debugging-pipe", "remote-debugging-address"];

if (!app.requestSingleInstanceLock()) app.quit();
else if (app.isPackaged && refusedSwitches.some((name) => app.commandLine.hasSwitch(name))) app.exit(2);
else {
	app.enableSandbox();
	app.whenReady().then(run, fail);
}

function run(): void {
	const settings = readSettings({ argv: process.argv, env: process.env, root: app.getAppPath(), dataDir: app.getPath("userData") });
	const killSwitch = createKillSwitch(settings);
	const screen = openScreen(settings);
	const host = createCoreHost({
		settings,
		onServing: (url) => screen.show(url),
		onGivenUp: (reason) => void offerRestart(reason).catch(fail),
	});
	let isClosing = false;
	let mayQuit = false;

	const isGlobal = globalShortcut.register(killSwitchKeys, pressKillSwitch);
	Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate({ dev: settings.dev, isGlobal, onKillSwitch: pressKillSwitch })));
	app.on("second-instance", () => screen.focus());
	app.on("before-quit", (event) => {
		if (mayQuit) return;
		event.preventDefault();
		void quit().catch(fail);
	});
	// Closing the window is quitting, and the question comes while there still is a window.
	screen.window.on("close", (event) => {
		if (mayQuit) return;
		event.preventDefault();
		app.quit();
	});
	app.on("window-all-closed", () => app.quit());
	app.on("will-quit", () => globalShortcut.unregisterAll());
	host.start();

	async function quit(): Promise<void> {
		if (isClosing) return;
		isClosing = true;
		try {
			mayQuit = await closeDown({ host, killSwitch, readTraffic: () => readTraffic(settings.stateDir), ask });
			if (mayQuit) app.quit();
		} catch (error) {
			dialog.showErrorBox("Phoenix Engine goes on", sentence(error));
		} finally {
			isClosing = false;
		}
	}

	async function ask({ answers, ...options }: QuitQuestion): Promise<QuitAnswer> {
		const { response } = await dialog.showMessageBox(screen.window, options);
		return answers[response] ?? "stay";
	}

	/** One press, no question: whoever presses is in a hurry. */
	function pressKillSwitch(): void {
		killSwitch.press("pressed on the desktop").then(
			({ ms, way }) => {
				const none = "No gateway runs here; the next one starts with everything on legacy.";
				notify(way === "none" ? none : `All traffic goes to legacy (${ms.toFixed(1)} ms).`);
			},
			(error) => dialog.showErrorBox("The kill switch was pressed, but not confirmed", sentence(error)),
		);
	}

	async function offerRestart(reason: string): Promise<void> {
		const buttons = ["Start it again", "Quit"];
		const title = "Phoenix Engine";
		const message = "The engine does not run. A gateway that is running keeps serving.";
		const options = { type: "error" as const, title, message, detail: reason, buttons, defaultId: 0, cancelId: 1, noLink: true };
		const { response } = await dialog.showMessageBox(screen.window, options);
		if (response === 0) host.start();
		else app.quit();
	}
}

function notify(body: string): void {
	if (Notification.isSupported()) new Notification({ title: "Phoenix Engine", body }).show();
}

function fail(error: unknown): void {
	dialog.showErrorBox("Phoenix Engine cannot go on", sentence(error));
	app.exit(1);
}

function sentence(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
