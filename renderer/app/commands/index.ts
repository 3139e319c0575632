// What each row of the command table does, by section. Buttons, palette, keyboard, context menus and the desktop's menu bar all
// come through `perform`; nothing else acts.
import { type CommandId, commandTable } from "../../../core/contract/commands.ts";
import { type Action, type Command, type Context, seenBy } from "./command.ts";
import { goActions } from "./go.ts";
import { mapActions } from "./map.ts";
import { patchesActions } from "./patches.ts";
import { projectActions } from "./project.ts";
import { runActions } from "./run.ts";
import { windowActions } from "./window.ts";

export { ask } from "./asking.ts";
export { type Command, type Context, type Seen, seenBy } from "./command.ts";

/** A row of the table without an action, and an action without a row, do not compile. */
const actions: Record<CommandId, Action> = {
	...goActions,
	...projectActions,
	...mapActions,
	...runActions,
	...patchesActions,
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
	if (!command.when(seenBy(context))) return;
	await command.run(context, argument);
}
