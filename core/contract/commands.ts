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
	{ id: "work.cancel", title: "Cancel the work under way", section: "Project" },
	{ id: "project.open", title: "Open this folder", section: "Project", hidden: true, cli: "map DIR" },

	{ id: "edit.undo", title: "Undo", section: "Edit", keys: "Ctrl+Z" },
	{ id: "edit.redo", title: "Redo", section: "Edit", keys: "Ctrl+Shift+Z" },
	{ id: "edit.history", title: "What can be undone…", section: "Edit", keys: "Ctrl+Alt+Z" },

	{ id: "map.fit", title: "Fit the map", section: "Map", keys: "0", where: "map" },
	{ id: "map.zoomIn", title: "Zoom in", section: "Map", keys: "+", where: "map" },
	{ id: "map.zoomOut", title: "Zoom out", section: "Map", keys: "-", where: "map" },
	{ id: "map.edges", title: "Show or hide all lines", section: "Map", keys: "L", where: "map" },
	{ id: "map.twin", title: "Switch between bubbles and table", section: "Map", keys: "T", where: "map" },
	{ id: "map.focus", title: "Only the neighbourhood of the selection", section: "Map", keys: "F", where: "map" },
	{ id: "map.deeper", title: "Neighbourhood one step wider", section: "Map", keys: "]", where: "map" },
	{ id: "map.nearer", title: "Neighbourhood one step narrower", section: "Map", keys: "[", where: "map" },
	{ id: "map.depth", title: "Steps of the neighbourhood", section: "Map", hidden: true },
	{ id: "map.path", title: "Path between two…", section: "Map", keys: "P", where: "map" },
	{ id: "map.group", title: "Group by package, or show what is inside", section: "Map", keys: "G", where: "map" },
	{ id: "map.enter", title: "Open or close the bubble", section: "Map", keys: "Enter", where: "map" },
	{ id: "map.lines", title: "Lines of code behind the connections", section: "Map", keys: "E", where: "map" },
	{ id: "map.filter", title: "Find or hide by expression", section: "Map", keys: "H", where: "map" },
	{ id: "map.clear", title: "Take all filters off the map", section: "Map", keys: "Shift+F", where: "map" },
	{ id: "map.minimap", title: "Show or hide the small map", section: "Map", keys: "M", where: "map" },
	{ id: "map.left", title: "Select the next to the left", section: "Map", keys: "ArrowLeft", where: "map" },
	{ id: "map.right", title: "Select the next to the right", section: "Map", keys: "ArrowRight", where: "map" },
	{ id: "map.up", title: "Select the next above", section: "Map", keys: "ArrowUp", where: "map" },
	{ id: "map.down", title: "Select the next below", section: "Map", keys: "ArrowDown", where: "map" },
	{ id: "map.view", title: "Keep this view under a name…", section: "Map", keys: "Shift+V", where: "map" },
	{ id: "map.png", title: "Save what is shown as PNG", section: "Map" },
	{ id: "map.svg", title: "Save the map as SVG", section: "Map", cli: "map DIR --svg FILE" },
	{ id: "map.arrange", title: "Arrange the map anew", section: "Map" },
	{ id: "map.find", title: "Find a function…", section: "Map", keys: "/" },
	{ id: "map.show", title: "Show on the map", section: "Map", hidden: true },
	{ id: "map.deselect", title: "Clear the selection", section: "Map", keys: "Escape", where: "map" },

	{ id: "function.isolate", title: "Isolate and modernize…", section: "Run", keys: "I", where: "map", cli: "run start" },
	{ id: "plan.add", title: "Add to the plan", section: "Run", keys: "Shift+I", where: "map" },
	{ id: "plan.clear", title: "Empty the plan", section: "Run" },
	{ id: "plan.start", title: "Start what is planned", section: "Run", hidden: true, cli: "run start" },
	{
		id: "function.workbench",
		title: "Source, blueprint and code side by side",
		section: "Map",
		keys: "W",
		where: "map",
		cli: "inspect DIR --function NAME",
	},
	{ id: "run.pause", title: "Pause the run", section: "Run", cli: "run pause" },
	{ id: "run.resume", title: "Resume the run", section: "Run", cli: "run resume" },
	{ id: "run.cancel", title: "Cancel the run…", section: "Run", cli: "run cancel" },
	{ id: "run.retry", title: "Let held functions go on", section: "Run", cli: "run retry" },
	{ id: "function.pause", title: "Pause this function", section: "Run", keys: "P", where: "run", cli: "run pause --functions NAME" },
	{ id: "function.resume", title: "Resume this function", section: "Run", keys: "U", where: "run", cli: "run resume --functions NAME" },
	{ id: "function.cancel", title: "Cancel this function…", section: "Run", keys: "X", where: "run", cli: "run cancel --functions NAME" },
	{ id: "function.retry", title: "Let this function go on", section: "Run", where: "run", cli: "run retry --functions NAME" },
	{
		id: "function.probe",
		title: "Generate requests for branches without live traffic",
		section: "Run",
		where: "run",
		cli: "run probe --functions NAME",
	},
	{
		id: "branch.waive",
		title: "Sign a waiver for a branch…",
		section: "Run",
		hidden: true,
		cli: "run waive --functions NAME --branch ID --by NAME --why TEXT",
	},
	{
		id: "rounding.allow",
		title: "Accept another rounding at one place…",
		section: "Run",
		hidden: true,
		cli: "run allow --functions NAME --site ID --by NAME --why TEXT",
	},
	{ id: "run.show", title: "Show in the run", section: "Run", hidden: true },
	{ id: "run.next", title: "Next function", section: "Run", keys: "J", where: "run" },
	{ id: "run.previous", title: "Previous function", section: "Run", keys: "K", where: "run" },
	{ id: "run.overview", title: "Overview of the chosen function", section: "Run", keys: "O", where: "run" },
	{ id: "run.mismatches", title: "Mismatches by cause", section: "Run", keys: "M", where: "run", cli: 'journal ask "Mismatches by cause"' },
	{ id: "run.confidence", title: "Confidence explained", section: "Run", keys: "B", where: "run", cli: "run confidence --functions NAME" },
	{ id: "run.history", title: "History of decisions", section: "Run", keys: "H", where: "run", cli: "run history" },
	{ id: "run.events", title: "Events", section: "Run", keys: "E", where: "run", cli: "journal tail" },
	{ id: "mismatch.next", title: "Next example of the mismatch", section: "Run", keys: "N", where: "run" },
	{ id: "mismatch.curl", title: "Copy the example as curl", section: "Run", keys: "C", where: "run" },
	{ id: "mismatch.source", title: "Show the legacy line on the map", section: "Run", hidden: true },
	{ id: "mismatch.patch", title: "Show the patch that heals it", section: "Run", hidden: true },
	{ id: "report.html", title: "Write the report as HTML", section: "Run", cli: "report --format html" },
	{ id: "report.pdf", title: "Write the report as PDF", section: "Run", cli: "report --format pdf" },
	{ id: "run.seal", title: "Stop legacy and write the time capsule…", section: "Run", cli: "run seal" },
	{ id: "demo.start", title: "Run the demo", section: "Run", cli: "demo" },
	{ id: "demo.cancel", title: "Stop the demo", section: "Run" },
	{ id: "system.switchLog", title: "Switch the database to a write-ahead log…", section: "Run", cli: "effects switch DATABASE" },
	{ id: "system.panic", title: "All to legacy", section: "Run", keys: "Ctrl+Alt+L", cli: "panic" },
	{ id: "system.clearPanic", title: "Clear the kill switch", section: "Run", cli: "panic --clear" },

	{ id: "patch.nextHunk", title: "Hunk: next", section: "Patches", keys: "N", where: "patches" },
	{ id: "patch.previousHunk", title: "Hunk: previous", section: "Patches", keys: "P", where: "patches" },
	{ id: "patch.showHunk", title: "Hunk: show", section: "Patches", hidden: true },
	{ id: "patch.acceptHunk", title: "Hunk: accept", section: "Patches", keys: "A", where: "patches" },
	{ id: "patch.refuseHunk", title: "Hunk: refuse", section: "Patches", keys: "R", where: "patches" },
	{ id: "patch.acceptAll", title: "All hunks: accept", section: "Patches", keys: "Shift+A", where: "patches" },
	{ id: "patch.refuseAll", title: "All hunks: refuse", section: "Patches", keys: "Shift+R", where: "patches" },
	{ id: "patch.preview", title: "Try the accepted hunks", section: "Patches", keys: "T", where: "patches", cli: "run preview PATCH" },
	{ id: "patch.decide", title: "Decide as marked", section: "Patches", keys: "Enter", where: "patches" },
	{ id: "patch.accept", title: "Accept the patch", section: "Patches", where: "patches", cli: "run accept PATCH" },
	{ id: "patch.refuse", title: "Refuse the patch", section: "Patches", where: "patches", cli: "run refuse PATCH" },
	{ id: "patch.reopen", title: "Put the refused patch up again", section: "Patches", keys: "U", where: "patches", cli: "run reopen PATCH" },
	{ id: "patch.revert", title: "Revert the patch", section: "Patches", keys: "Shift+U", where: "patches", cli: "run revert PATCH" },
	{ id: "patch.case", title: "Show a failing case", section: "Patches", keys: "C", where: "patches" },
	{ id: "patch.next", title: "Next patch", section: "Patches", keys: "J", where: "patches" },
	{ id: "patch.previous", title: "Previous patch", section: "Patches", keys: "K", where: "patches" },
	{ id: "patch.inline", title: "Side by side or inline", section: "Patches", keys: "D", where: "patches" },

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

	{ id: "comparisons.show", title: "Show comparisons", section: "Runtime", cli: "gateway comparisons" },
	{ id: "recording.start", title: "Record traffic…", section: "Runtime", cli: "record --to FILE" },
	{ id: "recording.stop", title: "Stop recording", section: "Runtime", cli: "record --stop" },
	{ id: "replay.start", title: "Replay a recording…", section: "Runtime", cli: "replay FILE --to URL" },
	{ id: "replay.stop", title: "Stop replaying", section: "Runtime" },
	{
		id: "recording.import",
		title: "Make a recording of a HAR or an access log…",
		section: "Runtime",
		cli: "recording import FILE --to FILE",
	},
	{ id: "recording.export", title: "Write a recording as HAR…", section: "Runtime", cli: "recording export FILE --to HAR" },

	{ id: "evidence.ask", title: "Ask the journal", section: "Evidence", keys: "Ctrl+Enter", where: "evidence", cli: "journal query SQL" },
	{ id: "evidence.question", title: "Ask this question", section: "Evidence", hidden: true, cli: "journal ask TITLE" },
	{ id: "evidence.save", title: "Save the question…", section: "Evidence", keys: "Ctrl+S", where: "evidence" },
	{ id: "evidence.remove", title: "Remove the saved question", section: "Evidence", where: "evidence" },
	{ id: "evidence.csv", title: "Save the answer as CSV", section: "Evidence", where: "evidence", cli: "journal query SQL --format csv" },
	{ id: "evidence.json", title: "Save the answer as JSON", section: "Evidence", where: "evidence", cli: "journal query SQL --json" },
	{ id: "evidence.verify", title: "Verify the chain", section: "Evidence", keys: "V", where: "evidence", cli: "journal verify" },
	{ id: "evidence.entry", title: "Show the journal entry", section: "Evidence", hidden: true, cli: "journal query SQL" },

	{ id: "stage.toggle", title: "Present on the stage", section: "Stage", keys: "Shift+S" },
	{ id: "stage.leave", title: "Leave the stage", section: "Stage", keys: "Escape", where: "stage" },
	{ id: "stage.next", title: "Next chapter", section: "Stage", keys: "ArrowRight", where: "stage" },
	{ id: "stage.previous", title: "Previous chapter", section: "Stage", keys: "ArrowLeft", where: "stage" },
	{ id: "stage.play", title: "Play or pause", section: "Stage", keys: "Space", where: "stage" },
	{ id: "demo.guided", title: "Run the demo, guided, on the stage", section: "Stage", cli: "demo --guided" },
	{ id: "demo.pause", title: "Pause the demo", section: "Stage" },
	{ id: "demo.resume", title: "Go on with the demo", section: "Stage" },
	{ id: "demo.next", title: "Next chapter of the guided demo", section: "Stage" },

	{ id: "palette.open", title: "Commands and functions", section: "Window", keys: "Ctrl+K", hidden: true },
	{ id: "window.theme", title: "Switch between light and dark", section: "Window", keys: "Shift+T" },
	{ id: "window.contrast", title: "High contrast on or off", section: "Window" },
	{ id: "window.keys", title: "Keyboard shortcuts", section: "Window", keys: "?" },
	{ id: "window.problems", title: "Warnings", section: "Window" },
	{ id: "window.retry", title: "Connect to the core again", section: "Window" },
] as const satisfies readonly CommandInfo[];

export type CommandId = (typeof table)[number]["id"];
export const commandTable: readonly (CommandInfo & { id: CommandId })[] = table;

/** What a window may be asked to do from outside (menu bar, deep link). */
export function isCommandId(id: string): id is CommandId {
	return commandTable.some((command) => command.id === id);
}
