import { app, type BrowserWindow } from "electron";
import { closeDown } from "./close-down.ts";
import type { CoreHost } from "./core-host.ts";
import type { KillSwitch } from "./kill-switch.ts";
import { complain } from "./native/complain.ts";
import { askButton } from "./native/dialogs.ts";
import type { QuitAnswer, QuitQuestion } from "./quit.ts";
import { readTraffic } from "./traffic.ts";

/**
 * Nothing ends before its question is answered, and the question comes while there still is a window. What runs on after the window
 * was closed keeps its kill switch and its state in the tray; after a quit it runs on without any desktop.
 */
export function guardClosing(window: BrowserWindow, deps: { host: CoreHost; killSwitch: KillSwitch; stateDir: string }): void {
	const { host, killSwitch, stateDir } = deps;
	let isClosing = false;
	let mayQuit = false;

	async function close(isQuit: boolean): Promise<void> {
		if (isClosing) return;
		isClosing = true;
		try {
			const tell = (words: string) => window.setTitle(`Phoenix Engine: ${words}`);
			const result = await closeDown({ host, killSwitch, readTraffic: () => readTraffic(stateDir), ask, tell });
			if (result === "kept" && isQuit) host.leave();
			else if (result === "kept") window.hide();
			mayQuit = result === "ended" || (result === "kept" && isQuit);
			if (mayQuit) app.quit();
		} catch (error) {
			complain("Phoenix Engine goes on", error);
		} finally {
			isClosing = false;
		}
	}

	async function ask({ answers, ...options }: QuitQuestion): Promise<QuitAnswer> {
		const pressed = await askButton(window, options);
		return answers[options.buttons.indexOf(pressed ?? "")] ?? "stay";
	}

	const hold = (isQuit: boolean) => (event: { preventDefault(): void }) => {
		if (mayQuit) return;
		event.preventDefault();
		void close(isQuit);
	};
	app.on("before-quit", hold(true));
	window.on("close", hold(false));
	app.on("window-all-closed", () => app.quit());
}
