import type { MenuItemConstructorOptions } from "electron";

/** Works while another program has the keyboard, and while the page hangs. */
export const killSwitchKeys = "Ctrl+Alt+L";

/** The native menu. `isGlobal`: the whole machine already listens to the keys of the kill switch, so the menu only shows them. */
export function menuTemplate(options: { dev: boolean; isGlobal: boolean; onKillSwitch(): void }): MenuItemConstructorOptions[] {
	const { dev, isGlobal, onKillSwitch } = options;
	return [
		...(process.platform === "darwin" ? [{ role: "appMenu" } as const] : []),
		{
			label: "&Traffic",
			submenu: [
				{
					id: "kill-switch",
					label: "Send All Traffic to &Legacy",
					accelerator: killSwitchKeys,
					registerAccelerator: !isGlobal,
					click: onKillSwitch,
				},
				{ type: "separator" },
				{ role: "quit" },
			],
		},
		{ role: "editMenu" },
		{
			label: "&View",
			submenu: [
				{ role: "reload" },
				...(dev ? [{ role: "toggleDevTools" } as const] : []),
				{ type: "separator" },
				{ role: "resetZoom" },
				{ role: "zoomIn" },
				{ role: "zoomOut" },
				{ type: "separator" },
				{ role: "togglefullscreen" },
			],
		},
		{ role: "windowMenu" },
	];
}
