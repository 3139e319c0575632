import { join } from "node:path";
import { Menu, nativeImage, Tray } from "electron";

export type TrayActions = { onShow(): void; onKillSwitch(): void; onQuit(): void };

/** The state in words, and what must be in reach without a window. */
export function openTray({ onShow, onKillSwitch, onQuit }: TrayActions): { tell(words: string): void } {
	// The build puts it beside the bundle, and one of twice the size for screens that want it.
	const tray = new Tray(nativeImage.createFromPath(join(import.meta.dirname, "tray.png")));
	tray.on("click", onShow);
	function tell(words: string): void {
		tray.setToolTip(`Phoenix Engine: ${words}`);
		const menu = Menu.buildFromTemplate([
			{ label: words, enabled: false },
			{ type: "separator" },
			{ id: "tray-show", label: "Show the window", click: onShow },
			{ id: "tray-kill-switch", label: "Send all traffic to legacy", click: onKillSwitch },
			{ type: "separator" },
			{ id: "tray-quit", label: "Quit…", click: onQuit },
		]);
		tray.setContextMenu(menu);
	}
	tell("starting");
	return { tell };
}
