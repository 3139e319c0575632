import type { MenuItemConstructorOptions } from "electron";
import { type CommandId, type CommandInfo, commandSections, commandTable } from "../core/contract/commands.ts";
import { acceleratorOf } from "./accelerator.ts";

/** Works while another program has the keyboard, and while the page hangs. */
export const killSwitchKeys = "Ctrl+Alt+L";

type MenuOptions = {
	dev: boolean;
	/** The whole machine already listens to the keys of the kill switch, so the menu only shows them. */
	isGlobal: boolean;
	onKillSwitch(): void;
	onCommand(id: CommandId): void;
};

/** The menu bar: the sections of the command table, and what only a window has. The page performs what is chosen, but for the kill switch. */
export function menuTemplate(options: MenuOptions): MenuItemConstructorOptions[] {
	const own = commandSections.map((section) => ({ label: section, submenu: itemsOf(section, options) }));
	return [
		...(process.platform === "darwin" ? [{ role: "appMenu" } as const] : []),
		...own.filter(({ submenu }) => submenu.length > 0).map(withRoles),
		{
			label: "View",
			submenu: [
				{ role: "reload" },
				...(options.dev ? [{ role: "toggleDevTools" } as const] : []),
				{ type: "separator" },
				{ role: "resetZoom" },
				{ role: "zoomIn" },
				{ role: "zoomOut" },
				{ type: "separator" },
				{ role: "togglefullscreen" },
			],
		},
	];
}

function itemsOf(section: string, options: MenuOptions): MenuItemConstructorOptions[] {
	const offered = commandTable.filter((command: CommandInfo) => command.section === section && command.hidden !== true);
	return offered.map((command: CommandInfo & { id: CommandId }) => {
		const isKillSwitch = command.id === "system.panic";
		const accelerator = acceleratorOf(command.keys);
		return {
			id: command.id,
			label: command.title.replaceAll("&", "&&"),
			// The page listens to its keys itself, also to those that mean something only while nobody types.
			...(accelerator === null ? {} : { accelerator, registerAccelerator: isKillSwitch && !options.isGlobal }),
			click: isKillSwitch ? options.onKillSwitch : () => options.onCommand(command.id),
		};
	});
}

/** What the system itself does, after the commands of its section. Undo and redo are the table's: in a text field the page gives them to the field. */
const roles: Record<string, MenuItemConstructorOptions[]> = {
	Project: [{ type: "separator" }, { role: "quit" }],
	Edit: [
		{ type: "separator" },
		{ role: "cut" },
		{ role: "copy" },
		{ role: "paste" },
		{ role: "delete" },
		{ type: "separator" },
		{ role: "selectAll" },
	],
};

function withRoles(menu: { label: string; submenu: MenuItemConstructorOptions[] }): MenuItemConstructorOptions {
	return { ...menu, submenu: [...menu.submenu, ...(roles[menu.label] ?? [])] };
}
