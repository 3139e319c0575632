// What each row of the command table does, by section. Buttons, palette, keyboard, context menus and the desktop's menu bar all
// come through `perform`; nothing else acts.
import { type CommandId, type CommandPlace, commandTable } from "../../../core/contract/commands.ts";
import { putFirst } from "../../state/index.ts";
import { type Action, type Command, type Context, type Seen, seenBy } from "./command.ts";
import { editActions } from "./edit.ts";
import { evidenceActions } from "./evidence.ts";
import { goActions } from "./go.ts";
import { mapActions } from "./map.ts";
import { patchesActions } from "./patches.ts";
import { planActions } from "./plan.ts";
import { projectActions } from "./project.ts";
import { runActions } from "./run.ts";
import { runtimeActions } from "./runtime.ts";
import { noProject, withProject } from "./seen.ts";
import { stageActions } from "./stage.ts";
import { windowActions } from "./window.ts";

export { ask, done, reach } from "./asking.ts";
export { type Action, type Command, type Context, type Seen, seenBy } from "./command.ts";
export { plannedNames, type StartRequest } from "./plan.ts";

/** A row of the table without an action, and an action without a row, do not compile. */
const actions: Record<CommandId, Action> = {
	...goActions,
	...projectActions,
	...editActions,
	...mapActions,
	...planActions,
	...runActions,
	...patchesActions,
	...runtimeActions,
	...stageActions,
	...evidenceActions,
	...windowActions,
};

export const commands: readonly Command[] = commandTable.map((info) => ({ ...info, ...actions[info.id] }));
const byId = new Map(commands.map((command) => [command.id, command]));

export function commandOf(id: CommandId): Command {
	const command = byId.get(id);
	if (command === undefined) throw new Error(`No command is called ${id}`);
	return command;
}

/** Runs the command, or says why it is not possible now. Whatever fails is shown as a card. */
export async function perform(context: Context, id: CommandId, argument?: string): Promise<void> {
	const command = commandOf(id);
	const reason = reasonOf(command, context, argument);
	if (reason !== null) return context.screen.getState().say(refusalOf(command, context, reason, argument));
	if (command.hidden !== true) remember(context, id);
	await command.run(context, argument);
}

/** What the command is called now: some can say more than the table, such as what would be undone. */
export function titleOf(command: Command, context: Context, argument?: string): string {
	return command.words?.(seenBy(context), argument) ?? command.title;
}

/** Why it is not possible now; null when it is. */
export function reasonOf(command: Command, context: Context, argument?: string): string | null {
	const seen = seenBy(context);
	if (command.when(seen, argument)) return null;
	const { where } = command;
	if (where !== undefined && where !== (seen.screen.stage ? "stage" : seen.screen.place)) return `Only ${placeNames[where]}.`;
	return command.why?.(seen, argument) ?? (withProject(seen) ? pictureReason(command, seen) : noProject()) ?? "Not possible now.";
}

/** What moves the picture of the map has nothing to move in its table. */
function pictureReason({ section }: Command, { screen }: Seen): string | null {
	if (section !== "Map") return null;
	if (screen.place !== "map") return "Only in Map.";
	return screen.mapView === "table" ? "The map is shown as a table." : screen.map === null ? "The map is being arranged." : null;
}

/** `Pause the run: No run is moving.` */
export function refusalOf(command: Command, context: Context, reason: string, argument?: string): string {
	return `${titleOf(command, context, argument).replace(/…$/, "")}: ${reason}`;
}

const placeNames: Record<CommandPlace, string> = {
	map: "in Map",
	run: "in Run",
	patches: "in Patches",
	runtime: "in Runtime",
	evidence: "in Evidence",
	settings: "in Settings",
	stage: "on the stage",
};

/** The palette shows first what was last used. */
function remember({ settings }: Context, id: CommandId): void {
	const { lastCommands, change } = settings.getState();
	if (lastCommands[0] !== id) change({ lastCommands: putFirst(lastCommands, id) });
}
