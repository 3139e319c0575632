/**
 * Every action of the product by name. The screen's buttons, palette, keyboard and context menus, the desktop's menu bar and the
 * documentation read this one table; what an action does stands in `renderer/app/commands`, and the same verb on the command
 * line in `cli`.
 */
export type CommandInfo = {
	id: string;
	title: string;
	section: CommandSection;
	/** As written on the screen: `Ctrl+K`, `/`, `Shift+E`. */
	keys?: string;
	/** Its keys act only here, so that another place may give them another meaning. Absent: everywhere. */
	where?: CommandPlace;
	/** Not offered in palette and menu bar, for what only makes sense where its button is. */
	hidden?: true;
	/** The same on the command line, without `phoenix`. */
	cli?: string;
};

/** The places of the screen, and the stage that covers them all. */
export const commandPlaces = ["map", "run", "patches", "runtime", "evidence", "settings", "stage"] as const;
export type CommandPlace = (typeof commandPlaces)[number];

export const commandSections = ["Go to", "Project", "Edit", "Map", "Run", "Patches", "Runtime", "Evidence", "Stage", "Window"] as const;
export type CommandSection = (typeof commandSections)[number];

const table = [
	{ id: "go.map", title: "Map", section: "Go to", keys: "1" },
	{ id: "go.run", title: "Run", section: "Go to", keys: "2" },
	{ id: "go.patches", title: "Patches", section: "Go to", keys: "3" },
	{ id: "go.runtime", title: "Runtime", section: "Go to", keys: "4", cli: "runtime" },
	{ id: "go.evidence", title: "Evidence", section: "Go to", keys: "5" },
	{ id: "go.settings", title: "Settings", section: "Go to", keys: "," },
	{ id: "go.back", title: "Back", section: "Go to", keys: "Alt+ArrowLeft" },
	{ id: "go.forward", title: "Forward", section: "Go to", keys: "Alt+ArrowRight" },

	{ id: "project.openSample", title: "Open the sample bank", section: "Project", cli: "serve --sample" },
	{ id: "project.chooseFolder", title: "Open a folder…", section: "Project", keys: "Ctrl+O", cli: "map DIR" },
	{ id: "project.open", title: "Open this folder", section: "Project", hidden: true, cli: "map DIR" },

	{ id: "edit.undo", title: "Undo", section: "Edit", keys: "Ctrl+Z" },
	{ id: "edit.redo", title: "Redo", section: "Edit", keys: "Ctrl+Shift+Z" },
	{ id: "edit.history", title: "What can be undone…", section: "Edit", keys: "Ctrl+Alt+Z" },

	{ id: "map.fit", title: "Fit the map", section: "Map", keys: "0", where: "map" },
	{ id: "map.zoomIn", title: "Zoom in", section: "Map", keys: "+", where: "map" },
	{ id: "map.zoomOut", title: "Zoom out", section: "Map", keys: "-", where: "map" },
	{ id: "map.edges", title: "Show or hide all lines", section: "Map", keys: "L", where: "map" },
	{ id: "map.twin", title: "Switch between bubbles and table", section: "Map", keys: "T", where: "map" },
	{ id: "map.find", title: "Find a function…", section: "Map", keys: "/" },
	{ id: "map.show", title: "Show on the map", section: "Map", hidden: true },
	{ id: "map.deselect", title: "Clear the selection", section: "Map", keys: "Escape", where: "map" },

	{
		id: "function.isolate",
		title: "Isolate and modernize the selected function…",
		section: "Run",
		keys: "I",
		where: "map",
		cli: "run start",
	},
	{ id: "run.pause", title: "Pause the run", section: "Run", cli: "run pause" },
	{ id: "run.resume", title: "Resume the run", section: "Run", cli: "run resume" },
	{ id: "run.cancel", title: "Cancel the run…", section: "Run", cli: "run cancel" },
	{ id: "run.seal", title: "Stop legacy and write the time capsule…", section: "Run", cli: "run seal" },
	{ id: "demo.start", title: "Run the demo", section: "Run", cli: "demo" },
	{ id: "demo.cancel", title: "Stop the demo", section: "Run" },
	{ id: "system.panic", title: "All to legacy", section: "Run", keys: "Ctrl+Alt+L", cli: "panic" },
	{ id: "system.clearPanic", title: "Clear the kill switch", section: "Run" },

	{ id: "patch.accept", title: "Accept the patch", section: "Patches", keys: "A", where: "patches" },
	{ id: "patch.refuse", title: "Refuse the patch", section: "Patches", keys: "R", where: "patches" },

	{
		id: "runtime.find",
		title: "Search the output…",
		section: "Runtime",
		keys: "Ctrl+F",
		where: "runtime",
		cli: "runtime output SOURCE --grep TEXT",
	},
	{ id: "runtime.next", title: "Next found line", section: "Runtime", keys: "N", where: "runtime" },
	{ id: "runtime.previous", title: "Previous found line", section: "Runtime", keys: "Shift+N", where: "runtime" },
	{
		id: "runtime.follow",
		title: "Follow the newest lines",
		section: "Runtime",
		keys: "F",
		where: "runtime",
		cli: "runtime output SOURCE --follow",
	},
	{ id: "runtime.copy", title: "Copy the chosen line with those around it", section: "Runtime", keys: "C", where: "runtime" },
	{ id: "runtime.older", title: "Load older lines", section: "Runtime", keys: "O", where: "runtime" },
	{ id: "runtime.terminal", title: "Show or hide legacy's screen", section: "Runtime", keys: "T", where: "runtime" },

	{ id: "palette.open", title: "Commands and functions", section: "Window", keys: "Ctrl+K", hidden: true },
	{ id: "window.theme", title: "Switch between light and dark", section: "Window", keys: "Shift+T" },
	{ id: "window.contrast", title: "High contrast on or off", section: "Window" },
	{ id: "window.keys", title: "Keyboard shortcuts", section: "Window", keys: "?" },
	{ id: "window.retry", title: "Connect to the core again", section: "Window" },
] as const satisfies readonly CommandInfo[];

export type CommandId = (typeof table)[number]["id"];
export const commandTable: readonly (CommandInfo & { id: CommandId })[] = table;

/** What a window may be asked to do from outside (menu bar, deep link). */
export function isCommandId(id: string): id is CommandId {
	return commandTable.some((command) => command.id === id);
}
