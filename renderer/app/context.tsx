import { createContext, type ReactNode, use } from "react";
import { useStore } from "zustand";
import type { CommandId } from "../../core/contract/commands.ts";
import type { EngineState, ProjectState, ScreenState, SettingsState, UndoState } from "../state/index.ts";
import { type Context, commandOf, perform, reasonOf, titleOf } from "./commands/index.ts";

const AppContext = createContext<Context | null>(null);

export function AppProvider({ context, children }: { context: Context; children: ReactNode }) {
	return <AppContext value={context}>{children}</AppContext>;
}

export function useApp(): Context {
	const context = use(AppContext);
	if (context === null) throw new Error("Outside of the application");
	return context;
}

export function useEngine<T>(select: (state: EngineState) => T): T {
	return useStore(useApp().engine, select);
}

export function useProject<T>(select: (state: ProjectState) => T): T {
	return useStore(useApp().project, select);
}

export function useScreen<T>(select: (state: ScreenState) => T): T {
	return useStore(useApp().screen, select);
}

export function useUndo<T>(select: (state: UndoState) => T): T {
	return useStore(useApp().undo, select);
}

export function useSettings<T>(select: (state: SettingsState) => T): T {
	return useStore(useApp().settings, select);
}

/** Follows an answer that any of the stores may change; only a changed answer draws again. */
export function useAnswer<T extends string | boolean | number | null>(ask: (context: Context) => T): T {
	const context = useApp();
	const answer = () => ask(context);
	useStore(context.engine, answer);
	useStore(context.project, answer);
	useStore(context.undo, answer);
	useStore(context.settings, answer);
	return useStore(context.screen, answer);
}

export type UsedCommand = {
	/** What it is called now. */
	title: string;
	keys: string | undefined;
	enabled: boolean;
	/** Why it is not possible now; null when it is. */
	reason: string | null;
	run(argument?: string): void;
};

/** A command, for this argument, with what a button needs of it. */
export function useCommand(id: CommandId, argument?: string): UsedCommand {
	const context = useApp();
	const command = commandOf(id);
	const reason = useAnswer((now) => reasonOf(command, now, argument));
	const title = useAnswer((now) => titleOf(command, now, argument));
	const run = (other?: string) => void perform(context, id, other ?? argument);
	return { title, keys: command.keys, enabled: reason === null, reason, run };
}
