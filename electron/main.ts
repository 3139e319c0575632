import { app, BrowserWindow } from "electron";
import { startCore } from "./core-host.ts";
import { guardContents, openWindow } from "./window.ts";

// Composition only: one window over one core, which runs on a Node of its own and outlives a crash of the screen.
if (!app.requestSingleInstanceLock()) app.quit();
else void run();

async function run(): Promise<void> {
	app.enableSandbox();
	app.on("web-contents-created", (_event, contents) => guardContents(contents));
	await app.whenReady();
	const core = await startCore({ stateDir: process.env.PHOENIX_STATE ?? `${app.getPath("userData")}/state` });
	let window = openWindow(core.url);
	app.on("second-instance", () => window.focus());
	app.on("activate", () => {
		if (BrowserWindow.getAllWindows().length === 0) window = openWindow(core.url);
	});
	app.on("window-all-closed", () => app.quit());
	app.on("will-quit", (event) => {
		if (core.hasEnded()) return;
		event.preventDefault();
		void core.end().then(() => app.quit());
	});
}
