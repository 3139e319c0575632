import type { CommandId, CommandInfo } from "../../../core/contract/commands.ts";
import type { EngineState, EngineStore, ProjectState, ProjectStore, ScreenState, ScreenStore } from "../../state/index.ts";
import type { Client } from "../client.ts";

/** What an action may read and use. */
export type Context = {
	client(): Client | null;
	retry(): void;
	engine: EngineStore;
	project: ProjectStore;
	screen: ScreenStore;
};

/** The three stores at one moment. */
export type Seen = { engine: EngineState; project: ProjectState; screen: ScreenState };

export type Action = {
	/** Whether it is possible now. */
	when(seen: Seen): boolean;
	run(context: Context, argument?: string): void | Promise<void>;
};

/** One thing the user can do: its row of the table and what it does. Nothing else acts. */
export type Command = CommandInfo & { id: CommandId } & Action;

export function seenBy(context: Context): Seen {
	return { engine: context.engine.getState(), project: context.project.getState(), screen: context.screen.getState() };
}
