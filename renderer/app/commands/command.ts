import type { CommandId, CommandInfo } from "../../../core/contract/commands.ts";
import type {
	EngineState,
	EngineStore,
	ProjectState,
	ProjectStore,
	ScreenState,
	ScreenStore,
	SettingsState,
	SettingsStore,
	UndoState,
	UndoStore,
} from "../../state/index.ts";
import type { Client } from "../client.ts";

/** What an action may read and use. */
export type Context = {
	client(): Client | null;
	retry(): void;
	engine: EngineStore;
	project: ProjectStore;
	screen: ScreenStore;
	undo: UndoStore;
	settings: SettingsStore;
};

/** The stores at one moment. */
export type Seen = { engine: EngineState; project: ProjectState; screen: ScreenState; undo: UndoState; settings: SettingsState };

export type Action = {
	/** Whether it is possible now; with an argument, whether it is for this one. */
	when(seen: Seen, argument?: string): boolean;
	/** Why it is not possible now, as a sentence; asked only while `when` says no. */
	why?(seen: Seen, argument?: string): string | null;
	/** Its name where the title of the table can say more: `Undo: Refuse patch 3`. */
	words?(seen: Seen, argument?: string): string | null;
	run(context: Context, argument?: string): void | Promise<void>;
};

/** One thing the user can do: its row of the table and what it does. Nothing else acts. */
export type Command = CommandInfo & { id: CommandId } & Action;

export function seenBy(context: Context): Seen {
	return {
		engine: context.engine.getState(),
		project: context.project.getState(),
		screen: context.screen.getState(),
		undo: context.undo.getState(),
		settings: context.settings.getState(),
	};
}
