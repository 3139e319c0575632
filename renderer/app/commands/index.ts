// What each row of the command table does, by section. Buttons, palette, keyboard, context menus and the desktop's menu bar all
// come through `perform`; nothing else acts.
import { type CommandId, type CommandPlace, commandTable } from "../../../core/contract/commands.ts";
import { putFirst } from "../../state/index.ts";
import { type Action, type Command, type Context, seenBy } from "./command.ts";
import { editActions } from "./edit.ts";
import { evidenceActions } from "./evidence.ts";
import { goActions } from "./go.ts";
import { mapActions } from "./map.ts";
import { patchesActions } from "./patches.ts";
import { planActions } from "./plan.ts";
import { projectActions } from "./project.ts";
import { runActions } from "./run.ts";
import { runtimeActions } from "./runtime.ts";
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

/** Runs the command if it is possible now. Whatever fails is shown as a card. */
export async function perform(context: Context, id: CommandId, argument?: string): Promise<void> {
	const command = commandOf(id);
	if (!command.when(seenBy(context), argument)) return;
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
	if (where !== undefined && where !== (seen.screen.stage ? "stage" : seen.screen.place)) return `Only in ${placeNames[where]}.`;
	return command.why?.(seen, argument) ?? "Not possible now.";
}

const placeNames: Record<CommandPlace, string> = {
	map: "Map",
	run: "Run",
	patches: "Patches",
	runtime: "Runtime",
	evidence: "Evidence",
	settings: "Settings",
	stage: "the stage",
};

/** The palette shows first what was last used. */
function remember({ settings }: Context, id: CommandId): void {
	const { lastCommands, change } = settings.getState();
	if (lastCommands[0] !== id) change({ lastCommands: putFirst(lastCommands, id) });
}
